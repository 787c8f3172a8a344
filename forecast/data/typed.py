"""Files that know their types: Parquet, JSON Lines, spreadsheets."""

from __future__ import annotations

import csv
import importlib
import io
import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np

from forecast.data.csvfile import read_csv
from forecast.data.source import Source
from forecast.data.table import Column, Table, number_column, word_column
from forecast.errors import DataError, SpecError
from forecast.spec import DataSpec

__all__ = ["read_excel", "read_json", "read_parquet"]


def read_parquet(source: Source, spec: DataSpec) -> Table:
    """The table in a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        arrow = pq.read_table(pa.BufferReader(source.content))
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{source.name} is not a whole Parquet file: {error}") from error
    return _table(arrow, source, spec, "parquet")


def read_json(source: Source, spec: DataSpec) -> Table:
    """The table in JSON: an object on each line, or one list of objects."""
    import pyarrow as pa

    try:
        if source.content.lstrip()[:1] == b"[":
            rows = json.loads(source.content)
        else:
            rows = [json.loads(line) for line in source.content.splitlines() if line.strip()]
        if not all(isinstance(row, dict) for row in rows):
            raise ValueError("a row is no object")
        names = list(dict.fromkeys(name for row in rows for name in row))
        columns = [_plain([row.get(name) for row in rows]) for name in names]
        arrow = pa.table(columns, names=names)
    except (ValueError, pa.ArrowException, RecursionError) as error:
        raise DataError(
            f"{source.name} is not JSON Lines: {error}", hint="one object on each line"
        ) from error
    return _table(arrow, source, spec, "json")


def _plain(values: list[Any]) -> Any:
    """Numbers as doubles if all are, else texts."""
    import pyarrow as pa

    if all(value is None or isinstance(value, (int, float)) for value in values):
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    texts = [v if v is None or isinstance(v, str) else json.dumps(v) for v in values]
    return pa.array(texts, pa.string())


def _table(arrow: Any, source: Source, spec: DataSpec, kind: str) -> Table:
    if not arrow.num_rows or not arrow.num_columns:
        raise DataError(f"{source.name} has no rows", hint="give a file with rows")
    columns = [
        column
        for name in arrow.column_names
        if (column := _column(str(name), arrow.column(name), spec)) is not None
    ]
    return Table(tuple(columns), np.arange(1, arrow.num_rows + 1), {"format": kind})


def _column(name: str, values: Any, spec: DataSpec) -> Column | None:
    """A column of any type that is a number, a time or a text; None for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        values = values.cast(pa.float64(), safe=False)
        kind = values.type
    if pa.types.is_floating(kind):
        numbers = values.cast(pa.float64()).to_numpy().astype(np.float64)
        return number_column(name, numbers, spec.na)
    if pa.types.is_temporal(kind) and (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
        zone = getattr(kind, "tz", None)
        stamps = values.cast(pa.timestamp("us", tz=zone), safe=False).to_numpy()
        return Column(name, stamps=stamps.astype("datetime64[us]"), zone=zone)
    if not pa.types.is_dictionary(kind):
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return None
        values = pc.dictionary_encode(values)
    joined = values.unify_dictionaries().combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        joined = joined.chunk(0)
    codes = joined.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    words = [str(word) for word in joined.dictionary.to_pylist()]
    return word_column(name, codes, words, decimal=spec.decimal or "", na=spec.na)


def read_excel(source: Source, spec: DataSpec) -> Table:
    """The first sheet of a spreadsheet, read as the text that it would be saved as."""
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError as error:
        raise SpecError(
            f"{source.name} is a spreadsheet, which needs the package openpyxl",
            hint="pip install 'lstm-forecast[excel]', or save it as CSV",
        ) from error
    try:
        book = openpyxl.load_workbook(io.BytesIO(source.content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as error:  # openpyxl lets errors of zip, XML and its own through
        raise DataError(f"{source.name} is not a whole spreadsheet: {error}") from error
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    content = text.getvalue().encode()
    if not content.strip(b",\n"):
        raise DataError(f"{source.name} is empty", hint="its first sheet has no cells")
    as_text = replace(source, content=content, kind="csv")
    return read_csv(as_text, replace(spec, encoding="utf-8", delimiter=",", decimal="."))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date) else str(value)
