"""Columns to time stamps: one column, a date and a clock, or year, month, day and hour apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.marks import kind_of
from forecast.data.numbered import PART_OF, dates_of
from forecast.data.sample import are_months
from forecast.data.table import Column, Table
from forecast.data.times import read_clocks, read_times
from forecast.types import Floats, Repair

__all__ = ["Stamps", "combined", "parts_in", "stamps_of"]

_LARGEST = 2**53  # beyond it a float skips whole numbers
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
        zone: the IANA zone that the cells name, None if they name none.
        repairs: what had to be taken for granted.
        formats: (W,) as in `Reading`, of the words of the one column.
    """

    names: tuple[str, ...]
    values: Any
    format: str
    zoned: bool = False
    orders: tuple[str, ...] = ()
    zone: str | None = None
    repairs: tuple[Repair, ...] = ()
    formats: tuple[str, ...] = ()

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
        return Stamps((column.name,), column.stamps, "", column.zone is not None, zone=column.zone)
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
    if looks * 2 < len(sample) and not are_months(sample):
        return None
    reading = read_times(column.words, order)
    if column.codes is None or reading.good.sum() * 2 < len(column.words):
        return None
    values = np.append(reading.values, np.datetime64("NaT", "us"))[column.codes]
    return Stamps(
        names=(column.name,),
        values=values,
        format=reading.format,
        zoned=reading.zoned,
        orders=reading.orders,
        zone=reading.zone,
        formats=reading.formats,
    )


def _is_compact(word: str) -> bool:
    return re.fullmatch(r"(1[5-9]|2[01])\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", word) is not None


def _of_numbers(name: str, numbers: Floats) -> Stamps | None:
    """Numbers as dates, or as what only counts if they are whole."""
    known = numbers[~np.isnan(numbers)]
    if not len(known) or not np.isfinite(known).all():
        return None
    found = dates_of(numbers, name)
    if found is not None:
        return Stamps((name,), *found)
    is_count = (known == np.floor(known)).all() and np.abs(known).max() < _LARGEST
    return Stamps((name,), numbers, "") if is_count else None


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
    part = PART_OF.get(name, "")
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
