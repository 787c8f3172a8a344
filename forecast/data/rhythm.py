"""The frequency that time stamps keep, found with rows missing and months of unequal length."""

from __future__ import annotations

from typing import Any

import numpy as np

from forecast.data.freq import parse_freq
from forecast.data.steps import distance
from forecast.types import Ints, Times

__all__ = ["coverage", "find_freq"]

_DAY_US = 86_400_000_000
_UNITS = [(3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"), (1, "us")]
_WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
# So many of the stamps must lie on the steps of the most common difference.
_ON_STEP = 0.9
# So many days without a weekend do not come about by chance.
_ENOUGH_DAYS = 10


def find_freq(time: Times) -> str:
    """The alias of the frequency of one series, "" where it keeps none.

    Args:
        time: (n,) different stamps, ascending; wall-clock time.

    Example:
        >>> days = np.array(["2024-01-31", "2024-02-29", "2024-04-30"], dtype="datetime64[us]")
        >>> find_freq(days), find_freq(np.array([10, 20, 30, 50]))
        ('ME', '10')
    """
    if len(time) < 2:
        return ""
    if time.dtype.kind != "M":
        return _of_integers(np.diff(time).astype(np.int64))
    micro = time.astype("datetime64[us]").astype(np.int64)
    usual = _most_common(np.diff(micro))
    if usual < _DAY_US:
        return _of_clock(micro, usual)
    date = time.astype("datetime64[D]")
    if usual >= 28 * _DAY_US and not _is_weekly(date, usual):
        return _of_months(date)
    return _of_days(date)


def _most_common(differences: Ints) -> int:
    values, counts = np.unique(differences, return_counts=True)
    return int(values[counts.argmax()])


def _of_integers(differences: Ints) -> str:
    usual = _most_common(differences)
    on_step = np.mean(differences % usual == 0)
    return str(usual if on_step >= _ON_STEP else int(np.gcd.reduce(differences)))


def _of_clock(micro: Ints, usual: int) -> str:
    offset = (micro - micro[0] + usual // 2) % usual - usual // 2
    phase = _most_common(offset)
    near = np.abs(offset - phase) * 10 <= usual
    if near.mean() < _ON_STEP:
        usual = int(np.gcd.reduce(np.diff(micro)))
        if usual * 8 < np.median(np.diff(micro)):
            return ""
    unit, name = next((unit, name) for unit, name in _UNITS if usual % unit == 0)
    count = usual // unit
    return name if count == 1 else f"{count}{name}"


def _is_weekly(date: Times, usual: int) -> bool:
    """Steps of four weeks or more, all on one weekday."""
    days = np.diff(date).astype(np.int64)
    return usual % (7 * _DAY_US) == 0 and float(np.mean(days % 7 == 0)) > _ON_STEP and len(date) > 3


def _of_days(date: Any) -> str:
    day = date.astype("datetime64[D]").astype(np.int64)
    differences = np.diff(day)
    usual = _most_common(differences)
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    if usual % 7 == 0:
        if np.mean(differences % usual == 0) >= _ON_STEP:
            anchor = f"W-{_WEEKDAYS[_most_common(weekday)]}"
            return anchor if usual == 7 else f"{usual // 7}{anchor}"
        usual = 1
    if usual == 1:
        is_weekend = weekday >= 5
        # A few days that miss the weekend by chance are no business calendar.
        is_telling = len(day) >= _ENOUGH_DAYS or set(differences.tolist()) == {1, 3}
        return "B" if is_telling and day[-1] - day[0] >= 3 and not is_weekend.any() else "D"
    on_step = np.mean((day - day[0]) % usual == 0)
    if on_step < _ON_STEP:
        return _of_days_with_gaps(weekday, differences)
    return f"{usual}D"


def _of_days_with_gaps(weekday: Ints, differences: Ints) -> str:
    usual = int(np.gcd.reduce(differences))
    if usual == 1:
        return "D" if (weekday >= 5).any() else "B"
    return f"{usual}D"


def _of_months(date: Any) -> str:
    month = date.astype("datetime64[M]")
    differences: Ints = np.diff(month.astype(np.int64))
    if (differences == 0).any():
        return ""
    usual = _most_common(differences)
    step = usual if np.mean(differences % usual == 0) == 1 else int(np.gcd.reduce(differences))
    edge = _edge(date, month)
    anchor = int(month[0].astype(np.int64)) % 12
    if step % 12 == 0:
        name = f"Y{edge}-{_MONTHS[anchor]}"
        step //= 12
    elif step % 3 == 0 and 12 % step == 0 and step == 3:
        name = f"Q{edge}-{_MONTHS[anchor % 3 if edge == 'S' else 9 + anchor % 3]}"
        step = 1
    else:
        name = f"M{edge}"
    business = edge.startswith("B")
    name = "B" + name.replace("B", "", 1) if business else name
    return name if step == 1 else f"{step}{name}"


def _edge(date: Any, month: Any) -> str:
    """Which day of the month it is: "S", "E", "BS" or "BE"."""
    first = month.astype("datetime64[D]")
    last = (month + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    if (date == first).all():
        return "S"
    if (date == last).all():
        return "E"
    if (date == np.busday_offset(last, 0, roll="backward")).all():
        return "BE"
    if (date == np.busday_offset(first, 0, roll="forward")).all():
        return "BS"
    return "S"


def coverage(time: Times) -> float:
    """Share of the steps between the first and the last stamp that have one; 0 if irregular.

    Args:
        time: (n,) different stamps, ascending.
    """
    alias = find_freq(time)
    if not alias:
        return 0.0
    steps, _ = distance(time[0], time[-1:], parse_freq(alias))
    return len(time) / (int(steps[0]) + 1)
