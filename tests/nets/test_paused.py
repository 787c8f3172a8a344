"""A fit that is stopped anywhere and gone on with elsewhere ends as if nothing had happened."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from forecast import nets
from forecast.nets.paused import Mean
from forecast.nets.steps import Steps
from forecast.spec import FitSpec, NetSpec
from forecast.types import History, Ints, Weights, Windows
from tests.nets.made import SHAPE, course_of, ignore, noise, windows_of

means = some.builds(Mean, some.integers(0, 50), some.floats(0, 10), some.floats(0, 10))


@given(means, means)
def test_the_mean_of_two_stretches_is_that_of_all_their_steps(one: Mean, other: Mean) -> None:
    both = one.and_then(other)
    assert both.steps == one.steps + other.steps
    if both.steps:
        losses = np.repeat([one.loss, other.loss], [one.steps, other.steps])
        norms = np.repeat([one.norm, other.norm], [one.steps, other.steps])
        assert both.loss == pytest.approx(losses.mean())
        assert both.norm == pytest.approx(norms.mean())


# --- fits

PLAIN = (NetSpec(arch="rnn", units=4), FitSpec(batch=8))
RANDOM = (
    NetSpec(arch="gru", units=4, dropout=0.2, recurrent_dropout=0.1, norm="batch"),
    FitSpec(batch=8, optimizer="nadam"),
)
WINDOWS = windows_of(noise(40, seed=3), noise(40, 5, seed=4))
HELD = windows_of(noise(16, seed=5), noise(16, 5, seed=6))
STEPS = 60


class Counted(Steps):
    """Steps of which only so many calls are made as a trainer has left."""

    def __init__(self, mortal: Mortal, real: Steps) -> None:
        vars(self).update(vars(real))
        self.mortal = mortal

    def __call__(self, ready: list[Any]) -> None:
        self.mortal.left -= 1
        if self.mortal.left < 0:
            raise KeyboardInterrupt
        super().__call__(ready)


class Mortal:
    """A trainer that a signal stops before its n-th call into the compiled graph."""

    def __init__(self, settings: tuple[NetSpec, FitSpec]) -> None:
        self.trainer, self.left = nets.Trainer(SHAPE, *settings), 0
        prepare = self.trainer.prepare

        def prepared(course: nets.Course) -> None:
            prepare(course)
            if type(self.trainer.steps) is Steps:
                self.trainer.steps = Counted(self, self.trainer.steps)

        self.trainer.prepare = prepared  # type: ignore[method-assign]

    def stopped(self, course: nets.Course, calls: int) -> nets.Paused | None:
        """Where a fit was that was stopped after so many calls into the graph."""
        kept: list[nets.Paused] = []
        self.left = calls
        with pytest.raises(KeyboardInterrupt):
            self.trainer.fit(dataclasses.replace(course, keep=kept.append), ignore)
        return kept[-1] if kept else None


@dataclasses.dataclass
class Pair:
    """A trainer to be stopped, and another one that goes on."""

    mortal: Mortal
    other: nets.Trainer

    def ends(self, course: nets.Course, paused: nets.Paused | None) -> tuple[Weights, History]:
        """What comes of a fit that the other one goes on with, after something else."""
        self.other.fit(course_of(WINDOWS, 10, seed=8), ignore)
        return self.other.fit(dataclasses.replace(course, paused=paused), ignore)


def pair(settings: tuple[NetSpec, FitSpec]) -> Pair:
    nets.start(1)
    return Pair(Mortal(settings), nets.Trainer(SHAPE, *settings))


@pytest.fixture(scope="module")
def plain() -> Pair:
    return pair(PLAIN)


def same(one: Weights, other: Weights) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.slow
def test_a_fit_with_chance_in_every_part_goes_on_to_the_same_weights_bit_for_bit() -> None:
    two, course = pair(RANDOM), course_of(WINDOWS, STEPS, held=HELD)
    weights, history = two.ends(course, None)
    for calls in (1, 4):
        paused = two.mortal.stopped(course, calls)
        assert paused is not None
        assert paused.step == 10 * calls
        again, said = two.ends(course, paused)
        assert same(again, weights)
        assert said == history


@pytest.mark.slow
def test_a_fit_that_is_stopped_between_two_looks_loses_no_step(plain: Pair) -> None:
    course = course_of(WINDOWS, 400, held=HELD)
    weights, history = plain.ends(course, None)
    paused = plain.mortal.stopped(course, 11)
    assert paused is not None
    assert (paused.history.step, paused.since.steps, paused.step) == ([40, 80], 30, 110)
    again, said = plain.ends(course, paused)
    assert same(again, weights)
    assert said.loss == pytest.approx(history.loss, rel=1e-5)
    assert (said.step, said.val_loss) == (history.step, history.val_loss)
    assert said.gradient_norm == pytest.approx(history.gradient_norm, rel=1e-5)


@pytest.mark.slow
def test_a_fit_that_is_stopped_before_its_first_step_keeps_nothing(plain: Pair) -> None:
    assert plain.mortal.stopped(course_of(WINDOWS, STEPS), 0) is None


class Breaking:
    """A course whose second call for windows gets some that no number comes of."""

    def __init__(self) -> None:
        self.calls, self.plain = 0, course_of(WINDOWS, STEPS, held=HELD)

    def course(self) -> nets.Course:
        return dataclasses.replace(self.plain, train=self.train)

    def train(self, places: Ints) -> Windows:
        self.calls += 1
        given = self.plain.train(places)
        return dataclasses.replace(given, y=given.y * np.inf) if self.calls == 2 else given


@pytest.mark.slow
def test_an_attempt_at_a_tenth_of_the_rate_goes_on_at_a_tenth_of_the_rate(plain: Pair) -> None:
    """The first attempt runs away; it is not made again where the second was left."""
    weights, history = plain.other.fit(Breaking().course(), ignore)
    assert history.rate == PLAIN[1].learning_rate / 10
    paused = plain.mortal.stopped(Breaking().course(), 6)
    assert paused is not None
    assert (paused.step, paused.history.rate) == (40, history.rate)
    again, said = plain.ends(course_of(WINDOWS, STEPS, held=HELD), paused)
    assert same(again, weights)
    assert said == history


@pytest.mark.slow
def test_a_state_that_is_carried_goes_on_from_the_look_before() -> None:
    settings = (NetSpec(arch="rnn", units=4, state="carried"), FitSpec(batch=4))
    course = course_of(WINDOWS, 12, held=HELD)
    kept: list[nets.Paused] = []
    nets.start(1)
    mortal = Mortal(settings)
    mortal.left = 1000
    weights, history = mortal.trainer.fit(dataclasses.replace(course, keep=kept.append), ignore)
    assert len(kept) >= 2
    again, said = mortal.trainer.fit(dataclasses.replace(course, paused=kept[0]), ignore)
    assert same(again, weights)
    assert said == history
    assert mortal.stopped(course, 0) is None  # in the first pass over the series
