"""Files that know their types: Parquet and JSON Lines."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from forecast.data.cells import Cells, cells_for
from forecast.data.source import Source
from forecast.data.table import Table
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

    content = source.content if source.path is None else b""
    try:
        file = pa.BufferReader(content) if source.path is None else pa.OSFile(str(source.path))
        about = pq.read_metadata(file)
        shape = about.schema.to_arrow_schema()
        _refuse_equal_names([str(each.name) for each in shape], source.name)
        cells = [cells_for(str(each.name), each.type, about.num_rows) for each in shape]
        _read_groups(file, about, shape, cells)
    except (pa.ArrowException, OSError, ValueError) as error:  # a text that is no UTF-8
        raise DataError(f"{source.name} is not a whole Parquet file: {error}") from error
    lines = np.arange(1, about.num_rows + 1, dtype=np.int32)
    kinds = {str(each.name): f"values of type {each.type}" for each in shape}
    return _table(dict(zip(kinds, cells, strict=True)), kinds, lines, source, spec, "parquet")


def _refuse_equal_names(names: list[str], source: str) -> None:
    again = [name for name in names if names.count(name) > 1]
    if again:
        raise DataError(
            f"{source} has {names.count(again[0])} columns named {again[0]!r}",
            hint="give each a name of its own",
        )


def _read_groups(file: Any, about: Any, shape: Any, cells: list[Cells | None]) -> None:
    """Every group of rows into its place, two groups at a time.

    Nothing of Arrow's outlives its group: 20 million rows take 0.2 s and the memory of our own
    columns, as one table 0.8 s and 560 MB more.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Texts that repeat are read once each, not once a row.
    texts = [each.name for each in shape if pa.types.is_string(each.type)]
    count = about.num_row_groups
    sizes = [about.row_group(group).num_rows for group in range(count)]
    starts = np.cumsum([0, *sizes]).tolist()
    if starts[-1] != about.num_rows:
        raise pa.ArrowInvalid(f"its parts have {starts[-1]} rows, not {about.num_rows}")

    def read(groups: range) -> None:
        reader = pq.ParquetFile(file, metadata=about, read_dictionary=texts, pre_buffer=False)
        for group in groups:
            rows = reader.read_row_group(group, use_threads=count == 1)
            if rows.num_rows != sizes[group]:
                raise pa.ArrowInvalid(f"a part has {rows.num_rows} rows, not {sizes[group]}")
            for each, column in zip(cells, rows.columns, strict=True):
                if each is not None:
                    each.put(starts[group], column)

    with ThreadPoolExecutor(2) as both:
        list(both.map(read, (range(0, count, 2), range(1, count, 2))))


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
    found = {name: _cells(name, values) for name, values in columns.items()}
    kinds = {name: _kind(each) for name, each in columns.items() if isinstance(each, list)}
    return _table(found, kinds, np.array(list(rows), dtype=np.int32), source, spec, "json")


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


def _cells(name: str, values: Any) -> Cells | None:
    """None for objects and lists."""
    if isinstance(values, list):
        return None
    cells = cells_for(name, values.type, len(values))
    if cells is not None:
        cells.put(0, values)
    return cells


def _kind(values: list[Any]) -> str:
    """What a column holds that is no single values."""
    nested = (value for value in values if isinstance(value, (dict, list)))
    return "objects" if isinstance(next(nested, None), dict) else "lists"


def _table(
    found: dict[str, Cells | None],
    kinds: dict[str, str],
    lines: Lines,
    source: Source,
    spec: DataSpec,
    form: str,
) -> Table:
    """The columns of single values; the others are left out, unless a flag names them."""
    if not len(lines) or not found:
        raise DataError(f"{source.name} has no rows", hint="give a file with rows")
    nested = tuple(name for name, cells in found.items() if cells is None)
    taken = (spec.target, *(spec.time or ()), *(spec.ids or ()), *spec.past, *spec.future)
    for name in nested:
        if name in (*taken, *spec.static):
            raise DataError(
                f"{source.name}: column {name!r} holds {kinds[name]}, not single values",
                hint="write what it holds into columns of their own",
            )
    notes = (f"no single values, left out: {', '.join(nested)}",) if nested else ()
    columns = tuple(cells.column(spec) for cells in found.values() if cells is not None)
    return Table(columns, lines, {"format": form}, notes=notes)
