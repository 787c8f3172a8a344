"""Missing values: ends cut, gaps filled, and a mask that says which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecast.data.rows import Rows
from forecast.types import Floats, Ints, Repair

__all__ = ["cut_ends", "fill"]


def cut_ends(rows: Rows) -> tuple[Rows, Rows, tuple[Repair, ...]]:
    """Rows from each series' first known target to its last; the rows after it; what was cut.

    A series without any target keeps no row.
    """
    known = ~np.isnan(rows.values[:, 0])
    if known.all():
        return rows, rows[:0], ()
    place = np.arange(len(known))
    starts = np.flatnonzero(rows.starts)
    group = np.cumsum(rows.starts) - 1
    first = np.minimum.reduceat(np.where(known, place, len(known)), starts)[group]
    last = np.maximum.reduceat(np.where(known, place, -1), starts)[group]
    leading, trailing = place < first, place > last
    none = last < 0
    repairs = [
        _cut("rows before the first value", leading & ~none & (rows.lines > 0), rows),
        _cut("rows after the last value", trailing & ~none & (rows.lines > 0), rows),
        _cut("rows of series without any value", none, rows),
    ]
    kept = ~leading & ~trailing
    return rows[kept], rows[trailing & ~none], tuple(r for r in repairs if r.count)


def _cut(what: str, which: NDArray[np.bool_], rows: Rows) -> Repair:
    return Repair(what, int(which.sum()), "left out", tuple(rows.lines[which][:5].tolist()))


def fill(rows: Rows, how: str, season: int) -> tuple[Rows, NDArray[np.bool_] | None]:
    """Rows without NaN (unless `how` is none), and which values were observed, None if all.

    Ends of a covariate take its nearest value; a covariate that has none in a series takes 0.

    Example:
        >>> rows = Rows(np.zeros(3, int), np.arange(3), np.array([[1.0], [np.nan], [3.0]]),
        ...             np.arange(3))
        >>> filled, observed = fill(rows, "linear", 1)
        >>> filled.values.ravel().tolist(), observed.ravel().tolist()
        ([1.0, 2.0, 3.0], [True, False, True])
    """
    observed = ~np.isnan(rows.values)
    if observed.all():
        return rows, None
    if how == "none":
        return rows, observed
    group = np.cumsum(rows.starts) - 1
    columns = [
        _FILLS["forward" if how == "linear" and i in rows.coded else how](column, group, season)
        if not observed[:, i].all()
        else column
        for i, column in enumerate(rows.values.T)
    ]
    return replace(rows, values=np.stack(columns, axis=1)), observed


def _neighbours(missing: NDArray[np.bool_], group: Ints) -> tuple[Ints, Ints]:
    """(R,) the nearest known rows before and after in the same series, -1 where there is none."""
    place = np.arange(len(missing))
    before = np.maximum.accumulate(np.where(missing, -1, place))
    after = np.minimum.accumulate(np.where(missing, len(missing), place)[::-1])[::-1]
    before = np.where((before >= 0) & (group[before] == group), before, -1)
    inside = after < len(missing)
    after = np.where(inside & (group[np.where(inside, after, 0)] == group), after, -1)
    return before, after


def _linear(values: Floats, group: Ints, season: int) -> Floats:
    before, after = _neighbours(np.isnan(values), group)
    left, right = np.where(before < 0, after, before), np.where(after < 0, before, after)
    share = (np.arange(len(values)) - left) / np.maximum(right - left, 1)
    line = values[left] + (values[right] - values[left]) * share
    line = np.where(left == right, values[left], line)
    return np.where(np.isnan(values), np.where(left < 0, 0.0, line), values)


def _forward(values: Floats, group: Ints, season: int) -> Floats:
    before, after = _neighbours(np.isnan(values), group)
    source = np.where(before < 0, after, before)
    return np.where(source < 0, 0.0, values[source])


def _seasonal(values: Floats, group: Ints, season: int) -> Floats:
    """Of the same place in the nearest earlier season (or later, at the start)."""
    starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    place = np.arange(len(values)) - starts[group]
    phase = place % season
    order = np.lexsort((place, phase, group))
    inner = (group * season + phase)[order]
    filled = np.empty_like(values)
    before, after = _neighbours(np.isnan(values[order]), inner)
    source = np.where(before < 0, after, before)
    filled[order] = np.where(source < 0, np.nan, values[order][source])
    return _forward(filled, group, season)


def _zero(values: Floats, group: Ints, season: int) -> Floats:
    return np.where(np.isnan(values), 0.0, values)


_FILLS: dict[str, Callable[[Floats, Ints, int], Floats]] = {
    "linear": _linear,
    "forward": _forward,
    "seasonal": _seasonal,
    "zero": _zero,
}
