"""How a fit goes: what it learns, when it stops, what it does when it fails."""

from __future__ import annotations

import dataclasses
import math
import time
from typing import Any

import numpy as np
import pytest

from forecast import nets
from forecast.errors import DataError
from forecast.nets import fit as fitting
from forecast.nets.residual import residual
from forecast.spec import FitSpec, NetSpec
from forecast.types import History, Ints, Step, Weights, Windows
from tests.nets.made import (
    ALL,
    SHAPE,
    Looks,
    course_of,
    ignore,
    noise,
    part,
    told,
    windows_for,
    windows_of,
)

pytestmark = pytest.mark.slow

SPEC = NetSpec(units=8)
FIT = FitSpec(batch=16)


def lines(count: int, seed: int = 0) -> Windows:
    """Straight lines go on: the last value is wrong, a network finds the slope."""
    random = np.random.default_rng(seed)
    slope, level = random.uniform(-1, 1, (2, count, 1))
    line = level + slope * np.arange(17) / 17
    return windows_of(line[:, :12], line[:, 12:])


def chances(count: int, seed: int) -> Windows:
    """Nothing to be learnt."""
    return windows_of(noise(count, seed=seed), noise(count, 5, seed=seed + 1))


def fitted(course: nets.Course, spec: NetSpec = SPEC, fit: FitSpec = FIT) -> tuple[Any, ...]:
    """A new trainer, its weights, what happened, and what was told."""
    nets.start(1)
    trainer, looks = nets.Trainer(SHAPE, spec, fit), Looks()
    weights, history = trainer.fit(course, looks)
    return trainer, weights, history, looks


def equal(one: Weights, other: Weights) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


# --- learning


def test_a_fit_learns_what_no_simple_method_knows_and_tells_of_every_look() -> None:
    windows, held = lines(256), lines(64, seed=1)
    shape = dataclasses.replace(SHAPE, window=12, season=1)
    nets.start(1)
    looks, trainer = Looks(), nets.Trainer(shape, NetSpec(units=16), FitSpec(batch=64))
    before = abs(nets.predict(trainer.network, held)[:, :, 0] - held.y).mean()
    _, history = trainer.fit(course_of(windows, 300, held=held), looks)
    after = abs(nets.predict(trainer.network, held)[:, :, 0] - held.y).mean()
    assert after < before / 5
    assert history.step == list(range(30, 301, 30))
    assert looks == [
        Step(step, 300, loss, value)
        for step, loss, value in zip(history.step, history.loss, history.val_loss, strict=True)
    ]
    assert len(history.gradient_norm) == len(history.step)
    assert all(math.isfinite(norm) and norm > 0 for norm in history.gradient_norm)
    assert history.rate == FIT.learning_rate


def test_the_validation_loss_is_that_of_the_network_on_the_windows_held_out() -> None:
    held = lines(40, seed=1)
    trainer, _, history, _ = fitted(course_of(lines(64), 20, held=held))
    said = nets.predict(trainer.network, held)[:, :, 0]
    x = held.x[:, :, 0]
    spread = np.abs(x - x.mean(axis=1, keepdims=True)).mean(axis=1, keepdims=True)
    assert history.best_step == 20
    loss = (abs(held.y - said) / np.sqrt(spread)).mean()
    assert history.val_loss[-1] == pytest.approx(loss, rel=1e-4)


def test_many_windows_are_learnt_from_by_a_graph_compiled_for_this_machine() -> None:
    """XLA takes everything that a network may be made of."""
    levels = (0.1, 0.5, 0.9)
    shape = dataclasses.replace(ALL, levels=levels, form="multiplicative")
    spec = NetSpec(arch="attention", units=8, dropout=0.1, recurrent_dropout=0.1, norm="batch")
    nets.start(1)
    trainer = nets.Trainer(shape, spec, FitSpec(loss="pinball", levels=levels, batch=64))
    windows = windows_for(shape, fitting.JIT_FROM)
    _, history = trainer.fit(course_of(windows, 40), ignore)
    assert trainer.steps.jit
    assert history.loss[-1] < history.loss[0]


def test_every_window_has_its_turn_before_any_has_a_second() -> None:
    seen: list[Ints] = []
    windows = lines(20)

    def batch(places: Ints) -> Windows:
        seen.append(places)
        return part(windows, places)

    nets.start(1)
    trainer = nets.Trainer(SHAPE, SPEC, FitSpec(batch=4))
    trainer.fit(nets.Course(batch, 20, None, 30, seed=1), ignore)
    order = np.concatenate(seen)
    assert len(order) == 30 * 4
    for turn in order.reshape(6, 20):
        assert sorted(turn) == list(range(20))
    assert not np.array_equal(order[:20], order[20:40])


# --- the same again

DROPPED = NetSpec(units=8, dropout=0.3, recurrent_dropout=0.2, norm="batch")


@pytest.mark.parametrize("spec", [SPEC, DROPPED], ids=["plain", "dropout"])
def test_the_same_seed_gives_the_same_weights_bit_for_bit(spec: NetSpec) -> None:
    course = course_of(lines(64), 20, seed=5)
    (_, first, *_), (trainer, second, *_) = (fitted(course, spec) for _ in range(2))
    assert equal(first, second)
    assert not equal(first, trainer.fit(course_of(lines(64), 20, seed=6), ignore)[0])


@pytest.mark.parametrize("spec", [SPEC, DROPPED], ids=["plain", "dropout"])
def test_a_second_fit_starts_afresh(spec: NetSpec) -> None:
    course = course_of(lines(64), 20)
    trainer, first, history, _ = fitted(course, spec)
    trainer.fit(course_of(lines(32, seed=3), 10, seed=9), ignore)  # something else between
    second, again = trainer.fit(course, ignore)
    assert equal(first, second)
    assert history == again


# --- stopping


def test_no_more_steps_are_done_than_asked_for() -> None:
    nets.start(1)
    trainer = nets.Trainer(SHAPE, SPEC, FitSpec(batch=4))
    for asked, done in [(7, 7), (1, 1), (10, 10), (57, 50), (19, 10)]:
        _, history = trainer.fit(course_of(lines(8), asked), ignore)
        assert history.step[-1] == history.best_step == done
        assert int(told(trainer.learner.optimizer.iterations)) == done


def test_a_fit_that_only_gets_worse_stops_early_and_keeps_the_weights_of_a_good_look() -> None:
    held = chances(64, seed=7)
    fit = FitSpec(batch=16, patience=0.1, learning_rate=0.002)
    trainer, weights, history, _ = fitted(
        course_of(chances(16, seed=3), 1500, held=held), NetSpec(units=32), fit
    )
    assert history.best_step < history.step[-1] < 1500
    value = history.val_loss[history.step.index(history.best_step)]
    assert value <= fitting.NEARLY * min(history.val_loss)
    assert value < history.val_loss[-1]
    # The weights are those of that step: they have its loss.
    asked = residual(trainer.network, SHAPE, FIT)
    assert equal(weights, trainer.network.get_weights())
    parts = [held.x, held.static, held.y]
    said = told(asked.predict_on_batch([each.astype(np.float32) for each in parts]))
    measured = said[:, :, 0].mean()  # beside it is what the quantiles learn from
    assert measured == pytest.approx(value, rel=1e-5)


def test_without_validation_all_steps_are_done_and_the_last_weights_are_kept() -> None:
    trainer, weights, history, _ = fitted(course_of(chances(32, seed=3), 50))
    assert history.best_step == history.step[-1] == 50
    assert all(math.isnan(value) for value in history.val_loss)
    assert equal(weights, trainer.trained.get_weights())


def test_validation_windows_that_give_no_number_do_not_undo_the_training() -> None:
    held = windows_of(np.full((4, 12), np.inf))
    trainer, weights, history, _ = fitted(course_of(lines(64), 20, held=held))
    assert history.best_step == 20
    assert equal(weights, trainer.fit(course_of(lines(64), 20), ignore)[0])


# --- the time limit


def test_a_fit_that_should_be_done_already_stops_at_its_first_look() -> None:
    past = time.monotonic() - 1
    trainer, _, history, _ = fitted(course_of(lines(64), 100_000, until=past))
    assert history.step == [10]
    assert history.best_step == 10
    assert float(told(trainer.schedule.steps)) == 10


class Clock:
    """A clock by which a gradient step takes a second, and what comes before the first a minute."""

    def __init__(self) -> None:
        self.step = -60

    def monotonic(self) -> float:
        return float(self.step)


def timed(until: float, steps: int, monkeypatch: pytest.MonkeyPatch) -> tuple[History, list[float]]:
    """What happened, and the rate after each look."""
    clock, rates = Clock(), list[float]()
    monkeypatch.setattr(fitting, "time", clock)

    def look(step: Step) -> None:
        clock.step = step.step
        rates.append(float(told(trainer.schedule(step.step))))

    nets.start(1)
    trainer = nets.Trainer(SHAPE, SPEC, FIT)
    _, history = trainer.fit(course_of(lines(64), steps, until=until), look)
    rates.append(float(told(trainer.schedule(history.step[-1]))))
    return history, rates


def test_a_fit_does_as_many_steps_as_there_is_time_for_at_a_rate_that_falls_faster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history, rates = timed(237.0, 6000, monkeypatch)
    assert history.step[:2] == [10, 20]
    assert history.step[-1] == 230
    assert len(history.step) > 10
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == pytest.approx(0, abs=1e-6)


def test_what_compiling_takes_is_not_counted_as_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    history, rates = timed(310.0, 300, monkeypatch)
    assert history.step[-1] == 300
    assert rates[-1] == pytest.approx(0, abs=1e-6)


def test_a_fit_with_time_enough_does_all_its_steps() -> None:
    late = time.monotonic() + 1e6
    trainer, weights, history, _ = fitted(course_of(lines(64), 30, until=late))
    assert history.step[-1] == 30
    assert equal(weights, trainer.fit(course_of(lines(64), 30), ignore)[0])


# --- trouble


def test_a_loss_that_is_no_number_is_tried_again_at_a_tenth_and_then_explained() -> None:
    looks = Looks()
    nets.start(1)
    trainer = nets.Trainer(SHAPE, SPEC, FIT)
    with pytest.raises(DataError, match=r"loss is nan .* \(0\.0003\)") as caught:
        trainer.fit(course_of(windows_of(np.full((32, 12), np.inf)), 100), looks)
    assert "--learning-rate" in caught.value.hint
    assert [math.isnan(look.loss) for look in looks] == [True, True]


class Breaking:
    """Windows of lines; what the third call of the first attempts gives runs away.

    An attempt is seen to have failed at its second look, after eleven calls of ten steps.
    """

    def __init__(self, attempts: int, times: float) -> None:
        self.windows, self.attempts, self.times, self.calls = lines(64), attempts, times, 0

    def __call__(self, places: Ints) -> Windows:
        self.calls += 1
        given = part(self.windows, places)
        if self.calls in [3, 3 + 11][: self.attempts]:
            return dataclasses.replace(given, y=given.y * self.times)
        return given


def attempted(attempts: int, times: float) -> tuple[Weights, History]:
    nets.start(1)
    course = nets.Course(Breaking(attempts, times), 64, None, 200, seed=1)
    return nets.Trainer(SHAPE, SPEC, FIT).fit(course, ignore)


@pytest.mark.parametrize("times", [1e6, math.inf], ids=["explodes", "is no number"])
def test_a_loss_that_runs_away_once_is_trained_again_from_the_start(times: float) -> None:
    weights, history = attempted(1, times)
    assert history.step[-1] == 200
    assert history.rate == pytest.approx(FIT.learning_rate / 10)
    nets.start(1)
    calm = dataclasses.replace(FIT, learning_rate=FIT.learning_rate / 10)
    same, _ = nets.Trainer(SHAPE, SPEC, calm).fit(course_of(lines(64), 200), ignore)
    assert equal(weights, same)


def test_a_loss_that_runs_away_twice_is_an_error() -> None:
    with pytest.raises(DataError, match="training failed"):
        attempted(2, 1e6)


@pytest.mark.parametrize("form", ["additive", "multiplicative"])
def test_series_that_hold_nothing_to_learn_are_trained_without_complaint(form: str) -> None:
    nets.start(1)
    trainer = nets.Trainer(dataclasses.replace(SHAPE, form=form), SPEC, FIT)
    for value in (-1.0, 0.37):
        flat = windows_of(np.full((32, 12), value), np.full((32, 5), value))
        trainer.fit(course_of(flat, 100, held=flat), ignore)
        said = nets.predict(trainer.network, flat)
        np.testing.assert_allclose(said, value, atol=0.01)
