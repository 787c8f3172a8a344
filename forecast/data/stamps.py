"""Columns to time stamps: one column, a date and a clock, or year, month, day and hour apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.marks import kind_of
from forecast.data.table import Column, Table
from forecast.data.times import read_clocks, read_times
from forecast.types import Floats

__all__ = ["NAMED", "Stamps", "combined", "parts_in", "stamps_of"]

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
_PART_OF = {name: part for part, names in _PARTS.items() for name in names.split()}
_LIMITS = {
    "year": (1500, 2200),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 24),
    "minute": (0, 59),
    "quarter": (1, 4),
}


@dataclass(frozen=True, slots=True)
class Stamps:
    """Columns read as time stamps.

    Attributes:
        names: the columns they were made of.
        values: (R,) datetime64[us] with NaT, or float64 with NaN where they are only numbers.
        format: as in `Reading`; "epoch", "decimal" or "" where it is no strptime format.
        zoned: whether `values` are UTC instants.
        orders: the orders of day and month that are equally possible.
    """

    names: tuple[str, ...]
    values: Any
    format: str
    zoned: bool = False
    orders: tuple[str, ...] = ()

    @property
    def good(self) -> NDArray[np.bool_]:
        """(R,) rows with a time stamp."""
        return np.asarray(~(np.isnat if self.is_calendar else np.isnan)(self.values), dtype=bool)

    @property
    def is_calendar(self) -> bool:
        """Whether these are dates rather than numbers that only count."""
        return bool(self.values.dtype.kind == "M")


def stamps_of(column: Column, order: str | None = None) -> Stamps | None:
    """A column as time stamps, None if most of its cells are none."""
    if column.stamps is not None:
        return Stamps((column.name,), column.stamps, "", column.zone is not None)
    if column.codes is not None and column.words:
        stamps = _of_words(column, order)
        if stamps is not None:
            return stamps
    if column.numbers is None:
        return None
    return _of_numbers(column.name, column.numbers)


def _of_words(column: Column, order: str | None) -> Stamps | None:
    sample = column.words[:: max(1, len(column.words) // 200)]
    looks = sum(kind_of(word) == "time" or _is_compact(word) for word in sample)
    if looks * 2 < len(sample):
        return None
    reading = read_times(column.words, order)
    if column.codes is None or reading.good.sum() * 2 < len(column.words):
        return None
    values = np.append(reading.values, np.datetime64("NaT", "us"))[column.codes]
    return Stamps((column.name,), values, reading.format, reading.zoned, reading.orders)


def _is_compact(word: str) -> bool:
    return re.fullmatch(r"(1[5-9]|2[01])\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", word) is not None


def _of_numbers(name: str, numbers: Floats) -> Stamps | None:
    """Years, 202401, 20240131, decimal years, seconds since 1970, or numbers that only count."""
    known = numbers[~np.isnan(numbers)]
    if not len(known) or not np.isfinite(known).all():
        return None
    is_whole = bool((known == np.floor(known)).all())
    for reader, layout in _CALENDARS if is_whole else _FRACTIONS:
        values = reader(numbers, name)
        if values is not None:
            layout = _epoch_layout(known) if layout == "epoch" else layout
            return Stamps((name,), values, layout)
    return Stamps((name,), numbers, "") if is_whole else None


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
    is_named = _PART_OF.get(name.lower().strip()) == "year" or NAMED.fullmatch(name)
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
    steps = np.diff(numbers[~np.isnan(numbers)])
    return bool(len(steps) > 0 and ((steps > 0).all() or (steps < 0).all()))


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
_FRACTIONS: list[tuple[Callable[[Floats, str], Any], str]] = [(_decimal_years, "decimal")]


def combined(table: Table, names: tuple[str, ...], order: str | None = None) -> Stamps | None:
    """Several columns as one time stamp, None if they do not make one.

    Args:
        table: with the columns.
        names: a date and a clock or hour; or year, month and further parts.
        order: as in `stamps_of`.
    """
    columns = [table[name] for name in names]
    parts = [_part(column, place) for place, column in enumerate(columns)]
    if parts[:1] == ["year"]:
        return _of_parts(columns, parts)
    date = stamps_of(columns[0], order)
    if date is None or not date.is_calendar or len(columns) != 2:
        return None
    clock, layout = _clock_of(columns[1])
    if clock is None:
        return None
    return Stamps(names, date.values + clock, f"{date.format} {layout}", False, date.orders)


def _part(column: Column, place: int) -> str:
    """Which part of a date a column is, by its name, or its place if it has no name."""
    name = column.name.lower().strip()
    part = _PART_OF.get(name, "")
    if not part and re.fullmatch(r"column\d+", name) and place < 3:
        part = ("year", "month", "day")[place]
    if not part or column.numbers is None:
        return ""
    low, high = _LIMITS[part]
    known = column.numbers[~np.isnan(column.numbers)]
    is_whole = len(known) > 0 and (known == np.floor(known)).all()
    return part if is_whole and known.min() >= low and known.max() <= high else ""


def _clock_of(column: Column) -> tuple[Any, str]:
    """(R,) timedelta64 since midnight, and how to write it."""
    if column.codes is not None:
        clock = read_clocks(column.words)
        if clock is not None:
            return np.append(clock, np.timedelta64("NaT", "us"))[column.codes], "%H:%M"
    if _part(column, 9) == "hour" and column.numbers is not None:
        hours = np.where(np.isnan(column.numbers), 0, column.numbers).astype(np.int64)
        return hours.astype("timedelta64[h]").astype("timedelta64[us]"), "%H:%M"
    return None, ""


def _of_parts(columns: list[Column], parts: list[str]) -> Stamps | None:
    if "" in parts or len(set(parts)) != len(parts) or parts not in _ORDERS:
        return None
    numbers = {
        part: column.numbers
        for part, column in zip(parts, columns, strict=True)
        if column.numbers is not None
    }
    missing = np.any([np.isnan(each) for each in numbers.values()], axis=0)
    whole = {part: np.where(missing, 1, each).astype(np.int64) for part, each in numbers.items()}
    month = (whole["year"] - 1970) * 12
    month = month + whole.get("month", (whole.get("quarter", np.array(1)) - 1) * 3 + 1) - 1
    date = month.astype("datetime64[M]").astype("datetime64[D]")
    date = date + (whole.get("day", np.array(1)) - 1).astype("timedelta64[D]")
    stamps = date.astype("datetime64[us]")
    stamps = stamps + whole.get("hour", np.array(0)).astype("timedelta64[h]")
    stamps = stamps + whole.get("minute", np.array(0)).astype("timedelta64[m]")
    stamps[missing | (date.astype("datetime64[M]") != month.astype("datetime64[M]"))] = "NaT"
    layout = {2: "%Y-%m", 3: "%Y-%m-%d"}.get(len(parts), "%Y-%m-%d %H:%M")
    return Stamps(tuple(column.name for column in columns), stamps, layout)


_ORDERS = [
    ["year", "quarter"],
    ["year", "month"],
    ["year", "month", "day"],
    ["year", "month", "day", "hour"],
    ["year", "month", "day", "hour", "minute"],
]


def parts_in(table: Table) -> list[tuple[str, ...]]:
    """The sets of columns that may make one time stamp together, the longest first."""
    by_part: dict[str, str] = {}
    for place, column in enumerate(table.columns):
        part = _part(column, place)
        if part and part not in by_part:
            by_part[part] = column.name
    found = [
        tuple(by_part[part] for part in order)
        for order in reversed(_ORDERS)
        if all(part in by_part for part in order)
    ]
    return found[:1]
