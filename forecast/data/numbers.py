"""Words to numbers, with the convention decided from the whole column.

1.234 is a thousand in Berlin and one and a bit in London. A column is read in one convention,
the only one that its words allow; where they allow both, nothing is read until --decimal says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.types import Floats

__all__ = ["Numbers", "decimal_of", "read_numbers", "reads"]

_CURRENCY = re.compile(r"[€$£¥₹₽]|\b(?:USD|EUR|GBP|JPY|CHF)\b")
_MAGNITUDES = {
    "k": 1e3,
    "K": 1e3,
    "Tsd": 1e3,
    "M": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "Mio": 1e6,
    "B": 1e9,
    "bn": 1e9,
    "Mrd": 1e9,
    "T": 1e12,
    "%": 1.0,
    "": 1.0,
}
_PARTS = re.compile(
    r"(?P<sign>[-+−(]*)(?P<digits>\d[\d.,]*|[.,]\d+)(?P<exponent>[eE][-+]?\d+)?"
    r"(?P<unit>%|[A-Za-z]{0,3})\.?(?P<close>[)-]?)"
)
_SPACES = re.compile(r"(?<=\d)[ '’\u00a0\u202f](?=\d{3}(?!\d))")
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_DOT_GROUPS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column's words read as numbers.

    Attributes:
        values: (W,) one number for each word; NaN where it is none.
        good: (W,) whether the word is a number.
        decimal: "." or ",", or "" where the words allow both readings.
    """

    values: Floats
    good: NDArray[np.bool_]
    decimal: str


def read_numbers(words: Sequence[str], decimal: str = "") -> Numbers:
    """The numbers that words mean.

    Args:
        words: the different cells of a column, none of them missing.
        decimal: "." or "," where it is known, else "" to find it.

    Example:
        >>> read_numbers(["2,747.30", "8.73M", "(5)", "12%"]).values.tolist()
        [2747.3, 8730000.0, -5.0, 12.0]
        >>> read_numbers(["1.234", "2.345"]).decimal, read_numbers(["1.234", "2.5"]).decimal
        ('', '.')
    """
    parts = [_parts(word) for word in words]
    digits = [part["digits"] for part in parts if part]
    chosen = decimal or decimal_of(digits)
    values = np.array([_value(part, chosen or ".") if part else math.nan for part in parts])
    return Numbers(values, ~np.isnan(values), chosen)


def _parts(word: str) -> re.Match[str] | None:
    text = _SPACES.sub("", _CURRENCY.sub("", word).strip())
    match = _PARTS.fullmatch(text.replace(" ", "").replace("\u00a0", ""))
    # "12 34" is two numbers, not 1234: blanks stand only between groups of three digits.
    if match is None or re.search(r"\d\s+\d", text):
        return None
    return match if match["unit"] in _MAGNITUDES else None


def decimal_of(digits: Sequence[str]) -> str:
    """The one decimal mark that all of these allow, "" if both are possible.

    Example:
        >>> decimal_of(["1.234,5"]), decimal_of(["0.250"]), decimal_of(["1,234", "17"])
        (',', '.', '')
    """
    marked = [text for text in digits if "." in text or "," in text]
    dot = all(reads(text, ".") for text in marked)
    comma = all(reads(text, ",") for text in marked)
    if dot and comma:
        return _by_long_numbers(digits, marked) if marked else "."
    if dot or comma:
        return "." if dot else ","
    # No reading takes all of them: take the one that more of them allow, the rest are flaws.
    dots = sum(reads(text, ".") for text in marked)
    return "." if dots * 2 >= len(marked) else ","


def _by_long_numbers(digits: Sequence[str], marked: Sequence[str]) -> str:
    """A file that groups thousands groups all of them: 2500 beside 1.234 makes 1.234 a decimal."""
    has_long = any(len(text) > 3 and text.isdigit() for text in digits)
    marks = {mark for text in marked for mark in ".," if mark in text}
    return marks.pop() if has_long and len(marks) == 1 else ""


def reads(digits: str, decimal: str) -> bool:
    """Whether digits are a number when this is the decimal mark."""
    other = "," if decimal == "." else "."
    groups = _COMMA_GROUPS if decimal == "." else _DOT_GROUPS
    if other in digits:
        return groups.fullmatch(digits) is not None
    return digits.count(decimal) <= 1


def _value(part: re.Match[str], decimal: str) -> float:
    if not reads(part["digits"], decimal):
        return math.nan
    other = "," if decimal == "." else "."
    plain = part["digits"].replace(other, "").replace(decimal, ".")
    number = float(plain + (part["exponent"] or "")) * _MAGNITUDES[part["unit"]]
    # 8.73 * 1e6 is 8730000.000000001 or so; as many digits as a float holds for sure are kept.
    if part["unit"]:
        number = float(f"{number:.15g}")
    signs = part["sign"].replace("−", "-")
    is_negative = signs.startswith("-") or part["close"] == "-" or (signs[:1] == "(")
    if not math.isfinite(number) or (part["close"] == ")") != ("(" in signs):
        return math.nan
    return -number if is_negative else number
