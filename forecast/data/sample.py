"""What a sample of a file's cells says of its columns: decimal mark, plain numbers, ids."""

from __future__ import annotations

import re

from forecast.data.dialect import BLANKS
from forecast.data.marks import IDENTITY, is_missing
from forecast.data.numbers import decimal_of
from forecast.spec import DataSpec

__all__ = ["decimal_of_file", "is_id", "is_plain"]

_PLAIN = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?")
_LEADING_ZERO = re.compile(r"[-+]?0\d.*")
_DIGITS = re.compile(r"[-+]?(?:\d[\d.,]*|[.,]\d+)")
_THOUSAND_LIKE = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")


def decimal_of_file(cells: list[list[str]], delimiter: str) -> str:
    """The mark that every column allows; "" where nothing in the sample decides."""
    found = set()
    is_open = False
    for column in cells:
        digits = [cell for cell in column if _DIGITS.fullmatch(cell)]
        marked = [cell.lstrip("+-") for cell in digits if "." in cell or "," in cell]
        # A column of dates such as 03.04.2020 says nothing about numbers.
        if marked and len(digits) * 2 >= sum(not is_missing(cell) for cell in column):
            mark = decimal_of([cell.lstrip("+-") for cell in digits])
            found.add(mark)
            is_open |= not mark and any("." in cell for cell in marked)
    decided = found - {""}
    if len(decided) == 1:
        return decided.pop()
    # Commas between cells leave the point for decimals; columns of figures between blanks are
    # written by programs that know no other mark.
    if delimiter in (",", BLANKS) and not (found == {""} and not is_open):
        return "."
    return "" if found else "."


def is_id(name: str, spec: DataSpec) -> bool:
    """Ids are kept as they are written: 007 is not 7, and 1e3 is not 1000."""
    if name in (spec.ids or ()):
        return True
    return name not in (spec.target, *spec.past, *spec.future) and bool(IDENTITY.fullmatch(name))


def is_plain(cells: list[str], decimal: str) -> bool:
    """Whether a column can be read as numbers without looking at its words again."""
    other = "," if decimal == "." else "."
    words = [cell for cell in cells if not is_missing(cell)]
    return bool(words) and all(
        _PLAIN.fullmatch(word)
        and other not in word
        and not _LEADING_ZERO.fullmatch(word)
        and (decimal or not _THOUSAND_LIKE.fullmatch(word))
        for word in words
    )
