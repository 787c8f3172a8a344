"""Clock times of a place as instants, through the nights on which its clocks change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from forecast.data.offsets import literal_zone, minutes_behind
from forecast.data.stamps import Stamps
from forecast.errors import DataError, SpecError
from forecast.types import Ints, Lines, Repair

__all__ = ["in_zone", "looks_like_clock_change"]


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
    layout, literal = literal_zone(stamps.format)
    if literal:
        minutes = _minutes(literal, stamps, tz, source)
        mark = "%Z" if literal.isalpha() and literal not in ("Z", "UTC", "GMT") else "%z"
        utc = stamps.values - np.timedelta64(minutes, "m")
        return replace(stamps, values=utc, zoned=True, format=layout + mark)
    return _instants(stamps, series, tz, source, lines)


def _check_zone(tz: str) -> None:
    from difflib import get_close_matches
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(tz)
    except Exception as error:  # ZoneInfo raises five kinds of error for a wrong name
        close = get_close_matches(tz, available_timezones(), n=1, cutoff=0.4)
        hint = f"did you mean --tz {close[0]}?" if close else "such as --tz Europe/Berlin"
        raise SpecError(f"--tz {tz!r} is no time zone", hint=hint) from error


def _minutes(name: str, stamps: Stamps, tz: str, source: str) -> int:
    """East of Greenwich; of a name that several places use, what it means in this zone."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    known = minutes_behind([name])
    if known is not None:
        return int(known[0])
    year = int(str(stamps.values[stamps.good][0])[:4])
    for month in (1, 7):
        here = datetime(year, month, 1, tzinfo=ZoneInfo(tz))
        offset = here.utcoffset()
        if here.tzname() == name and offset is not None:
            return int(offset.total_seconds()) // 60
    raise DataError(
        f"{source}: the time stamps end in {name}, which is no time of {tz}",
        hint="name the zone that they are of with --tz, such as America/Chicago or Asia/Shanghai",
    )


def _instants(stamps: Stamps, series: Ints, tz: str, source: str, lines: Lines) -> Stamps:
    """Clock times as instants: of an hour that occurs twice, the first row is summer time."""
    import pandas as pd

    wall = pd.DatetimeIndex(stamps.values)
    first, later = _twins(stamps.values, series)
    placed = wall.tz_localize(tz, ambiguous=~later, nonexistent="NaT")
    skipped = np.asarray(placed.isna()) & ~np.asarray(wall.isna())
    if skipped.any():
        row = int(np.argmax(skipped))
        raise DataError(
            f"{source} line {lines[row]}: {wall[row]} does not exist in {tz}, its clocks skip "
            "that hour",
            hint="the file keeps another time; leave --tz out, or give --tz UTC",
        )
    values = placed.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[us]")
    may_be_two = np.asarray(wall.tz_localize(tz, ambiguous="NaT", nonexistent="NaT").isna())
    lone = may_be_two & ~np.asarray(wall.isna()) & ~first & ~later
    repairs = stamps.repairs
    if lone.any():
        repair = Repair(
            "clock times that occur twice when clocks go back but stand once",
            int(lone.sum()),
            "taken as summer time",
            tuple(lines[lone][:5].tolist()),
            "--tz",
        )
        repairs = (*repairs, repair)
    return replace(stamps, values=values, zoned=True, repairs=repairs)


def _twins(values: Any, series: Ints) -> tuple[Any, Any]:
    """(R,) the first and (R,) the later rows of one clock time and series, in order of time."""
    number = values.astype("datetime64[us]").astype(np.int64)
    order = np.lexsort((np.arange(len(number)), number, series))
    first, later = np.zeros(len(number), dtype=bool), np.zeros(len(number), dtype=bool)
    same = (number[order][1:] == number[order][:-1]) & (series[order][1:] == series[order][:-1])
    later[order[1:][same]] = True
    first[order[:-1][same]] = True
    falling = np.diff(number)
    if len(falling) and (falling < 0).mean() > 0.5:  # newest first: the second row is the earlier
        return later, first
    return first, later


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
