"""Drift: no wolf on errors that stay as they are, a real change found in time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from forecast.judge import Drift, Live, find_drift
from forecast.judge.drift import student_tail
from forecast.spec import DriftSpec
from forecast.types import Floats

SPEC = DriftSpec()


def looked_at(errors: Floats, every: int = 1) -> Drift:
    """What a look at errors (T, H) says whose later steps are still to come at the end."""
    count, horizon = errors.shape
    rows = np.arange(count) * every
    step = rows[:, None] + np.arange(1, horizon + 1)
    last = int(rows[-1])
    known = np.where(step <= last, np.abs(errors), np.nan)
    tally = Live()
    tally.add(rows, {"mase": known})
    return find_drift(tally, rows, last, SPEC)


def multi_step(shocks: Floats, count: int, horizon: int, memory: float = 0.8) -> Floats:
    """(count, horizon) errors of the best forecasts of an AR(1) process: they overlap."""
    at = np.arange(count)
    steps = [
        sum(memory**lag * shocks[at + step - lag] for lag in range(step))
        for step in range(1, horizon + 1)
    ]
    return np.stack(steps, axis=1)


@given(t=st.floats(0, 6), freedom=st.floats(8, 500))
def test_the_tail_of_student_is_nearly_that_of_scipy(t: float, freedom: float) -> None:
    exact = float(stats.t.sf(t, freedom))
    if exact > 1e-5:
        assert student_tail(t, freedom) == pytest.approx(exact, rel=0.15)
    assert student_tail(-t, freedom) == pytest.approx(1 - student_tail(t, freedom))


@pytest.mark.parametrize("horizon", [1, 7, 28])
@pytest.mark.parametrize("tails", ["normal", "heavy"])
def test_two_years_of_looks_at_steady_errors_raise_hardly_an_alarm(
    horizon: int, tails: str
) -> None:
    looks = alarms = runs = 0
    for seed in range(6):
        generator = np.random.default_rng(seed)
        draws = {
            "normal": generator.normal(size=800),
            "heavy": generator.standard_t(3, size=800),
        }
        errors = multi_step(draws[tails], 730, horizon)
        found = [looked_at(errors[:count]).found for count in range(30, 730, 28)]
        looks, alarms, runs = looks + len(found), alarms + sum(found), runs + any(found)
    assert looks == 150
    assert alarms / looks <= 0.025
    assert runs <= 2


@pytest.mark.parametrize("horizon", [1, 7, 28])
def test_errors_that_double_are_found_within_weeks(horizon: int) -> None:
    waits, late = [], []
    for seed in range(7):
        shocks = np.random.default_rng(seed).normal(size=800)
        shocks[400:] *= 2
        errors = multi_step(shocks, 730, horizon)
        found = (n for n in range(408, 560, 8) if looked_at(errors[:n]).found)
        waits.append(next(found, 999) - 400)
        late.append(looked_at(errors))
    assert float(np.median(waits)) <= 75
    # Who looks for the first time after most of a year is told too, and since when.
    told = [drift for drift in late if drift.found]
    assert len(told) >= 4
    for drift in told:
        assert drift.ratio == pytest.approx(2, rel=0.3)
        assert 300 <= drift.since <= 420


def test_a_small_rise_that_is_sure_is_no_matter_and_a_bad_day_is_no_drift() -> None:
    generator = np.random.default_rng(1)
    errors = 10 + generator.normal(size=(300, 1))
    errors[200:] *= 1.1
    assert not looked_at(errors).found
    errors[200:] *= 1.3
    assert looked_at(errors).found
    calm = np.abs(generator.normal(size=(300, 1)))
    calm[-2] = 1000.0
    assert not looked_at(calm).found


def test_errors_that_fall_are_no_drift() -> None:
    errors = np.abs(np.random.default_rng(1).normal(size=(300, 3)))
    errors[200:] /= 5
    drift = looked_at(errors)
    assert not drift.found
    assert drift.ratio < 0.5


@pytest.mark.parametrize("count", [0, 1, 2, 15])
def test_few_cutoffs_say_nothing_yet(count: int) -> None:
    if not count:
        drift = find_drift(Live(), np.array([], dtype=np.int64), 10, SPEC)
    else:
        drift = looked_at(np.ones((count, 4)))
    assert not drift.found
    assert drift.lacking


def test_weekly_forecasts_of_a_week_do_not_overlap_and_need_no_long_blocks() -> None:
    generator = np.random.default_rng(3)
    errors = np.abs(generator.normal(size=(60, 7)))
    errors[40:] *= 3
    drift = looked_at(errors, every=7)
    assert drift.found
    assert drift.newest <= 30


def test_errors_that_never_were_and_come_are_found_and_those_that_stay_nothing_are_not() -> None:
    errors = np.zeros((100, 1))
    assert not looked_at(errors).found
    errors[50] = 1e-9
    errors[70:] = 1.0
    assert looked_at(errors).found
