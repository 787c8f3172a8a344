"""The data as they were understood, before anything is learned from them."""

from __future__ import annotations

from matplotlib.figure import Figure

from forecast.show.canvas import grid_of, head, house_style
from forecast.show.lines import draw_past, past
from forecast.show.ticks import number_axis, time_axis
from forecast.show.wording import shorten, subject
from forecast.types import Panel

__all__ = ["history_figure"]

SHOWN_SERIES = 6
NAME_LETTERS = 36


def history_figure(panel: Panel) -> Figure:
    """The whole of each series, filled values marked; of a panel the first six series.

    Example:
        >>> panel = Panel.single([3.0, 5.0, 4.0], freq="MS", start="2024-01")
        >>> history_figure(panel).get_suptitle()
        'History of y'
    """
    count = min(len(panel), SHOWN_SERIES)
    with house_style():
        figure, grid = grid_of(max(count, 1))
        for index, axes in enumerate(grid[:count]):
            draw_past(axes, past(panel, str(panel.ids[index])), "history")
            if len(panel) > 1:
                axes.set_title(shorten(str(panel.ids[index]), NAME_LETTERS))
            number_axis(axes)
            time_axis(axes, panel.time, panel.tz)
        note = f"the first {count} of {len(panel):,} series" if len(panel) > count else ""
        head(figure, f"History of {subject(panel)}", note)
    return figure
