"""Columns in their roles to rows of numbers, each in its series."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from forecast.data.covariates import (
    coded_of,
    note_on_rare,
    numbered,
    numbers_of,
    values_of,
)
from forecast.data.naming import join_ids, plain_layout
from forecast.data.rows import Rows
from forecast.data.stamps import Stamps
from forecast.data.steps import to_local
from forecast.data.table import Column, Table
from forecast.data.zones import in_zone
from forecast.errors import DataError
from forecast.types import Floats, Ints, Repair, Schema, Times

__all__ = ["Frame", "frame_of", "series_of"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A file's rows as numbers.

    Attributes:
        rows: the target, past covariates, covariates known ahead.
        names: (N,) of the series, in alphabetical order.
        static: (N, S) static covariates.
        schema: the roles, with the dictionaries of text columns and the time format.
        repairs: what had to be taken for granted of the time stamps.
        formats: (N,) how most time stamps of each series are written; () where all are alike.
        notes: what was found and left alone.
    """

    rows: Rows
    names: NDArray[np.str_]
    static: Floats
    schema: Schema
    repairs: tuple[Repair, ...] = ()
    formats: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def frame_of(table: Table, stamps: Stamps, roles: Schema, source: str) -> Frame:
    """The rows with their series.

    Raises:
        DataError: a cell that is no number, a static covariate that changes.
    """
    series, names = series_of(table, roles.ids)
    # Texts whose offsets differ name no place: they are instants.
    tz = roles.tz or stamps.zone or ("UTC" if stamps.zoned else None)
    stamps = in_zone(stamps, series, tz, source, table.lines)
    tz = tz if stamps.zoned else None
    columns = [numbers_of(table, roles.target, "target", source)]
    categories, notes = dict(roles.categories), list[str]()
    when = cache(lambda: np.where(np.isnan(columns[0]), -1, numbered(stamps.values)))
    for role, covariates in (("past", roles.past), ("future", roles.future)):
        for name in covariates:
            values, known = values_of(table, name, role, source, roles, when)
            columns.append(values)
            if known is not None and name not in categories:
                categories[name] = known
                notes += note_on_rare(table[name], known)
    static, known_static = _static(table, series, len(names), roles, source)
    time: Times = stamps.values if stamps.is_calendar else stamps.values.astype(np.int64)
    layout = stamps.format
    if stamps.is_calendar and not layout:  # of all rows: each forecast alone may end at midnight
        layout = plain_layout(to_local(stamps.values, tz))
    schema = replace(roles, categories=categories | known_static, tz=tz, time_format=layout)
    values = columns[0][:, None] if len(columns) == 1 else np.stack(columns, axis=1)
    rows = Rows(series, time, values, table.lines, tz, coded_of(schema))
    formats = _formats(table, stamps, series, len(names)) if stamps.formats else ()
    return Frame(rows, names, static, schema, stamps.repairs, formats, tuple(notes))


def _formats(table: Table, stamps: Stamps, series: Ints, count: int) -> tuple[str, ...]:
    """(N,) the format of most rows of each series."""
    kinds = sorted(set(stamps.formats))
    kind_of_word = np.array([kinds.index(each) for each in stamps.formats], dtype=np.int64)
    votes = np.zeros((count, len(kinds)), dtype=np.int64)
    codes = table[stamps.names[0]].codes
    if codes is not None:
        np.add.at(votes, (series, kind_of_word[codes]), 1)
    return tuple(kinds[place] for place in votes.argmax(axis=1))


def series_of(table: Table, ids: tuple[str, ...]) -> tuple[Ints, NDArray[np.str_]]:
    """(R,) number of each row's series, (N,) their names; a single series is called ""."""
    if not ids:
        return np.zeros(len(table), dtype=np.int64), np.array([""])
    columns = [table[name].worded() for name in ids]
    begins = _begins(columns, len(table))
    key = np.zeros(len(begins), dtype=np.int64)
    for column in columns:
        if column.codes is not None:
            codes = column.codes[begins]
            key = key * (len(column.words) + 1) + np.where(codes < 0, len(column.words), codes)
    key, number, first = _numbered(key)
    parts = [_words_of(column, begins[first]) for column in columns]
    names = np.array([join_ids(each) for each in zip(*parts, strict=True)])
    order = np.argsort(names, kind="stable")
    rank = np.empty(len(first), dtype=np.int64)
    rank[order] = np.arange(len(first))
    return np.repeat(rank[number][key], np.diff(begins, append=len(table))), names[order]


def _words_of(column: Column, rows: Ints) -> list[str]:
    """(n,) the words of some rows, "" for a missing one."""
    if column.codes is None:
        return [""] * len(rows)
    words = np.array([*column.words, ""], dtype=object)
    texts: list[str] = words[column.codes[rows]].tolist()
    return texts


def _begins(columns: list[Column], rows: int) -> Ints:
    """(B,) the rows that name another series than the row before; in most files they are few."""
    other = np.zeros(max(rows - 1, 0), dtype=bool)
    for column in columns:
        if column.codes is not None:
            other |= column.codes[1:] != column.codes[:-1]
    return np.append(np.zeros(min(rows, 1), dtype=np.int64), np.flatnonzero(other) + 1)


def _numbered(key: Ints) -> tuple[Ints, Ints, Ints]:
    """(B,) keys, (K,) the number of the series of each key, (N,) a place of each series.

    Few different keys are counted rather than sorted: a large panel is too large to sort twice.
    """
    if key.max(initial=0) >= 2 * len(key) + 1000:
        key = np.unique(key, return_inverse=True)[1].ravel()
    row = np.full(int(key.max(initial=0)) + 1, -1, dtype=np.int64)
    new = np.flatnonzero(np.diff(key, prepend=-1))[::-1]  # where another key begins, the last first
    row[key[new]] = new
    used = row >= 0
    return key, np.cumsum(used) - 1, row[used]


def _static(
    table: Table, series: Ints, count: int, roles: Schema, source: str
) -> tuple[Floats, dict[str, tuple[str, ...]]]:
    """(N, S) the one value that each static covariate has in each series."""
    static = np.full((count, len(roles.static)), np.nan)
    categories: dict[str, tuple[str, ...]] = {}
    for place, name in enumerate(roles.static):
        values, known = values_of(table, name, "static", source, replace(roles, blanks="a gap"))
        categories |= {name: known} if known is not None else {}
        given = ~np.isnan(values)
        static[series[given], place] = values[given]
        changed = given & (values != static[series, place])
        if changed.any():
            line = table.lines[int(np.argmax(changed))]
            raise DataError(
                f"{source} line {line}: static column {name!r} changes within its series",
                hint=f"give it as --past {name} or --future {name}",
            )
    # A series without a value is told apart from all others by the code of unknown texts.
    return np.where(np.isnan(static), 0.0, static), categories
