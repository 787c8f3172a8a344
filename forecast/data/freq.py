"""Frequencies by name: what an alias means, how people call it, what season it brings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from forecast.errors import SpecError
from forecast.spec import CALENDAR, Season

__all__ = ["Freq", "calendar", "describe_freq", "parse_freq"]

Unit = Literal["step", "us", "day", "business", "month"]

_MICROSECONDS = {"us": 1, "ms": 10**3, "s": 10**6, "min": 60 * 10**6, "h": 3600 * 10**6}
_DAYS = {"D": 1, "W": 7}
_MONTHS = {"M": 1, "Q": 3, "Y": 12}
_WORDS = {
    "yearly": "YS", "annual": "YS", "quarterly": "QS", "monthly": "MS", "weekly": "W",
    "daily": "D", "hourly": "h", "half-hourly": "30min", "business": "B",
    "A": "YE", "AS": "YS", "Y": "YE", "Q": "QE", "M": "ME", "BM": "BME", "BQ": "BQE",
    "H": "h", "T": "min", "S": "s", "L": "ms", "U": "us", "minute": "min",
    "C": "B", "d": "D", "w": "W", "b": "B",
}  # fmt: skip
_ALIAS = re.compile(r"(\d*)([A-Za-z]+)(?:-([A-Z]{3}))?")
_NAMES = {"us": "microsecond", "ms": "millisecond", "s": "second", "min": "minute", "h": "hour"}
_NAMES |= {"D": "day", "W": "week", "B": "business day", "M": "month", "Q": "quarter", "Y": "year"}


# What repeats for multiples of a unit, in microseconds: 15 minutes are a part of the day.
_YEAR = 364 * 86400 * 10**6
_CYCLES = {"h": 86400 * 10**6, "min": 86400 * 10**6, "s": 3600 * 10**6, "ms": 10**6, "us": 1000}


@dataclass(frozen=True, slots=True)
class Freq:
    """A step from one row to the next.

    Attributes:
        alias: as pandas writes it, "1" for whole numbers.
        unit: what `count` counts.
        count: units in a step.
        edge: of a month: "S" start (or any other day, kept), "E" end, "BS" and "BE" the first
            and last business day.
        base: "s", "min", "h", "D", "W", "B", "M", "Q", "Y" or "step".
        multiple: how many of the base.
        anchor: "SUN" of a week, "DEC" of a year.
    """

    alias: str
    unit: Unit
    count: int
    edge: str = ""
    base: str = "step"
    multiple: int = 1
    anchor: str = ""


@lru_cache(maxsize=256)
def parse_freq(alias: str) -> Freq:
    """What an alias means.

    Raises:
        SpecError: no such frequency.

    Example:
        >>> parse_freq("30min").count, parse_freq("QE-DEC").count, parse_freq("monthly").alias
        (1800000000, 3, 'MS')
        >>> parse_freq("fortnightly")
        Traceback (most recent call last):
        ...
        forecast.errors.SpecError: --freq 'fortnightly' is no frequency
    """
    if re.fullmatch(r"\d+", alias) and int(alias) > 0:
        return Freq(alias, "step", int(alias), multiple=int(alias))
    match = _ALIAS.fullmatch(_WORDS.get(alias.strip(), alias.strip()))
    if match is None:
        raise _unknown(alias)
    name = _WORDS.get(match[2], match[2])
    multiple, anchor = int(match[1] or 1), match[3] or ""
    full = f"{match[1] if multiple > 1 else ''}{name}" + (f"-{anchor}" if anchor else "")
    if multiple < 1:
        raise _unknown(alias)
    if name in _MICROSECONDS and not anchor:
        return Freq(full, "us", multiple * _MICROSECONDS[name], "", name, multiple)
    if name in _DAYS:
        return Freq(full, "day", multiple * _DAYS[name], "", name, multiple, anchor)
    if name == "B" and not anchor:
        return Freq(full, "business", multiple, "", "B", multiple)
    months = re.fullmatch(r"(B?)([MQY])([SE])", name)
    if months is None:
        raise _unknown(alias)
    count, edge = multiple * _MONTHS[months[2]], months[1] + months[3]
    return Freq(full, "month", count, edge, months[2], multiple, anchor)


def _unknown(alias: str) -> SpecError:
    return SpecError(
        f"--freq {alias!r} is no frequency",
        hint="such as h, 30min, D, B, W-SUN, MS, ME, QS, YS, or 1 for whole numbers",
    )


def describe_freq(freq: str) -> str:
    """A frequency in words.

    Example:
        >>> [describe_freq(alias) for alias in ("MS", "B", "15min", "W-SUN", "1", "h")]
        ['monthly', 'business daily', 'every 15 minutes', 'weekly', 'numbered', 'hourly']
    """
    parsed = parse_freq(freq)
    if parsed.multiple == 1:
        usual = CALENDAR.get(parsed.base)
        if usual is not None and parsed.base not in ("min", "s"):
            return usual.name
        return f"every {_NAMES[parsed.base]}"
    if parsed.base == "step":
        return f"every {parsed.multiple} steps"
    return f"every {parsed.multiple} {_NAMES[parsed.base]}s"


def calendar(freq: str) -> Season:
    """The season and horizon that a frequency usually brings.

    A multiple shares the season of its base where that divides (two-hourly: 12 in a day), and
    takes the next longer cycle where too few rows would be left (15 minutes: 96 in a day).

    Example:
        >>> [calendar(alias).length for alias in ("MS", "30min", "15min", "2h", "h", "QE-DEC")]
        [12, 48, 96, 12, 24, 4]
        >>> [calendar(alias).year for alias in ("D", "B", "15min", "2h", "W-SUN", "MS", "1")]
        [364, 260, 34944, 4368, 0, 0, 0]
    """
    parsed = parse_freq(freq)
    name, usual = describe_freq(freq), CALENDAR.get(parsed.base, CALENDAR["step"])
    if parsed.multiple == 1 and parsed.base in CALENDAR:
        return Season(name, usual.length, usual.horizon, usual.year)
    if parsed.unit == "us":
        cycle = _CYCLES[parsed.base]
        length = cycle // parsed.count if cycle % parsed.count == 0 else 1
        year = _YEAR // parsed.count if _YEAR % parsed.count == 0 else 0
        return Season(name, length, max(12, min(length, 96)), year)
    if parsed.base == "step":
        return Season(name, 1, usual.horizon)
    length = usual.length // parsed.multiple if usual.length % parsed.multiple == 0 else 1
    year = usual.year // parsed.multiple if usual.year % parsed.multiple == 0 else 0
    return Season(name, length, max(1, -(-usual.horizon // parsed.multiple)), year)
