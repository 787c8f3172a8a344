"""A file to a panel, read aloud: text, times, names, target, order, steps, gaps, season."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast.data.covariates import numbers_of, values_of
from forecast.data.files import read_table
from forecast.data.fill import cut_ends, fill
from forecast.data.naming import join_ids
from forecast.data.regular import regular
from forecast.data.roles import check_names, pick_ids, pick_target
from forecast.data.rows import Rows, sort_rows, without_repeats
from forecast.data.season import season_of
from forecast.data.stamps import Stamps
from forecast.data.table import Table
from forecast.data.when import pick_time, without_strays
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Ints, Loaded, Panel, Repair, Schema, Times

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
    table, sha256 = read_table(spec)
    rows_in_file = len(table)
    if schema is not None:
        spec = _as_before(spec, schema)
    check_names(table, spec, source)
    stamps = pick_time(table, spec, source)
    table, stamps, strays = _with_time(table, stamps, source)
    ids = pick_ids(table, stamps, spec, source)
    target = pick_target(table, {*stamps.names, *ids}, spec, source)
    roles = Schema(
        target=target, time=stamps.names, ids=ids, past=spec.past, future=spec.future,
        static=spec.static, time_format=_format(stamps), tz=spec.tz, dialect=table.dialect,
        categories=schema.categories if schema is not None else {},
    )  # fmt: skip
    rows, names, roles = _rows(table, stamps, roles, source)
    return _finished(rows, names, roles, spec, _Read(source, sha256, rows_in_file, table, strays))


def _as_before(spec: DataSpec, schema: Schema) -> DataSpec:
    return replace(
        spec, target=schema.target, time=schema.time, ids=schema.ids, past=schema.past,
        future=schema.future, static=schema.static, freq=schema.freq, tz=schema.tz,
    )  # fmt: skip


def _with_time(
    table: Table, stamps: Stamps | None, source: str
) -> tuple[Table, Stamps, tuple[Repair, ...]]:
    """Rows with their time stamps; their numbers 1, 2, 3 ... where the file has none."""
    if stamps is None:
        counted = Stamps((), np.arange(1.0, len(table) + 1), "")
        return table, counted, ()
    table, stamps, strays = without_strays(table, stamps, source)
    if not len(table):
        raise DataError(f"{source} has no rows", hint="give a file with a header and rows")
    return table, stamps, strays


def _format(stamps: Stamps) -> str:
    return stamps.format


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known of the file besides its rows."""

    source: str
    sha256: str
    rows: int
    table: Table
    repairs: tuple[Repair, ...]


def _rows(
    table: Table, stamps: Stamps, roles: Schema, source: str
) -> tuple[Rows, NDArray[np.str_], Schema]:
    """The rows with their series, and the series' names in alphabetical order."""
    series, names = _series(table, roles.ids)
    columns = [numbers_of(table, roles.target, "target", source)]
    categories = dict(roles.categories)
    for role, covariates in (("past", roles.past), ("future", roles.future)):
        for name in covariates:
            values, known = values_of(table, name, role, source, roles.categories)
            columns.append(values)
            categories |= {name: known} if known else {}
    time: Times = stamps.values if stamps.is_calendar else stamps.values.astype(np.int64)
    rows = Rows(series, time, np.stack(columns, axis=1), table.lines, roles.tz)
    return rows, names, replace(roles, categories=categories)


def _series(table: Table, ids: tuple[str, ...]) -> tuple[Ints, NDArray[np.str_]]:
    """(R,) number of each row's series, (N,) their names; a single series is called ""."""
    if not ids:
        return np.zeros(len(table), dtype=np.int64), np.array([""])
    columns = [table[name].worded() for name in ids]
    key = np.zeros(len(table), dtype=np.int64)
    for column in columns:
        codes = np.where(column.codes < 0, len(column.words), column.codes)
        key = key * (len(column.words) + 1) + codes
    distinct, first, series = np.unique(key, return_index=True, return_inverse=True)
    words = [
        [column.words[column.codes[row]] if column.codes[row] >= 0 else "" for row in first]
        for column in columns
    ]
    names = np.array([join_ids(parts) for parts in zip(*words, strict=True)])
    order = np.argsort(names, kind="stable")
    rank = np.empty(len(distinct), dtype=np.int64)
    rank[order] = np.arange(len(distinct))
    return rank[series.ravel()], names[order]


def _finished(
    rows: Rows, names: NDArray[np.str_], roles: Schema, spec: DataSpec, read: _Read
) -> Loaded:
    rows, was = sort_rows(rows)
    rows, repeats = without_repeats(rows, spec, read.source)
    rows, freq, gaps = regular(rows, spec, names, read.source)
    rows, _, ends = cut_ends(rows)
    if not len(rows.time):
        raise DataError(
            f"{read.source}: target {roles.target!r} has no value", hint="choose another --target"
        )
    present, series = np.unique(rows.series, return_inverse=True)
    bounds = np.concatenate([[0], np.cumsum(np.bincount(series.ravel()))]).astype(np.int64)
    season, strength = season_of(rows.values[:, 0], bounds, freq, spec.season)
    missing = _missing(rows, roles.target, spec.fill)
    rows, observed = fill(rows, spec.fill, season)
    panel = Panel(
        values=rows.values, time=rows.time, bounds=bounds, ids=names[present],
        columns=(roles.target, *roles.past, *roles.future), freq=freq, tz=roles.tz,
        observed=observed, known=len(roles.future),
        future_bounds=np.zeros(len(present) + 1, dtype=np.int64),
        future=np.empty((0, len(roles.future))),
    )  # fmt: skip
    used = {roles.target, *roles.time, *roles.ids, *roles.past, *roles.future, *roles.static}
    return Loaded(
        panel=panel,
        schema=replace(roles, freq=freq),
        rows=read.rows,
        sha256=read.sha256,
        season=season,
        season_strength=strength,
        unused=tuple(name for name in read.table.names if name not in used),
        repairs=(*read.table.repairs, *read.repairs, *repeats, *gaps, *ends, *missing),
        notes=(*read.table.notes, *([f"rows were {was}: sorted"] if was else []),
               *(["no time column: rows are numbered 1, 2, 3 ..."] if not roles.time else [])),
    )  # fmt: skip


def _missing(rows: Rows, target: str, how: str) -> tuple[Repair, ...]:
    """Cells of the target that are empty in rows that the file has."""
    gone = np.isnan(rows.values[:, 0]) & (rows.lines > 0)
    if not gone.any():
        return ()
    from forecast.data.regular import FILLED

    lines = tuple(rows.lines[gone][:5].tolist())
    what = f"missing values of {target}"
    return (Repair(what, int(gone.sum()), FILLED[how], lines, f"--fill {how}"),)
