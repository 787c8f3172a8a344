"""Lines of delimited text to columns of numbers and words, with Arrow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from forecast.data.arrow import codes_of, filled
from forecast.data.dialect import BLANKS
from forecast.data.marks import MISSING
from forecast.data.memory import give_back
from forecast.data.sample import are_months
from forecast.data.table import Column, number_column, word_column
from forecast.data.text import Irregular, Text, mended
from forecast.errors import DataError
from forecast.spec import DataSpec

__all__ = ["columns_of", "read_columns"]


def read_columns(
    text: Text, plain: list[bool], decimal: str, na: Sequence[str]
) -> tuple[Text, Any]:
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
                if text.path is not None:
                    raise Irregular(str(error)) from error
                raise DataError(
                    f"{text.name} is not a table: {error}", hint="check its quotes and delimiter"
                ) from error
            plain[place] = False
            plain = plain if attempt < 3 else [False] * len(plain)
            continue
        if not ragged:
            return text, arrow
        text = mended(text)
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
    is_whole = text.path is None
    arrow = pacsv.read_csv(
        pa.BufferReader(_joined(text)) if is_whole else str(text.path),
        read_options=pacsv.ReadOptions(
            column_names=names,
            block_size=block,
            use_threads=not is_whole,  # one block is read by one, and threads take memory
            skip_rows=0 if is_whole else text.dialect.first,
            # What is joined is UTF-8; Arrow skips its byte-order mark itself.
            encoding="utf8" if is_whole or text.encoding.startswith("utf") else text.encoding,
        ),
        # Of a large file a row of another length is an error, which ends the reading.
        parse_options=pacsv.ParseOptions(
            delimiter=text.mark, invalid_row_handler=skip if is_whole else None
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
    return ragged[0] or (is_whole and arrow.num_rows != len(text.body)), arrow


def _joined(text: Text) -> bytes:
    lines = text.body
    if text.dialect.delimiter == BLANKS:
        lines = ["\x01".join(line.split()) for line in lines]
    return ("\n".join(lines) + "\n").encode("utf-8", errors="replace")


def _longest(text: Text) -> int:
    return 4 * max(map(len, text.body)) + 64


def columns_of(parts: list[Any], names: list[str], decimal: str, spec: DataSpec) -> list[Column]:
    """Columns whose numbers can be read in two ways follow the others of the file."""
    # Each part is let go as soon as it is converted: two copies of all would be too many.
    columns = [_column(parts.pop(0), name, spec) for name in names]
    give_back()
    marked = [c for c in columns if c.numbers is not None and not are_months(c.words)]
    marks = {c.decimal for c in marked if c.codes is not None} - {""}
    mark = decimal or (marks.pop() if len(marks) == 1 else "")
    return [
        word_column(c.name, c.codes, c.words, decimal=mark)
        if c.codes is not None and c.numbers is not None and not c.decimal and mark
        else c
        for c in columns
    ]


def _column(chunked: Any, name: str, spec: DataSpec) -> Column:
    import pyarrow as pa

    if pa.types.is_floating(chunked.type):
        return number_column(name, filled(chunked, "float64"), spec.na)
    codes, words = codes_of(chunked)
    return word_column(name, codes, words, decimal=spec.decimal or "", na=spec.na)
