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
    gone = np.isnan(values)
    known = values[~gone] if gone.any() else values
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
    low, high = known.min(), known.max()
    repeats = (bool(low < 0) and (known == low).sum() >= 3, (known == high).sum() >= 3)
    inner = known[(known > low) & (known < high)] if any(repeats) else known[:0]
    if len(inner) < 2:
        return None
    second, last = inner.min(), inner.max()
    if repeats[0] and second - low > 0.5 * (high - second):
        return float(low)
    if repeats[1] and high - last > 2 * (last - low):
        return float(high)
    return None


def _outliers(rows: Rows, values: Floats, name: str) -> tuple[str, ...]:
    """Lone values far from the median of their series."""
    if rows.series[-1] - rows.series[0] > 2000:  # a look at each of so many would be slow
        return ()
    group = np.cumsum(rows.starts) - 1
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
