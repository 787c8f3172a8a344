"""A file to a panel, read aloud: text, times, names, target, order, steps, gaps, season."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast.data.drift import as_before, check_roles, drift_notes
from forecast.data.features import feature_names, features_of
from forecast.data.files import read_table
from forecast.data.fill import cut_ends, fill
from forecast.data.frame import Frame, frame_of
from forecast.data.groups import bounds_of, one_frequency
from forecast.data.join import with_future_file
from forecast.data.regular import FILLED, regular
from forecast.data.remarks import remarks_on
from forecast.data.roles import check_names, pick_ids, pick_target
from forecast.data.rows import Rows, sort_rows, without_repeats
from forecast.data.season import season_of
from forecast.data.shape import SERIES, VALUE, long_from_dated, long_from_wide
from forecast.data.stamps import Stamps
from forecast.data.table import Table
from forecast.data.when import pick_time, time_like, without_strays
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Floats, Ints, Loaded, Panel, Repair, Schema

__all__ = ["load"]


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
    return _finished(frame, asked, schema, read)


def _in_order(spec: DataSpec, schema: Schema | None, source: str) -> tuple[Frame, _Read]:
    """The rows sorted; those in the order of the file are let go."""
    frame, read = _understood(spec, schema, source)
    rows, was = sort_rows(frame.rows)
    notes = (*read.notes, *([f"rows were {was}: sorted"] if was else []))
    return replace(frame, rows=rows), replace(read, notes=notes)


def _understood(spec: DataSpec, schema: Schema | None, source: str) -> tuple[Frame, _Read]:
    """The rows in numbers; the table with its words is let go."""
    table, sha256 = read_table(spec.source, spec)
    rows = len(table)
    table = long_from_dated(table, spec)
    if schema is not None:
        check_roles(table, schema, source)
    table, stamps, strays = _timed(table, spec, source)
    frame, unused = _in_roles(table, stamps, spec, schema, source)
    repairs = (*table.repairs, *strays)
    return frame, _Read(source, sha256, rows, unused, repairs, table.notes)


@dataclass(frozen=True, slots=True)
class _Read:
    """The file: its name for messages, its hash, its rows, and what was found while reading."""

    source: str
    sha256: str
    rows: int
    unused: tuple[str, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[str, ...]


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
        calendar=spec.calendar, holidays=spec.holidays,
    )  # fmt: skip
    elsewhere = {name for name in spec.future if name not in table.names}
    roles_here = replace(roles, future=tuple(n for n in spec.future if n not in elsewhere))
    frame = frame_of(table, stamps, roles_here, source)
    frame = with_future_file(frame, roles, spec)
    unused = tuple(name for name in table.names if name not in taken | {target})
    return frame, unused


def _finished(frame: Frame, spec: DataSpec, schema: Schema | None, read: _Read) -> Loaded:
    """Rows in order, on steps, without gaps, and what was done to them."""
    rows, repeats = without_repeats(frame.rows, spec, read.source)
    rows, other_freq = one_frequency(rows, spec, frame.names)
    expected = schema.freq if schema is not None else None
    rows, freq, gaps = regular(rows, spec, frame.names, read.source, expected)
    rows, after, ends = cut_ends(rows)
    target = frame.schema.target
    if not len(rows.time):
        raise DataError(f"{read.source}: {target!r} has no value", hint="choose another --target")
    bounds = bounds_of(rows.series)
    present = rows.series[bounds[:-1]]
    season, strength = season_of(rows.values[:, 0], bounds, freq, spec.season)
    repairs = (
        *read.repairs, *repeats, *other_freq, *gaps, *ends,
        *_missing(rows, frame.schema, spec.fill),
    )  # fmt: skip
    _check_strict(repairs, spec, read.source)
    notes = (
        *read.notes,
        *([] if frame.schema.time else ["no time column: rows are numbered 1, 2, 3 ..."]),
        *remarks_on(rows, target),
        *(drift_notes(frame.schema, schema) if schema is not None else ()),
    )
    final = replace(frame.schema, freq=freq, calendar=spec.calendar, holidays=spec.holidays)
    return Loaded(
        panel=_panel(rows, after, frame, final, _Steps(present, bounds, season, spec.fill)),
        schema=final,
        rows=read.rows,
        sha256=read.sha256,
        season=season,
        season_strength=strength,
        unused=read.unused,
        repairs=repairs,
        notes=notes,
    )


@dataclass(frozen=True, slots=True)
class _Steps:
    """The series that are left (N,), their bounds (N + 1,), and how gaps are filled."""

    present: Ints
    bounds: Ints
    season: int
    fill: str


def _panel(rows: Rows, after: Rows, frame: Frame, schema: Schema, steps: _Steps) -> Panel:
    rows, observed = fill(rows, steps.fill, steps.season)
    made = features_of(rows.time, schema)
    given = len(schema.future)
    if observed is not None:
        observed = np.hstack([observed, np.ones((len(observed), made.shape[1]), dtype=bool)])
    future, future_bounds = _future(after, steps.present, schema, given)
    return Panel(
        values=np.hstack([rows.values, made]),
        time=rows.time,
        bounds=steps.bounds,
        ids=frame.names[steps.present],
        columns=(
            schema.target, *schema.past, *schema.future,
            *feature_names(schema.calendar, schema.holidays),
        ),
        freq=schema.freq,
        tz=schema.tz,
        observed=observed,
        known=given + made.shape[1],
        future=future,
        future_bounds=future_bounds,
        static=frame.static[steps.present],
        static_columns=schema.static,
    )  # fmt: skip


def _future(after: Rows, present: Ints, schema: Schema, given: int) -> tuple[Floats, Ints]:
    """(F, K) the rows after each series' last target, if there are covariates known ahead."""
    count = len(present)
    if not given or not len(after.time):
        width = given + len(feature_names(schema.calendar, schema.holidays))
        return np.empty((0, width)), np.zeros(count + 1, dtype=np.int64)
    made = features_of(after.time, schema)
    known = np.hstack([after.values[:, after.values.shape[1] - given :], made])
    return known, _bounds(np.searchsorted(present, after.series), count)


def _bounds(series: NDArray[np.int64], count: int) -> Ints:
    sizes = np.bincount(series.ravel(), minlength=count)
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _missing(rows: Rows, schema: Schema, how: str) -> tuple[Repair, ...]:
    """Cells that are empty in rows that the file has, column by column."""
    repairs = []
    for place, name in enumerate((schema.target, *schema.past, *schema.future)):
        gone = np.isnan(rows.values[:, place]) & (rows.lines > 0)
        if gone.any():
            lines = tuple(rows.lines[gone][:5].tolist())
            what = f"missing values of {name}"
            repairs.append(Repair(what, int(gone.sum()), FILLED[how], lines, "--fill"))
    return tuple(repairs)


def _check_strict(repairs: tuple[Repair, ...], spec: DataSpec, source: str) -> None:
    if spec.repairs != "forbid" or not repairs:
        return
    first = repairs[0]
    where = f", first on line {first.lines[0]}" if first.lines else ""
    more = f"; and {len(repairs) - 1} more kinds of repair" if len(repairs) > 1 else ""
    raise DataError(
        f"{source}: --strict allows no repair, and {first.count:,} {first.what} would be "
        f"{first.action}{where}{more}",
        hint="mend the file, or leave out --strict",
    )
