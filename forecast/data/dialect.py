"""How a text file writes a table: delimiter, header, what lies above and below it."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from dataclasses import dataclass

from forecast.data.marks import Kind, kind_of
from forecast.errors import DataError

__all__ = ["BLANKS", "Dialect", "cells_of", "sniff"]

BLANKS = " "
_DELIMITERS = (",", ";", "\t", "|")
_COMMENTS = ("#", "%", "//", "!")
_SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the table is written.

    Attributes:
        delimiter: one character; " " is any run of blanks; "" is a single column.
        names: (C,) the columns' names, "" where the header has none.
        header: index of the header's line, -1 where there is none.
        first: index of the first line of data.
        width: C, cells in a line.
    """

    delimiter: str
    names: tuple[str, ...]
    header: int
    first: int
    width: int


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line.

    Example:
        >>> cells_of('"Feb 23, 2018","2,747.30"', ","), cells_of(" 1  2 ", BLANKS)
        (['Feb 23, 2018', '2,747.30'], ['1', '2'])
    """
    if delimiter == BLANKS:
        return line.split()
    if not delimiter:
        return [line.strip().strip('"')]
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return line.split(delimiter)


def sniff(lines: list[str], delimiter: str | None, name: str) -> Dialect:
    """The dialect of a file, from its lines.

    Args:
        lines: the file's lines, or the first few thousand of them.
        delimiter: what the user says it is, or None.
        name: of the file, for messages.

    Raises:
        DataError: no line that could be data.

    Example:
        >>> dialect = sniff(["Day;Load", "2024-01-01;3,5", "2024-01-02;3,75"], None, "x")
        >>> dialect.delimiter, dialect.names, dialect.first
        (';', ('Day', 'Load'), 1)
    """
    stated = _stated_delimiter(lines)
    body = [i for i, line in enumerate(lines) if _is_content(line) and not (stated and i == 0)]
    if not body:
        raise DataError(f"{name} has no rows", hint="give a file with a header and rows")
    sample = _spread(body)
    chosen = delimiter or stated or _delimiter([lines[i] for i in sample])
    width = _width([cells_of(lines[i], chosen) for i in sample])
    shaped = [i for i in body if _fits(cells_of(lines[i], chosen), width)][: 2 * _SAMPLE]
    if not shaped:
        raise DataError(f"{name} has no two lines with the same number of cells")
    return _with_header(lines, chosen, width, shaped)


def _stated_delimiter(lines: list[str]) -> str | None:
    """Excel's first line "sep=;"."""
    match = re.fullmatch(r"sep=(.)", lines[0].strip()) if lines else None
    return match.group(1) if match else None


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(_COMMENTS)


def _spread(indices: list[int]) -> list[int]:
    """The first lines and some from all over the rest."""
    rest = indices[_SAMPLE // 2 :]
    return indices[: _SAMPLE // 2] + rest[:: max(1, len(rest) // (_SAMPLE // 2))]


def _delimiter(lines: list[str]) -> str:
    scores = {mark: _score(lines, mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: scores[mark])
    if scores[best] >= 0.3:
        return best
    blanks = _score(lines, BLANKS)
    if blanks >= 0.6 and blanks > scores[best]:
        return BLANKS
    return best if scores[best] > 0.1 else ""


def _score(lines: list[str], delimiter: str) -> float:
    """Share of lines with the usual number of cells, times how many of the cells make sense."""
    rows = [cells_of(line, delimiter) for line in lines]
    width = _width(rows)
    same = [row for row in rows if len(row) == width]
    if width < 2:
        return 0.0
    kinds = Counter(kind_of(cell) for row in same[:100] for cell in row)
    sense = (kinds["number"] + kinds["time"] + 0.5 * kinds["empty"]) / max(1, kinds.total())
    return len(same) / len(rows) * (0.2 + 0.8 * sense)


def _width(rows: list[list[str]]) -> int:
    """The usual number of cells; of two that are equally usual the larger."""
    counts = Counter(len(row) for row in rows)
    return max(counts, key=lambda n: (counts[n], n))


def _fits(cells: list[str], width: int) -> bool:
    extra = cells[width:]
    # A header may lack the trailing delimiter of its rows; in two columns it may not lack one.
    return len(cells) >= max(min(2, width), width - 1) and not any(cell.strip() for cell in extra)


def _with_header(lines: list[str], delimiter: str, width: int, shaped: list[int]) -> Dialect:
    rows = {i: _padded(cells_of(lines[i], delimiter), width) for i in shaped}
    whole = [i for i in shaped if len(cells_of(lines[i], delimiter)) >= width]
    kinds = _column_kinds([rows[i] for i in whole[1:] or whole], width)
    first = next((i for i in whole if not _is_header(rows[i], kinds)), whole[0])
    above = [i for i in shaped if i < first]
    if not above and _is_dated_header(rows[first]) and len(shaped) > 1:
        above, first = [first], shaped[1]
    if above:
        header = max(above, key=lambda i: (len({c.strip() for c in rows[i]} - {""}), -i))
        names = tuple(cell.strip() for cell in rows[header])
        first = _with_marked_ids(lines, delimiter, width, (header, first))
        return Dialect(delimiter, names, header, first, width)
    commented = _commented_header(lines, first, delimiter, width)
    return Dialect(delimiter, commented or ("",) * width, -1, first, width)


def _with_marked_ids(lines: list[str], delimiter: str, width: int, between: tuple[int, int]) -> int:
    """The first row, also where its first cell looks like a comment: an id such as #1."""
    header, first = between
    for i in range(header + 1, first):
        line = lines[i]
        is_row = line.startswith(_COMMENTS) and len(cells_of(line, delimiter)) == width
        if is_row and width > 1 and any(kind_of(c) != "text" for c in cells_of(line, delimiter)):
            return i
    return first


def _padded(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def _column_kinds(rows: list[list[str]], width: int) -> list[Kind]:
    """What most cells of each column are."""
    kinds: list[Kind] = []
    for place in range(width):
        counts = Counter(kind_of(row[place]) for row in rows)
        del counts["empty"]
        kinds.append(counts.most_common(1)[0][0] if counts else "empty")
    return kinds


def _is_header(row: list[str], kinds: list[Kind]) -> bool:
    """Text where the column is made of times or numbers."""
    typed = [i for i, kind in enumerate(kinds) if kind in ("number", "time")]
    wrong = [i for i in typed if kind_of(row[i]) == "text"]
    times = any(kinds[i] == "time" for i in wrong)
    if not typed:  # nothing but text: a header is a row whose cells occur once
        return False
    return times or (len(wrong) * 2 >= len(typed) and bool(wrong))


def _is_dated_header(row: list[str]) -> bool:
    """Years or dates as the names of most columns: 1960, 1961, 1962 ..."""
    years = [int(c) for c in map(str.strip, row) if re.fullmatch(r"(1[5-9]|20|21)[0-9]{2}", c)]
    steps = {b - a for a, b in itertools.pairwise(years)}
    if len(years) >= 3 and len(years) * 2 >= len(row) and steps in ({1}, {-1}):
        return True
    dated = [cell.strip() for cell in row if kind_of(cell) == "time"]
    return len(set(dated)) >= 3 and len(dated) * 2 >= len(row) and len(set(dated)) == len(dated)


def _commented_header(
    lines: list[str], first: int, delimiter: str, width: int
) -> tuple[str, ...] | None:
    """A header that hides in the last comment: "# time, load"."""
    above = [line for line in lines[:first] if line.strip()]
    if not above or not above[-1].lstrip().startswith(_COMMENTS):
        return None
    cells = [cell.strip() for cell in cells_of(above[-1].lstrip().lstrip("#%/! "), delimiter)]
    is_header = len(cells) == width and all(kind_of(cell) == "text" for cell in cells)
    return tuple(cells) if is_header and width > 1 else None
