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
    if name not in BASELINES:
        raise KeyError(name)
    horizon, owners = like.values.shape[1], panel.owners(cutoff_rows)
    first, begun = panel.bounds[owners], _first_seen(panel)[owners]  # (W,) rows
    held = carried_rows(panel)

    def at(rows: Ints) -> Floats:
        """(W, ...) what stands in those rows, or for what was before the first value."""
        return held[np.maximum(rows.T, np.minimum(begun, cutoff_rows - 1)).T]

    ahead = np.arange(horizon)  # (H,)
    last = at(cutoff_rows - 1)[:, None]  # (W, 1)
    if name == "seasonal naive":
        length = np.where(cutoff_rows - first < season, 1, season)[:, None]
        values = at(cutoff_rows[:, None] - length + ahead % length)
    elif name == "drift":
        slope = (last - at(first)[:, None]) / np.maximum(cutoff_rows - first - 1, 1)[:, None]
        values = last + slope * (ahead + 1)
    else:
        values = np.repeat(last, horizon, axis=1)
    values = np.where((begun < cutoff_rows)[:, None], values, np.nan)
    return dataclasses.replace(like, values=values[:, :, None], levels=(0.5,))


def carried_rows(panel: Panel) -> Floats:
    """(R,) the target, each missing value replaced by the last one seen of its series."""
    target = panel.values[:, 0]
    seen = ~np.isnan(target)
    if seen.all():
        return target
    seen[panel.bounds[:-1][panel.lengths > 0]] = True
    place = np.maximum.accumulate(np.where(seen, np.arange(len(target)), 0))
    values: Floats = target[place]
    return values


def _first_seen(panel: Panel) -> Ints:
    """(N,) the row of the first value of each series, beyond all rows where it has none."""
    found = np.full(len(panel), len(panel.values))
    seen = np.flatnonzero(~np.isnan(panel.values[:, 0]))
    owners = np.searchsorted(panel.bounds, seen, side="right") - 1
    # Backwards, so that the first of each series is written last.
    found[owners[::-1]] = seen[::-1]
    return found


def carried(history: Floats) -> Floats:
    """(n,) with each missing value replaced by the last one seen, so that seasons stay aligned."""
    seen = ~np.isnan(history)
    if seen.all():
        return history
    if not seen.any():
        return history[:0]
    place = np.maximum.accumulate(np.where(seen, np.arange(len(history)), -1))
    return history[np.where(place < 0, int(np.argmax(seen)), place)]
