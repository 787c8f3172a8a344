"""Clock times of a place as instants, through the nights on which its clocks change."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from forecast.data.stamps import Stamps
from forecast.errors import DataError, SpecError
from forecast.types import Ints, Lines

__all__ = ["in_zone", "looks_like_clock_change"]

_OFFSET = re.compile(r"(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$")


def in_zone(stamps: Stamps, series: Ints, tz: str | None, source: str, lines: Lines) -> Stamps:
    """The stamps as UTC instants where a zone is given or the file writes changing offsets.

    Args:
        stamps: of the rows, in the order of the file.
        series: (R,) which series each row belongs to.
        tz: IANA zone, or None.
        source: the file's name, for messages.
        lines: (R,) of the file.

    Raises:
        SpecError: no such zone.
        DataError: a clock time that the zone skips.
    """
    if tz is None or not stamps.is_calendar:
        return stamps
    _check_zone(tz)
    if stamps.zoned or stamps.format.startswith("epoch"):
        return replace(stamps, zoned=True)
    offset = _OFFSET.search(stamps.format)
    if offset is not None and not stamps.format.endswith("%z"):
        minutes = _minutes(offset[1])
        utc = stamps.values - np.timedelta64(minutes, "m")
        return replace(stamps, values=utc, zoned=True, format=_OFFSET.sub("%z", stamps.format))
    return replace(stamps, values=_instants(stamps, series, tz, source, lines), zoned=True)


def _check_zone(tz: str) -> None:
    from difflib import get_close_matches
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(tz)
    except Exception as error:  # ZoneInfo raises five kinds of error for a wrong name
        close = get_close_matches(tz, available_timezones(), n=1, cutoff=0.4)
        hint = f"did you mean --tz {close[0]}?" if close else "such as --tz Europe/Berlin"
        raise SpecError(f"--tz {tz!r} is no time zone", hint=hint) from error


def _minutes(offset: str) -> int:
    digits = re.sub(r"\D", "", offset)
    if not digits:
        return 0
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return -minutes if offset.startswith("-") else minutes


def _instants(stamps: Stamps, series: Ints, tz: str, source: str, lines: Lines) -> Any:
    """(R,) of an hour that occurs twice, the first row of a series is summer time."""
    import pandas as pd

    wall = pd.DatetimeIndex(stamps.values)
    is_summer = _first_of_two(stamps.values, series)
    placed = wall.tz_localize(tz, ambiguous=is_summer, nonexistent="NaT")
    skipped = np.asarray(placed.isna()) & ~np.asarray(wall.isna())
    if skipped.any():
        row = int(np.argmax(skipped))
        raise DataError(
            f"{source} line {lines[row]}: {wall[row]} does not exist in {tz}, its clocks skip "
            "that hour",
            hint="the file keeps another time; leave --tz out, or give --tz UTC",
        )
    return placed.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[us]")


def _first_of_two(values: Any, series: Ints) -> Any:
    """(R,) False for the second of two rows of one time and series, in the order of time."""
    number = values.astype("datetime64[us]").astype(np.int64)
    order = np.lexsort((np.arange(len(number)), number, series))
    again = np.zeros(len(number), dtype=bool)
    same = (number[order][1:] == number[order][:-1]) & (series[order][1:] == series[order][:-1])
    again[order[1:][same]] = True
    falling = np.diff(number)
    if len(falling) and (falling < 0).mean() > 0.5:  # newest first: the second row is the earlier
        first = np.zeros(len(number), dtype=bool)
        first[order[:-1][same]] = True
        again = first
    return ~again


def looks_like_clock_change(time: Any) -> bool:
    """Whether repeated stamps all lie in the small hours of a Sunday in spring or autumn.

    Example:
        >>> looks_like_clock_change(np.array(["2024-10-27T02:15"], dtype="datetime64[us]"))
        True
    """
    if time.dtype.kind != "M" or not len(time):
        return False
    date = time.astype("datetime64[D]")
    is_sunday = (date.astype(np.int64) + 3) % 7 == 6
    month = time.astype("datetime64[M]").astype(np.int64) % 12 + 1
    hour = (time - date).astype("timedelta64[h]").astype(np.int64)
    return bool((is_sunday & np.isin(month, [3, 4, 9, 10, 11]) & (hour <= 3)).all())
