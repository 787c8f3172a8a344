"""Names and spans of time as text that fits a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np

from forecast.types import Panel, Times

__all__ = ["brief", "column", "four", "period", "shorten", "subject"]

TITLE_LETTERS = 28
UNITS = ("M", "D", "m", "s", "us")


def shorten(text: str, letters: int) -> str:
    """One line of at most `letters` letters, the middle left out: both ends tell ids apart.

    Example:
        >>> shorten("warehouse-north/shelf-17/item-000123", 20)
        'warehouse-…em-000123'
    """
    line = " ".join(text.split())
    if len(line) <= letters:
        return line
    tail = (letters - 1) // 2
    return f"{line[: letters - 1 - tail]}…{line[-tail:]}"


def subject(panel: Panel) -> str:
    """What the figure is about: the target, and the series' name where there is but one."""
    target = shorten(panel.columns[0], TITLE_LETTERS)
    name = shorten(str(panel.ids[0]), TITLE_LETTERS) if len(panel) == 1 else ""
    return f"{target} of {name}" if name else target


def brief(value: float) -> str:
    """A number with three digits that matter.

    Example:
        >>> [brief(value) for value in (0.3, 14.86, 50123.0, 0.0)]
        ['0.300', '14.9', '50,123', '0']
    """
    if not 1e-4 <= abs(value) < 1e9:
        return f"{value:.3g}"
    decimals = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    return f"{value:,.{decimals}f}"


def four(value: float) -> str:
    """Four digits that matter, as the command's own table has them; a dash for nothing.

    Example:
        >>> [four(value) for value in (0.30551, 14.066, 50123.4, float("nan"))]
        ['0.3055', '14.07', '50,123', '–']
    """
    if not np.isfinite(value):
        return "–"
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def column(values: Sequence[float]) -> list[str]:
    """Numbers of one column with equal decimals, four digits that matter of the middle one.

    Example:
        >>> column([11.641, 76.0, 0.5, float("nan")])
        ['11.64', '76.00', '0.50', '–']
    """
    known = [abs(value) for value in values if np.isfinite(value) and value]
    usual = float(np.median(known)) if known else 1.0
    if not 1e-4 <= usual < 1e12:
        return [four(value) for value in values]
    decimals = max(0, 3 - int(np.floor(np.log10(usual))))
    return [f"{value:,.{decimals}f}" if np.isfinite(value) else "–" for value in values]


def period(time: Times, tz: str | None = None) -> str:
    """The first and last of (n,) times, no finer than they need.

    Example:
        >>> period(np.array(["1961-01", "1961-12"], dtype="datetime64[us]"))
        '1961-01 to 1961-12'
        >>> period(np.array([7, 8, 9]))
        '7 to 9'
    """
    if not len(time):
        return "nothing"
    ends = _wall_clock(np.array([time.min(), time.max()]), tz)
    if ends.dtype.kind == "M":
        # The whole span decides: a week from the first to the first is still told in days.
        unit = next(unit for unit in UNITS if _fits(_wall_clock(time, tz), unit))
        first, last = (str(end.astype(f"datetime64[{unit}]")) for end in ends)
    else:
        first, last = (f"{end}" for end in ends.tolist())
    words = first if first == last else f"{first} to {last}"
    return words.replace("T", " ")


def _fits(time: Times, unit: str) -> bool:
    return bool(np.all(time == time.astype(f"datetime64[{unit}]")))


def _wall_clock(time: Times, tz: str | None) -> Times:
    """UTC instants as a clock on the wall of `tz` shows them."""
    if tz is None or time.dtype.kind != "M":
        return time
    zone = ZoneInfo(tz)
    stamps = [t.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) for t in time.tolist()]
    return np.array(stamps, dtype="datetime64[us]")
