"""The test on rows never trained on: what happened, our forecast, the best simple method."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from forecast.show.canvas import grid_of, head, house_style
from forecast.show.lines import (
    BASELINE,
    LSTM,
    Past,
    draw_fan,
    draw_line,
    draw_past,
    name_fan,
    past,
    windows_of,
)
from forecast.show.ticks import number_axis, time_axis
from forecast.show.wording import brief, period, shorten, subject
from forecast.types import Forecast, Panel

__all__ = ["draw_actual", "draw_holdout", "draw_windows", "holdout_figure", "name_last_fan"]

SHOWN_SERIES = 6
HORIZONS_BEFORE = 3
ROWS_BEFORE = 24
NAME_LETTERS = 36


def holdout_figure(panel: Panel, said: Mapping[str, Forecast]) -> Figure:
    """What happened and what two methods said of it; of a panel the first series.

    Args:
        panel: R rows, original units, with or without the rows of the holdout.
        said: two methods, named as in the table of scores: what is shipped, (W, H, Q) in original
            units, with `actual`, and its rival, (W', H, Q); one line per window.

    Example:
        >>> panel = Panel.single([3.0, 5.0, 4.0, 6.0], freq="MS", start="2024-01")
        >>> end, values = panel.time[None, 2:], np.array([[[5.0], [5.0]]])
        >>> actual = np.array([[4.0, 6.0]])
        >>> made = Forecast(values, (0.5,), end, panel.ids, panel.time[1:2], actual)
        >>> holdout_figure(panel, {"LSTM": made, "naive": made}).get_suptitle()
        'Holdout of y'
    """
    said = {shorten(method, NAME_LETTERS): each for method, each in said.items()}
    (main_name, main), (rival_name, rival) = said.items()
    names = [str(name) for name in dict.fromkeys(main.ids.tolist())]
    shown = names[:SHOWN_SERIES] or [str(name) for name in panel.ids[:1]]
    with house_style():
        figure, grid = grid_of(max(len(shown), 1))
        for name, axes in zip(shown, grid, strict=False):
            draw_holdout(axes, panel, main, name)
            draw_windows(axes, rival, name, color=BASELINE, label=rival_name)
            draw_windows(axes, main, name, color=LSTM, label=main_name)
            number_axis(axes)
            time_axis(axes, panel.time, panel.tz)
            if len(shown) > 1:
                axes.set_title(shorten(name, NAME_LETTERS))
            else:
                name_last_fan(axes, main, name)
        label = shorten(panel.columns[0], NAME_LETTERS)
        if len(shown) > 1:
            figure.supylabel(label)
        else:
            grid[0].set_ylabel(label)
        title = f"Holdout of {subject(panel)}" if names else f"No holdout of {subject(panel)}"
        head(figure, title, _note(panel, said, len(names)))
    return figure


def _note(panel: Panel, said: Mapping[str, Forecast], count: int) -> str:
    """When; of one series the finding too, which for a panel its table tells better."""
    main = next(iter(said.values()))
    if not main.time.size:
        return ""
    when = period(main.time.ravel(), panel.tz)
    if count > SHOWN_SERIES:
        return f"{when} · the first {SHOWN_SERIES} of {count:,} series"
    if count > 1:
        return f"{when} · {count} series"
    errors = {method: _mean_error(each) for method, each in said.items()}
    if not np.isfinite(list(errors.values())).all():
        return when
    told = ", ".join(f"{method} {brief(error)}" for method, error in errors.items())
    return f"{when} · mean absolute error: {told}"


def _mean_error(forecast: Forecast) -> float:
    """The mean absolute error in original units over every step whose value is known, or NaN."""
    if forecast.actual is None:
        return float("nan")
    known = np.isfinite(forecast.point) & np.isfinite(forecast.actual)
    errors = np.abs(forecast.point[known] - forecast.actual[known])
    return float(errors.mean()) if errors.size else float("nan")


def draw_holdout(axes: Axes, panel: Panel, forecast: Forecast, name: str) -> None:
    """What happened to one series, on the intervals that were to hold it."""
    nothing = past(panel, name).rows(0, 0)
    for window in windows_of(forecast, name):
        draw_fan(axes, forecast, window, nothing)
    draw_actual(axes, panel, forecast, name)


def name_last_fan(axes: Axes, forecast: Forecast, name: str) -> None:
    """Write beside the intervals that end last what they are, in place of the legend."""
    if windows := windows_of(forecast, name):
        name_fan(axes, forecast, max(windows, key=lambda window: forecast.time[window, -1]))


def draw_actual(axes: Axes, panel: Panel, forecast: Forecast, name: str) -> None:
    """What happened in the holdout of one series and some horizons before it."""
    happened = _with_actual(past(panel, name), forecast, name)
    windows = windows_of(forecast, name)
    before = max(HORIZONS_BEFORE * forecast.values.shape[1], ROWS_BEFORE)
    start = len(happened.time) - before
    if windows and forecast.time.shape[1]:
        first, last = forecast.time[windows].min(), forecast.time[windows].max()
        start = int(np.searchsorted(happened.time, first)) - before
        end = int(np.searchsorted(happened.time, last, side="right"))
        happened = happened.rows(0, end)
    draw_past(axes, happened.since(start), "actual")


def draw_windows(axes: Axes, forecast: Forecast, name: str, *, color: str, label: str) -> None:
    """One line for each window of the series."""
    for window in windows_of(forecast, name):
        draw_line(axes, forecast.time[window], forecast.point[window], color=color, label=label)


def _with_actual(history: Past, forecast: Forecast, name: str) -> Past:
    """The history, and the actual values of steps that it does not reach."""
    windows = windows_of(forecast, name)
    if forecast.actual is None or not windows:
        return history
    time = np.concatenate([history.time, forecast.time[windows].ravel()])
    actual = forecast.actual[windows].ravel()
    values = np.concatenate([history.values, actual])
    filled = np.concatenate([history.filled, np.zeros(len(actual), dtype=bool)])
    # The first of equal times is kept: the panel's own row where there is one.
    steps, places = np.unique(time, return_index=True)
    return Past(steps, values[places], filled[places])
