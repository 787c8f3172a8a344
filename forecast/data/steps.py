"""Walking along time: from a stamp so many steps on, and how many steps between two stamps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.freq import Freq, parse_freq
from forecast.types import Ints, Panel, Times

__all__ = ["advance", "distance", "future_time", "to_local", "to_utc"]

_DAY = np.timedelta64(1, "D")
_DAY_US = 86_400_000_000
MANY = 1 << 20  # rows


def future_time(panel: Panel, horizon: int) -> Times:
    """(N, H) the next time stamps of every series.

    Example:
        >>> panel = Panel.single([1.0, 2.0], freq="ME", start="2024-01-31")
        >>> future_time(panel, 2).astype("datetime64[D]").tolist()
        [[datetime.date(2024, 3, 31), datetime.date(2024, 4, 30)]]
    """
    last = panel.time[panel.bounds[1:] - 1]
    ahead = np.arange(1, horizon + 1, dtype=np.int64)
    stamps: Times = advance(last[:, None], ahead[None, :], parse_freq(panel.freq), panel.tz)
    return stamps


def advance(start: Any, steps: Any, freq: Freq, tz: str | None = None) -> Any:
    """The stamps that lie `steps` after `start`; shapes broadcast.

    Days and longer are steps of the wall clock where `tz` is set, shorter ones of elapsed time.
    """
    if freq.unit == "step":
        return start + steps * freq.count
    if freq.unit == "us":
        return start + (steps * freq.count).astype("timedelta64[us]")
    local = to_local(start, tz)
    date = local.astype("datetime64[D]")
    clock = local - date
    if freq.unit == "day":
        moved = date + (steps * freq.count).astype("timedelta64[D]")
    elif freq.unit == "business":
        moved = np.busday_offset(date, steps * freq.count, roll="backward")
    else:
        months = (steps * freq.count).astype("timedelta64[M]")
        moved = _in_month(date, date.astype("datetime64[M]") + months, freq.edge)
    return to_utc(moved.astype("datetime64[us]") + clock, tz)


def _in_month(start: Any, month: Any, edge: str) -> Any:
    """The day of each month: its first or last (business) day, or the day of the start."""
    first = month.astype("datetime64[D]")
    last = (month + np.timedelta64(1, "M")).astype("datetime64[D]") - _DAY
    if edge == "E":
        return last
    if edge == "BE":
        return np.busday_offset(last, 0, roll="backward")
    if edge == "BS":
        return np.busday_offset(first, 0, roll="forward")
    day = start - start.astype("datetime64[M]").astype("datetime64[D]")
    return np.minimum(first + day, last)


def distance(
    start: Any, time: Any, freq: Freq, tz: str | None = None
) -> tuple[Ints, NDArray[np.bool_]]:
    """Whole steps from `start` to `time`, rounded down, and whether a stamp lies off the steps.

    Example:
        >>> days = np.array(["2024-01-01", "2024-01-03"], dtype="datetime64[us]")
        >>> [part.tolist() for part in distance(days[0], days, parse_freq("2D"))]
        [[0, 1], [False, False]]
    """
    if freq.unit == "step":
        steps, rest = np.divmod(time - start, freq.count)
        return steps, rest != 0
    if freq.unit == "us" or (freq.unit == "day" and tz is None):
        count = freq.count * (1 if freq.unit == "us" else _DAY_US)
        steps, rest = np.divmod((time - start).astype(np.int64), count)
        return steps, rest != 0
    if np.ndim(start) == np.ndim(time) == 1 and len(time) > MANY:
        return _of_distinct(start, time, freq, tz)
    local, first = to_local(time, tz), to_local(start, tz)
    date, date0 = local.astype("datetime64[D]"), first.astype("datetime64[D]")
    off_clock = (local - date) != (first - date0)
    if freq.unit == "day":
        steps, rest = np.divmod((date - date0).astype(np.int64), freq.count)
        return steps, (rest != 0) | off_clock
    if freq.unit == "business":
        steps = np.busday_count(np.busday_offset(date0, 0, roll="backward"), date + _DAY) - 1
        steps, rest = np.divmod(steps.astype(np.int64), freq.count)
        return steps, (rest != 0) | off_clock | ~np.is_busday(date)
    months = (date.astype("datetime64[M]") - date0.astype("datetime64[M]")).astype(np.int64)
    steps, rest = np.divmod(months, freq.count)
    expected = _in_month(date0, date.astype("datetime64[M]"), freq.edge)
    return steps, (rest != 0) | off_clock | (expected != date)


def _of_distinct(
    start: Any, time: Any, freq: Freq, tz: str | None
) -> tuple[Ints, NDArray[np.bool_]]:
    """The same, computed once for all rows of equal stamps: the calendar is slow, a look-up not."""
    import pandas as pd

    place0, starts = pd.factorize(start)
    place, times = pd.factorize(time)
    if len(starts) * len(times) > MANY:  # stamps that hardly repeat
        parts = [
            distance(start[k : k + MANY], time[k : k + MANY], freq, tz)
            for k in range(0, len(time), MANY)
        ]
        steps, off = (np.concatenate(part) for part in zip(*parts, strict=True))
        return steps, off
    steps, off = distance(np.repeat(starts, len(times)), np.tile(times, len(starts)), freq, tz)
    place = place0 * len(times) + place
    return steps[place], off[place]


def to_local(time: Any, tz: str | None) -> Any:
    """UTC instants as wall-clock time; any shape."""
    if tz is None or time.dtype.kind != "M":
        return time
    import pandas as pd

    index = pd.DatetimeIndex(np.ravel(time)).tz_localize("UTC").tz_convert(tz).tz_localize(None)
    return index.to_numpy("datetime64[us]").reshape(np.shape(time))


def to_utc(local: Any, tz: str | None) -> Any:
    """Wall-clock time as UTC instants; any shape.

    An hour that the clock skips is moved to its end; of an hour that occurs twice the first is
    meant.
    """
    if tz is None or local.dtype.kind != "M":
        return local
    import pandas as pd

    index = pd.DatetimeIndex(np.ravel(local)).tz_localize(
        tz, ambiguous=np.ones(np.size(local), dtype=bool), nonexistent="shift_forward"
    )
    instants = index.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[us]")
    return instants.reshape(np.shape(local))
