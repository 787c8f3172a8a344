"""Naive 2: the last value, seasonally adjusted where there is a season; the unit of M4's OWA.

Source: Makridakis, Spiliotis & Assimakopoulos, "The M4 Competition", 2020, whose published code
(SeasonalityTest, Benchmarks) this follows; decomposition as R's `decompose`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.types import Floats, Ints, Panel

__all__ = ["naive2"]

CELLS = 4_000_000  # of one block of histories: 32 MB
CRITICAL = 1.645  # 90 per cent, two-sided
SEASONS = 3  # of history, at least, that the test asks for


def naive2(panel: Panel, cutoff_rows: Ints, season: int, horizon: int) -> Floats:
    """(W, H) of every window.

    Where a history touches zero a multiplicative season makes no sense, and an additive one is
    taken. Missing values are carried over; NaN where nothing was seen.

    Args:
        panel: in original units.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        season: rows in a season.
        horizon: H.
    """
    made = np.empty((len(cutoff_rows), horizon))
    rows = cutoff_rows - panel.bounds[panel.owners(cutoff_rows)]  # (W,) of history
    target = panel.values[:, 0]
    for length in np.unique(rows).tolist():
        places = np.flatnonzero(rows == length)
        size = max(CELLS // max(length, 1), 1)
        for block in np.split(places, np.arange(size, len(places), size)):
            history = target[cutoff_rows[block][:, None] + np.arange(-length, 0)]
            made[block] = _ahead(_carried(history), season, horizon)
    return made


def _ahead(history: Floats, season: int, horizon: int) -> Floats:
    """(B, n) -> (B, H)."""
    made = np.repeat(history[:, -1:], horizon, axis=1)
    seasonal = np.flatnonzero(is_seasonal(history, season))
    if len(seasonal):
        made[seasonal] = _with_season(history[seasonal], season, horizon)
    return made


def is_seasonal(history: Floats, season: int) -> NDArray[np.bool_]:
    """(B, n) -> (B,) whether the autocorrelation at one season stands out, as M4 tests it."""
    count = history.shape[1]
    if season < 2 or count < SEASONS * season:
        return np.zeros(len(history), dtype=bool)
    centred = history - history.mean(axis=1, keepdims=True)
    power = np.einsum("bn,bn->b", centred, centred)
    lags = np.empty((len(history), season))
    for lag in range(1, season + 1):
        lags[:, lag - 1] = np.einsum("bn,bn->b", centred[:, lag:], centred[:, :-lag])
    with np.errstate(invalid="ignore", divide="ignore"):
        lags /= power[:, None]
        limit = CRITICAL * np.sqrt((1 + 2 * (lags[:, :-1] ** 2).sum(axis=1)) / count)
        stands_out = np.abs(lags[:, -1]) > limit
    found: NDArray[np.bool_] = stands_out & (np.ptp(history, axis=1) > 0)
    return found


def _with_season(history: Floats, season: int, horizon: int) -> Floats:
    """(B, n) -> (B, H) the last value without its season, and the season of each step on it."""
    trend = _moving_mean(history, season)
    start = season // 2
    middle = history[:, start : start + trend.shape[1]]
    positive = (history > 0).all(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.where(positive, middle / trend, middle - trend)
    phase = (start + np.arange(off.shape[1])) % season
    figure = np.stack([off[:, phase == each].mean(axis=1) for each in range(season)], axis=1)
    level = figure.mean(axis=1, keepdims=True)
    ahead = (history.shape[1] + np.arange(-1, horizon)) % season  # the last row, then the steps
    last = history[:, -1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        times = (figure / level)[:, ahead]
        multiplied = last / times[:, :1] * times[:, 1:]
    plus = (figure - level)[:, ahead]
    made: Floats = np.where(positive, multiplied, last - plus[:, :1] + plus[:, 1:])
    return made


def _moving_mean(history: Floats, season: int) -> Floats:
    """(B, n) -> (B, n - 2 (season // 2)) centred, over one season."""
    width = 2 * (season // 2) + 1
    weights = np.ones(width)
    if season % 2 == 0:
        weights[[0, -1]] = 0.5
    windows = np.lib.stride_tricks.sliding_window_view(history, width, axis=1)
    mean: Floats = windows @ weights / season
    return mean


def _carried(history: Floats) -> Floats:
    """(B, n) each missing value as the one seen before it; before the first, as the first."""
    seen = ~np.isnan(history)
    if seen.all():
        return history
    rows = np.arange(history.shape[1])
    before = np.maximum.accumulate(np.where(seen, rows, -1), axis=1)
    place = np.where(before < 0, seen.argmax(axis=1)[:, None], before)
    carried: Floats = np.take_along_axis(history, place, axis=1)
    return carried
