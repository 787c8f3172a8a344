"""Covariates known ahead that stand in a file of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from forecast.data.covariates import When, coded_of, note_on_rare, numbered, values_of
from forecast.data.files import read_table
from forecast.data.frame import Frame, series_of
from forecast.data.roles import unknown_column
from forecast.data.rows import Rows, sort_rows, without_repeats
from forecast.data.stamps import Stamps, combined, stamps_of
from forecast.data.table import Table
from forecast.data.zones import in_zone
from forecast.errors import DataError, SpecError
from forecast.spec import DataSpec
from forecast.types import Floats, Ints, Schema, Times

__all__ = ["with_future_file"]

ALL, UNKNOWN = -1, -2  # numbers of series: a row for all of them, a row of none that is known


def with_future_file(frame: Frame, roles: Schema, spec: DataSpec) -> Frame:
    """The frame with the rows and columns of --future-data put in, if there is such a file.

    Where both files have a value the first one's is kept.

    Raises:
        DataError: the second file lacks a column, its times are none, are of another kind or
            repeat, or it has no row of a series of the first file.
        SpecError: --future-data without --future.
    """
    if spec.future_data is None:
        return frame
    if not roles.future:
        raise SpecError(
            f"--future-data {spec.future_data} needs the columns to take from it",
            hint="name them with --future",
        )
    table, _ = read_table(spec.future_data, replace(spec, sheet=None))
    for name in roles.time:
        if name not in table.names:
            raise unknown_column("time", name, table.names, spec.future_data)
    stamps = _stamps(table, roles, frame, spec)
    series = _series(table, frame, roles)
    stamps = in_zone(stamps, series, frame.schema.tz, spec.future_data, table.lines)
    values, categories, notes = _values(table, frame, roles, _when(stamps, frame), spec.future_data)
    time: Times = stamps.values if stamps.is_calendar else stamps.values.astype(np.int64)
    found = Rows(series, time, values, table.lines, frame.rows.tz)[series >= ALL]
    if not len(found.time):
        raise DataError(
            f"{spec.future_data} has no row of a series of {spec.source}",
            hint="check its " + " and ".join(roles.ids),
        )
    found, repeats = without_repeats(sort_rows(found)[0], spec, spec.future_data)
    rows = _together(_widened(frame, roles), _for_each(found, len(frame.names), len(roles.past)))
    schema = replace(frame.schema, future=roles.future, categories=categories)
    rows = replace(rows, coded=coded_of(schema))
    theirs = (
        replace(r, what=f"{r.what} in {spec.future_data}") for r in (*stamps.repairs, *repeats)
    )
    return replace(
        frame,
        rows=rows,
        schema=schema,
        repairs=(*frame.repairs, *theirs),
        notes=(*frame.notes, *notes),
    )


def _when(stamps: Stamps, frame: Frame) -> When:
    """The number of each row's time stamp, -1 beyond the target's."""
    known: Any = frame.rows.time[~np.isnan(frame.rows.values[:, 0])]

    @cache
    def when() -> Ints:
        times: Any = stamps.values.astype(known.dtype)
        if not len(known):
            return np.full(len(times), -1)
        return np.where((times >= known.min()) & (times <= known.max()), numbered(times), -1)

    return when


def _values(
    table: Table, frame: Frame, roles: Schema, when: When, source: str
) -> tuple[Floats, dict[str, tuple[str, ...]], list[str]]:
    """(R, K) the covariates known ahead, NaN where only the first file has one; dictionaries."""
    columns, notes = [], list[str]()
    categories = dict(frame.schema.categories)
    for name in roles.future:
        if name in table.names:
            told = replace(roles, categories=categories)
            values, known = values_of(table, name, "future", source, told, when)
            if known is not None and name not in categories:
                categories[name] = known
                notes += note_on_rare(table[name], known)
        elif name in frame.schema.future:
            values = np.full(len(table), np.nan)
        else:
            raise unknown_column("future", name, table.names, source)
        columns.append(values)
    return np.stack(columns, axis=1), categories, notes


def _stamps(table: Table, roles: Schema, frame: Frame, spec: DataSpec) -> Stamps:
    stamps = (
        stamps_of(table[roles.time[0]], spec.day_order)
        if len(roles.time) == 1
        else combined(table, roles.time, spec.day_order)
    )
    if stamps is None or not stamps.good.all():
        raise DataError(
            f"{spec.future_data}: not every row of {' + '.join(roles.time)} is a time stamp",
            hint="mend the rows",
        )
    if stamps.is_calendar != frame.rows.is_dated:
        kinds = ("whole numbers", "dates")
        raise DataError(
            f"{spec.future_data}: its time stamps are {kinds[stamps.is_calendar]}, those of "
            f"{spec.source} are {kinds[frame.rows.is_dated]}",
            hint="write both alike",
        )
    return stamps


def _series(table: Table, frame: Frame, roles: Schema) -> Ints:
    """(R,) the series of each row, ALL where the file has no id column, UNKNOWN for others."""
    if not roles.ids or any(name not in table.names for name in roles.ids):
        return np.full(len(table), 0 if len(frame.names) == 1 else ALL)
    series, names = series_of(table, roles.ids)
    place = {str(name): i for i, name in enumerate(frame.names)}
    mapped = np.array([place.get(str(name), UNKNOWN) for name in names])
    return mapped[series]


def _widened(frame: Frame, roles: Schema) -> Rows:
    """The rows of the first file with a column for every covariate known ahead."""
    past, rows = 1 + len(roles.past), frame.rows
    values = np.full((len(rows.time), past + len(roles.future)), np.nan)
    values[:, :past] = rows.values[:, :past]
    for place, name in enumerate(frame.schema.future):
        values[:, past + roles.future.index(name)] = rows.values[:, past + place]
    return replace(rows, values=values)


def _for_each(rows: Rows, count: int, past: int) -> Rows:
    """Rows of ALL once for each of `count` series; the target and `past` columns before, NaN."""
    everywhere = rows.series == ALL
    some, every = np.flatnonzero(~everywhere), np.flatnonzero(everywhere)
    series = np.concatenate([rows.series[some], np.repeat(np.arange(count), len(every))])
    picked = rows[np.concatenate([some, np.tile(every, count)])]
    empty = np.full((len(series), 1 + past), np.nan)
    lines = np.zeros(len(series), dtype=np.int32)  # lines of another file
    values = np.hstack([empty, picked.values])
    return sort_rows(replace(picked, series=series, values=values, lines=lines))[0]


def _together(main: Rows, more: Rows) -> Rows:
    """Gaps in the rows of `main` filled from `more`; rows that only `more` has at the end.

    Args:
        main: in any order.
        more: sorted by series and time, one row for each time stamp of a series.
    """
    stamps = np.unique(more.time)
    keys = more.series * len(stamps) + np.searchsorted(stamps, more.time)
    at = np.minimum(np.searchsorted(stamps, main.time), len(stamps) - 1)
    key = main.series * len(stamps) + at
    place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    both = (stamps[at] == main.time) & (keys[place] == key)
    filled = both[:, None] & np.isnan(main.values)
    values = np.where(filled, more.values[place], main.values)
    new = np.ones(len(keys), dtype=bool)
    new[place[both]] = False
    rest = more[new]
    return replace(
        main,
        series=np.concatenate([main.series, rest.series]),
        time=np.concatenate([main.time, rest.time]),
        values=np.concatenate([values, rest.values]),
        lines=np.concatenate([main.lines, rest.lines]),
    )
