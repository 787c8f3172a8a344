"""The lines of a text that hold data: comments and blanks apart, broken rows mended."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from forecast.data.dialect import BLANKS, Dialect, cells_of
from forecast.errors import DataError
from forecast.types import Ints

__all__ = [
    "SNIFFED",
    "Irregular",
    "Text",
    "content_of",
    "header_width",
    "mended",
    "one_line_per_record",
]

# The lines that decide the dialect; later lines that do not fit are found when they are read.
SNIFFED = 20_000
_OPENS = re.compile(r'(^|[,;|\t])\s*"')  # a quoted cell; the inches in 5" are no quote


class Irregular(Exception):
    """A large file is not what its beginning and end look like; it has to be read whole."""


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

    @property
    def mark(self) -> str:
        """What stands between cells for Arrow, which knows no runs of blanks."""
        return "\x01" if self.dialect.delimiter in (BLANKS, "") else self.dialect.delimiter


def one_line_per_record(lines: list[str]) -> list[str]:
    """Lines in which a quoted cell that spans lines is joined; the lines it took stay, empty."""
    if not any(line.count('"') % 2 for line in lines):
        return lines
    joined, start = list(lines), -1
    for i, line in enumerate(lines):
        if start >= 0:
            joined[start] += " " + line
            joined[i] = ""
        if line.count('"') % 2 and (start >= 0 or _OPENS.search(line)):
            start = i if start < 0 else -1
        if start >= 0 and i - start > 100:  # a quote that never closes is no quote
            return lines
    return joined if start < 0 else lines


def content_of(lines: list[str], dialect: Dialect) -> Ints:
    """(R,) indices of the lines that hold data."""
    blank = " " if dialect.delimiter == "\t" else " \t"
    rows = [
        i
        for i in range(dialect.first, len(lines))
        if lines[i].strip(blank) and not _is_comment(lines[i], dialect)
    ]
    return np.array(rows, dtype=np.int64)


def header_width(lines: list[str], dialect: Dialect) -> int:
    """Cells in the header, 0 where there is none."""
    return len(cells_of(lines[dialect.header], dialect.delimiter)) if dialect.header >= 0 else 0


def _is_comment(line: str, dialect: Dialect) -> bool:
    """A remark between the rows; a row whose first cell starts with # is none."""
    if not line.startswith(("#", "//")):
        return False
    return dialect.width < 2 or len(cells_of(line, dialect.delimiter)) != dialect.width


def mended(text: Text) -> Text:
    """Short lines filled up with missing cells; long ones cut if what is over is empty."""
    width, mark = text.dialect.width, text.mark
    body, at = [], []
    for line, place in zip(text.body, text.at.tolist(), strict=True):
        cells = cells_of(line, text.dialect.delimiter)
        if len(cells) != width or text.dialect.delimiter == BLANKS:
            if len(cells) > 1 and _is_open(line, text.dialect.delimiter):
                raise DataError(
                    f"{text.name} line {place + 1} opens a quote in cell {len(cells)} and never "
                    "closes it",
                    hint="close it, or take it out",
                )
            if any(cell.strip() for cell in cells[width:]):
                if place < text.at[-1] - 20:
                    raise _too_long(text, place, len(cells))
                cells = [line]  # a footer: a line of words that is no row
            line = _written((cells + [""] * width)[:width], mark)
        body.append(line)
        at.append(place)
    return replace(
        text,
        dialect=replace(text.dialect, delimiter=mark),
        body=body,
        at=np.array(at, dtype=np.int64),
    )


def _is_open(line: str, delimiter: str) -> bool:
    """Whether a quoted cell does not end before the line does."""
    if '"' not in line or delimiter == BLANKS:
        return False
    try:
        next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _written(cells: list[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def _too_long(text: Text, place: int, cells: int) -> DataError:
    return DataError(
        f"{text.name} line {place + 1} has {cells} cells, the others have {text.dialect.width}",
        hint="quote cells that hold the delimiter, or give --delimiter",
    )
