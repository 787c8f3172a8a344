"""Figures show the numbers they were given."""

from __future__ import annotations

import struct
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from forecast import show
from forecast.types import Floats
from tests.show.made import FAN, STEPS, ahead, held_out, history_of, panel_of


def lines(axes: Axes, label: str) -> list[Line2D]:
    return [line for line in axes.get_lines() if line.get_label() == label]


def drawn(line: Line2D) -> Floats:
    return np.asarray(line.get_ydata(), dtype=np.float64)


def bands(axes: Axes) -> list[PolyCollection]:
    return [each for each in axes.collections if isinstance(each, PolyCollection)]


def notes(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.texts)


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for box in figure.legends for text in box.get_texts()]


# --- the forecast


def test_the_history_is_the_end_of_the_series() -> None:
    panel = panel_of(rows=72)
    (axes,) = show.forecast_figure(panel, ahead(panel, horizon=6)).axes
    (line,) = lines(axes, "history")
    np.testing.assert_array_equal(drawn(line), panel.series(0)[-48:])
    np.testing.assert_array_equal(np.asarray(line.get_xdata()), panel.time[-48:])


def test_a_history_shorter_than_that_is_shown_whole() -> None:
    panel = panel_of(rows=20)
    (axes,) = show.forecast_figure(panel, ahead(panel)).axes
    np.testing.assert_array_equal(drawn(lines(axes, "history")[0]), panel.series(0))


def test_the_forecast_takes_off_where_the_history_ends() -> None:
    panel = panel_of()
    forecast = ahead(panel, levels=FAN)
    (axes,) = show.forecast_figure(panel, forecast).axes
    (line,) = lines(axes, "forecast")
    np.testing.assert_array_equal(drawn(line), [panel.series(0)[-1], *forecast.point[0]])
    expected = np.concatenate([panel.time[-1:], forecast.time[0]])
    np.testing.assert_array_equal(np.asarray(line.get_xdata()), expected)


def test_a_point_forecast_has_no_bands_and_five_levels_have_two() -> None:
    panel = panel_of()
    assert bands(show.forecast_figure(panel, ahead(panel)).axes[0]) == []
    figure = show.forecast_figure(panel, ahead(panel, levels=FAN))
    assert len(bands(figure.axes[0])) == 2
    assert legend(figure) == ["history", "forecast"]
    assert {text.get_text() for text in figure.axes[0].texts} == {"95%", "80%"}
    many = show.forecast_figure(panel_of(2), ahead(panel_of(2), levels=FAN))
    assert legend(many) == ["history", "95% interval", "80% interval", "forecast"]


def test_a_band_reaches_from_its_lower_to_its_upper_level() -> None:
    panel = panel_of()
    forecast = ahead(panel, levels=FAN)
    widest, narrowest = bands(show.forecast_figure(panel, forecast).axes[0])
    for band, low, high in ((widest, 0, 4), (narrowest, 1, 3)):
        heights = np.concatenate([path.vertices for path in band.get_paths()])[:, 1]
        for level in (low, high):
            assert np.isin(np.round(forecast.values[0, :, level], 9), np.round(heights, 9)).all()


def test_the_title_names_the_target_and_the_note_the_time_ahead() -> None:
    panel = panel_of(column="Passengers", ids=["north"])
    figure = show.forecast_figure(panel, ahead(panel))
    assert figure.get_suptitle() == "Forecast of Passengers of north"
    assert "2025-01 to 2025-06" in notes(figure)
    assert figure.axes[0].get_ylabel() == "Passengers"


@pytest.mark.parametrize(("series", "shown"), [(1, 1), (2, 2), (4, 4), (6, 6), (9, 6)])
def test_a_panel_shows_six_series_at_most_and_says_how_many_there_are(
    series: int, shown: int
) -> None:
    panel = panel_of(series)
    figure = show.forecast_figure(panel, ahead(panel))
    assert len(figure.axes) == shown
    assert (f"the first 6 of {series} series" in notes(figure)) == (series > 6)
    if series > 1:
        assert [axes.get_title("left") for axes in figure.axes] == list(panel.ids[:shown])
    for i, axes in enumerate(figure.axes):
        assert drawn(lines(axes, "history")[0])[-1] == panel.series(i)[-1]


# --- the holdout


def test_the_holdout_shows_actual_lstm_and_baseline() -> None:
    panel = panel_of()
    lstm, naive = held_out(panel, error=1.0), held_out(panel, error=4.0)
    figure = show.holdout_figure(panel, {"LSTM": lstm, "seasonal naive": naive})
    (axes,) = figure.axes
    np.testing.assert_array_equal(drawn(lines(axes, "LSTM")[0]), lstm.point[0])
    np.testing.assert_array_equal(drawn(lines(axes, "seasonal naive")[0]), naive.point[0])
    np.testing.assert_array_equal(drawn(lines(axes, "actual")[0]), panel.series(0)[-30:])
    assert "mean absolute error: LSTM 1.00, seasonal naive 4.00" in notes(figure)


def test_every_rolling_origin_is_a_line_and_the_legend_names_each_once() -> None:
    panel = panel_of()
    lstm = held_out(panel, windows=3)
    figure = show.holdout_figure(panel, {"LSTM": lstm, "naive": held_out(panel, windows=2)})
    shown = [drawn(line) for line in lines(figure.axes[0], "LSTM")]
    np.testing.assert_array_equal(shown, lstm.point)
    assert len(lines(figure.axes[0], "naive")) == 2
    assert legend(figure) == ["actual", "naive", "LSTM"]


def test_actual_values_that_the_panel_lacks_come_from_the_forecast() -> None:
    whole = panel_of(rows=72)
    lstm = held_out(whole)
    (axes,) = show.holdout_figure(panel_of(rows=66), {"LSTM": lstm, "naive": lstm}).axes
    np.testing.assert_array_equal(drawn(lines(axes, "actual")[0]), whole.series(0)[-30:])


def test_a_holdout_amid_the_series_does_not_show_what_came_later() -> None:
    panel = panel_of(rows=72)
    lstm = held_out(panel, windows=3)
    first = type(lstm)(
        values=lstm.values[:1],
        levels=lstm.levels,
        time=lstm.time[:1],
        ids=lstm.ids[:1],
        cutoff=lstm.cutoff[:1],
        actual=None if lstm.actual is None else lstm.actual[:1],
    )
    (axes,) = show.holdout_figure(panel, {"LSTM": first, "naive": first}).axes
    assert drawn(lines(axes, "actual")[0])[-1] == panel.series(0)[-13]


def test_a_panel_in_another_order_finds_its_own_series() -> None:
    panel = panel_of(3)
    lstm = held_out(panel)
    turned = type(lstm)(
        values=lstm.values[::-1],
        levels=lstm.levels,
        time=lstm.time[::-1],
        ids=lstm.ids[::-1],
        cutoff=lstm.cutoff[::-1],
        actual=None if lstm.actual is None else lstm.actual[::-1],
    )
    figure = show.holdout_figure(panel, {"LSTM": turned, "naive": lstm})
    assert [axes.get_title("left") for axes in figure.axes] == ["s2", "s1", "s0"]
    for axes in figure.axes:
        actual = drawn(lines(axes, "actual")[0])[-6:]
        np.testing.assert_array_equal(drawn(lines(axes, "LSTM")[0]), actual + 1)
        np.testing.assert_array_equal(drawn(lines(axes, "naive")[0]), actual + 1)


# --- the loss


def test_the_loss_curves_are_those_that_were_measured() -> None:
    loss = 1.0 / np.sqrt(STEPS)
    validation = np.where(STEPS % 20 == 0, 1.2 * loss, np.nan)
    history = history_of(loss, validation)
    losses, norms = show.loss_figure([history]).axes
    np.testing.assert_array_equal(drawn(lines(losses, "training")[0]), loss)
    (line,) = lines(losses, "validation")
    np.testing.assert_array_equal(drawn(line), validation[STEPS % 20 == 0])
    np.testing.assert_array_equal(np.asarray(line.get_xdata()), STEPS[STEPS % 20 == 0])
    np.testing.assert_array_equal(drawn(norms.get_lines()[0]), history.gradient_norm)


def test_the_best_step_is_marked_and_named() -> None:
    loss = np.linspace(0.5, 0.3, len(STEPS))
    figure = show.loss_figure([history_of(loss, loss + 0.1, best=150)])
    losses, norms = figure.axes
    (mark,) = lines(losses, "kept step")
    for line in (mark, norms.get_lines()[-1]):
        assert set(np.asarray(line.get_xdata()).tolist()) == {150}
    (dot,) = [line for line in losses.get_lines() if len(drawn(line)) == 1]
    assert (np.asarray(dot.get_xdata())[0], drawn(dot)[0]) == (150, pytest.approx(0.453, abs=1e-3))
    assert "kept at step 150, validation loss 0.453" in notes(figure)
    assert "the last look near the lowest, 0.4" in notes(figure)
    lowest = show.loss_figure([history_of(loss, loss + 0.1, best=200)])
    assert "near the lowest" not in notes(lowest)
    assert figure.get_suptitle() == "Loss over 200 gradient steps"
    assert legend(figure) == ["training", "validation", "kept step"]


@pytest.mark.parametrize(("lowest", "scale"), [(0.2, "linear"), (0.01, "log"), (0.0, "linear")])
def test_the_loss_is_logarithmic_when_it_spans_more_than_a_decade(
    lowest: float, scale: str
) -> None:
    loss = np.linspace(1.0, lowest, len(STEPS))
    losses, norms = show.loss_figure([history_of(loss)]).axes
    assert losses.get_yscale() == scale
    assert norms.get_yscale() == "log"
    assert lines(losses, "validation") == []


def test_every_network_of_an_ensemble_is_drawn_the_first_strong_and_on_top() -> None:
    falling = np.linspace(0.5, 0.3, len(STEPS))
    members = [history_of(falling * times, falling * times) for times in (1.0, 1.1, 1.2)]
    short = history_of(falling[:5], falling[:5], best=50)  # it stopped early
    figure = show.loss_figure([*members, short])
    losses, norms = figure.axes
    strong = [line for line in losses.get_lines() if line.get_alpha() == 1]
    np.testing.assert_array_equal([drawn(line) for line in strong], [falling, falling])
    faint = [line for line in losses.get_lines() if (line.get_alpha() or 1) < 1]
    assert len(faint) == 2 * 3
    assert losses.get_lines().index(strong[0]) > losses.get_lines().index(faint[-1])
    assert [len(drawn(line)) for line in norms.get_lines()[:4]] == [5, 20, 20, 20]
    assert figure.get_suptitle() == "Loss of 4 networks over 200 gradient steps"
    assert "first network kept at step 200" in notes(figure)
    assert "the others are faint" in notes(figure)
    assert legend(figure) == ["training", "validation", "kept step"]


# --- the ranking of a panel


def test_the_ranking_shows_best_median_and_worst_and_ignores_series_without_a_score() -> None:
    panel = panel_of(5)
    score = np.array([0.9, np.nan, 0.2, 0.5, np.nan])
    figure = show.panel_figure(panel, held_out(panel), "blend", score, "MASE")
    titles = [axes.get_title("left") for axes in figure.axes]
    assert titles == ["best: s2 · 0.200", "median: s3 · 0.500", "worst: s0 · 0.900"]
    assert figure.get_suptitle() == "Best, median and worst of 3 series"
    assert legend(figure) == ["actual", "blend"]
    assert "MASE" in notes(figure)


@pytest.mark.parametrize(("series", "shown"), [(1, 1), (2, 2), (3, 3), (5, 3), (6, 6), (40, 6)])
def test_the_ranking_has_up_to_two_rows_of_three_and_no_series_twice(
    series: int, shown: int
) -> None:
    panel = panel_of(series)
    score = np.random.default_rng(3).permutation(np.arange(1.0, series + 1.0))
    figure = show.panel_figure(panel, held_out(panel), "blend", score, "MASE")
    titles = [axes.get_title("left") for axes in figure.axes]
    assert len(titles) == len(set(titles)) == shown
    assert titles[0].endswith("· 1.00")


# --- the file


def test_a_saved_figure_is_a_png_of_the_size_asked_for(tmp_path: Path) -> None:
    panel = panel_of()
    show.save(show.forecast_figure(panel, ahead(panel)), tmp_path / "forecast.png")
    content = (tmp_path / "forecast.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == (1080, 576)


def test_equal_runs_give_equal_bytes_whatever_the_users_own_style_is(tmp_path: Path) -> None:
    panel = panel_of(3)
    show.save(show.forecast_figure(panel, ahead(panel, levels=FAN)), tmp_path / "a")
    with matplotlib.rc_context({"font.size": 30.0, "axes.facecolor": "red"}):
        show.save(show.forecast_figure(panel, ahead(panel, levels=FAN)), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_file_says_nothing_of_the_software_that_wrote_it(tmp_path: Path) -> None:
    panel = panel_of()
    show.save(show.forecast_figure(panel, ahead(panel)), tmp_path / "a.png")
    content = (tmp_path / "a.png").read_bytes()
    assert b"tEXt" not in content
    assert b"atplotlib" not in content


def test_drawing_leaves_the_users_own_style_as_it_was() -> None:
    before = dict(matplotlib.rcParams)
    panel = panel_of()
    show.forecast_figure(panel, ahead(panel))
    assert dict(matplotlib.rcParams) == before


def test_a_comparison_has_a_bar_for_each_run_and_a_mark_for_each_simple_method() -> None:
    bars = [show.Bar("a", 0.4, 0.9), show.Bar("b", 0.6, 0.9), show.Bar("c", None)]
    figure = show.comparison_figure(bars, "MASE", "their data differ")
    (axes,) = figure.axes
    assert [patch.get_extents().width for patch in axes.patches] == pytest.approx(
        [
            axes.transData.transform((x, 0))[0] - axes.transData.transform((0, 0))[0]
            for x in (0.4, 0.6)
        ]
    )
    assert [np.asarray(line.get_xdata()).tolist() for line in axes.lines] == [[0.9, 0.9]] * 2
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "a · 0.400", "b · 0.600", "c · no holdout",
    ]  # fmt: skip
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first on top
    assert "their data differ" in [text.get_text() for text in figure.texts]
