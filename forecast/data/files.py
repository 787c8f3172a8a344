"""Files of every kind to one table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from forecast.data.csvfile import read_csv
from forecast.data.sheets import read_excel
from forecast.data.source import Source, open_sources
from forecast.data.table import Column, Table, word_column
from forecast.data.typed import read_json, read_parquet
from forecast.errors import DataError
from forecast.spec import DataSpec

__all__ = ["read_table"]

_READERS: dict[str, Callable[[Source, DataSpec], Table]] = {
    "parquet": read_parquet,
    "pq": read_parquet,
    "jsonl": read_json,
    "ndjson": read_json,
    "json": read_json,
    "xlsx": read_excel,
    "xlsm": read_excel,
}


def read_table(path: str, spec: DataSpec) -> tuple[Table, str]:
    """The table that a path, a pattern or standard input holds, and its SHA-256.

    Raises:
        DataError: it cannot be read, or the files of a pattern differ in their columns.
    """
    sources = open_sources(path)
    tables = [_read(source, spec) for source in sources]
    if len(tables) == 1:
        return tables[0], sources[0].sha256
    digest = hashlib.sha256("".join(source.sha256 for source in sources).encode()).hexdigest()
    return _stacked(tables, [source.name for source in sources]), digest


def _read(source: Source, spec: DataSpec) -> Table:
    kind = "parquet" if source.content.startswith(b"PAR1") else source.kind
    if kind == "xls":
        raise DataError(f"{source.name} is an old spreadsheet", hint="save it as .xlsx or .csv")
    return _READERS.get(kind, read_csv)(source, spec)


def _stacked(tables: list[Table], names: list[str]) -> Table:
    """The rows of all tables, one after the other."""
    first = tables[0]
    for table, name in zip(tables[1:], names[1:], strict=True):
        if set(table.names) != set(first.names):
            differing = sorted(set(table.names) ^ set(first.names))
            raise DataError(
                f"{name} and {names[0]} have different columns: {', '.join(differing[:6])}",
                hint="a pattern takes files with the same columns",
            )
    return replace(
        first,
        columns=tuple(_joined([table[name] for table in tables]) for name in first.names),
        lines=np.concatenate([table.lines for table in tables]),
        notes=(*first.notes, f"{len(tables)} files; line numbers are those of each file"),
    )


def _joined(columns: list[Column]) -> Column:
    """One column out of the same column of several tables."""
    first = columns[0]
    stamps = [column.stamps for column in columns if column.stamps is not None]
    if len(stamps) == len(columns):
        return replace(first, stamps=np.concatenate(stamps))
    if all(column.codes is None and column.numbers is not None for column in columns):
        parts = [column.numbers for column in columns if column.numbers is not None]
        return replace(first, numbers=np.concatenate(parts))
    worded = [column.worded() for column in columns]
    place: dict[str, int] = {}
    codes = []
    for column in worded:
        new = np.array(
            [*(place.setdefault(word, len(place)) for word in column.words), -1], dtype=np.int32
        )
        codes.append(new[column.codes])
    marks = {column.decimal for column in columns if column.numbers is not None}
    decimal = marks.pop() if len(marks) == 1 else ""
    return word_column(first.name, np.concatenate(codes), list(place), decimal=decimal)
