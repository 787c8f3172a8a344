"""Wide tables made long: a column for each series, or a column for each date."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from forecast.data.roles import flag
from forecast.data.table import Column, Table, number_column, word_column
from forecast.data.times import read_times
from forecast.data.when import time_like
from forecast.errors import DataError
from forecast.spec import DataSpec

__all__ = ["DATED", "SERIES", "VALUE", "long_from_dated", "long_from_wide"]

SERIES, VALUE, TIME = "series", "value", "time"
DATED = "dates as columns"
# World Bank exports write a year as 1960 [YR1960].
_YEAR = re.compile(r"(1[5-9]\d\d|2[01]\d\d)(?:\s*\[YR\1\])?")


def long_from_dated(table: Table, spec: DataSpec) -> Table:
    """One row for each cell where most columns are named after dates; else the table as it is.

    Example:
        >>> names = ("Country", "1960", "1961", "1962")
        >>> columns = (word_column("Country", np.array([0, 1]), ["Aruba", "Chad"]),
        ...            *(number_column(n, np.array([1.0, 2.0])) for n in names[1:]))
        >>> long = long_from_dated(Table(columns, np.array([2, 3]), {}), DataSpec("x"))
        >>> long.names, len(long), long["time"].words
        (('Country', 'time', 'value'), 6, ('1960', '1961', '1962'))
    """
    if spec.layout == "long":
        return table
    dated = _dated_names(table.names)
    if len(dated) < 3 or len(dated) * 2 < len(table.columns):
        return table
    values = [table[name] for name in dated]
    if not all(column.numbers is not None or column.missing().all() for column in values):
        return table
    count = len(dated)
    kept = tuple(_each(column, count) for column in table.columns if column.name not in dated)
    numbers = [c.numbers if c.numbers is not None else np.full(len(table), np.nan) for c in values]
    columns = (
        *kept,
        word_column(TIME, np.tile(np.arange(count), len(table)), list(dated.values())),
        replace(
            number_column(VALUE, np.stack(numbers, axis=1).ravel()),
            decimal="." if all(c.decimal for c in values) else "",
        ),
    )
    dialect = {**table.dialect, "layout": DATED}
    return replace(table, columns=columns, lines=np.repeat(table.lines, count), dialect=dialect)


def _dated_names(names: tuple[str, ...]) -> dict[str, str]:
    """Column -> time stamp, for the columns that are named after one."""
    years = {name: match[1] for name in names if (match := _YEAR.fullmatch(name.strip()))}
    if len(years) >= 3:
        return years
    able = [name for name in names if any(map(str.isdigit, name))]
    good = read_times(able).good if able else np.zeros(0, dtype=bool)
    return {name: name for name, is_time in zip(able, good, strict=True) if is_time}


def _each(column: Column, count: int) -> Column:
    """Every row `count` times."""
    codes = None if column.codes is None else np.repeat(column.codes, count)
    numbers = None if column.numbers is None else np.repeat(column.numbers, count)
    stamps = None if column.stamps is None else np.repeat(column.stamps, count)
    return replace(column, codes=codes, numbers=numbers, stamps=stamps)


def long_from_wide(table: Table, times: tuple[str, ...], spec: DataSpec, source: str) -> Table:
    """One row for each time stamp and series where every numeric column is a series.

    Args:
        table: one row for each time stamp.
        times: the columns of the time stamp.
        spec: with covariates, which stay columns beside the series.
        source: the file's name, for messages.

    Raises:
        DataError: no numeric column, or one that is text here and there.
    """
    beside = {*times, *spec.past, *spec.future, *time_like(table)}
    series = [c for c in table.columns if c.name not in beside and c.numbers is not None]
    for column in series:
        if column.flawed is None or not column.flawed.any():
            continue
        bad = column.words[int(np.argmax(column.flawed))]
        raise DataError(
            f"{source}: {bad!r} in column {column.name!r} is no number",
            hint=f"if it means missing: {flag('na', bad)}",
        )
    series = [c for c in series if not c.missing().all()]
    if not series:
        raise DataError(
            f"{source} has no numeric column that could be a series", hint="leave out --wide"
        )
    count = len(series)
    kept = tuple(_each(table[name], count) for name in (*times, *spec.past, *spec.future))
    numbers = np.stack([c.numbers for c in series if c.numbers is not None], axis=1)
    columns = (
        *kept,
        word_column(SERIES, np.tile(np.arange(count), len(table)), [c.name for c in series]),
        replace(
            number_column(VALUE, numbers.ravel()),
            decimal="." if all(c.decimal for c in series) else "",
        ),
    )
    dialect = {**table.dialect, "layout": "wide"}
    return replace(table, columns=columns, lines=np.repeat(table.lines, count), dialect=dialect)
