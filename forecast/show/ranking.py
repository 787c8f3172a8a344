"""Which series of a panel were forecast well, and which were not."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from forecast.show.canvas import grid_of, head, house_style
from forecast.show.holdout import draw_actual, draw_windows
from forecast.show.lines import LSTM
from forecast.show.ticks import number_axis, time_axis
from forecast.show.wording import brief, shorten
from forecast.types import Floats, Forecast, Ints, Panel

__all__ = ["panel_figure"]

NAME_LETTERS = 26
RANKS = ("best", "median", "worst", "second best", "next to the median", "second worst")


def panel_figure(
    panel: Panel, forecast: Forecast, method: str, score: Floats, score_name: str
) -> Figure:
    """The best, median and worst series of a panel over the holdout, side by side.

    From six series on a second row shows the runners-up of each.

    Args:
        panel: N series, original units.
        forecast: (W, H, Q) original units, with `actual`.
        method: that made it, as in the table of scores.
        score: (N,) error of each series, lower is better; NaN where it has none.
        score_name: as in the table of scores.

    Example:
        >>> panel = Panel.single([3.0, 5.0, 4.0, 6.0], freq="MS", start="2024-01")
        >>> end, values = panel.time[None, 2:], np.array([[[5.0], [5.0]]])
        >>> made = Forecast(values, (0.5,), end, panel.ids, panel.time[1:2], None)
        >>> panel_figure(panel, made, "LSTM", np.array([0.8]), "MASE").get_suptitle()
        'Best, median and worst of 1 series'
    """
    order = np.argsort(score, kind="stable")[: int(np.isfinite(score).sum())]
    chosen = _chosen(order)
    with house_style():
        figure, grid = grid_of(max(len(chosen), 1))
        for (rank, place), axes in zip(chosen, grid, strict=False):
            name = str(panel.ids[place])
            draw_actual(axes, panel, forecast, name)
            draw_windows(axes, forecast, name, color=LSTM, label=method)
            axes.set_title(f"{rank}: {shorten(name, NAME_LETTERS)} · {brief(score[place])}")
        for axes in grid:
            number_axis(axes)
            time_axis(axes, panel.time, panel.tz)
        figure.supylabel(shorten(panel.columns[0], NAME_LETTERS))
        title = f"Best, median and worst of {len(order):,} series"
        head(
            figure,
            title,
            f"by {shorten(score_name, NAME_LETTERS)} over the holdout, lower is better",
        )
    return figure


def _chosen(order: Ints) -> list[tuple[str, int]]:
    """Up to six (rank, series), row by row, none of them twice.

    Example:
        >>> _chosen(np.array([4, 2, 9]))
        [('best', 4), ('median', 2), ('worst', 9)]
    """
    count = len(order)
    if count < 3:
        return [(rank, int(place)) for rank, place in zip(("best", "worst"), order, strict=False)]
    middle = (count - 1) // 2
    places = [0, middle, count - 1]
    if count >= 6:
        places += [1, middle + 1, count - 2]
    return [(rank, int(order[place])) for rank, place in zip(RANKS, places, strict=False)]
