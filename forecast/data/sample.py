"""What a sample of a file's cells says of its columns: decimal mark, plain numbers, ids."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forecast.data.dialect import BLANKS
from forecast.data.marks import IDENTITY, is_missing
from forecast.data.numbers import decimal_of, reads
from forecast.spec import DataSpec

__all__ = ["are_months", "decimal_of_file", "is_id", "is_plain"]

_PLAIN = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?")
_LEADING_ZERO = re.compile(r"[-+]?0\d.*")
_DIGITS = re.compile(r"[-+]?(?:\d[\d.,]*|[.,]\d+)")
_MONTH = re.compile(r"(0[1-9]|1[0-2])\.(1[5-9]|2[01])\d\d|(1[5-9]|2[01])\d\d\.(0[1-9]|1[0-2])")
_THOUSAND_LIKE = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")


def decimal_of_file(cells: list[list[str]], delimiter: str) -> str:
    """The mark that every column allows; "" where nothing in the sample decides."""
    found = set()
    is_open = False
    for column in cells:
        # Dates such as 03.04.2020, a number in no reading, or 04.2020 say nothing about numbers.
        digits = [c.lstrip("+-") for c in column if _DIGITS.fullmatch(c) and _is_number(c)]
        marked = [cell for cell in digits if "." in cell or "," in cell]
        if are_months(digits):
            continue
        if marked and len(digits) * 2 >= sum(not is_missing(cell) for cell in column):
            mark = decimal_of(digits)
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


def are_months(words: Sequence[str]) -> bool:
    """Whether cells that may be numbers are months with a point, as 03.2024 or 2024.03.

    Example:
        >>> are_months(["11.2023", "12.2023"]), are_months(["11.2023", "13.2023"])
        (True, False)
    """
    return all(_MONTH.fullmatch(word) for word in words)


def _is_number(cell: str) -> bool:
    text = cell.lstrip("+-")
    return reads(text, ".") or reads(text, ",")


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
