"""What was known at a cutoff: the rows before it, and the covariates that are known ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.data.fill import fill
from forecast.data.rows import Rows
from forecast.types import Ints, Panel

__all__ = ["before"]


def before(panel: Panel, cutoff_rows: Ints, steps: int, how: str, season: int) -> Panel:
    """The panel as it was at a cutoff of each series; a series that had no row yet is left out.

    Missing values are filled again from the rows that are left: a straight line across the cutoff
    would know its other end.

    Args:
        panel: the series, whole.
        cutoff_rows: (N,) row of the panel just after what may be seen of each series.
        steps: rows after it whose known-ahead covariates may be seen.
        how: as the missing values are filled.
        season: rows in a season.

    Example:
        >>> panel = Panel.single([1.0, 2.0, 3.0, 4.0], freq="D", start="2024-01-01")
        >>> before(panel, np.array([3]), 1, "forward", 1).series(0).tolist()
        [1.0, 2.0, 3.0]
    """
    there = np.flatnonzero(cutoff_rows > panel.bounds[:-1])
    first, last = panel.bounds[:-1][there], cutoff_rows[there]
    rows, bounds = _ranges(first, last)
    ahead, future_bounds = _ranges(last, np.minimum(last + steps, panel.bounds[1:][there]))
    values, observed = panel.values[rows], None
    if panel.observed is not None:
        values = np.where(panel.observed[rows], values, np.nan)
        series = np.repeat(np.arange(len(there)), np.diff(bounds))
        lines = np.zeros(len(rows), dtype=np.int32)
        coded = tuple(np.flatnonzero(panel.texts).tolist())
        bare = Rows(series, panel.time[rows], values, lines, coded=coded)
        filled, observed = fill(bare, how, season)
        values = filled.values
    known = panel.values.shape[1] - panel.known
    return replace(
        panel,
        values=values,
        time=panel.time[rows],
        bounds=bounds,
        ids=panel.ids[there],
        observed=observed,
        future=panel.values[ahead, known:],
        future_bounds=future_bounds,
        static=panel.static[there] if len(panel.static) else panel.static,
    )


def _ranges(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Every row from each first up to its last, and the bounds between them (n + 1,)."""
    bounds = np.concatenate([[0], np.cumsum(last - first)])
    return np.arange(bounds[-1]) + np.repeat(first - bounds[:-1], last - first), bounds
