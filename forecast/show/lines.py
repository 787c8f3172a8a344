"""The marks that figures share: what happened, what was forecast, how sure it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from forecast.types import Floats, Forecast, Panel, Times

__all__ = ["ACTUAL", "BASELINE", "LSTM", "Past", "draw_fan", "draw_line", "past", "windows_of"]

ACTUAL = "#333333"
LSTM = "#0072B2"
BASELINE = "#D55E00"


@dataclass(frozen=True, slots=True)
class Past:
    """What happened to one series.

    Attributes:
        time: (n,) as in `Panel.time`.
        values: (n,) original units, NaN where nothing was observed.
    """

    time: Times
    values: Floats

    def since(self, start: int) -> Past:
        """The rows from `start` on; from the first where `start` is before it."""
        first = max(start, 0)
        return Past(self.time[first:], self.values[first:])


def past(panel: Panel, name: str) -> Past:
    """The series of that name, with no rows if the panel has none of it."""
    (places,) = np.nonzero(panel.ids == name)
    if not len(places):
        return Past(panel.time[:0], panel.values[:0, 0])
    first, last = panel.bounds[places[0]], panel.bounds[places[0] + 1]
    return Past(panel.time[first:last], panel.values[first:last, 0])


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


def draw_fan(axes: Axes, forecast: Forecast, window: int, origin: Past) -> None:
    """The intervals of one window as bands that open at `origin`, the last value (1,) or (0,)."""
    levels = np.array(forecast.levels)
    lows = np.argsort(levels)[: int(np.sum(levels < 0.5))]
    highs = np.argsort(levels)[::-1][: int(np.sum(levels > 0.5))]
    time = np.concatenate([origin.time, forecast.time[window]])
    # The widest pair of levels first, so that the narrower ones lie on it and look darker.
    for depth, (low, high) in enumerate(zip(lows, highs, strict=False)):
        axes.fill_between(
            time,
            np.concatenate([origin.values, forecast.values[window, :, low]]),
            np.concatenate([origin.values, forecast.values[window, :, high]]),
            color=LSTM,
            alpha=min(0.15 * (depth + 1), 0.45),
            linewidth=0,
            label=f"{round(100 * (levels[high] - levels[low]), 1):g}% interval",
        )
