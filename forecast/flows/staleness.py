"""Whether the rows are new enough to forecast from."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from forecast import data
from forecast.errors import SpecError, StaleError
from forecast.types import Loaded

__all__ = ["refuse_stale", "spelt"]

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def refuse_stale(loaded: Loaded, seconds: float | None, now: datetime | None = None) -> None:
    """See that the newest row of all series is not older than so many seconds.

    Args:
        loaded: the rows. Times of a time zone are compared with the clock of the world, others
            with the clock on the wall here.
        seconds: None for rows of any age.
        now: an instant; the present if left out.

    Raises:
        StaleError: it is older.
        SpecError: the rows have no time stamps to tell.
    """
    if seconds is None:
        return
    panel = loaded.panel
    if not np.issubdtype(panel.time.dtype, np.datetime64):
        raise SpecError(
            "--max-staleness takes time stamps, these rows are numbered",
            hint="name the column of the time stamps with --time, or leave --max-staleness out",
        )
    instant = now or datetime.now(UTC)
    local = instant.astimezone(UTC if panel.tz else None).replace(tzinfo=None)
    newest = panel.time.max()
    age = float((np.datetime64(local, "us") - newest) / np.timedelta64(1, "s"))
    if age > seconds:
        stamp = data.render_time(panel.time[[panel.time.argmax()]], loaded.schema)[0]
        raise StaleError(
            f"the newest row, {stamp}, is {spelt(age)} old, more than {spelt(seconds)}",
            hint="bring newer rows, or allow older ones with --max-staleness",
        )


def spelt(seconds: float) -> str:
    """A length of time in its two largest units.

    Example:
        >>> [spelt(each) for each in (86_400 * 2, 90_061, 59.6, 7_260)]
        ['2 d', '1 d 1 h', '59 s', '2 h 1 min']
    """
    left, parts = int(seconds), []
    for name, size in UNITS:
        count, left = divmod(left, size)
        parts.append(f"{count:,} {name}" if count else "")
    first = next((place for place, part in enumerate(parts) if part), len(parts) - 1)
    return " ".join(part for part in parts[first : first + 2] if part) or "0 s"
