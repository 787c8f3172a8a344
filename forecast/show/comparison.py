"""Runs side by side: how far off each was, and how far off a simple method would have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from forecast.show.canvas import HEAD_INCHES, SINGLE_INCHES, head, house_style
from forecast.show.lines import BASELINE, LSTM
from forecast.show.wording import brief, shorten

__all__ = ["Bar", "comparison_figure"]

NAME_LETTERS = 34
BAR_INCHES = 0.42
FOOT_INCHES = 0.7
THICKNESS = 0.6


@dataclass(frozen=True, slots=True)
class Bar:
    """One run.

    Attributes:
        name: of the run.
        score: of what it ships, lower is better; None without a holdout.
        simple: of the best simple method on the same rows; None without one.
        method: what that method is called.
    """

    name: str
    score: float | None
    simple: float | None = None
    method: str = ""


def comparison_figure(bars: Sequence[Bar], score_name: str, warning: str = "") -> Figure:
    """A bar for each run, the first on top, and a mark for its best simple method.

    Args:
        bars: the runs.
        score_name: what is compared.
        warning: why the bars cannot be compared, "" where they can.

    Example:
        >>> figure = comparison_figure([Bar("a", 0.4, 0.9, "naive"), Bar("b", None)], "MASE")
        >>> figure.get_suptitle()
        'MASE of 2 runs on their holdouts'
    """
    with house_style():
        size = (SINGLE_INCHES[0], HEAD_INCHES + FOOT_INCHES + BAR_INCHES * max(len(bars), 2))
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        for place, bar in enumerate(bars):
            if bar.score is not None:
                label = "what the run ships" if place == 0 else "_"
                axes.barh(place, bar.score, height=THICKNESS, color=LSTM, label=label)
            if bar.simple is not None:
                ends = (place - THICKNESS / 2, place + THICKNESS / 2)
                label = "best simple method" if place == 0 else "_"
                axes.plot((bar.simple, bar.simple), ends, color=BASELINE, linewidth=3, label=label)
        axes.set_yticks(range(len(bars)), [_named(bar) for bar in bars])
        axes.set_ylim(len(bars) - 0.5, -0.5)
        known = [value for bar in bars for value in (bar.score, bar.simple) if value is not None]
        axes.set_xlim(0, 1.05 * max(known, default=1.0) or 1.0)
        axes.set_xlabel(score_name)
        note = warning or "lower is better"
        head(figure, f"{score_name} of {len(bars)} runs on their holdouts", note)
    return figure


def _named(bar: Bar) -> str:
    """The name and the score, which a bar alone shows only roughly."""
    score = "no holdout" if bar.score is None else brief(bar.score)
    return f"{shorten(bar.name, NAME_LETTERS)} · {score}"
