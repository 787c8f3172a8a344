"""The simple methods every network has to beat.

Source: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 5.2.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from forecast.types import Floats, Forecast, Ints, Panel

__all__ = ["BASELINES", "baseline", "carried", "seasonal_naive"]


def naive(history: Floats, season: int, horizon: int) -> Floats:
    """(n,) -> (H,) the last value, again and again.

    Example:
        >>> naive(np.array([1.0, 2.0, 4.0]), season=2, horizon=3).tolist()
        [4.0, 4.0, 4.0]
    """
    return np.repeat(history[-1], horizon)


def seasonal_naive(history: Floats, season: int, horizon: int) -> Floats:
    """(n,) -> (H,) the last season, again and again; of less than a season, the last value.

    Example:
        >>> seasonal_naive(np.array([1.0, 2.0, 4.0]), season=2, horizon=3).tolist()
        [2.0, 4.0, 2.0]
    """
    if len(history) < season:
        return naive(history, season, horizon)
    return np.resize(history[-season:], horizon)


def drift(history: Floats, season: int, horizon: int) -> Floats:
    """(n,) -> (H,) the line through the first and the last value, continued.

    Example:
        >>> drift(np.array([1.0, 2.0, 5.0]), season=1, horizon=2).tolist()
        [7.0, 9.0]
    """
    slope = (history[-1] - history[0]) / max(len(history) - 1, 1)
    line: Floats = history[-1] + slope * np.arange(1, horizon + 1)
    return line


BASELINES: dict[str, Callable[[Floats, int, int], Floats]] = {
    "seasonal naive": seasonal_naive,
    "naive": naive,
    "drift": drift,
}


def baseline(name: str, panel: Panel, like: Forecast, cutoff_rows: Ints, season: int) -> Forecast:
    """A simple method's forecasts at the same cutoffs as another forecast.

    Args:
        name: one of BASELINES.
        panel: the series, in original units.
        like: forecast with (W, H) steps, whose times and actuals are taken over.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        season: rows in a season.
    """
    method, horizon = BASELINES[name], like.values.shape[1]
    first = panel.bounds[panel.owners(cutoff_rows)]
    target = panel.values[:, 0]
    values = np.empty((len(cutoff_rows), horizon, 1))
    for i, (start, row) in enumerate(zip(first, cutoff_rows, strict=True)):
        seen = carried(target[start:row])
        values[i, :, 0] = method(seen, season, horizon) if len(seen) else np.nan
    return dataclasses.replace(like, values=values, levels=(0.5,))


def carried(history: Floats) -> Floats:
    """(n,) with each missing value replaced by the last one seen, so that seasons stay aligned."""
    seen = ~np.isnan(history)
    if seen.all():
        return history
    if not seen.any():
        return history[:0]
    place = np.maximum.accumulate(np.where(seen, np.arange(len(history)), -1))
    return history[np.where(place < 0, int(np.argmax(seen)), place)]
