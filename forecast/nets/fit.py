"""Train: many steps in few calls, the validation loss watched, the best weights kept."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from forecast.errors import DataError
from forecast.nets.backend import on_gpu
from forecast.nets.course import Batches, Course
from forecast.nets.network import build
from forecast.nets.order import passes, shuffled, streams
from forecast.nets.paused import Mean, Paused, dropout_states, pause, unpause
from forecast.nets.residual import residual
from forecast.nets.schedule import Cosine
from forecast.nets.shape import Shape
from forecast.nets.steps import Steps, parts_of
from forecast.spec import FitSpec, NetSpec
from forecast.threads import ahead
from forecast.types import Floats, History, Ints, Observer, Step, Weights, Windows

__all__ = ["Trainer"]

LOOKS = 10  # at the validation windows, in a fit that does all its steps
LOOKS_BLIND = 2  # in a short fit without any, after the first steps
TOGETHER = 10  # steps in one call into the compiled graph; whole calls alone are made
JIT_FROM = 1024  # windows; below that XLA takes longer to compile than it saves
# How far above the best a validation loss is still as good: looks at a high learning rate differ
# by chance, and the steps that follow at a falling one pay. Measured on held-out windows: strictly
# the best look stops at a quarter of the steps and loses 4 per cent on M3 monthly; 1.2 in place of
# 1.05 gains 5 per cent on NN5 weekly (5,000 windows) and loses 2 on seven short classics.
NEARLY, NEARLY_OF_MANY = 1.05, 1.2
MANY = 4096  # training windows; a network does not learn so many by heart
ASKED = 1024  # windows asked about at once
EXPLODED = 100.0  # times the first loss: no training comes back from there

OPTIMIZERS: dict[str, type[keras.optimizers.Optimizer]] = {
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}


class Trainer:
    """One compiled graph, fitted as often as needed.

    Compiling costs more than training on a short series, so all members of an ensemble that have
    one shape, their evaluation and their refit share one graph: `fit` starts from new weights
    and a fresh optimizer each time.

    Args:
        shape: what the network is built for.
        net: its body.
        fit: how it is trained.
        network: one of that shape, to be trained in place; None for a new one.
    """

    def __init__(
        self, shape: Shape, net: NetSpec, fit: FitSpec, network: keras.Model | None = None
    ) -> None:
        self.shape, self.net, self.spec = shape, net, fit
        fresh = replace(net, state="fresh")
        self.network = build(shape, fresh) if network is None else network
        self.asked = residual(self.network, shape, fit)
        self.trained, self.learner = self.network, self.asked
        if net.state == "carried":
            one = replace(shape, window=shape.chunk, chunks=1, batch=fit.batch)
            self.trained = build(one, net)
            self.learner = residual(self.trained, one, fit)
        self.schedule = Cosine()
        self.compiled = 0
        self.batch = 0  # windows in a gradient step, once there has been a fit
        self.first: dict[int, Weights] = {}
        self.empty: list[NDArray[np.float32]] = []

    def fit(self, course: Course, observe: Observer) -> tuple[Weights, History]:
        """The last weights that were nearly the best on the validation windows.

        Args:
            course: what to do.
            observe: is told of each look.

        Raises:
            DataError: the loss is not a number or runs away, at a tenth of the rate too.
        """
        self.prepare(course)
        first, paused = course.first or self._first_weights(course.seed), course.paused
        for rate in (self.spec.learning_rate, self.spec.learning_rate / 10):
            if paused is not None and paused.history.rate < rate:
                continue  # this attempt had failed already
            self._reset(first, rate, course)
            weights, history = self._run(course, observe, paused or self._begun(rate))
            if not _failed(history):
                return weights, history
            paused = None
        raise DataError(
            f"training failed: the loss is {history.loss[-1]:g} after step {history.step[-1]}, "
            f"at a tenth of the learning rate ({rate:g}) too",
            hint="look for extreme values with forecast check --plot, or set --learning-rate",
        )

    def ask(self, weights: Weights, windows: Windows) -> Floats:
        """(B, H, Q) scaled, by the network with these weights; for that no graph is compiled."""
        self.network.set_weights(weights)
        inputs = _inputs(windows)[:-1]
        blocks = range(0, len(windows.x), ASKED)
        said = [self.network([part[k : k + ASKED] for part in inputs]) for k in blocks]
        return np.concatenate([np.asarray(each, dtype=np.float64) for each in said])

    def prepare(self, course: Course) -> None:
        """Settle what the first fit settles for all: a fit that was done elsewhere did so too."""
        if self.net.state == "carried":
            self.batch = self.spec.batch
        else:
            # A refit on some more windows, or some fewer, finds the graph compiled, and learns as
            # the first fit did.
            self.batch = self.batch or min(self.spec.batch, 1 << (course.count.bit_length() - 1))
        together = self._together(course)
        if together != self.compiled:
            self._compile(course, together)

    def _begun(self, rate: float) -> Paused:
        """A fit that is to begin with the weights and the variables that are set."""
        return pause(self.learner, self.trained, self.trained.get_weights(), History(rate=rate))

    def _run(self, course: Course, observe: Observer, begun: Paused) -> tuple[Weights, History]:
        batch, order = self._order(course)
        steps = len(order) // batch
        held = None if course.validation is None else _inputs(course.validation)
        unpause(self.learner, self.trained, begun)
        history, kept, since = copy.deepcopy(begun.history), begun.kept, begun.since
        best = min([math.inf, *history.val_loss])  # in this order NaN is never the least
        nearly = NEARLY if course.count < MANY else NEARLY_OF_MANY
        planned, done, marks = steps, max(history.step, default=0), list[tuple[int, float]]()
        while done < steps:
            looks = len(history.step) if course.until is None else len(marks)
            step = min(done + self._chunk(course, steps, batch, looks), steps)
            places = order[(done + since.steps) * batch : step * batch]
            try:
                since = since.and_then(self._advance(course.train, places, batch))
            except (KeyboardInterrupt, SystemExit):
                self._keep_begun(course, kept, history, since)
                raise
            value = math.nan if held is None else self._value(held)
            history.add(step, since.loss, value, since.norm)
            observe(Step(step, steps, since.loss, value))
            done, since = step, Mean()
            marks.append((done, time.monotonic()))
            if _failed(history):
                break
            best = min(best, value)
            # Without a validation loss, or with one that is no number, the last look is kept.
            if not value > best * nearly:
                kept, history.best_step = self.trained.get_weights(), step
            elif step - history.best_step > self.spec.patience * steps:
                break
            steps = self._in_time(course, marks, planned)
            if course.keep is not None:
                course.keep(pause(self.learner, self.trained, kept, history))
        self.network.set_weights(kept)
        return kept, history

    def _keep_begun(self, course: Course, kept: Weights, history: History, since: Mean) -> None:
        """Keep a fit that is stopped between two looks; the graph was left between two steps."""
        if course.keep is None or self.net.state == "carried":
            return  # the state that is carried is not kept: such a fit is kept at its looks
        steps = int(self.learner.optimizer.iterations.numpy())
        new = steps - max(history.step, default=0) - since.steps
        loss, norm = (float(metric.result().numpy()) for metric in self.learner.metrics)
        since = since.and_then(Mean(new, loss, norm))
        if steps:
            course.keep(pause(self.learner, self.trained, kept, history, since))

    def _advance(self, train: Batches, places: Ints, batch: int) -> Mean:
        """One pass over the windows at these places, in their order."""
        if not len(places):
            return Mean()
        self.learner.reset_metrics()
        for ready in self._given(train, places, batch):
            self.steps(ready)
        loss, norm = (float(metric.result()) for metric in self.learner.metrics)
        return Mean(len(places) // batch, loss, norm)

    def _given(self, train: Batches, places: Ints, batch: int) -> Iterator[list[Any]]:
        """The windows of one call after the other, a carried state put back before the first."""
        if self.net.state == "carried":
            whole, call = _inputs(train(places)), TOGETHER * batch
            self._forget()
            for first in range(0, len(places), call):
                yield self.steps.ready([part[first : first + call] for part in whole])
            return
        call = self.compiled * batch
        blocks = np.split(places, range(call, len(places), call))
        yield from ahead(lambda block: self.steps.ready(_inputs(train(block))), blocks)

    def _forget(self) -> None:
        """Back to where no row was read yet, for what carries a state from batch to batch."""
        for layer in self.trained.layers:
            if hasattr(layer, "reset_states"):
                layer.reset_states()

    def _value(self, held: list[NDArray[np.float32]]) -> float:
        if self.trained is not self.network:
            self.network.set_weights(self.trained.get_weights())
        return float(np.mean(self.asked.predict_on_batch(held)[:, :, 0]))

    def _first_weights(self, seed: int) -> Weights:
        """As a network that was just built has them."""
        if seed not in self.first:
            keras.utils.set_random_seed(seed)
            self.first[seed] = build(self.shape, replace(self.net, state="fresh")).get_weights()
        return self.first[seed]

    def _reset(self, first: Weights, rate: float, course: Course) -> None:
        """First weights, an empty optimizer, the rate; the compiled graph stays."""
        self.trained.set_weights(first)
        for place, state in enumerate(dropout_states(self.trained)):
            state.assign(np.array([course.seed, place], dtype=state.dtype))
        for variable, value in zip(self.learner.optimizer.variables, self.empty, strict=True):
            variable.assign(value)
        self.schedule.plan(rate, course.steps)

    def _compile(self, course: Course, together: int) -> None:
        optimizer = OPTIMIZERS[self.spec.optimizer](self.schedule, clipnorm=self.spec.clip)
        self.learner.compile(optimizer=optimizer)
        optimizer.build(self.learner.trainable_variables)
        self.empty = [variable.value.numpy() for variable in optimizer.variables]
        jit = course.count >= JIT_FROM and self.net.state == "fresh" and not on_gpu()
        self.steps = Steps(self.learner, self.batch, parts_of(self.net, self.batch), jit)
        self.compiled = together

    def _together(self, course: Course) -> int:
        """Gradient steps in one call."""
        return 1 if self.net.state == "carried" else min(TOGETHER, course.steps)

    def _chunk(self, course: Course, steps: int, batch: int, looks_done: int) -> int:
        """Gradient steps from one look to the next: whole calls, or whole passes of a state."""
        if self.net.state == "carried":
            return passes(course.count, self.shape.chunk, batch)
        together = self._together(course)
        if course.until is not None and looks_done < 2:
            return together  # to see how long a step takes, before much is undertaken
        blind = course.validation is None and course.until is None and course.count < MANY
        if blind and looks_done == 0:
            return together  # to see a loss that runs away by where it came from
        looks = LOOKS_BLIND if blind else LOOKS
        return max(round(steps / looks / together), 1) * together

    def _order(self, course: Course) -> tuple[int, Ints]:
        """Windows in a batch, and the places of the windows of all batches."""
        if self.net.state == "carried":
            batch = self.spec.batch
            return batch, streams(course.count, self.shape.chunk, batch, course.steps)
        together = self._together(course)
        steps = max(course.steps // together, 1) * together
        return self.batch, shuffled(course.count, steps * self.batch, course.seed)

    def _in_time(self, course: Course, marks: list[tuple[int, float]], planned: int) -> int:
        """The steps, or as many of them as there is time for; the rate then falls faster.

        Args:
            course: says until when.
            marks: steps done, and when, at each look. The first is no measure of the pace: on
                the way to it the graph is compiled.
            planned: steps that the order of the windows is long enough for.
        """
        if course.until is None:
            return planned
        (first, began), (done, now) = marks[0], marks[-1]
        if now < course.until and done == first:
            return planned
        pace = max(now - began, 1e-6) / max(done - first, 1)
        affordable = done + int(max(course.until - now, 0.0) / pace)
        together = self._together(course)
        steps = min(max(affordable // together * together, done), planned)
        rate = float(self.schedule.rate.value)
        self.schedule.plan(rate, course.steps if steps == planned else steps)
        return steps


def _failed(history: History) -> bool:
    """Whether the loss was lost on the way."""
    newest = history.loss[-1]
    return not math.isfinite(newest) or newest > EXPLODED * history.loss[0]


def _inputs(windows: Windows) -> list[NDArray[np.float32]]:
    parts: list[Any] = [windows.x, windows.known, windows.static, windows.y]
    return [part.astype(np.float32) for part in parts if part.shape[-1]]
