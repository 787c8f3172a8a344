"""Axes that a person reads at a glance: dates, and numbers without powers of ten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num, num2date
from matplotlib.ticker import Formatter, LogLocator, MaxNLocator, NullFormatter

from forecast.types import Floats, Times

__all__ = ["Numbers", "log_axis", "number_axis", "step_axis", "time_axis"]

UNITS = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1.0, ""))
MOST_DECIMALS = 6
# The ratio of highest to lowest up to which a logarithmic axis has room for 1, 2 and 5.
MOST_FIVES = 300
# Beyond these only powers of ten are short enough.
SMALLEST, LARGEST = 1e-4, 1e15

# How years, months, days, hours, minutes and seconds are written, and the first in each of the
# next longer: a day always with its month, so that no tick needs another to be understood.
TICKS = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%H:%M:%S"]
ROUND_TICKS = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]
# A margin may reach beyond the years that Python's dates know, 1 and 9999; shown are these days.
DAYS = date2num(np.array(["0001-01-01", "9999-12-31"], dtype="datetime64[us]"))  # type: ignore[no-untyped-call]
# A longer axis has a January among its ticks, and with it a year.
DAYS_WITHOUT_JANUARY = 550
# A shorter one may have hours only.
DAYS_OF_HOURS = 3


class Numbers(Formatter):
    """Tick labels such as 1,250 and 3.5M, as many decimals as the ticks need.

    Example:
        >>> Numbers().format_ticks([0.0, 2_500_000.0, 5_000_000.0])
        ['0', '2.5M', '5.0M']
    """

    def __call__(self, value: float, pos: int | None = None) -> str:
        """The label of one tick alone."""
        return self.format_ticks([value])[0]

    def format_ticks(self, values: Iterable[float]) -> list[str]:
        """The labels of all ticks of an axis, alike in unit and decimals."""
        ticks = np.asarray(list(values), dtype=np.float64)
        largest = np.abs(ticks).max(initial=0.0)
        if largest >= LARGEST or largest < SMALLEST:
            labels = [f"{tick:g}" for tick in ticks]
        else:
            scale, unit = next(pair for pair in UNITS if largest >= pair[0] or pair[1] == "")
            form = f",.{_decimals(ticks / scale)}f"
            labels = [f"{tick / scale:{form}}{unit}" if tick else "0" for tick in ticks]
        return [label.replace("-", "−") for label in labels]


def _decimals(ticks: Floats) -> int:
    """How many decimals tell these numbers apart."""
    gaps = np.diff(np.unique(ticks))
    close = 1e-2 * (gaps.min() if gaps.size else 1.0)
    for decimals in range(MOST_DECIMALS):
        if np.all(np.abs(np.round(ticks, decimals) - ticks) <= close):
            return decimals
    return MOST_DECIMALS


def number_axis(axes: Axes) -> None:
    """Readable numbers on the y axis."""
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(Numbers())


def log_axis(axes: Axes) -> None:
    """A logarithmic y axis, numbered at 1, 2 and 5, or at powers of ten alone if those are many.

    Within a factor of ten a few round numbers stand instead, which do not crowd each other.
    """
    axes.set_yscale("log")
    low, high = axes.dataLim.intervaly
    subs = (1.0, 2.0, 5.0) if high < MOST_FIVES * low else (1.0,)
    few = MaxNLocator(nbins=4, steps=[1, 2, 5, 10])
    axes.yaxis.set_major_locator(few if high < 10 * low else LogLocator(subs=subs))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())


def step_axis(axes: Axes) -> None:
    """Whole numbers on the x axis."""
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10], integer=True))
    axes.xaxis.set_major_formatter(Numbers())


def time_axis(axes: Axes, time: Times, tz: str | None) -> None:
    """Dates on the x axis, in the clock of `tz`, or whole numbers where time is numbered.

    To be called when everything is drawn: under a short axis it names the year, or the day.
    """
    if time.dtype.kind != "M":
        step_axis(axes)
        return
    zone = ZoneInfo(tz) if tz else UTC
    locator = AutoDateLocator(tz=zone, minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
    formatter = ConciseDateFormatter(  # type: ignore[no-untyped-call]
        locator, tz=zone, formats=TICKS, zero_formats=ROUND_TICKS, show_offset=False
    )
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(formatter)
    axes.set_xlim(np.clip(axes.get_xlim(), *DAYS))
    days = axes.dataLim.intervalx
    if np.isfinite(days).all() and np.ptp(days) < DAYS_WITHOUT_JANUARY:
        # Hours stand on the ticks alone, days and months lack only the year.
        form = "%Y-%m-%d" if np.ptp(days) < DAYS_OF_HOURS else "%Y"
        ends = [num2date(day, tz=zone) for day in days]  # type: ignore[no-untyped-call]
        axes.set_xlabel(" to ".join(dict.fromkeys(f"{end:{form}}" for end in ends)), loc="right")
