"""The figures of a backtest: what is drawn is what was said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from forecast.show import folds_figure, save, skill_figure, steps_figure
from forecast.types import Floats
from tests.show.made import FAN, held_out, nothing, panel_of


def words(figure: Figure) -> str:
    """All that is written beside the axes."""
    return " ".join(text.get_text() for text in figure.texts)


def xdata(line: Line2D) -> Floats:
    return np.asarray(line.get_xdata(), dtype=np.float64)


def ydata(line: Line2D) -> Floats:
    return np.asarray(line.get_ydata(), dtype=np.float64)


def test_every_fold_is_drawn_with_its_cutoff_and_both_methods() -> None:
    panel = panel_of()
    lstm, other = held_out(panel, windows=4), held_out(panel, windows=4, error=9.0)
    figure = folds_figure(panel, {"LSTM": lstm, "naive": other})
    (axes,) = figure.axes
    labels = [line.get_label() for line in axes.lines]
    assert (labels.count("LSTM"), labels.count("naive"), labels.count("cutoff")) == (4, 4, 4)
    first = next(line for line in axes.lines if line.get_label() == "LSTM")
    np.testing.assert_allclose(ydata(first), lstm.point[0])
    assert figure.get_suptitle() == "Backtest of units"


def test_of_many_cutoffs_no_lines_are_drawn_and_of_many_series_the_first_six() -> None:
    panel = panel_of(8)
    lstm = held_out(panel, horizon=1, windows=20)
    figure = folds_figure(panel, {"LSTM": lstm})
    assert len(figure.axes) == 6
    assert not [line for line in figure.axes[0].lines if line.get_label() == "cutoff"]
    assert "the first 6 of 8 series" in words(figure)


def test_intervals_are_drawn_where_there_are_any() -> None:
    from dataclasses import replace

    panel = panel_of()
    point = held_out(panel, windows=2)
    spread = 10 * (np.array(FAN) - 0.5)
    fan = replace(point, values=point.values + spread, levels=FAN)
    (axes,) = folds_figure(panel, {"LSTM": fan}).axes
    assert len(axes.collections) == 4  # two intervals in each of two folds


def test_skill_is_written_beside_each_method_and_bad_folds_stay_at_the_edge() -> None:
    over_all = {"LSTM": 0.4, "seasonal naive": 0.0, "drift": -3.0, "odd": float("nan")}
    by_fold = {
        "LSTM": np.array([0.2, 0.6]), "seasonal naive": np.zeros(2),
        "drift": np.array([-7.0, -1.0]), "odd": np.full(2, np.nan),
    }  # fmt: skip
    figure = skill_figure(over_all, by_fold, "seasonal naive", {"LSTM"})
    (axes,) = figure.axes
    told = [label.get_text() for label in axes.get_yticklabels()]
    assert told == ["LSTM · +0.40", "seasonal naive · 0", "drift · −3.00", "odd · not defined"]
    drawn = np.concatenate([xdata(line) for line in axes.lines])
    assert np.nanmin(drawn) == -1.5
    assert "below −1.50 at the edge" in words(figure)


def test_each_method_has_its_error_at_every_step_after_the_gap() -> None:
    errors = {"ETS": np.array([0.5, 0.6, 0.7]), "LSTM": np.array([0.2, 0.3, 0.4])}
    figure = steps_figure(errors, "MASE", {"LSTM"}, first=3)
    (axes,) = figure.axes
    drawn = {str(line.get_label()): line for line in axes.lines}
    assert list(drawn) == ["LSTM", "ETS"]
    for name, line in drawn.items():
        np.testing.assert_allclose(ydata(line), errors[name])
        np.testing.assert_allclose(xdata(line), [3, 4, 5])


@pytest.mark.parametrize(
    "figure",
    [
        lambda: folds_figure(panel_of(), {"LSTM": nothing()}),
        lambda: skill_figure({}, {}, "seasonal naive", {}),
        lambda: skill_figure({"naive": 0.1}, {"naive": np.array([])}, "seasonal naive", {}),
        lambda: steps_figure({}, "MAE", {}),
        lambda: steps_figure({"LSTM": np.full(3, np.nan)}, "MASE", {"LSTM"}),
        lambda: steps_figure({"a" * 200: np.array([1.0])}, "MASE", {}, first=7),
    ],
    ids=["no windows", "no methods", "no folds", "no errors", "undefined errors", "one step"],
)
def test_awkward_backtests_are_drawn_without_a_warning(figure: object, tmp_path: Path) -> None:
    save(figure(), tmp_path / "figure.png")  # type: ignore[operator]
    assert (tmp_path / "figure.png").stat().st_size > 1000
