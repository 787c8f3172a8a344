"""Words to time stamps, with the format decided from the whole column.

Words that look alike (01/02/2024, 17/11/2023) share a skeleton (00/00/0000); a format is looked
up once for each skeleton and pandas parses all words of it at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.formats import ANY, clock_format, formats_of, skeleton
from forecast.data.layouts import common_format, formats_of_each
from forecast.data.months import english
from forecast.data.offsets import cut_zones, minutes_behind, zone_of
from forecast.data.rhythm import coverage

__all__ = ["Reading", "read_clocks", "read_times"]

_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_HALF = re.compile(r"\b([AaPp])\.?\s?[Mm]\b\.?")
_INTERVAL = re.compile(r"^(.*?\d)\s+(?:[-–—]|to|bis)\s+(\S*\d.*)$")
# Letters that a plain clock or an ISO stamp does not have.
_LETTERS = re.compile(r"[^\W\d_TZAPM]|[^\W\d_]{3}")
_POINT = re.compile(r",(\d+)$")
# Layouts that NumPy reads as pandas does, in the years of pandas' nanoseconds.
_MONTH = r"(?:1[7-9]|20|21)\d\d-\d\d"
_ISO = {
    "%Y-%m": re.compile(_MONTH),
    "%Y-%m-%d": re.compile(_MONTH + r"-\d\d"),
    "%Y-%m-%d %H:%M": re.compile(_MONTH + r"-\d\d \d\d:\d\d"),
    "%Y-%m-%d %H:%M:%S": re.compile(_MONTH + r"-\d\d \d\d:\d\d:\d\d"),
    "%Y-%m-%dT%H:%M": re.compile(_MONTH + r"-\d\dT\d\d:\d\d"),
    "%Y-%m-%dT%H:%M:%S": re.compile(_MONTH + r"-\d\dT\d\d:\d\d:\d\d"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A column's words read as time stamps.

    Attributes:
        values: (W,) datetime64[us]; NaT where a word is none. Wall-clock time, or UTC instants
            where `zoned`.
        format: strptime format ("-" for no padding, %q a quarter), "" where there is no single one.
        zoned: whether the words carry offsets that differ, so that `values` are in UTC.
        orders: the orders of day and month that are equally possible; one or none if decided.
        zone: the IANA zone that the words name, such as CET where they end in CET and CEST.
        formats: (W,) the format of each word where they have several, "" where it is none; else ().
    """

    values: NDArray[np.datetime64]
    format: str
    zoned: bool = False
    orders: tuple[str, ...] = ()
    zone: str | None = None
    formats: tuple[str, ...] = ()

    @property
    def good(self) -> NDArray[np.bool_]:
        """(W,) which words are time stamps."""
        return ~np.isnat(self.values)


def read_times(words: Sequence[str], order: str | None = None) -> Reading:
    """The time stamps that words mean.

    Args:
        words: the different cells of a column, in the order in which they first occur.
        order: "dayfirst" or "monthfirst" where known.

    Example:
        >>> reading = read_times(["31.12.2023 23:30", "01.01.2024 00:00"])
        >>> reading.values.astype(str).tolist()[1], reading.format
        ('2024-01-01T00:00:00.000000', '%d.%m.%Y %H:%M')
        >>> read_times(["01/02/2024", "02/02/2024"]).orders
        ('dayfirst', 'monthfirst')
    """
    cut, zones, gap = cut_zones(words)
    clean = _cleaned(cut)
    shapes = _grouped(clean)
    formats = {shape: formats_of(shape) for shape in shapes}
    orders = sorted({key for each in formats.values() for key in each} - {ANY})
    if order is not None:
        orders = [each for each in orders if each == order]
    tried = {each: _parse(clean, shapes, formats, each) for each in orders or [ANY]}
    best, equal = _decide(tried)
    if "dayfirst" in equal and all(
        "%d.%m." in each.get("dayfirst", "") for each in formats.values()
    ):
        best, equal = "dayfirst", []  # nobody writes 12.31.2024
    values = _unwrapped(tried[best], clean, shapes, formats, best)
    layout = common_format(shapes, formats, best, words)
    if not zones:
        several = formats_of_each(shapes, formats, best, words)
        return Reading(values, layout, False, tuple(equal), formats=several)
    return _with_offsets(Reading(values, layout, False, tuple(equal)), zones, gap)


def _cleaned(words: Sequence[str]) -> list[str]:
    """Words without weekday and interval end."""
    texts = list(words)
    if any(_LETTERS.search(text) for text in texts[:50]):
        texts = [
            _HALF.sub(lambda m: m[1].upper() + "M", english(_WEEKDAY.sub("", t))) for t in texts
        ]
        texts = [text.replace("q", "Q") for text in texts]
    if sum(_INTERVAL.match(text) is not None for text in texts[:50]) * 2 > len(texts[:50]):
        texts = [_start(text) for text in texts]
    return texts


def _start(text: str) -> str:
    """The first part of an interval "a - b"."""
    match = _INTERVAL.match(text)
    is_long = match is not None and sum(map(str.isdigit, match[1])) >= 4
    return match[1] if match is not None and is_long else text


def _grouped(words: list[str]) -> dict[str, list[int]]:
    """Skeleton -> places of its words."""
    groups: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        groups.setdefault(skeleton(word), []).append(place)
    # A column of free text has a skeleton for every word: no column of times does.
    return groups if len(groups) <= 500 else {}


def _parse(
    words: list[str], shapes: dict[str, list[int]], formats: dict[str, dict[str, str]], order: str
) -> NDArray[np.datetime64]:
    """(W,) the words read in one order of day and month."""
    values = np.full(len(words), np.datetime64("NaT", "us"))
    by_format: dict[str, list[int]] = {}
    for shape, places in shapes.items():
        chosen = formats[shape].get(order) or formats[shape].get(ANY)
        if chosen:
            by_format.setdefault(chosen, []).extend(places)
    for each, places in by_format.items():
        values[places] = _strptime([words[i] for i in places], each)
    return values


def _strptime(words: list[str], layout: str) -> NDArray[np.datetime64]:
    """(n,) words of one format; NaT where a word does not fit it."""
    late = np.zeros(len(words), dtype=bool)
    if "%H" in layout and any(" 24" in word or "T24" in word for word in words):
        # 24:00 is midnight at the end of the day.
        late = np.array([re.search(r"[T ]24[:.]00", word) is not None for word in words])
        words = [re.sub(r"(?<=[T ])24(?=[:.]00)", "00", word) for word in words]
    if "%q" in layout:
        words, layout = _quarters(words, layout)
    if "%V" in layout and "%u" not in layout:
        words, layout = [f"{word}-1" for word in words], f"{layout}-%u"
    if layout == "%y-%m":
        return _numbered_years(words)
    if ",%f" in layout:
        layout, words = layout.replace(",%f", ".%f"), [_POINT.sub(r".\1", word) for word in words]
    if "h%M" in layout:
        layout = layout.replace("h%M", ":%M")
        words = [re.sub(r"(?<=\d)h(?=\d)", ":", word) for word in words]
    return _parsed(words, layout) + late * np.timedelta64(1, "D")


def _parsed(words: list[str], layout: str) -> NDArray[np.datetime64]:
    """(n,) by NumPy, where they are what it takes too; a `predict` then needs no pandas."""
    iso = _ISO.get(layout)
    if iso is not None and all(map(iso.fullmatch, words)):
        with suppress(ValueError):  # some is no date: pandas says which
            return np.array(words, dtype="datetime64[us]")
    import pandas as pd

    parsed = pd.to_datetime(pd.Series(words, dtype=object), format=layout, errors="coerce")
    return parsed.to_numpy("datetime64[us]")


def _quarters(words: list[str], layout: str) -> tuple[list[str], str]:
    """Quarters as the months that they start with."""
    pattern = re.compile(
        re.escape(layout).replace("%Y", r"(?P<y>\d{4})").replace("%q", r"(?P<q>\d)")
    )
    matches = [pattern.fullmatch(word) for word in words]
    months = [f"{m['y']}-{(int(m['q']) - 1) * 3 + 1:02d}" if m else "" for m in matches]
    return months, "%Y-%m"


def _numbered_years(words: list[str]) -> NDArray[np.datetime64]:
    """(n,) "1-01" to "3-12": years that are only numbered; NaT unless they follow each other."""
    pairs = [tuple(map(int, word.split("-"))) for word in words]
    months = np.array([year * 12 + month - 1 for year, month in pairs]) - 1970 * 12
    is_month = all(1 <= month <= 12 for _, month in pairs)
    if not is_month or not (np.diff(months) > 0).all():
        return np.full(len(words), np.datetime64("NaT", "us"))
    return months.astype("datetime64[M]").astype("datetime64[us]")


def _decide(tried: dict[str, NDArray[np.datetime64]]) -> tuple[str, list[str]]:
    """The order that reads most words; of two that read all, the one that makes them regular."""
    counts = {order: int((~np.isnat(values)).sum()) for order, values in tried.items()}
    best = max(counts.values())
    equal = [order for order in tried if counts[order] == best and best > 0]
    if len(equal) < 2:
        return max(counts, key=lambda order: counts[order]), []
    distinct = {order: np.unique(tried[order]) for order in equal}
    if all(np.array_equal(distinct[order], distinct[equal[0]]) for order in equal[1:]):
        same = [np.array_equal(tried[order], tried[equal[0]]) for order in equal]
        if all(same):
            return equal[0], []
    shares = {order: coverage(values[~np.isnat(values)]) for order, values in distinct.items()}
    regular = [order for order in equal if shares[order] >= 0.9]
    if len(regular) == 1 and all(shares[o] < 0.5 for o in equal if o != regular[0]):
        return regular[0], []
    return equal[0], equal


def _unwrapped(
    values: NDArray[np.datetime64],
    words: list[str],
    shapes: dict[str, list[int]],
    formats: dict[str, dict[str, str]],
    order: str,
) -> NDArray[np.datetime64]:
    """Two-digit years in the century in which they follow each other and lie in the past."""
    used = {formats[shape].get(order) or formats[shape].get(ANY, "") for shape in shapes}
    if not used or not all("%y" in each and each != "%y-%m" for each in used):
        return values
    good = np.flatnonzero(~np.isnat(values))
    if not len(good):
        return values
    year = values[good].astype("datetime64[Y]").astype(np.int64) + 1970
    jumps = np.diff(year)
    century = np.concatenate([[0], np.cumsum((jumps < -50).astype(int) - (jumps > 50))]) * 100
    this_year = int(np.datetime64("now", "Y").astype(np.int64)) + 1970
    while (year + century).min() > this_year + 5:
        century = century - 100
    if (year + century).max() > this_year + 50:
        century = century - 100
    month = values[good].astype("datetime64[M]")
    rest = values[good] - month.astype("datetime64[us]")
    out = values.copy()
    out[good] = (month + century * 12).astype("datetime64[us]") + rest
    return out


def _with_offsets(reading: Reading, zones: list[str], gap: str) -> Reading:
    """One zone for all is part of the format; zones that differ make UTC instants."""
    good = reading.good
    if not good.any():
        return reading
    used = [zone for zone, is_good in zip(zones, good, strict=True) if is_good and zone]
    # A clock time without a zone among others with one could be anything.
    values = np.where([bool(zone) for zone in zones], reading.values, np.datetime64("NaT", "us"))
    if len(set(used)) < 2:
        suffix = "".join([gap, *set(used)])
        return replace(reading, values=values, format=reading.format + suffix)
    minutes = minutes_behind(zones)
    if minutes is None:
        return replace(reading, values=np.full(len(values), np.datetime64("NaT", "us")))
    named = zone_of(used)
    suffix = gap + ("%Z" if named else "%z")
    utc = values - minutes.astype("timedelta64[m]")
    return replace(reading, values=utc, format=reading.format + suffix, zoned=True, zone=named)


def read_clocks(words: Sequence[str]) -> Any:
    """(W,) timedelta64[us] since midnight if all words are times of day, else None.

    Example:
        >>> read_clocks(["18.00.00", "00:15", "6:30 PM"]).astype("timedelta64[m]").tolist()[1]
        datetime.timedelta(seconds=900)
    """
    texts = [_HALF.sub(lambda m: m[1].upper() + "M", _start(word)) for word in words]
    shapes = _grouped(texts)
    if not texts or not all(":" in s or s.count(".") == 2 or "M" in s for s in shapes):
        return None
    formats = {shape: {ANY: f"%Y {each}"} for shape in shapes if (each := clock_format(shape))}
    if len(formats) != len(shapes) or not shapes:
        return None
    dated = _parse([f"2000 {text}" for text in texts], shapes, formats, ANY)
    return None if np.isnat(dated).any() else dated - np.datetime64("2000-01-01", "us")
