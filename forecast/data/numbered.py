"""Numbers that are dates: years, 202401, 20240131, decimal years, seconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from forecast.types import Floats

__all__ = ["NAMED", "PART_OF", "dates_of"]

# What people call the column that says when.
NAMED = re.compile(
    r"(?i)(.*[_\s])?(date|datetime|date_?time|time|timestamp|ds|datum|zeit|fecha|data|jour|dia|"
    r"day|days|week|month|quarter|year|hour|period|t|ts|unix|epoch|index|step|idx|years|"
    r"jahr|monat|mois|annee|année|ano|año|mes|utc|when)([_\s(\[].*)?"
)
_PARTS: dict[str, str] = {
    "year": "year yr yyyy jahr annee année ano año anno",
    "month": "month mon mnth mo mm monat mois mes mese",
    "day": "day dd tag jour dia giorno dom monthday day_of_month",
    "hour": "hour hr hh hrs h stunde heure hora ora hour_of_day he",
    "minute": "minute min minutes",
    "quarter": "quarter qtr q quartal trimestre",
}
PART_OF = {name: part for part, names in _PARTS.items() for name in names.split()}


def dates_of(numbers: Floats, name: str) -> tuple[Any, str] | None:
    """(R,) datetime64[us] and how to write it, None if these are not dates.

    Args:
        numbers: (R,) NaN where missing; finite.
        name: of the column: 2020 is a year where it says so, or where the next is 2021.

    Example:
        >>> dates, layout = dates_of(np.array([202311.0, 202312.0, 202401.0]), "x")
        >>> dates.astype("datetime64[M]").tolist()[2], layout
        (datetime.date(2024, 1, 1), '%Y%m')
    """
    known = numbers[~np.isnan(numbers)]
    is_whole = bool((known == np.floor(known)).all())
    for reader, layout in _CALENDARS if is_whole else _FRACTIONS:
        values = reader(numbers, name)
        if values is not None:
            return values, _epoch_layout(known) if layout == "epoch" else layout
    return None


def _epoch_layout(known: Floats) -> str:
    """The unit of the newest cell: a file that changed its unit goes on in the newer one."""
    newest = float(known.max())
    return "epoch-s" if newest < 5e9 else "epoch-ms" if newest < 5e12 else "epoch-us"


def _within(numbers: Floats, low: float, high: float) -> bool:
    """Whether all numbers are so; strays at both ends of a file are left out later."""
    known = numbers[~np.isnan(numbers)]
    return bool(len(known) > 1 and ((known >= low) & (known <= high)).all())


def _years(numbers: Floats, name: str) -> Any:
    known = numbers[~np.isnan(numbers)]
    steps = np.diff(np.unique(known))
    is_named = PART_OF.get(name.lower().strip()) == "year" or NAMED.fullmatch(name)
    if not _within(numbers, 1500, 2200) or not len(steps) or not (is_named or (steps <= 1).all()):
        return None
    return _whole(numbers, lambda n: (n - 1970).astype("datetime64[Y]"))


def _compact_months(numbers: Floats, name: str) -> Any:
    if not _within(numbers, 150001, 220012) or not _within(numbers % 100, 1, 12):
        return None
    return _whole(numbers, lambda n: ((n // 100 - 1970) * 12 + n % 100 - 1).astype("datetime64[M]"))


def _compact_days(numbers: Floats, name: str) -> Any:
    if not _within(numbers, 15000101, 22001231) or not _within(numbers // 100 % 100, 1, 12):
        return None
    if not _within(numbers % 100, 1, 31):
        return None

    def days(n: Any) -> Any:
        month = ((n // 10000 - 1970) * 12 + n // 100 % 100 - 1).astype("datetime64[M]")
        return month.astype("datetime64[D]") + (n % 100 - 1).astype("timedelta64[D]")

    return _whole(numbers, days)


def _epochs(numbers: Floats, name: str) -> Any:
    """Seconds, milli-, micro- or nanoseconds since 1970, each cell by its own size."""
    if not _within(numbers, 1e8, 4e18) or not (_is_clocklike(name) or _is_sorted(numbers)):
        return None
    known = numbers[~np.isnan(numbers)]
    # From 1973 to 2128 the four units do not overlap.
    power = np.select([known < 5e9, known < 5e12, known < 5e15], [6, 3, 0], -3)
    if (known[power == 6] > 5e9).any() or ((known >= 5e9) & (known < 1e11)).any():
        return None
    micro = np.where(power >= 0, known * 10.0 ** np.maximum(power, 0), known / 1e3)
    out = np.full(len(numbers), np.datetime64("NaT", "us"))
    out[~np.isnan(numbers)] = np.round(micro).astype(np.int64).astype("datetime64[us]")
    return out


def _is_clocklike(name: str) -> bool:
    return re.search(r"(?i)time|unix|epoch|stamp|date|^ts$|^t$|^ds$", name) is not None


def _is_sorted(numbers: Floats) -> bool:
    known = numbers[~np.isnan(numbers)]
    before, after = known[:-1], known[1:]
    return bool(len(before) > 0 and ((after > before).all() or (after < before).all()))


def _years_and_months(numbers: Floats, name: str) -> Any:
    """2023.10 after 2023.09: no fraction of a year is a month's number in every row."""
    return _months(np.floor(numbers), (numbers - np.floor(numbers)) * 100)


def _months_and_years(numbers: Floats, name: str) -> Any:
    """10.2023"""
    return _months((numbers - np.floor(numbers)) * 10_000, np.floor(numbers))


def _months(year: Floats, month: Floats) -> Any:
    """(R,) first days of months, None where these are no months that follow each other."""
    whole_year, whole_month = np.round(year), np.round(month)
    off = np.abs(np.concatenate([year - whole_year, month - whole_month]))
    if np.nanmax(off) > 1e-6 or not _within(whole_year, 1500, 2200):
        return None
    if not _within(whole_month, 1, 12) or not _is_sorted(whole_year * 12 + whole_month):
        return None
    return _whole((whole_year - 1970) * 12 + whole_month - 1, lambda n: n.astype("datetime64[M]"))


def _decimal_years(numbers: Floats, name: str) -> Any:
    """1991.5833 is August 1991: months, quarters or days by what the fractions fall on."""
    if not _within(numbers, 1500, 2200) or not _is_sorted(numbers):
        return None
    known = numbers[~np.isnan(numbers)]
    year = np.floor(known)
    twelfths = (known - year) * 12
    near = np.abs(twelfths - np.round(twelfths)) < 0.05
    middle = np.abs(twelfths - np.floor(twelfths) - 0.5) < 0.05
    out = np.full(len(numbers), np.datetime64("NaT", "us"))
    if near.all() or middle.all():
        month = np.round(twelfths) if near.all() else np.floor(twelfths)
        stamps = ((year - 1970) * 12 + month).astype(np.int64).astype("datetime64[M]")
        if len(np.unique(stamps)) != len(stamps):
            return None
    else:
        first = (year - 1970).astype(np.int64).astype("datetime64[Y]")
        days = (first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")
        stamps = first.astype("datetime64[D]") + np.round(
            (known - year) * days.astype(float)
        ).astype("timedelta64[D]")
    out[~np.isnan(numbers)] = stamps.astype("datetime64[us]")
    return out


def _whole(numbers: Floats, make: Callable[[Any], Any]) -> Any:
    """(R,) datetime64[us] made of the whole numbers, NaT where there is none."""
    out = np.full(len(numbers), np.datetime64("NaT", "us"))
    known = ~np.isnan(numbers)
    out[known] = make(numbers[known].astype(np.int64)).astype("datetime64[us]")
    return out


_CALENDARS: list[tuple[Callable[[Floats, str], Any], str]] = [
    (_years, "%Y"),
    (_compact_months, "%Y%m"),
    (_compact_days, "%Y%m%d"),
    (_epochs, "epoch"),
]
_FRACTIONS: list[tuple[Callable[[Floats, str], Any], str]] = [
    (_years_and_months, "%Y.%m"),
    (_months_and_years, "%m.%Y"),
    (_decimal_years, "decimal"),
]
