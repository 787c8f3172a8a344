"""Train: many steps in few calls, the validation loss watched, the best weights kept.

The loss is the mean absolute error in units of each window's own spread, so that a quiet series
counts as much as a loud one. It is expressed as a second Keras model around the network, which
takes the truth as an input and gives the residual; so the stock "mae" against zero is the loss.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from forecast.errors import DataError
from forecast.nets.network import SPREAD_FLOOR
from forecast.spec import FitSpec
from forecast.types import Ints, Observer, Step, Windows

__all__ = ["Batches", "History", "Trainer"]

Batches = Callable[[Ints], Windows]

LOOKS = 15  # at the validation windows, in a fit that does all its steps
TOGETHER = 10  # steps in one call into the compiled graph; whole calls alone are made
JIT_FROM = 1024  # windows; below that XLA takes longer to compile than it saves


@dataclass(slots=True)
class History:
    """What happened in a fit.

    Attributes:
        step: steps done at each look.
        loss: mean training loss since the look before.
        val_loss: loss on the validation windows, NaN where there are none.
        best_step: the step whose weights were kept.
    """

    step: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    best_step: int = 0

    def add(self, step: int, loss: float, val_loss: float) -> None:
        """One more look."""
        self.step.append(step)
        self.loss.append(loss)
        self.val_loss.append(val_loss)


class Trainer:
    """One compiled network, fitted as often as needed.

    Compiling costs more than training on a short series, so the evaluation and the refit share
    one graph: `fit` starts from the first weights and a fresh optimizer each time.

    Args:
        network: from `nets.build`.
        spec: batch, rate, clipping, patience.
        steps: gradient steps at most.
        seed: of the order of the windows.
    """

    def __init__(self, network: keras.Model, spec: FitSpec, steps: int, seed: int) -> None:
        self.network = network
        self.spec = spec
        self.together = min(TOGETHER, steps)
        self.steps = steps // self.together * self.together
        self.seed = seed
        self.first = network.get_weights()
        self.residual = _residual(network)
        self.until = self.steps
        self.compiled_for = math.nan
        self.fresh: list[NDArray[np.float32]] = []

    def fit(
        self, train: Batches, count: int, validation: Windows | None, observe: Observer
    ) -> History:
        """Fit the network, in place, from its first weights.

        Args:
            train: gives the windows at the places asked for.
            count: how many windows there are to train on.
            validation: windows to stop by, or None to do all the steps.
            observe: is told of each look.

        Raises:
            DataError: the loss is not a number, at a tenth of the rate too.
        """
        for rate in (self.spec.learning_rate, self.spec.learning_rate / 10):
            self._reset(rate, jit=count >= JIT_FROM)
            history = self._run(train, count, validation, observe)
            if math.isfinite(history.loss[-1]):
                return history
        raise DataError(
            "training failed: the loss is not a number, even at a tenth of the learning rate",
            hint="look for extreme values in the target with a plot of the data",
        )

    def _run(
        self, train: Batches, count: int, validation: Windows | None, observe: Observer
    ) -> History:
        batch = min(self.spec.batch, count)
        order = _order(count, self.until * batch, self.seed)
        held = None if validation is None else _inputs(validation)
        history, best, kept = History(), math.inf, self.first
        chunk = max(round(self.steps / LOOKS / self.together), 1) * self.together
        for done in range(0, self.until, chunk):
            step = min(done + chunk, self.until)
            loss = self._advance(train(order[done * batch : step * batch]), batch)
            value = math.nan if held is None else self._value(held)
            history.add(step, loss, value)
            observe(Step(step, self.until, loss, value))
            if not math.isfinite(loss):
                break
            if held is None or value < best:
                best, kept, history.best_step = value, self.network.get_weights(), step
            elif step - history.best_step > self.spec.patience * self.steps:
                break
        self.network.set_weights(kept)
        return history

    def _advance(self, windows: Windows, batch: int) -> float:
        """One call into Keras: a pass over these windows, in their order; the mean loss."""
        inputs = _inputs(windows)
        zeros = np.zeros((*windows.y.shape, 1), np.float32)
        told = self.residual.fit(
            inputs, zeros, batch_size=batch, epochs=1, shuffle=False, verbose=0
        )
        return float(told.history["loss"][0])

    def _value(self, held: list[NDArray[np.float32]]) -> float:
        return float(np.mean(np.abs(self.residual.predict_on_batch(held))))

    def _reset(self, rate: float, *, jit: bool) -> None:
        """First weights, a fresh optimizer; the compiled graph stays unless the rate changes."""
        self.network.set_weights(self.first)
        if rate == self.compiled_for:
            for variable, value in zip(self.residual.optimizer.variables, self.fresh, strict=True):
                variable.assign(value)
            return
        schedule = keras.optimizers.schedules.CosineDecay(rate, self.steps)
        optimizer = keras.optimizers.Adam(schedule, clipnorm=self.spec.clip)
        self.residual.compile(
            optimizer=optimizer, loss="mae", jit_compile=jit, steps_per_execution=self.together
        )
        optimizer.build(self.residual.trainable_variables)
        self.fresh = [variable.value.numpy() for variable in optimizer.variables]
        self.compiled_for = rate


def _residual(network: keras.Model) -> keras.Model:
    """x, known, y -> (B, H, 1) how far off, in units of the window's spread; 0 where y is NaN."""
    y = keras.Input(network.output_shape[1:2], name="y")
    forecast = network.output  # (B, H, 1)
    target = network.inputs[0][:, :, 0]
    center = ops.mean(target, axis=1, keepdims=True)
    spread = ops.mean(ops.abs(target - center), axis=1, keepdims=True)
    off = ops.expand_dims(y, -1) - forecast
    off = ops.where(ops.isnan(off), 0.0, off)
    off = off / ops.expand_dims(ops.maximum(spread, SPREAD_FLOOR), -1)
    return keras.Model([*network.inputs, y], off)


def _inputs(windows: Windows) -> list[NDArray[np.float32]]:
    parts: list[Any] = [windows.x, windows.known, windows.static, windows.y]
    return [part.astype(np.float32) for part in parts if part.shape[-1]]


def _order(count: int, wanted: int, seed: int) -> Ints:
    """(wanted,) places of windows: every one once in a random order, then again, and again."""
    random = np.random.default_rng(seed)
    rounds = [random.permutation(count) for _ in range(-(-wanted // count))]
    return np.concatenate(rounds)[:wanted]
