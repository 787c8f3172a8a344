"""Delimited text to a Table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from forecast.data.dialect import BLANKS, Dialect, cells_of, sniff
from forecast.data.encoding import decode
from forecast.data.marks import MISSING
from forecast.data.sample import decimal_of_file, is_id, is_plain
from forecast.data.source import Source
from forecast.data.table import Column, Table, number_column, word_column
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Ints, Lines

__all__ = ["read_csv"]

# The lines that decide the dialect; later lines that do not fit are found when they are read.
_SNIFFED = 20_000


def read_csv(source: Source, spec: DataSpec) -> Table:
    """The table in a delimited text.

    Raises:
        DataError: no rows, lines of different lengths, broken quotes.
    """
    if source.path is not None:
        return read_large(source, spec)
    text, encoding = decode(source.content, spec.encoding, source.name)
    lines = _one_line_per_record(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    del text
    dialect = sniff(lines[:_SNIFFED], spec.delimiter, source.name)
    width = len(cells_of(lines[dialect.header], dialect.delimiter)) if dialect.header >= 0 else 0
    at = _content(lines, dialect)
    body = [lines[i] for i in at]
    del lines
    return _table(Text(source.name, dialect, body, at, encoding, width), spec)


class _NotPlain(Exception):
    """A large file is not as regular as its beginning and end."""


def read_large(source: Source, spec: DataSpec) -> Table:
    """The table in a large file, read from disk in parts; held whole only if it is irregular."""
    path = source.path
    assured = replace(source, path=None)
    text, encoding = decode(source.content, spec.encoding, source.name)
    lines = text.replace("\r\n", "\n").split("\n")
    dialect = sniff(lines[:_SNIFFED], spec.delimiter, source.name)
    is_plain = encoding in ("utf-8", "ascii") and dialect.delimiter not in (BLANKS, "")
    if path is not None and is_plain and not any(line.count('"') % 2 for line in lines):
        width = len(cells_of(lines[dialect.header], dialect.delimiter)) * (dialect.header >= 0)
        at = _content(lines, dialect)
        body = [lines[i] for i in at]
        try:
            return _table(Text(source.name, dialect, body, at, encoding, width, path), spec)
        except _NotPlain:
            pass
    content = path.read_bytes() if path is not None else source.content
    return read_csv(replace(assured, content=content), spec)


def _line_numbers(text: Text, rows: int) -> Lines:
    """(R,) lines of the file, 1-based; of a large file as if no line were empty."""
    if text.path is None:
        return (text.at + 1).astype(np.int32)
    first = text.dialect.first + 1
    return np.arange(first, first + rows, dtype=np.int32)


def _one_line_per_record(lines: list[str]) -> list[str]:
    """Lines in which a quoted cell that spans lines is joined; the lines it took stay, empty."""
    if not any(line.count('"') % 2 for line in lines):
        return lines
    joined, start = list(lines), -1
    for i, line in enumerate(lines):
        if start >= 0:
            joined[start] += " " + line
            joined[i] = ""
        if line.count('"') % 2:
            start = i if start < 0 else -1
        if start >= 0 and i - start > 100:  # a quote that never closes is no quote
            return lines
    return joined if start < 0 else lines


def _content(lines: list[str], dialect: Dialect) -> Ints:
    """(R,) indices of the lines that hold data."""
    blank = " " if dialect.delimiter == "\t" else " \t"
    rows = [
        i
        for i in range(dialect.first, len(lines))
        if lines[i].strip(blank) and not _is_comment(lines[i], dialect)
    ]
    return np.array(rows, dtype=np.int64)


def _is_comment(line: str, dialect: Dialect) -> bool:
    """A remark between the rows; a row whose first cell starts with # is none."""
    if not line.startswith(("#", "//")):
        return False
    return dialect.width < 2 or len(cells_of(line, dialect.delimiter)) != dialect.width


@dataclass(frozen=True, slots=True)
class Text:
    """The lines that hold data.

    Attributes:
        name: of the file.
        dialect: how they are written.
        body: (R,) the lines.
        at: (R,) their places in the file, from 0.
        encoding: of the file.
        header_width: cells in the header, 0 where there is none.
        path: where to read all rows from; `body` is a sample of them then.
    """

    name: str
    dialect: Dialect
    body: list[str]
    at: Ints
    encoding: str
    header_width: int
    path: Path | None = None


def _table(text: Text, spec: DataSpec) -> Table:
    rows = [cells_of(line, text.dialect.delimiter) for line in _some(text.body)]
    places = range(text.dialect.width)
    cells = [[row[place].strip() for row in rows if place < len(row)] for place in places]
    decimal = spec.decimal or decimal_of_file(cells, text.dialect.delimiter)
    names = zip(cells, text.dialect.names, strict=True)
    plain = [is_plain(column, decimal) and not is_id(name, spec) for column, name in names]
    text, arrow = _read(text, plain, decimal, spec.na)
    rows_read = arrow.num_rows
    parts = arrow.columns
    del arrow
    columns = _columns(parts, _names(text.dialect), decimal, spec)
    _check_header(text, columns)
    named = zip(columns, text.dialect.names, strict=True)
    return Table(
        columns=tuple(column for column, name in named if name or not column.missing().all()),
        lines=_line_numbers(text, rows_read),
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


def _read(text: Text, plain: list[bool], decimal: str, na: Sequence[str]) -> tuple[Text, Any]:
    """The text (with lines of other lengths mended) as an Arrow table of doubles and words."""
    plain = list(plain)
    for attempt in range(5):
        try:
            ragged, arrow = _parse(text, plain, decimal, na)
        except DataError:
            raise
        except Exception as error:  # Arrow's errors share no useful base class
            place = _column_of(str(error))
            if place is None or not plain[place]:
                raise DataError(
                    f"{text.name} is not a table: {error}", hint="check its quotes and delimiter"
                ) from error
            plain[place] = False
            plain = plain if attempt < 3 else [False] * len(plain)
            continue
        if not ragged:
            return text, arrow
        if text.path is not None:
            raise _NotPlain
        text = _mended(text)
    raise DataError(f"{text.name} is not a table", hint="check its quotes and delimiter")


def _column_of(message: str) -> int | None:
    match = re.match(r"In CSV column #(\d+)", message)
    return int(match.group(1)) if match else None


def _parse(text: Text, plain: list[bool], decimal: str, na: Sequence[str]) -> tuple[int, Any]:
    import pyarrow as pa
    from pyarrow import csv as pacsv

    ragged = [0]

    def skip(row: Any) -> str:
        ragged[0] += 1
        return "skip"

    names = [str(i) for i in range(text.dialect.width)]
    word = pa.dictionary(pa.int32(), pa.string())
    block = max(1 << 22, _longest(text))
    skipped = 0 if text.path is None else text.dialect.first
    arrow = pacsv.read_csv(
        pa.BufferReader(_joined(text)) if text.path is None else str(text.path),
        read_options=pacsv.ReadOptions(column_names=names, block_size=block, skip_rows=skipped),
        parse_options=pacsv.ParseOptions(
            delimiter=_arrow_delimiter(text.dialect), invalid_row_handler=skip
        ),
        convert_options=pacsv.ConvertOptions(
            column_types={
                name: pa.float64() if is_plain else word
                for name, is_plain in zip(names, plain, strict=True)
            },
            null_values=sorted(MISSING.union(na)),
            strings_can_be_null=True,
            decimal_point=decimal or ".",
        ),
    )
    if text.path is None:
        return ragged[0] or (arrow.num_rows != len(text.body)), arrow
    return ragged[0], arrow


def _arrow_delimiter(dialect: Dialect) -> str:
    return "\x01" if dialect.delimiter in (BLANKS, "") else dialect.delimiter


def _joined(text: Text) -> bytes:
    lines = text.body
    if text.dialect.delimiter == BLANKS:
        lines = ["\x01".join(line.split()) for line in lines]
    return ("\n".join(lines) + "\n").encode("utf-8", errors="replace")


def _longest(text: Text) -> int:
    return 4 * max(map(len, text.body)) + 64


def _mended(text: Text) -> Text:
    """Short lines filled up with missing cells; long ones cut if what is over is empty."""
    width, mark = text.dialect.width, _arrow_delimiter(text.dialect)
    body, at = [], []
    for line, place in zip(text.body, text.at.tolist(), strict=True):
        cells = cells_of(line, text.dialect.delimiter)
        if len(cells) != width or text.dialect.delimiter == BLANKS:
            if any(cell.strip() for cell in cells[width:]):
                if place < text.at[-1] - 20:
                    raise _too_long(text, place, len(cells))
                cells = [line]  # a footer: a line of words that is no row
            line = _written((cells + [""] * width)[:width], mark)
        body.append(line)
        at.append(place)
    mended = replace(text.dialect, delimiter=mark)
    return replace(text, dialect=mended, body=body, at=np.array(at, dtype=np.int64))


def _written(cells: list[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def _too_long(text: Text, place: int, cells: int) -> DataError:
    return DataError(
        f"{text.name} line {place + 1} has {cells} cells, the others have {text.dialect.width}",
        hint="quote cells that hold the delimiter, or give --delimiter",
    )


def _columns(parts: list[Any], names: list[str], decimal: str, spec: DataSpec) -> list[Column]:
    """Columns whose numbers can be read in two ways follow the others of the file."""
    # Each part is let go as soon as it is converted: two copies of all would be too many.
    columns = [_column(parts.pop(0), name, spec) for name in names]
    _give_back()
    marks = {c.decimal for c in columns if c.numbers is not None and c.codes is not None} - {""}
    mark = decimal or (marks.pop() if len(marks) == 1 else "")
    return [
        word_column(c.name, c.codes, c.words, decimal=mark)
        if c.codes is not None and c.numbers is not None and not c.decimal and mark
        else c
        for c in columns
    ]


def _give_back() -> None:
    """Memory that Arrow keeps for the next file goes back to the system."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def _column(chunked: Any, name: str, spec: DataSpec) -> Column:
    import pyarrow as pa

    if pa.types.is_floating(chunked.type):
        return number_column(name, chunked.to_numpy(), spec.na)
    joined = chunked.unify_dictionaries().combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        joined = joined.chunk(0) if joined.num_chunks else pa.array([], chunked.type)
    codes = joined.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return word_column(
        name, codes, joined.dictionary.to_pylist(), decimal=spec.decimal or "", na=spec.na
    )
