"""Naive 2 against the published code of M4, line by line, and statsmodels' decomposition."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.tsa.seasonal import seasonal_decompose
from statsmodels.tsa.stattools import acf

from forecast.judge.naive2 import is_seasonal, naive2
from forecast.types import Floats
from tests.prep.test_windows import panel_of


def as_published(history: Floats, season: int, horizon: int) -> Floats:
    """SeasonalityTest and the naive 2 of M4's Benchmarks, in Python."""
    seasonal = False
    if season > 1 and len(history) >= 3 * season:
        lags = acf(history, nlags=season, fft=False)[1:]
        limit = 1.645 / np.sqrt(len(history)) * np.sqrt(1 + 2 * np.sum(lags[:-1] ** 2))
        seasonal = bool(abs(lags[-1]) > limit)
    if not seasonal:
        return np.repeat(history[-1], horizon)
    figure = seasonal_decompose(history, model="multiplicative", period=season).seasonal
    ahead = np.resize(figure[len(history) - season :], horizon)
    last: Floats = history[-1] / figure[-1] * ahead
    return last


def made(count: int, season: int, strength: float, seed: int) -> Floats:
    random = np.random.default_rng(seed)
    wave = strength * np.sin(2 * np.pi * np.arange(count) / season)
    values: Floats = 50 + 0.1 * np.arange(count) + wave + random.normal(0, 2, count)
    return values


@pytest.mark.parametrize("season", [1, 4, 7, 12])
@pytest.mark.parametrize("strength", [0.0, 20.0])
def test_it_is_that_of_the_published_code(season: int, strength: float) -> None:
    histories = [made(n, max(season, 2), strength, n) for n in (10, 40, 40, 77)]
    panel = panel_of(*[each.tolist() for each in histories])
    said = naive2(panel, panel.bounds[1:], season, horizon=15)
    for row, history in zip(said, histories, strict=True):
        np.testing.assert_allclose(row, as_published(history, season, 15), rtol=1e-10)


def test_a_strong_season_is_found_and_noise_has_none() -> None:
    noise = np.random.default_rng(1).normal(0, 2, 120)
    found = is_seasonal(np.stack([made(120, 12, 20.0, 1), noise]), 12)
    assert found.tolist() == [True, False]
    assert is_seasonal(np.ones((1, 120)), 12).tolist() == [False]


def test_around_zero_the_season_is_added_on() -> None:
    history = np.tile([0.0, 3.0, -1.0, 2.0], 10)
    panel = panel_of(history.tolist())
    said = naive2(panel, panel.bounds[1:], 4, horizon=6)[0]
    np.testing.assert_allclose(said, [0, 3, -1, 2, 0, 3], atol=1e-12)


def test_missing_values_are_carried_over_and_a_history_of_nothing_forecasts_nothing() -> None:
    nan = float("nan")
    panel = panel_of([nan, 2.0, nan, 4.0, nan], [nan, nan, nan, nan, nan])
    said = naive2(panel, panel.bounds[1:], 1, horizon=2)
    assert said[0].tolist() == [4.0, 4.0]
    assert np.isnan(said[1]).all()
