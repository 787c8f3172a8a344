"""A backtest: the forecasts of every fold over what happened, skill by method, error by step."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from forecast.show.canvas import HEAD_INCHES, SINGLE_INCHES, grid_of, head, house_style
from forecast.show.holdout import draw_actual, draw_windows
from forecast.show.lines import BASELINE, LSTM, draw_fan, past, windows_of
from forecast.show.ticks import number_axis, step_axis, time_axis
from forecast.show.wording import brief, period, shorten, subject
from forecast.types import Floats, Forecast, Panel

__all__ = ["folds_figure", "skill_figure", "steps_figure"]

SHOWN_SERIES = 6
MANY_CUTOFFS = 15  # more lines would hide what lies between them
NAME_LETTERS = 26
CUTOFF = "#BBBBBB"
PAIR = (LSTM, BASELINE)
ROW_INCHES = 0.42
FOOT_INCHES = 0.7
OTHERS = ("#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999", "#000000")
DASHES = ("-", "--", "-", "--", "-.", ":", ":")
LEAST_SKILL = -1.5  # what lies below is drawn at the edge: one bad fold would flatten all others


def folds_figure(panel: Panel, said: Mapping[str, Forecast]) -> Figure:
    """What happened and what two methods said of it in every fold; of a panel the first series.

    Args:
        panel: the series, original units.
        said: one method or two, by name, the first drawn over the other; all windows of all folds.

    Example:
        >>> panel = Panel.single([3.0, 5.0, 4.0, 6.0], freq="MS", start="2024-01")
        >>> end, values = panel.time[None, 2:], np.array([[[5.0], [5.0]]])
        >>> made = Forecast(values, (0.5,), end, panel.ids, panel.time[1:2], np.array([[4.0, 6.0]]))
        >>> folds_figure(panel, {"LSTM": made}).get_suptitle()
        'Backtest of y'
    """
    main = next(iter(said.values()))
    names = [str(name) for name in dict.fromkeys(main.ids.tolist())]
    with house_style():
        figure, grid = grid_of(max(len(names[:SHOWN_SERIES]), 1))
        for name, axes in zip(names[:SHOWN_SERIES], grid, strict=False):
            cutoffs = main.cutoff[windows_of(main, name)]
            for cutoff in cutoffs if len(cutoffs) <= MANY_CUTOFFS else cutoffs[:0]:
                axes.axvline(cutoff, color=CUTOFF, linewidth=0.8, linestyle=":", label="cutoff")
            draw_actual(axes, panel, main, name)
            for (method, each), color in reversed(list(zip(said.items(), PAIR, strict=False))):
                draw_windows(axes, each, name, color=color, label=shorten(method, NAME_LETTERS))
            for window in windows_of(main, name):
                draw_fan(axes, main, window, past(panel, name).rows(0, 0))
            if len(names) > 1:
                axes.set_title(shorten(name, NAME_LETTERS))
        for axes in grid:
            number_axis(axes)
            time_axis(axes, panel.time, panel.tz)
        if len(names) > 1:
            figure.supylabel(shorten(panel.columns[0], NAME_LETTERS))
        else:
            grid[0].set_ylabel(shorten(panel.columns[0], NAME_LETTERS))
        head(figure, f"Backtest of {subject(panel)}", _when(panel, main, len(names)))
    return figure


def _when(panel: Panel, main: Forecast, count: int) -> str:
    """What is shown, and of how many series."""
    if not main.time.size:
        return ""
    when = f"{len(np.unique(main.cutoff)):,} cutoffs · {period(main.time.ravel(), panel.tz)}"
    if count > SHOWN_SERIES:
        return f"{when} · the first {SHOWN_SERIES} of {count:,} series"
    return f"{when} · {count} series" if count > 1 else when


def skill_figure(
    over_all: Mapping[str, float],
    by_fold: Mapping[str, Floats],
    reference: str,
    ours: Collection[str],
) -> Figure:
    """Skill of every method: a large mark over all folds, a small one for each.

    Args:
        over_all: method -> skill, in the order from top to bottom.
        by_fold: method -> (K,) skill in each fold, NaN where it is not defined.
        reference: the method whose skill is 0.
        ours: the methods in our colour.

    Example:
        >>> folds = {"LSTM": np.array([0.3, 0.5]), "naive": np.array([-0.2, 0.1])}
        >>> over_all = {"LSTM": 0.4, "naive": -0.1}
        >>> skill_figure(over_all, folds, "seasonal naive", {"LSTM"}).get_suptitle()
        'Skill of 2 methods over 2 folds'
    """
    count = max((len(each) for each in by_fold.values()), default=0)
    with house_style():
        size = (SINGLE_INCHES[0], HEAD_INCHES + FOOT_INCHES + ROW_INCHES * max(len(over_all), 2))
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.axvline(0, color=CUTOFF, linewidth=1.2)
        for place, (name, value) in enumerate(over_all.items()):
            color = LSTM if name in ours else BASELINE
            folds = np.maximum(by_fold[name], LEAST_SKILL)
            axes.plot(folds, np.full(len(folds), place), color=color, marker="o", linestyle="none",
                      alpha=0.35, label="one fold" if place == 0 else "_")  # fmt: skip
            axes.plot([max(value, LEAST_SKILL)], [place], color=color, marker="D", markersize=8,
                      linestyle="none", label="all folds" if place == 0 else "_")  # fmt: skip
        labels = [
            f"{shorten(name, NAME_LETTERS)} · {_signed(value)}" for name, value in over_all.items()
        ]
        axes.set_yticks(range(len(over_all)), labels)
        axes.set_ylim(max(len(over_all), 1) - 0.5, -0.5)
        axes.grid(visible=True, axis="x")
        axes.margins(x=0.05)
        axes.set_xlabel("skill")
        below = any((each < LEAST_SKILL).any() for each in by_fold.values())
        note = f"share of the error of the {reference} that is gone; higher is better"
        note += f"; below {_signed(LEAST_SKILL)} at the edge" if below else ""
        folds_told = f"{count} folds" if count != 1 else "1 fold"
        head(figure, f"Skill of {len(over_all)} methods over {folds_told}", note)
    return figure


def _signed(value: float) -> str:
    """With its sign, 0 without one.

    Example:
        >>> [_signed(value) for value in (0.456, -1.5, 0.0, float("nan"))]
        ['+0.46', '−1.50', '0', 'not defined']
    """
    if np.isnan(value):
        return "not defined"
    return f"{value:+.2f}".replace("-", "−") if value else "0"


def steps_figure(
    errors: Mapping[str, Floats], score_name: str, ours: Collection[str], first: int = 1
) -> Figure:
    """The error of every method at each step of the horizon.

    Args:
        errors: method -> (H,) in the order of the legend; eight methods at most.
        score_name: as in the table of scores.
        ours: the methods in our colour, above the others in the legend.
        first: number of the first step; more than 1 where a gap comes before it.

    Example:
        >>> steps_figure({"LSTM": np.array([0.2, 0.4])}, "MASE", {"LSTM"}).get_suptitle()
        'MASE by step of the horizon'
    """
    with house_style():
        figure, (axes,) = grid_of(1)
        for name, (color, dash) in _looks(errors, ours).items():
            values = errors[name]
            steps = np.arange(first, first + len(values))
            marker = "o" if len(values) < 3 else ""
            axes.plot(steps, values, color=color, linestyle=dash, label=name, marker=marker)
        axes.set_ylim(bottom=0)
        _whole_steps(axes, first, max((len(each) for each in errors.values()), default=1))
        number_axis(axes)
        axes.set_ylabel(score_name)
        axes.set_xlabel("steps after the cutoff")
        leader = next(iter(errors), "")
        mean = (
            float(np.nanmean(errors[leader])) if errors and np.isfinite(errors[leader]).any() else 0
        )
        note = f"lower is better; the mean of {leader} is {brief(mean)}" if mean else ""
        head(figure, f"{score_name} by step of the horizon", note)
    return figure


def _looks(errors: Mapping[str, Floats], ours: Collection[str]) -> dict[str, tuple[str, str]]:
    """A colour and a dash for each method: ours first, in our colour, the others as they come.

    Example:
        >>> _looks({"ETS": np.zeros(1), "LSTM": np.zeros(1)}, ["LSTM"])
        {'LSTM': ('#0072B2', '-'), 'ETS': ('#D55E00', '-')}
    """
    own = [name for name in ours if name in errors]
    looks = dict(zip(own, ((LSTM, "-"), (LSTM, "--")), strict=False))
    for place, name in enumerate(name for name in errors if name not in ours):
        looks[name] = (OTHERS[place % len(OTHERS)], DASHES[place % len(DASHES)])
    return looks


def _whole_steps(axes: Axes, first: int, count: int) -> None:
    """No fractions of a step, and some room beside a single one."""
    step_axis(axes)
    if count == 1:
        axes.set_xlim(first - 1, first + 1)
        axes.set_xticks([first])
