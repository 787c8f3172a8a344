"""How much a series changes: the size of errors before anything was forecast."""

from __future__ import annotations

import numpy as np

from forecast.types import Floats, Ints, Panel

__all__ = ["mean_change", "usual_change"]


def usual_change(panel: Panel, cutoff_rows: Ints, season: int, horizon: int) -> Floats:
    """(W,) what the better of the naive and the seasonal naive gets wrong about the series.

    The smaller of the mean changes over a season and over half a horizon, up to each cutoff, in
    original units; NaN where the history is too short for either, or never changes.

    Args:
        panel: the series, in original units.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        season: rows in a season.
        horizon: H.

    Example:
        >>> panel = Panel.single([1.0, 5.0, 2.0, 6.0, 3.0, 7.0], freq="MS", start="2024-01")
        >>> usual_change(panel, np.array([6]), season=2, horizon=2)
        array([1.])
    """
    lags = {max(horizon // 2, 1), max(season, 1)}
    found: Floats = np.fmin.reduce([mean_change(panel, cutoff_rows, lag) for lag in lags])
    return found


def mean_change(panel: Panel, cutoff_rows: Ints, lag: int) -> Floats:
    """(W,) mean absolute change over a lag in the rows before each cutoff; NaN for none.

    Args:
        panel: the series, in original units; missing values do not count.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        lag: rows.
    """
    mean = np.full(len(cutoff_rows), np.nan)
    target, end = panel.values[:, 0], np.asarray(cutoff_rows)
    if not len(end) or len(target) <= lag:
        return mean
    steps = np.zeros(len(target) + 1)  # one more, as a sum may end behind the last row
    np.subtract(target[lag:], target[:-lag], out=steps[lag:-1])
    np.abs(steps, out=steps)
    start = np.minimum(panel.bounds[panel.owners(end)] + lag, end)
    missing = np.isnan(steps)
    count = (end - start).astype(np.float64)
    if missing.any():
        steps[missing] = 0.0
        count -= _sums(missing.astype(np.float64), start, end)
    total = _sums(steps, start, end)
    np.divide(total, count, out=mean, where=(count > 0) & (total > 0))
    return mean


def _sums(values: Floats, start: Ints, end: Ints) -> Floats:
    """(W,) of the values from each start to before each end; 0 where there are none."""
    sums: Floats = np.add.reduceat(values, np.column_stack([start, end]).ravel())[::2]
    return np.where(end > start, sums, 0.0)
