"""What a single cell looks like, before anything is known about its column."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["IDENTITY", "MISSING", "Kind", "is_missing", "kind_of"]

Kind = Literal["empty", "number", "time", "text"]

# What institutions write for "no value". Numbers (-99, -200) are never among them: those are
# taken for missing only where --na says so.
MISSING = frozenset(
    [
        "",
        "-",
        "--",
        "---",
        ".",
        "..",
        "...",
        ":",
        "?",
        "*",
        "–",
        "—",
        "NA",
        "N/A",
        "n/a",
        "na",
        "n.a.",
        "N.A.",
        "#N/A",
        "#NA",
        "#N/A N/A",
        "<NA>",
        "nan",
        "NaN",
        "NAN",
        "-nan",
        "null",
        "NULL",
        "Null",
        "None",
        "none",
        "NONE",
        "nil",
        "missing",
        "Missing",
        "#VALUE!",
        "#REF!",
        "#DIV/0!",
        "NaT",
    ]
)

# What people call the column that says which series.
IDENTITY = re.compile(
    r"(?i)(.*[_\s])?(id|ids|unique_id|uid|code|key|name|series|item|sku|store|shop|product|station|"
    r"sensor|site|meter|customer|client|region|zone|area|country|state|city|location|ticker|"
    r"symbol|group|category|dept|department|family|machine|device|asset|entity|panel)"
    r"([_\s](id|code|name|nbr|no|number))?"
)
_NUMBER = re.compile(
    r"[-+−(]?\s*(?:[€$£¥]|USD|EUR)?\s*[-+−]?(?:\d[\d.,'’ \u00a0\u202f]*|[.,]\d+)"
    r"(?:[eE][-+]?\d+)?\s*(?:[%€$£¥]|[KkMBT]|bn|Mio|Mrd|USD|EUR)?\)?-?"
)
_MONTH = r"(?:jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)\w*\.?"
# A date goes on with a clock and a zone, but never with a delimiter: 13.02.2024;0 is two cells.
_TIME = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s+)?(?:"
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)[^;|\t]*"
    r"|\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}|\d{1,2}-\d{2}"
    r"|\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"|\d{4}[-\s]?[MQWmqw]\d{1,2}(?:-\d)?|[Qq]\d[-\s/]?\d{2,4}|\d[Qq]\d{2,4}"
    rf"|{_MONTH}[-\s/.,]*\d{{1,4}}[^;|\t]*|\d{{1,4}}[-\s/.,]*{_MONTH}(?:[-\s/.,]*\d{{1,4}}[^;|\t]*)?"
    r")",
    re.IGNORECASE,
)


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value.

    Example:
        >>> is_missing(" N/A "), is_missing("."), is_missing("0")
        (True, True, False)
    """
    return cell.strip() in MISSING


def kind_of(cell: str) -> Kind:
    """What a cell looks like at a glance; the whole column decides later.

    Example:
        >>> [kind_of(cell) for cell in ("1.234,5", "2004-01", "Total", "N/A", "8,73M")]
        ['number', 'time', 'text', 'empty', 'number']
    """
    word = cell.strip()
    if word in MISSING:
        return "empty"
    if _TIME.fullmatch(word):
        # 12.50 may be a clock, but far more often it is an amount.
        if _NUMBER.fullmatch(word) and "-" not in word[1:] and word.count(".") < 2:
            return "number"
        return "time"
    return "number" if _NUMBER.fullmatch(word) else "text"
