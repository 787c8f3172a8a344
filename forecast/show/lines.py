"""The marks that figures share: what happened, what was forecast, how sure it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from forecast.types import Floats, Forecast, Panel, Times

__all__ = [
    "ACTUAL",
    "BASELINE",
    "LSTM",
    "Past",
    "draw_fan",
    "draw_line",
    "draw_past",
    "name_fan",
    "past",
    "windows_of",
]

ACTUAL = "#333333"
FILLED = "#777777"
LSTM = "#0072B2"
BASELINE = "#D55E00"
POINTS_APART = 4  # of a name from the end of its band


@dataclass(frozen=True, slots=True)
class Past:
    """What happened to one series.

    Attributes:
        time: (n,) as in `Panel.time`.
        values: (n,) original units, NaN where nothing was observed.
        filled: (n,) True where a value stands in for one that was missing.
    """

    time: Times
    values: Floats
    filled: NDArray[np.bool_]

    def rows(self, first: int, end: int) -> Past:
        """The rows first:end."""
        return Past(self.time[first:end], self.values[first:end], self.filled[first:end])

    def since(self, start: int) -> Past:
        """The rows from `start` on; from the first where `start` is before it."""
        return self.rows(max(start, 0), len(self.time))


def past(panel: Panel, name: str) -> Past:
    """The series of that name, with no rows if the panel has none of it."""
    (places,) = np.nonzero(panel.ids == name)
    first, last = (panel.bounds[places[0] + side] for side in (0, 1)) if len(places) else (0, 0)
    values = panel.values[first:last, 0]
    seen = np.isfinite(values) if panel.observed is None else panel.observed[first:last, 0]
    return Past(panel.time[first:last], values, np.isfinite(values) & ~seen)


def windows_of(forecast: Forecast, name: str) -> list[int]:
    """The windows of one series, in the order of the forecast."""
    return [int(window) for window in np.nonzero(forecast.ids == name)[0]]


def draw_line(axes: Axes, time: Times, values: Floats, *, color: str, label: str) -> None:
    """(n,) values as a line, and those without neighbours, which no line reaches, as dots."""
    shown = np.where(np.isfinite(values), values, np.nan)
    known = np.concatenate(([False], np.isfinite(shown), [False]))
    lonely = known[1:-1] & ~known[:-2] & ~known[2:]
    axes.plot(time, shown, color=color, label=label)
    if lonely.any():
        axes.plot(time[lonely], shown[lonely], color=color, marker="o", linestyle="none")


def draw_past(axes: Axes, history: Past, label: str) -> None:
    """What was measured as a line; what stands in for missing values dotted, and in grey."""
    measured = np.where(history.filled, np.nan, history.values)
    draw_line(axes, history.time, measured, color=ACTUAL, label=label)
    if not history.filled.any():
        return
    # A dotted stretch begins and ends at the measured values that it lies between.
    beside = history.filled.copy()
    beside[:-1] |= history.filled[1:]
    beside[1:] |= history.filled[:-1]
    stand_in = np.where(beside, history.values, np.nan)
    axes.plot(history.time, stand_in, color=FILLED, linestyle=":", linewidth=1.2, label="filled in")
    alone = np.where(history.filled, history.values, np.nan)
    axes.plot(history.time, alone, color=FILLED, linestyle="none", marker=".", markersize=4)


def draw_fan(axes: Axes, forecast: Forecast, window: int, origin: Past) -> None:
    """The intervals of one window as bands that open at `origin`, the last value (1,) or (0,)."""
    time = np.concatenate([origin.time, forecast.time[window]])
    # The widest pair of levels first, so that the narrower ones lie on it and look darker.
    for depth, (low, high) in enumerate(_pairs(forecast)):
        axes.fill_between(
            time,
            np.concatenate([origin.values, forecast.values[window, :, low]]),
            np.concatenate([origin.values, forecast.values[window, :, high]]),
            color=LSTM,
            alpha=min(0.15 * (depth + 1), 0.45),
            linewidth=0,
            label=f"{_width(forecast, low, high)} interval",
        )


def name_fan(axes: Axes, forecast: Forecast, window: int) -> None:
    """Write beside the two widest bands of a window what they are, in place of the legend.

    The name of the wider one stands above its edge, that of the narrower one under its own: they
    never meet, however close the edges are.
    """
    bands = [each for each in axes.collections if str(each.get_label()).endswith(" interval")]
    for band in bands:
        band.set_label("_")
    for (low, high), side in zip(_pairs(forecast), ("bottom", "top"), strict=False):
        axes.annotate(
            _width(forecast, low, high),
            (forecast.time[window, -1], forecast.values[window, -1, high]),
            xytext=(POINTS_APART, 0),
            textcoords="offset points",
            va=side,
            color=LSTM,
            annotation_clip=False,
        )


def _pairs(forecast: Forecast) -> list[tuple[int, int]]:
    """The places of the levels that bound each interval, the widest first."""
    levels = np.array(forecast.levels)
    lows = np.argsort(levels)[: int(np.sum(levels < 0.5))]
    highs = np.argsort(levels)[::-1][: int(np.sum(levels > 0.5))]
    return [(int(low), int(high)) for low, high in zip(lows, highs, strict=False)]


def _width(forecast: Forecast, low: int, high: int) -> str:
    """How many of a hundred values an interval should hold."""
    return f"{round(100 * (forecast.levels[high] - forecast.levels[low]), 1):g}%"
