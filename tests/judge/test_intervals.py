"""Intervals hold what they promise, on data that were not looked at."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.judge import Calibration, calibrate
from forecast.judge.intervals import USUAL
from forecast.types import Floats, Forecast

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
NORMAL = np.array([-1.96, -1.2816, 0.0, 1.2816, 1.96])


def fan_of(values: Floats, actual: Floats | None, levels: tuple[float, ...] = LEVELS) -> Forecast:
    """(W, H, Q) quantiles and what came."""
    count, horizon = values.shape[:2]
    steps = np.tile(np.arange(horizon), (count, 1))
    return Forecast(values, levels, steps, np.array([""] * count), np.arange(count), actual)


def made(count: int, true: Floats, said: float, seed: int = 0, horizon: int = 6) -> Forecast:
    """Normal noise whose spread is `true` (H,) at each step; the fan says it is `said`."""
    random = np.random.default_rng(seed)
    middle = random.normal(size=(count, horizon)) * 50
    actual = middle + random.normal(size=(count, horizon)) * true
    return fan_of(middle[:, :, None] + NORMAL * said, actual)


def alike(forecast: Forecast) -> Floats:
    """(W,) all windows are of series that change alike."""
    return np.ones(len(forecast.values))


def held(forecast: Forecast, low: int, high: int) -> Floats:
    """(H,) the share of actuals inside."""
    actual = np.full_like(forecast.point, np.nan) if forecast.actual is None else forecast.actual
    inside = forecast.values[:, :, low] <= actual
    inside &= actual <= forecast.values[:, :, high]
    return np.asarray(inside.mean(axis=0))


@pytest.mark.parametrize("said", [0.2, 1.0, 5.0])
def test_an_interval_holds_its_share_of_what_was_not_looked_at_at_every_step(said: float) -> None:
    true = np.linspace(1, 3, 6)
    seen, unseen = made(4000, true, said), made(4000, true, said, seed=1)
    calibration = calibrate(seen, alike(seen), horizons=4000)
    other = calibration.apply(unseen, alike(unseen))
    np.testing.assert_allclose(held(other, 1, 3), 0.80, atol=0.03)
    np.testing.assert_allclose(held(other, 0, 4), 0.95, atol=0.02)


def test_a_fan_that_is_right_is_left_as_it_is() -> None:
    right = made(20_000, np.ones(6), 1.0)
    calibration = calibrate(right, alike(right), horizons=20_000)
    np.testing.assert_allclose(calibration.factors, 1.0, atol=0.05)


def test_each_level_is_moved_by_what_that_level_got_wrong() -> None:
    """Heavy tails: the same widths suit the inner interval and not the outer one."""
    random = np.random.default_rng(3)
    off = random.standard_t(2, size=(20_000, 1))
    forecast = fan_of(np.zeros((20_000, 1, 1)) + NORMAL, off)
    calibration = calibrate(forecast, alike(forecast), horizons=20_000)
    # The quantiles of Student's distribution with two degrees of freedom, as tables give them.
    expected = np.array([4.303 / 1.96, 1.886 / 1.2816, 1, 1.886 / 1.2816, 4.303 / 1.96])
    np.testing.assert_allclose(calibration.factors[0], expected, rtol=0.05)


def test_a_quantile_without_an_opposite_is_moved_by_its_own_side() -> None:
    random = np.random.default_rng(4)
    off = np.abs(random.normal(size=(20_000, 1)))  # never below the middle
    forecast = fan_of(np.zeros((20_000, 1, 1)) + np.array([0.0, 1.0]), off, (0.5, 0.9))
    factor = calibrate(forecast, alike(forecast), horizons=20_000).factors[0, 1]
    assert factor == pytest.approx(1.6449, rel=0.03)  # nine of ten of |z| lie below


def test_few_horizons_move_a_fan_less_than_many() -> None:
    narrow = made(12, np.ones(6), 0.05)
    horizons = (0.5, 5.0, 500.0)
    factors = [calibrate(narrow, alike(narrow), each).factors[0, 1] for each in horizons]
    assert USUAL < factors[0] < factors[1] < factors[2]


def test_without_actuals_nothing_is_moved() -> None:
    forecast = fan_of(np.zeros((3, 2, 1)) + NORMAL, None)
    calibration = calibrate(forecast, alike(forecast), horizons=0.0)
    said = calibration.apply(forecast, alike(forecast))
    np.testing.assert_array_equal(said.values, forecast.values)


def test_steps_that_are_not_known_do_not_count() -> None:
    forecast = made(3000, np.ones(6), 0.5)
    assert forecast.actual is not None
    actual = forecast.actual.copy()
    actual[:, 2] = np.nan
    actual[::2, 4] = np.nan
    same = alike(forecast)
    other = calibrate(dataclasses.replace(forecast, actual=actual), same, horizons=3000)
    np.testing.assert_allclose(other.factors, calibrate(forecast, same, 3000).factors, rtol=0.1)


def test_a_fan_without_any_width_breaks_nothing() -> None:
    flat = fan_of(np.zeros((8, 2, 5)), np.ones((8, 2)))
    said = calibrate(flat, alike(flat), horizons=8).apply(flat, alike(flat))
    np.testing.assert_array_equal(said.values, 0.0)


sizes = st.floats(0, 30).map(lambda x: round(x, 3))


@given(
    steps=arrays(np.float64, (3, 2, 5), elements=sizes),
    factors=arrays(np.float64, (2, 5), elements=sizes),
    widths=arrays(np.float64, 2, elements=sizes),
    change=arrays(np.float64, 3, elements=sizes | st.just(np.nan)),
)
def test_quantiles_never_cross_and_the_middle_stays_whatever_the_factors(
    steps: Floats, factors: Floats, widths: Floats, change: Floats
) -> None:
    forecast = fan_of(steps.cumsum(axis=2), None)
    said = Calibration(LEVELS, factors, 1.0, widths).apply(forecast, change)
    assert np.isfinite(said.values).all()
    assert (np.diff(said.values, axis=2) >= 0).all()
    np.testing.assert_array_equal(said.point, forecast.point)


def test_a_width_is_drawn_half_way_to_what_the_series_has_been_like() -> None:
    """The middle 10; fans of 1 and 9 on either side, of a series that changes by 1 and one by 4."""
    size = np.array([1.0, 9.0])[:, None, None]
    fan = fan_of(10 + size * np.array([-1.0, 0.0, 1.0]), np.full((2, 1), 10.0), (0.1, 0.5, 0.9))
    change = np.array([1.0, 4.0])
    calibration = calibrate(fan, change, horizons=1e9)
    # In units of the change the fans are 1 and 9 / 4 wide: 1.5 in the geometric mean.
    np.testing.assert_allclose(calibration.widths, [1.5])
    kept = dataclasses.replace(calibration, factors=np.ones((1, 3)))
    said = kept.apply(fan, change).values[:, 0, 2] - 10
    np.testing.assert_allclose(said, [np.sqrt(1 * 1.5), np.sqrt(9 * 6)])


@pytest.mark.parametrize("unknown", [np.nan, 0.0])
def test_where_nothing_is_known_of_the_series_the_network_is_believed(unknown: float) -> None:
    fan = made(50, np.ones(6), 1.0)
    change = np.ones(50)
    change[7] = unknown
    calibration = calibrate(fan, change, horizons=50)
    np.testing.assert_allclose(calibration.widths, calibrate(fan, alike(fan), 50).widths)
    wide = dataclasses.replace(fan, values=fan.point[:, :, None] + NORMAL * 5)
    said = calibration.apply(wide, change).values - wide.point[:, :, None]
    np.testing.assert_allclose(said[7], NORMAL * 5 * calibration.factors)
    np.testing.assert_allclose(said[8], NORMAL * 5**0.5 * calibration.factors, rtol=1e-6)
