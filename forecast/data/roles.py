"""Which column plays which part, found or refused."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from forecast.data.marks import IDENTITY
from forecast.data.stamps import Stamps
from forecast.data.table import Column, Table
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Ints

__all__ = ["check_names", "codes_of", "flag", "pick_ids", "pick_target"]

_CALENDAR = re.compile(
    r"(?i)(year|yr|month|mnth|mon|mo|day|weekday|wday|dow|day_?of_?week|hour|hr|minute|week|"
    r"week_?of_?year|day_?of_?year|quarter|qtr|index|idx|unnamed.*|row|no|nr|instant)"
)
_TARGETS = ("y", "target", "value")
_SHOWN = 8
# A panel repeats most of its time stamps; fewer repetitions than this are only duplicates.
_PANEL = 0.1
# Enough rows to see whether a column tells repeated time stamps apart.
_ENOUGH = 200_000


def flag(name: str, values: str | Sequence[str]) -> str:
    """A flag as one would type it.

    Example:
        >>> flag("target", "CO(GT)"), flag("id", ["store", "item"])
        ("--target 'CO(GT)'", '--id store,item')
    """
    text = values if isinstance(values, str) else ",".join(values)
    return f"--{name} {shlex.quote(text)}"


def check_names(table: Table, spec: DataSpec, source: str) -> None:
    """Every column that a flag names exists.

    Raises:
        DataError: one does not; with the closest that does.
    """
    asked = {"target": (spec.target,) if spec.target else (), "time": spec.time or ()}
    asked |= {"id": spec.ids or (), "past": spec.past, "static": spec.static}
    asked |= {"future": () if spec.future_data else spec.future}
    for role, names in asked.items():
        for name in names:
            if name not in table.names:
                raise unknown_column(role, name, table.names, source)


def unknown_column(role: str, name: str, names: Sequence[str], source: str) -> DataError:
    """No such column; did you mean ...?"""
    lower = {each.lower().strip(): each for each in names}
    close = get_close_matches(name.lower().strip(), lower, n=1, cutoff=0.5)
    hint = f"did you mean {flag(role, lower[close[0]])}?" if close else f"columns: {_some(names)}"
    return DataError(f"{source} has no column {name!r} (asked for by --{role})", hint=hint)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


@dataclass(frozen=True, slots=True)
class _Identity:
    """One way to tell rows of the same time apart: the columns, and the repetitions left."""

    names: tuple[str, ...]
    left: int


def pick_ids(table: Table, stamps: Stamps | None, spec: DataSpec, source: str) -> tuple[str, ...]:
    """The columns that name the series; () for a single series.

    Raises:
        DataError: two columns would do equally well.
    """
    if spec.ids is not None or stamps is None:
        return spec.ids or ()
    time = codes_of(stamps.values)
    rows = _sampled(time)
    repeated = len(rows) - len(np.unique(time[rows]))
    taken = {*stamps.names, spec.target, *spec.past, *spec.future, *spec.static}
    able = [c for c in table.columns if c.name not in taken and _may_be_id(c, rows)]
    if repeated < _PANEL * len(rows):
        able = [c for c in able if IDENTITY.fullmatch(c.name)]
    # Series of several frequencies may never share a time stamp.
    if not able or not (repeated or spec.frequencies == "by-series"):
        return ()
    codes = {c.name: _codes(c)[rows].astype(np.int64) for c in able}
    singles = [_Identity((name,), _left(time[rows], [codes[name]])) for name in codes]
    together = _Identity(tuple(codes), _left(time[rows], list(codes.values())))
    least = together.left
    if least * 2 > repeated:  # no column explains the repetitions
        return ()
    enough = [each for each in singles if each.left == least]
    if enough:
        return _single_id([each.names[0] for each in enough], codes, source)
    return _fewest(codes, time[rows], least)


def _codes(column: Column) -> Any:
    """(R,) the codes of a column's words."""
    return column.worded().codes


def _sampled(time: Ints) -> Ints:
    """Rows of so many whole time stamps that they are enough to judge."""
    if len(time) <= _ENOUGH:
        return np.arange(len(time))
    share = max(1, len(time) // _ENOUGH)
    # Whole stamps (by a multiplicative hash), so that their repetitions stay together.
    return np.flatnonzero((time * 2654435761 % 4294967296) % share == 0)


def _may_be_id(column: Column, rows: Ints) -> bool:
    if column.missing()[rows].any():
        return False
    if column.numbers is None:
        return True
    known = column.numbers[rows]
    return bool(IDENTITY.fullmatch(column.name)) and bool((known == np.floor(known)).all())


def codes_of(values: Any) -> Ints:
    """(R,) whole numbers that are equal where the values are."""
    if values.dtype.kind in "iu":
        return np.asarray(values, dtype=np.int64)
    if values.dtype.kind == "M":
        return np.asarray(values.astype("datetime64[us]").astype(np.int64))
    return np.asarray(np.unique(values, return_inverse=True)[1], dtype=np.int64)


def _left(time: Ints, codes: list[Ints]) -> int:
    """Rows that repeat another's time stamp and ids."""
    key = np.unique(time, return_inverse=True)[1].astype(np.int64)
    for each in codes:
        key = np.unique(key * (int(each.max()) + 2) + each, return_inverse=True)[1].astype(np.int64)
    return len(key) - (int(key.max()) + 1 if len(key) else 0)


def _single_id(names: list[str], codes: dict[str, Ints], source: str) -> tuple[str, ...]:
    """The first of columns that mean the same; else the only one that is named like an id."""
    kinds: list[str] = []
    for name in names:
        if not any(_is_same(codes[name], codes[kind]) for kind in kinds):
            kinds.append(name)
    if len(kinds) > 1:
        named = [name for name in kinds if IDENTITY.fullmatch(name)]
        kinds = named or kinds
    if len(kinds) > 1:
        # Of nested ones (unique_id, store) the finest leaves nothing out.
        finest = [k for k in kinds if all(_is_finer(codes[k], codes[o]) for o in kinds)]
        kinds = finest or kinds
    if len(kinds) > 1:
        raise DataError(
            f"{source}: {len(kinds)} columns could name the series: {_some(kinds)}",
            hint=f"say which: {flag('id', kinds[0])}",
        )
    return (kinds[0],)


def _is_finer(fine: Ints, coarse: Ints) -> bool:
    return _left(fine, [coarse]) == len(fine) - len(np.unique(fine))


def _is_same(one: Ints, other: Ints) -> bool:
    return _is_finer(one, other) and _is_finer(other, one)


def _fewest(codes: dict[str, Ints], time: Ints, least: int) -> tuple[str, ...]:
    """As few of the columns as tell the rows apart, those further right dropped first."""
    kept = list(codes)
    for name in reversed(list(codes)):
        without = [each for each in kept if each != name]
        if without and _left(time, [codes[each] for each in without]) == least:
            kept = without
    return tuple(kept)


def pick_target(table: Table, taken: set[str], spec: DataSpec, source: str) -> str:
    """The column to forecast: the one asked for, or the only numeric one that is left over.

    Raises:
        DataError: none, or several.
    """
    if spec.target is not None:
        if table[spec.target].numbers is None:
            raise _text_target(table, spec.target, source)
        return spec.target
    left = [c for c in table.columns if c.name not in taken and c.numbers is not None]
    left = [c for c in left if not c.missing().all()]
    able = [c.name for c in left if not _is_counter(c)] or [c.name for c in left]
    if len(able) > 1:
        able = [name for name in able if name.lower() in _TARGETS] or able
    if len(able) == 1:
        return able[0]
    if not able:
        text = _some([c.name for c in table.columns if c.name not in taken]) or "none"
        raise DataError(
            f"{source} has no numeric column to forecast; other columns: {text}",
            hint="check --decimal and --delimiter, or name it with --target",
        )
    raise DataError(
        f"{source}: {len(able)} columns could be the target: {_some(able)}",
        hint=f"say which: {flag('target', able[0])}"
        + ("" if spec.layout == "wide" else ", or --wide if each column is a series of its own"),
    )


def _is_counter(column: Column) -> bool:
    """Hours, weekdays and row numbers are numbers, but nobody forecasts them."""
    if _CALENDAR.fullmatch(column.name.strip()):
        return True
    known = column.numbers
    if known is None or len(known) < 3 or known[0] not in (0, 1):
        return False
    return np.array_equal(known, known[0] + np.arange(len(known)))


def _text_target(table: Table, name: str, source: str) -> DataError:
    column = table[name]
    word = column.words[0] if column.words else ""
    line = int(table.lines[int(np.argmax(column.codes == 0))]) if column.codes is not None else 0
    return DataError(
        f"{source}: target {name!r} is text, not numbers: {word!r} on line {line}",
        hint="choose a numeric column with --target, or check --decimal",
    )
