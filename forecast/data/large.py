"""Files too large to hold as text: read by Arrow from disk, understood from their two ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from forecast.data.dialect import BLANKS, sniff
from forecast.data.encoding import decode
from forecast.data.source import Source
from forecast.data.text import SNIFFED, Irregular, Text, content_of, header_width
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Lines

__all__ = ["large_text", "lines_of", "whole"]

# An irregular file is held as a list of lines: measured, up to ten times its size (106 MB took
# 1.0 GB). A larger one is refused with the reason rather than left to the kernel to kill.
LARGEST_IRREGULAR = 1_000_000_000
_CHUNK = 1 << 24


def large_text(source: Source, spec: DataSpec) -> Text:
    """A sample of the lines of a large file, with the path to read all of them from.

    Raises:
        Irregular: Arrow cannot read a file like this one.
        DataError: these lines have no rows.
    """
    if b"\x00" in source.content:
        raise Irregular("it holds zero bytes")
    text, encoding = decode(source.content, spec.encoding, source.name)
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    if not _is_bytewise(encoding):
        raise Irregular(f"it is {encoding}")
    if any(line.count('"') % 2 for line in lines):
        raise Irregular("a quoted cell spans lines")
    if len(lines) < 2 or "\r" in text:
        raise Irregular("its lines end in carriage returns")
    dialect = sniff(lines[:SNIFFED], spec.delimiter, source.name)
    if dialect.delimiter in (BLANKS, ""):
        raise Irregular("it has no delimiter")
    at = content_of(lines, dialect)
    body = [lines[i] for i in at]
    width = header_width(lines, dialect)
    return Text(source.name, dialect, body, at, encoding, width, source.path)


def _is_bytewise(encoding: str) -> bool:
    """Whether ASCII is written as in ASCII, so that lines and cells can be told apart as bytes."""
    letters = bytes(range(1, 128))
    return letters.decode(encoding, errors="replace") == letters.decode("ascii")


def whole(source: Source, reason: str) -> Source:
    """The file with all of its bytes, for a reader that takes any.

    Raises:
        DataError: it is too large for that.
    """
    if source.path is None:
        return source
    size = source.path.stat().st_size
    if size > LARGEST_IRREGULAR:
        raise DataError(
            f"{source.name} has {size / 1e9:.1f} GB; of more than {LARGEST_IRREGULAR / 1e9:.0f} GB "
            f"only regular files are read, and this one is not: {reason}",
            hint="split it and give a pattern, or write it as Parquet",
        )
    return replace(source, content=source.path.read_bytes(), path=None)


def lines_of(text: Text, rows: int) -> Lines:
    """(R,) the lines of the file, 1-based, that hold the rows Arrow has read.

    Raises:
        Irregular: the rows of a large file are not its lines that are not empty.
    """
    if text.path is None:
        return (text.at + 1).astype(np.int32)
    first = text.dialect.first
    if _count_lines(text.path) - first == rows:
        return np.arange(first + 1, first + 1 + rows, dtype=np.int32)
    with text.path.open("rb") as file:
        filled = (n for n, line in enumerate(file, start=1) if n > first and line.strip(b"\r\n"))
        lines = np.fromiter(filled, dtype=np.int32)
    if len(lines) != rows:
        raise Irregular("a quoted cell spans lines, or some lines end in carriage returns")
    return lines


def _count_lines(path: Path) -> int:
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\x00" in chunk:
                raise Irregular("it holds zero bytes")
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (last != b"\n")
