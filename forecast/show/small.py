"""The house's pictures in the size of a page: one series each, beside what the page says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forecast.show.future import draw_forecast
from forecast.show.holdout import draw_holdout, draw_windows, name_last_fan
from forecast.show.lines import BASELINE, LSTM, draw_past, name_fan, past
from forecast.show.loss import draw_losses, kept_note
from forecast.show.page import Picture
from forecast.show.ticks import number_axis, step_axis, time_axis
from forecast.show.vector import drawing, small_style, upright
from forecast.show.wording import brief, period, shorten
from forecast.types import Floats, Forecast, History, Panel, Times

__all__ = [
    "folds_picture",
    "forecast_picture",
    "history_picture",
    "holdout_picture",
    "loss_picture",
]

NAME_LETTERS = 60
RIVAL_LETTERS = 24
FAINT = "#777777"


def forecast_picture(panel: Panel, forecast: Forecast, window: int) -> Picture:
    """The end of one series, and what is to come of it with how sure that is."""
    name = str(forecast.ids[window])
    with small_style():
        figure, (axes,) = upright()
        draw_forecast(axes, panel, forecast, window)
        name_fan(axes, forecast, window)
        number_axis(axes)
        time_axis(axes, panel.time, panel.tz)
        point = forecast.point[window]
        alt = (
            f"History and forecast of {_named(panel, name)}, "
            f"{period(forecast.time[window], panel.tz)}: from {brief(point[0])} at the first step "
            f"to {brief(point[-1])} at the last."
        )
        return drawing(figure, f"forecast {window}", alt, _caption(panel, name))


def holdout_picture(
    panel: Panel, model: Forecast, rival: Forecast, names: tuple[str, str], series: str
) -> Picture:
    """What happened in the test of one series, and what the model and its best rival had said.

    Args:
        panel: the series.
        model: (W, H, Q) with actuals.
        rival: (W, H, Q').
        names: of the model and of the rival.
        series: which to show.
    """
    with small_style():
        figure, (axes,) = upright()
        draw_holdout(axes, panel, model, series)
        name_last_fan(axes, model, series)
        own, other = (shorten(name, RIVAL_LETTERS) for name in names)
        if other != own:
            draw_windows(axes, rival, series, color=BASELINE, label=other)
        draw_windows(axes, model, series, color=LSTM, label=own)
        number_axis(axes)
        time_axis(axes, panel.time, panel.tz)
        shown = model.time[model.ids == series]
        alt = (
            f"Test of {_named(panel, series)}, {period(shown.ravel(), panel.tz)}: what happened "
            f"and what {' and '.join(dict.fromkeys(names))} had said."
        )
        return drawing(figure, f"holdout {series}", alt, _caption(panel, series))


def history_picture(panel: Panel, index: int) -> Picture:
    """The whole of one series, what was filled in drawn apart."""
    name = str(panel.ids[index])
    with small_style():
        figure, (axes,) = upright()
        whole = past(panel, name)
        draw_past(axes, whole, "measured")
        number_axis(axes)
        time_axis(axes, panel.time, panel.tz)
        known = whole.values[np.isfinite(whole.values)]
        alt = f"The whole history of {_named(panel, name)}, {period(whole.time, panel.tz)}"
        if known.size:
            alt += f", between {brief(known.min())} and {brief(known.max())}"
        return drawing(figure, f"history {index}", f"{alt}.", _caption(panel, name))


def loss_picture(histories: Sequence[History]) -> Picture:
    """How the training went."""
    with small_style():
        figure, (losses, norms) = upright((1.4, 1.0))
        draw_losses(losses, norms, histories)
        losses.set_ylabel("")
        losses.tick_params(labelbottom=False)
        norms.set_ylabel("")
        norms.set_title("norm of the gradient")
        caption = "Loss on training and validation windows over gradient steps"
        note = kept_note(histories)
        caption += f"; {note}." if note else "."
        return drawing(figure, "loss", caption, caption)


def folds_picture(scores: Mapping[str, Floats], cutoffs: Times, score_name: str) -> Picture:
    """The error of each method in each fold of a backtest.

    Args:
        scores: method -> (F,), the model first, then its best rival, then the others.
        cutoffs: (F,) where each fold begins.
        score_name: what the errors are.
    """
    (model, own), *others = scores.items()
    with small_style():
        figure, (axes,) = upright()
        axes.plot(cutoffs, own, color=LSTM, marker="o", markersize=4, zorder=3, label=model)
        for place, (name, values) in enumerate(others):
            color, width = (FAINT, 0.8) if place else (BASELINE, 1.5)
            label = "the others" if place == 1 else "_" if place else shorten(name, RIVAL_LETTERS)
            axes.plot(cutoffs, values, ".-", color=color, linewidth=width, label=label)
        number_axis(axes)
        if cutoffs.dtype.kind == "M":
            time_axis(axes, cutoffs, None)
        else:
            step_axis(axes)
        axes.set_ylim(bottom=0)
        best = int(np.all([own < values for _, values in others], axis=0).sum()) if others else 0
        caption = f"{score_name} of each fold by where it began, lower is better"
        caption += f"; {model} was the best in {best} of {len(own)}." if others else "."
        return drawing(figure, "folds", caption, caption)


def _named(panel: Panel, name: str) -> str:
    """The target, of the series where there are several."""
    target = shorten(panel.columns[0], NAME_LETTERS)
    return f"{target} of {shorten(name, NAME_LETTERS)}" if name else target


def _caption(panel: Panel, name: str) -> str:
    """The name of the series, where there are several."""
    return shorten(name, NAME_LETTERS) or ("(no name)" if len(panel) > 1 else "")
