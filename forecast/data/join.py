"""Covariates known ahead that stand in a file of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.data.covariates import values_of
from forecast.data.files import read_table
from forecast.data.frame import Frame, series_of
from forecast.data.roles import unknown_column
from forecast.data.rows import Rows
from forecast.data.stamps import Stamps, combined, stamps_of
from forecast.data.table import Table
from forecast.data.zones import in_zone
from forecast.errors import DataError, SpecError
from forecast.spec import DataSpec
from forecast.types import Floats, Ints, Schema

__all__ = ["with_future_file"]


def with_future_file(frame: Frame, roles: Schema, spec: DataSpec) -> Frame:
    """The frame with the rows and columns of --future-data put in, if there is such a file.

    Where both files have a value the first one's is kept.

    Raises:
        DataError: the second file lacks a column, or its times are none.
        SpecError: --future-data without --future.
    """
    if spec.future_data is None:
        return frame
    if not roles.future:
        raise SpecError(
            f"--future-data {spec.future_data} needs the columns to take from it",
            hint="name them with --future",
        )
    table, _ = read_table(spec.future_data, spec)
    for name in roles.time:
        if name not in table.names:
            raise unknown_column("time", name, table.names, spec.future_data)
    stamps = _stamps(table, roles, spec)
    series = _series(table, frame, roles)
    here = [n for n in roles.future if n in frame.schema.future]
    columns = []
    categories = dict(frame.schema.categories)
    for name in roles.future:
        if name in table.names:
            values, known = values_of(table, name, "future", spec.future_data, categories)
            categories |= {name: known} if known and name not in categories else {}
        elif name in here:
            values = np.full(len(table), np.nan)
        else:
            raise unknown_column("future", name, table.names, spec.future_data)
        columns.append(values)
    stamps = in_zone(stamps, series, frame.schema.tz, spec.future_data, table.lines)
    rows = _merged(frame, roles, series, stamps, np.stack(columns, axis=1))
    schema = replace(frame.schema, future=roles.future, categories=categories)
    return replace(frame, rows=rows, schema=schema)


def _stamps(table: Table, roles: Schema, spec: DataSpec) -> Stamps:
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
    return stamps


def _series(table: Table, frame: Frame, roles: Schema) -> Ints:
    """(R,) the series of each row; -1 for all series where the file has no id column."""
    if not roles.ids or any(name not in table.names for name in roles.ids):
        return np.full(len(table), 0 if len(frame.names) == 1 else -1)
    series, names = series_of(table, roles.ids)
    place = {str(name): i for i, name in enumerate(frame.names)}
    mapped = np.array([place.get(str(name), -2) for name in names])
    return mapped[series]


def _merged(frame: Frame, roles: Schema, series: Ints, stamps: Stamps, values: Floats) -> Rows:
    """The rows of both: known values of one time stamp come together in one row."""
    rows = frame.rows
    count = len(frame.names)
    everywhere = series == -1
    extra = np.concatenate(
        [np.flatnonzero(series >= 0), np.repeat(np.flatnonzero(everywhere), count)]
    )
    of = np.concatenate([series[series >= 0], np.tile(np.arange(count), int(everywhere.sum()))])
    past = 1 + len(roles.past)
    width = past + len(roles.future)
    main = np.full((len(rows.time), width), np.nan)
    main[:, :past] = rows.values[:, :past]
    for place, name in enumerate(frame.schema.future):
        main[:, past + roles.future.index(name)] = rows.values[:, past + place]
    more = np.full((len(extra), width), np.nan)
    more[:, past:] = values[extra]
    time = stamps.values if stamps.is_calendar else stamps.values.astype(np.int64)
    return _together(
        Rows(rows.series, rows.time, main, rows.lines, rows.tz),
        Rows(of, time[extra], more, np.zeros(len(extra), dtype=np.int64), rows.tz),
    )


def _together(main: Rows, more: Rows) -> Rows:
    """Gaps in the rows of `main` filled from `more`; rows that only `more` has at the end."""
    key = {
        (int(s), int(t)): i
        for i, (s, t) in enumerate(zip(main.series, main.time.astype(np.int64), strict=True))
    }
    values = main.values.copy()
    new = []
    for i, (s, t) in enumerate(zip(more.series, more.time.astype(np.int64), strict=True)):
        row = key.get((int(s), int(t)))
        if row is None:
            new.append(i)
        else:
            values[row] = np.where(np.isnan(values[row]), more.values[i], values[row])
    rest = more[np.array(new, dtype=np.int64)]
    return Rows(
        np.concatenate([main.series, rest.series]),
        np.concatenate([main.time, rest.time]),
        np.concatenate([values, rest.values]),
        np.concatenate([main.lines, rest.lines]),
        main.tz,
    )
