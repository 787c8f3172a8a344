"""A file to a panel, read aloud: text, times, names, target, order, steps, gaps, season."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from forecast.data.apart import KnownGroup, Part, apart
from forecast.data.drift import as_before, check_roles
from forecast.data.files import read_table
from forecast.data.finish import Read, check_strict, finished
from forecast.data.frame import Frame, frame_of
from forecast.data.freq import describe_freq
from forecast.data.join import with_future_file
from forecast.data.roles import check_names, pick_ids, pick_target
from forecast.data.rows import sort_rows
from forecast.data.shape import SERIES, VALUE, long_from_dated, long_from_wide
from forecast.data.stamps import Stamps
from forecast.data.table import Table
from forecast.data.when import pick_time, time_like, without_strays
from forecast.errors import DataError, SpecError
from forecast.spec import DataSpec
from forecast.types import Loaded, Repair, Schema

__all__ = ["load", "load_groups"]


def load(spec: DataSpec, schema: Schema | None = None) -> Loaded:
    """The panel in a file, how it was understood and what was mended.

    Args:
        spec: the file and what is known about it; what it leaves open is found in the file.
        schema: how an earlier file was understood; this one is read alike.

    Raises:
        DataError: the file cannot be read, is ambiguous, or does not fit the schema.
        SpecError: a flag that is wrong in itself.
    """
    source = "standard input" if spec.source == "-" else spec.source
    asked = spec if schema is None else as_before(spec, schema)
    frame, read = _in_order(asked, schema, source)
    return finished(frame, asked, schema, read)


def load_groups(
    spec: DataSpec, known: Sequence[KnownGroup] = ()
) -> tuple[list[Loaded], tuple[Repair, ...]]:
    """A panel for each group of series of equal frequency, and what was left out of all of them.

    Args:
        spec: as in `load`.
        known: the groups of an earlier file. Their series stay in them, new ones join the group
            of their frequency; a group without any series is left out.

    Raises:
        DataError: as in `load`; a series no longer keeps the frequency of its group.
    """
    source = "standard input" if spec.source == "-" else spec.source
    asked = as_before(spec, known[0].schema) if known else spec
    frame, read = _in_order(asked, known[0].schema if known else None, source)
    parts, left = apart(frame.rows, frame.names, known)
    check_strict(left, asked, source)
    if not parts:  # no series keeps a frequency: the error is that of a plain file
        return [finished(frame, replace(asked, frequencies="one"), None, read)], ()
    groups = []
    for place, part in enumerate(parts):
        if not len(part.series):
            continue
        before = known[place] if known else None
        alone = replace(asked, frequencies="one", freq=None)
        if before is not None:
            alone = replace(alone, season=before.season)
        its, its_read = _part(frame, read, part)
        groups.append(finished(its, alone, before.schema if before else None, its_read))
    if not groups:
        raise DataError(
            f"{source} has no series that the model knows, and none of its frequencies",
            hint="give the rows of the series that were trained on, or train again",
        )
    return groups, left


def _part(frame: Frame, read: Read, part: Part) -> tuple[Frame, Read]:
    """The rows of one frequency, and a name for messages that says which."""
    rows = frame.rows[np.isin(frame.rows.series, part.series)]
    source = f"{read.source}, {describe_freq(part.freq)} series"
    return replace(frame, rows=rows), replace(read, source=source, rows=len(rows.time))


def _in_order(spec: DataSpec, schema: Schema | None, source: str) -> tuple[Frame, Read]:
    """The rows sorted; those in the order of the file are let go."""
    frame, read = _understood(spec, schema, source)
    rows, was = sort_rows(frame.rows)
    notes = (*read.notes, *([f"rows were {was}: sorted"] if was else []))
    if spec.frequencies == "by-series" and frame.schema.dialect.get("layout"):
        # Side by side, a monthly series has an empty cell on every day but the first.
        rows = rows[~np.isnan(rows.values[:, 0])]
    return replace(frame, rows=rows), replace(read, notes=notes)


def _understood(spec: DataSpec, schema: Schema | None, source: str) -> tuple[Frame, Read]:
    """The rows in numbers; the table with its words is let go."""
    table, sha256 = read_table(spec.source, spec)
    rows = len(table)
    if schema is None and spec.sheet and table.dialect.get("format") != "spreadsheet":
        raise SpecError(
            f"{source} is no spreadsheet, it has no sheet {spec.sheet!r}", hint="leave out --sheet"
        )
    with _of_a_sheet(table, spec):
        table = long_from_dated(table, spec)
        if schema is not None:
            check_roles(table, schema, source)
        table, stamps, strays = _timed(table, spec, source)
        frame, unused = _in_roles(table, stamps, spec, schema, source)
    repairs = (*table.repairs, *strays, *frame.repairs)
    notes = (*table.notes, *frame.notes)
    return frame, Read(source, sha256, rows, unused, repairs, notes)


@contextmanager
def _of_a_sheet(table: Table, spec: DataSpec) -> Iterator[None]:
    """What is wrong with one of several sheets may be that it is the wrong one."""
    try:
        yield
    except DataError as error:
        if spec.sheet is not None or "sheet" not in table.dialect:
            raise
        hint = f"{error.hint}; or name another sheet with --sheet"
        raise DataError(f"{error.message} ({table.notes[-1]})", hint=hint) from error


def _timed(table: Table, spec: DataSpec, source: str) -> tuple[Table, Stamps, tuple[Repair, ...]]:
    """Rows with their time stamps; their numbers 1, 2, 3 ... where the file has none."""
    check_names(table, spec, source)
    stamps = pick_time(table, spec, source)
    if stamps is None:
        stamps = Stamps((), np.arange(1.0, len(table) + 1), "")
        strays: tuple[Repair, ...] = ()
    else:
        table, stamps, strays = without_strays(table, stamps, source)
    if not len(table):
        raise DataError(f"{source} has no rows", hint="give a file with a header and rows")
    if spec.layout == "wide" and table.dialect.get("layout") is None:
        rows = len(table)
        table = long_from_wide(table, stamps.names, spec, source)
        stamps = replace(stamps, values=np.repeat(stamps.values, len(table) // rows))
    return table, stamps, strays


def _in_roles(
    table: Table, stamps: Stamps, spec: DataSpec, schema: Schema | None, source: str
) -> tuple[Frame, tuple[str, ...]]:
    """The rows in numbers, and the columns that no role took."""
    layout = table.dialect.get("layout")
    ids = (SERIES,) if layout == "wide" else pick_ids(table, stamps, spec, source)
    taken = {*stamps.names, *ids, *spec.past, *spec.future, *spec.static}
    target = VALUE if layout else pick_target(table, taken | time_like(table), spec, source)
    roles = Schema(
        target=target, time=stamps.names, ids=ids, past=spec.past,
        future=spec.future, static=spec.static, tz=spec.tz, dialect=table.dialect,
        categories=schema.categories if schema is not None else {},
        blanks=schema.blanks if schema is not None else "a text",
        calendar=spec.calendar, holidays=spec.holidays,
    )  # fmt: skip
    elsewhere = {name for name in spec.future if name not in table.names}
    roles_here = replace(roles, future=tuple(n for n in spec.future if n not in elsewhere))
    frame = frame_of(table, stamps, roles_here, source)
    frame = with_future_file(frame, roles, spec)
    unused = tuple(name for name in table.names if name not in taken | {target})
    return frame, unused
