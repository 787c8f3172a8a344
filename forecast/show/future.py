"""History and the forecast that continues it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from forecast.show.canvas import grid_of, head, house_style
from forecast.show.lines import LSTM, Past, draw_fan, draw_line, draw_past, name_fan, past
from forecast.show.ticks import number_axis, time_axis
from forecast.show.wording import period, shorten, subject
from forecast.types import Forecast, Panel

__all__ = ["draw_forecast", "forecast_figure"]

SHOWN_SERIES = 6
# History before the forecast: seven years of months at 12 ahead, one week of hours at 24.
HORIZONS_BEFORE = 7
ROWS_BEFORE = 48
NAME_LETTERS = 36


def forecast_figure(panel: Panel, forecast: Forecast) -> Figure:
    """The end of the history and the forecast after it; of a panel the first six series.

    Args:
        panel: R rows, original units.
        forecast: (W, H, Q) original units, of a panel one window per series.

    Example:
        >>> panel = Panel.single([3.0, 5.0, 4.0], freq="MS", start="2024-01")
        >>> ahead = np.array([["2024-04", "2024-05"]], dtype="datetime64[us]")
        >>> values = np.array([[[5.0], [6.0]]])
        >>> forecast = Forecast(values, (0.5,), ahead, panel.ids, panel.time[-1:])
        >>> forecast_figure(panel, forecast).get_suptitle()
        'Forecast of y'
    """
    count = len(forecast.ids)
    with house_style():
        figure, grid = grid_of(max(min(count, SHOWN_SERIES), 1))
        for window, axes in enumerate(grid[:count]):
            draw_forecast(axes, panel, forecast, window)
            if count == 1:
                name_fan(axes, forecast, window)
            else:
                axes.set_title(shorten(str(forecast.ids[window]), NAME_LETTERS))
        for axes in grid:
            number_axis(axes)
            time_axis(axes, panel.time, panel.tz)
        label = shorten(panel.columns[0], NAME_LETTERS)
        if count > 1:
            figure.supylabel(label)
        else:
            grid[0].set_ylabel(label)
        title = f"Forecast of {subject(panel)}" if count else f"No forecast of {subject(panel)}"
        head(figure, title, _note(panel, forecast))
    return figure


def _note(panel: Panel, forecast: Forecast) -> str:
    """The time ahead, and how many of the series are shown."""
    count = len(forecast.ids)
    if count == 0:
        return ""
    ahead = period(forecast.time[0], panel.tz)
    if count > SHOWN_SERIES:
        return f"{ahead} · the first {SHOWN_SERIES} of {count:,} series"
    return ahead if count == 1 else f"{ahead} · {count} series"


def draw_forecast(axes: Axes, panel: Panel, forecast: Forecast, window: int) -> None:
    """One series and what is to come of it."""
    horizon = forecast.values.shape[1]
    before = max(HORIZONS_BEFORE * horizon, ROWS_BEFORE)
    whole = past(panel, str(forecast.ids[window]))
    history = whole.since(len(whole.time) - before)
    draw_past(axes, history, "history")
    origin = _origin(history)
    draw_fan(axes, forecast, window, origin)
    draw_line(
        axes,
        np.concatenate([origin.time, forecast.time[window]]),
        np.concatenate([origin.values, forecast.point[window]]),
        color=LSTM,
        label="forecast",
    )


def _origin(history: Past) -> Past:
    """The last row, where the forecast takes off; nothing where it is missing."""
    end = history.since(len(history.time) - 1)
    return end if np.isfinite(end.values).all() else end.rows(0, 0)
