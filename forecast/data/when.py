"""The rows' time stamps: which columns they are in, and which rows are none."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from forecast.data.numbered import NAMED
from forecast.data.roles import codes_of, flag
from forecast.data.stamps import Stamps, combined, parts_in, stamps_of
from forecast.data.table import Column, Table, pick
from forecast.data.times import read_clocks
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Ints, Lines, Repair

__all__ = ["pick_time", "time_like", "without_strays"]

_SURELY = re.compile(r"(?i)(.*[_\s])?(date|datetime|time|timestamp|ds|datum|fecha|when)")


def pick_time(table: Table, spec: DataSpec, source: str) -> Stamps | None:
    """The time stamps of the rows, None where the rows are only numbered.

    Raises:
        DataError: no such column, a column that is no time, two that could be, day and month in
            an order that cannot be told.
    """
    if spec.time == ():
        return None
    stamps = _asked(table, spec, source) if spec.time else _found(table, spec, source)
    if stamps is not None and len(stamps.orders) > 1:
        raise _ambiguous_order(stamps, table, source)
    return stamps


def _asked(table: Table, spec: DataSpec, source: str) -> Stamps:
    names = spec.time or ()
    one = stamps_of(table[names[0]], spec.day_order) if len(names) == 1 else None
    stamps = one or (combined(table, names, spec.day_order) if len(names) > 1 else None)
    if stamps is None:
        shown = _first_text(table, names[0])
        raise DataError(
            f"{source}: column {' + '.join(names)} is no time stamp: {shown!r}",
            hint="name another with --time, or leave it out to let it be found",
        )
    return stamps


def _first_text(table: Table, name: str) -> str:
    column = table[name].worded()
    return column.words[0] if column.words else ""


def _found(table: Table, spec: DataSpec, source: str) -> Stamps | None:
    taken = {spec.target, *(spec.ids or ()), *spec.past, *spec.future, *spec.static}
    singles = {
        column.name: stamps
        for column in table.columns
        if column.name not in taken
        and _may_be_time(table, column)
        and (stamps := stamps_of(column, spec.day_order)) is not None
    }
    dates = [s for s in singles.values() if s.is_calendar and _is_trusted(table, s)]
    dates += _pairs(table, dates, taken)
    dates += [
        stamps
        for names in parts_in(table)
        if not taken.intersection(names) and (stamps := combined(table, names)) is not None
    ]
    if dates:
        return _best(dates, source)
    counts = [s for s in singles.values() if not s.is_calendar and _counts(table, s)]
    named = [s for s in counts if NAMED.fullmatch(s.names[0])]
    if not counts:
        _check_unread(table, taken, source)
    return next(iter(named or counts), None)


def _check_unread(table: Table, taken: set[str | None], source: str) -> None:
    """A column that is named like a time but cannot be read as one is no reason to count rows."""
    for column in table.columns:
        if column.name in taken or column.numbers is not None or not column.words:
            continue
        if _SURELY.fullmatch(column.name.strip()):
            raise DataError(
                f"{source}: no column holds time stamps; {column.name!r} is not one: "
                f"{column.words[0]!r}",
                hint="write them as 2024-01-31, or name the column with --time",
            )


def _may_be_time(table: Table, column: Column) -> bool:
    """Words may always be dates; numbers only where their name or place suggests it."""
    if column.numbers is None:
        return True
    is_nameless = re.fullmatch(r"column\d+", column.name) is not None
    return is_nameless or table.names[0] == column.name or bool(NAMED.fullmatch(column.name))


def _is_trusted(table: Table, stamps: Stamps) -> bool:
    """Words that parse as dates are dates; numbers are only where name or place say so."""
    column = table[stamps.names[0]]
    if column.numbers is None:
        return True
    if stamps.format == "decimal" and re.fullmatch(r"column\d+", column.name):
        return True  # no name to judge by, but fractions of years that only go up
    return bool(NAMED.fullmatch(column.name)) or table.names[0] == column.name


def time_like(table: Table) -> set[str]:
    """Numeric columns that say when rather than how much."""
    return {
        column.name
        for column in table.columns
        if column.numbers is not None
        and _may_be_time(table, column)
        and (stamps := stamps_of(column)) is not None
        and stamps.is_calendar
        and _is_trusted(table, stamps)
    }


def _counts(table: Table, stamps: Stamps) -> bool:
    """Whole numbers that go up evenly, or are named like a time."""
    name = stamps.names[0]
    if NAMED.fullmatch(name):
        return True
    known = stamps.values[stamps.good]
    steps = np.diff(known)
    return (
        name == table.names[0] and len(steps) > 1 and bool((steps == steps[0]).all() and steps[0])
    )


def _pairs(table: Table, dates: list[Stamps], taken: set[str | None]) -> list[Stamps]:
    """Dates with the clock that stands in another column."""
    pairs = []
    clocks = [c.name for c in table.columns if c.name not in taken and _may_be_clock(c)]
    for date in dates:
        known = date.values[date.good]
        if not (known == known.astype("datetime64[D]")).all():
            continue
        for clock in clocks:
            if clock not in date.names:
                stamps = combined(table, (date.names[0], clock))
                pairs += [stamps] if stamps is not None else []
    return pairs


def _may_be_clock(column: Column) -> bool:
    if column.name.lower().strip() in {"hour", "hr", "hh", "hrs", "stunde", "heure", "hora", "he"}:
        return True
    if not column.words or column.numbers is not None or max(map(len, column.words[:50])) > 30:
        return False
    return read_clocks(column.words[:50]) is not None and read_clocks(column.words) is not None


def _best(dates: list[Stamps], source: str) -> Stamps:
    """The finest; of several that say the same the one in fewest columns, then the first."""
    if len(dates) == 1:
        return dates[0]
    codes = [codes_of(each.values) for each in dates]
    distinct = [len(np.unique(each)) for each in codes]
    finest = max(range(len(dates)), key=lambda i: (distinct[i], -len(dates[i].names), -i))
    close = [i for i in range(len(dates)) if distinct[i] >= 0.999 * distinct[finest]]
    best = min(
        close,
        key=lambda i: (dates[i].format.startswith(("epoch", "decimal")), len(dates[i].names), i),
    )
    named = [i for i in range(len(dates)) if NAMED.fullmatch(dates[i].names[0])]
    rivals = [i for i in named if i != best and not _follows(codes[best], codes[i])]
    if not rivals:
        return dates[best]
    if best not in named and len(rivals) == 1:
        return dates[rivals[0]]
    if best not in named or any(not _follows(codes[i], codes[best]) for i in rivals):
        names = [" + ".join(dates[i].names) for i in sorted({best, *rivals})]
        raise DataError(
            f"{source}: {len(names)} columns could be the time: {', '.join(names)}",
            hint=f"say which: {flag('time', dates[best].names)}",
        )
    return dates[best]


def _follows(fine: Ints, coarse: Ints) -> bool:
    """Whether the one goes up with the other: the day of an hour, the year of a day."""
    order = np.argsort(fine, kind="stable")
    later = np.diff(fine[order]) > 0
    rising = np.diff(coarse[order])[later] >= 0
    return bool(rising.mean() > 0.99) if len(rising) else True


def _ambiguous_order(stamps: Stamps, table: Table, source: str) -> DataError:
    shown = _first_text(table, stamps.names[0])
    return DataError(
        f"{source}: {shown!r} in column {stamps.names[0]} may be day first or month first, and no "
        "row decides it",
        hint=" or ".join(f"--{order}" for order in stamps.orders),
    )


def without_strays(
    table: Table, stamps: Stamps, source: str
) -> tuple[Table, Stamps, tuple[Repair, ...]]:
    """The rows that have a time stamp: no units below the header, no totals at the foot.

    Raises:
        DataError: a row between others whose time is none.
    """
    good = stamps.good
    if good.all():
        return table, stamps, ()
    empty = np.all([column.missing() for column in table.columns], axis=0)
    first, last = int(np.argmax(good)), len(good) - 1 - int(np.argmax(good[::-1]))
    place = np.arange(len(good))
    outside = ~good & ~empty & ((place < first) | (place > last))
    inside = ~good & ~empty & (place > first) & (place < last)
    blank = np.all([table[name].missing() for name in stamps.names], axis=0)
    wrong = np.flatnonzero(inside & ~blank)
    if len(wrong):
        raise _no_time(table, stamps, int(wrong[0]), source)
    repairs = [
        _left_out("lines above or below the data", table.lines[outside]),
        _left_out("rows without a time stamp", table.lines[inside & blank]),
    ]
    kept = replace(stamps, values=stamps.values[good])
    return pick(table, good), kept, tuple(repair for repair in repairs if repair.count)


def _left_out(what: str, lines: Lines) -> Repair:
    return Repair(what, len(lines), "left out", tuple(lines[:5].tolist()))


def _no_time(table: Table, stamps: Stamps, row: int, source: str) -> DataError:
    column = table[stamps.names[0]].worded()
    cell = column.words[column.codes[row]] if column.codes is not None else ""
    good = int(np.argmax(stamps.good))
    like = column.words[column.codes[good]] if column.codes is not None else ""
    return DataError(
        f"{source} line {table.lines[row]}: {cell!r} in column {column.name} is no time stamp like "
        f"{like!r}",
        hint=f"mend the line, or leave it out with {flag('na', cell)}",
    )
