"""Delimited text to a Table."""

from __future__ import annotations

from forecast.data.dialect import Dialect, cells_of, sniff
from forecast.data.encoding import decode
from forecast.data.large import large_text, lines_of, whole
from forecast.data.parse import columns_of, read_columns
from forecast.data.sample import decimal_of_file, is_id, is_plain
from forecast.data.source import Source
from forecast.data.table import Column, Table
from forecast.data.text import (
    SNIFFED,
    Irregular,
    Text,
    content_of,
    header_width,
    one_line_per_record,
)
from forecast.errors import DataError
from forecast.spec import DataSpec

__all__ = ["read_csv"]


def read_csv(source: Source, spec: DataSpec) -> Table:
    """The table in a delimited text.

    Raises:
        DataError: no rows, lines of different lengths, broken quotes.
    """
    if source.path is not None:
        try:
            return _table(large_text(source, spec), spec)
        except (Irregular, DataError) as reason:  # its ends alone may look wrong
            source = whole(source, str(reason))
    return _table(_text(source, spec), spec)


def _text(source: Source, spec: DataSpec) -> Text:
    """The lines of a text that is held whole."""
    text, encoding = decode(source.content, spec.encoding, source.name)
    lines = one_line_per_record(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    del text
    dialect = sniff(lines[:SNIFFED], spec.delimiter, source.name)
    at = content_of(lines, dialect)
    width = header_width(lines, dialect)
    return Text(source.name, dialect, [lines[i] for i in at], at, encoding, width)


def _table(text: Text, spec: DataSpec) -> Table:
    rows = [cells_of(line, text.dialect.delimiter) for line in _some(text.body)]
    places = range(text.dialect.width)
    cells = [[row[place].strip() for row in rows if place < len(row)] for place in places]
    decimal = spec.decimal or decimal_of_file(cells, text.dialect.delimiter)
    names = zip(cells, text.dialect.names, strict=True)
    plain = [is_plain(column, decimal) and not is_id(name, spec) for column, name in names]
    text, arrow = read_columns(text, plain, decimal, spec.na)
    rows_read = arrow.num_rows
    parts = arrow.columns
    del arrow
    columns = columns_of(parts, _names(text.dialect), decimal, spec)
    _check_header(text, columns)
    named = zip(columns, text.dialect.names, strict=True)
    return Table(
        columns=tuple(column for column, name in named if name or not column.missing().all()),
        lines=lines_of(text, rows_read),
        dialect={
            "delimiter": text.dialect.delimiter,
            "decimal": decimal or ".",
            "encoding": text.encoding,
            "header": str(text.dialect.header + 1),
        },
    )


def _some(body: list[str]) -> list[str]:
    return body[:300] + body[300 :: max(1, len(body) // 300)]


def _names(dialect: Dialect) -> list[str]:
    """(C,) different names, "column3" for the nameless."""
    names: list[str] = []
    for place, name in enumerate(dialect.names, start=1):
        given = name or f"column{place}"
        again = 1
        while given in names:
            given = f"{name or 'column'}.{again}"
            again += 1
        names.append(given)
    return names


def _check_header(text: Text, columns: list[Column]) -> None:
    """A row longer than its header is most often a decimal comma in a comma-separated file."""
    for place in range(text.header_width, text.dialect.width if text.header_width else 0):
        if not columns[place].missing().all():
            raise DataError(
                f"{text.name}: the header on line {text.dialect.header + 1} names "
                f"{text.header_width} columns, line {text.at[0] + 1} has {text.dialect.width} "
                "cells",
                hint="quote numbers with a decimal comma, or give --delimiter",
            )
