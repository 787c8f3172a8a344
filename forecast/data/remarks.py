"""What looks odd in the target and is left alone: likely markers for missing, lone extremes."""

from __future__ import annotations

import numpy as np

from forecast.data.rows import Rows
from forecast.types import Floats

__all__ = ["remarks_on"]

# So many robust standard deviations from the median are far from the rest.
_FAR = 10.0
# Values that keep a distance are outliers while they are few.
_FEW = 0.005


def remarks_on(rows: Rows, name: str) -> tuple[str, ...]:
    """Sentences about values of the target that a person should look at.

    Example:
        >>> values = np.array([5.0, 6.0, 7.0, 5.5, -999.0, 6.5, -999.0, 6.0, -999.0])
        >>> rows = Rows(np.zeros(9, int), np.arange(9), values[:, None], np.arange(2, 11))
        >>> remarks_on(rows, "y")[0]
        'y is -999 on 3 rows (first line 6), far from all else: --na -999 if it means missing'
    """
    values = rows.values[:, 0]
    known = values[~np.isnan(values)]
    if len(known) < 8 or np.ptp(known) == 0:
        return ()
    marker = _marker(known)
    if marker is not None:
        at = values == marker
        line = rows.lines[int(np.argmax(at))]
        text = f"{marker:.15g}"
        return (
            f"{name} is {text} on {int(at.sum()):,} rows (first line {line}), far from all else: "
            f"--na {text} if it means missing",
        )
    return _outliers(rows, values, name)


def _marker(known: Floats) -> float | None:
    """An extreme that repeats, with more room around it than the other values span."""
    distinct, counts = np.unique(known, return_counts=True)
    if len(distinct) < 4:
        return None
    low_gap, high_gap = distinct[1] - distinct[0], distinct[-1] - distinct[-2]
    if counts[0] >= 3 and distinct[0] < 0 and low_gap > 0.5 * (distinct[-1] - distinct[1]):
        return float(distinct[0])
    if counts[-1] >= 3 and high_gap > 2 * (distinct[-2] - distinct[0]):
        return float(distinct[-1])
    return None


def _outliers(rows: Rows, values: Floats, name: str) -> tuple[str, ...]:
    """Lone values far from the median of their series."""
    group = np.cumsum(rows.starts) - 1
    if group[-1] > 2000:  # a large panel mixes levels; a look at each series would be slow
        return ()
    far = np.zeros(len(values), dtype=bool)
    for index in range(int(group[-1]) + 1):
        at = group == index if group[-1] else slice(None)
        part = values[at]
        part_known = part[~np.isnan(part)]
        if len(part_known) >= 20:
            middle = np.median(part_known)
            spread = 1.4826 * np.median(np.abs(part_known - middle))
            far[at] = (np.abs(part - middle) > _FAR * spread) & (spread > 0)
    count = int(far.sum())
    if not count or count > max(3, _FEW * len(values)):
        return ()
    first = int(np.argmax(far))
    return (
        f"{count:,} values of {name} are far from the rest, first {values[first]:g} on line "
        f"{rows.lines[first]}: left as they are",
    )
