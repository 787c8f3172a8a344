"""Files that know their types: Parquet and JSON Lines."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from forecast.data.arrow import codes_of, filled
from forecast.data.source import Source
from forecast.data.table import Column, Table, number_column, word_column
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Lines

__all__ = ["read_json", "read_parquet"]


def read_parquet(source: Source, spec: DataSpec) -> Table:
    """The table in a Parquet file.

    Raises:
        DataError: it is none, or a column that a flag names holds no single values.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        shape = pq.read_schema(pa.BufferReader(source.content))
        texts = [each.name for each in shape if pa.types.is_string(each.type)]
        # Texts that repeat are read once each, not once a row.
        arrow = pq.read_table(pa.BufferReader(source.content), read_dictionary=texts)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{source.name} is not a whole Parquet file: {error}") from error
    columns = {str(name): arrow.column(name) for name in arrow.column_names}
    return _table(
        columns, np.arange(1, arrow.num_rows + 1, dtype=np.int32), source, spec, "parquet"
    )


def read_json(source: Source, spec: DataSpec) -> Table:
    """The table in JSON: an object on each line, or one list of objects.

    Raises:
        DataError: it is none, or a column that a flag names holds no single values.
    """
    import pyarrow as pa

    try:
        rows = _rows(source.content)
        if not all(isinstance(row, dict) for row in rows.values()):
            raise ValueError("a row is no object")
        names = list(dict.fromkeys(name for row in rows.values() for name in row))
        columns = {name: _plain([row.get(name) for row in rows.values()]) for name in names}
    except (ValueError, pa.ArrowException, RecursionError) as error:
        raise DataError(
            f"{source.name} is not JSON Lines: {error}", hint="one object on each line"
        ) from error
    return _table(columns, np.array(list(rows), dtype=np.int32), source, spec, "json")


def _rows(content: bytes) -> dict[int, Any]:
    """Line -> what it holds; place in the list where the file is one list."""
    if content.lstrip()[:1] == b"[":
        return dict(enumerate(json.loads(content), start=1))
    lines = enumerate(content.splitlines(), start=1)
    return {place: json.loads(line) for place, line in lines if line.strip()}


def _plain(values: list[Any]) -> Any:
    """Numbers as doubles if all are, else texts; objects and lists stay what they are."""
    import pyarrow as pa

    if all(value is None or isinstance(value, (int, float)) for value in values):
        return pa.chunked_array([pa.array([None if v is None else float(v) for v in values], "f8")])
    if any(isinstance(value, (dict, list)) for value in values):
        return values
    texts = [v if v is None or isinstance(v, str) else json.dumps(v) for v in values]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _table(found: dict[str, Any], lines: Lines, source: Source, spec: DataSpec, kind: str) -> Table:
    """The columns of single values; the others are left out, unless a flag names them."""
    if not len(lines) or not found:
        raise DataError(f"{source.name} has no rows", hint="give a file with rows")
    with ThreadPoolExecutor(2) as both:  # to copy a column takes one core
        made = both.map(lambda name: _column(name, found[name], spec), found)
        columns = dict(zip(found, made, strict=True))
    nested = tuple(name for name, column in columns.items() if column is None)
    taken = (spec.target, *(spec.time or ()), *(spec.ids or ()), *spec.past, *spec.future)
    for name in nested:
        if name in (*taken, *spec.static):
            raise DataError(
                f"{source.name}: column {name!r} holds {_kind(found[name])}, not single values",
                hint="write what it holds into columns of their own",
            )
    notes = (f"no single values, left out: {', '.join(nested)}",) if nested else ()
    single = tuple(column for column in columns.values() if column is not None)
    return Table(single, lines, {"format": kind}, notes=notes)


def _kind(values: Any) -> str:
    """What a column holds that is no single value."""
    if isinstance(values, list):
        nested = next(value for value in values if isinstance(value, (dict, list)))
        return "objects" if isinstance(nested, dict) else "lists"
    return f"values of type {values.type}"


def _column(name: str, values: Any, spec: DataSpec) -> Column | None:
    """A column of any type that is a number, a time or a text; None for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(values, list):
        return None
    kind = values.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        values = values.cast(pa.float64(), safe=False)
        kind = values.type
    if pa.types.is_floating(kind):
        # What is Arrow's own may only be read, and nothing here writes into a column.
        return number_column(name, filled(values, "float64"), spec.na)
    if pa.types.is_temporal(kind) and (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
        zone = getattr(kind, "tz", None)
        return Column(name, stamps=filled(values, "datetime64[us]"), zone=zone)
    if not pa.types.is_dictionary(kind):
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return None
        values = pc.dictionary_encode(values)
    codes, found = codes_of(values)
    words = [str(word) for word in found]
    return word_column(name, codes, words, decimal=spec.decimal or "", na=spec.na)
