"""Whatever data and names come, a figure is drawn and nothing is raised or warned of."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from forecast import show
from forecast.types import Forecast, History, Panel
from tests.show.made import FAN, ahead, held_out, history_of, months, nothing, panel_of

NAMES = [
    "US$ per € $x_1$",
    r"a_b^c \frac{1}{2} $",
    "_hidden",
    "売上高 (千円)",
    "Überfälle – größer",
    "مبيعات",
    "🚲 rides",
    "two\nlines\tand a tab",
    "warehouse/" * 40,
    "%d {name}",
    " ",
]


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.WARNING)
    yield
    assert caplog.records == []


def every_figure(panel: Panel, horizon: int = 6) -> list[Figure]:
    forecast, lstm = ahead(panel, horizon=horizon, levels=FAN), held_out(panel, horizon=horizon)
    score = np.arange(len(panel), dtype=np.float64)
    return [
        show.forecast_figure(panel, forecast),
        show.holdout_figure(panel, {"LSTM": lstm, "seasonal naive": lstm}),
        show.panel_figure(panel, lstm, "LSTM", score, "MASE"),
    ]


def note(figure: Figure) -> str:
    """The line under the title."""
    return figure.texts[1].get_text()


def draw(figures: list[Figure], folder: Path) -> None:
    for place, figure in enumerate(figures):
        show.save(figure, folder / f"{place}.png")


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_column_or_series_is_shown_as_it_is(name: str, tmp_path: Path) -> None:
    draw(every_figure(panel_of(2, column=name, ids=[name, "b"])), tmp_path)
    panel = panel_of(1, column=name, ids=[name])
    draw([show.forecast_figure(panel, ahead(panel))], tmp_path)


def test_a_long_name_keeps_both_ends() -> None:
    panel = panel_of(2, ids=["warehouse-north/" * 9 + "item-1", "warehouse-north/" * 9 + "item-2"])
    figure = show.forecast_figure(panel, ahead(panel))
    first, second = (axes.get_title("left") for axes in figure.axes)
    assert len(first) <= 36
    assert first.startswith("warehouse-north/")
    assert (first[-6:], second[-6:]) == ("item-1", "item-2")


def test_numbered_steps_have_whole_numbers_on_their_axis(tmp_path: Path) -> None:
    panel = panel_of(2, time=np.arange(100, 172))
    figures = every_figure(panel)
    draw(figures, tmp_path)
    labels = [label.get_text() for label in figures[0].axes[0].get_xticklabels()]
    assert labels
    assert all(label.isdigit() for label in labels)


@pytest.mark.parametrize("value", [0.0, 5.0, -1e-9, 3e12, -4e300])
def test_a_constant_series_is_drawn(value: float, tmp_path: Path) -> None:
    panel = panel_of()
    panel.values[:] = value
    draw(every_figure(panel), tmp_path)


def test_missing_values_leave_a_gap_and_a_value_alone_is_a_dot(tmp_path: Path) -> None:
    panel = panel_of()
    panel.values[-5:] = np.nan
    panel.values[-3] = 7.0
    figures = every_figure(panel)
    draw(figures, tmp_path)
    dots = [line for line in figures[0].axes[0].get_lines() if line.get_marker() == "o"]
    assert [np.asarray(line.get_ydata()).tolist() for line in dots] == [[7.0]]


def test_a_series_that_is_missing_throughout_is_drawn_empty(tmp_path: Path) -> None:
    panel = panel_of(2)
    panel.values[:72] = np.nan
    draw(every_figure(panel), tmp_path)


def test_infinite_values_are_left_out(tmp_path: Path) -> None:
    panel = panel_of()
    panel.values[-3] = np.inf
    draw(every_figure(panel), tmp_path)


def test_one_single_point_of_history_is_seen(tmp_path: Path) -> None:
    panel = panel_of(rows=1)
    figure = show.forecast_figure(panel, ahead(panel, horizon=1))
    draw([figure], tmp_path)
    dots = [line for line in figure.axes[0].get_lines() if line.get_marker() == "o"]
    assert np.asarray(dots[0].get_ydata()).tolist() == [100.0]


def test_huge_values_have_short_labels(tmp_path: Path) -> None:
    panel = panel_of()
    panel.values[:] *= 1e7
    figure = show.forecast_figure(panel, ahead(panel))
    draw([figure], tmp_path)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert all(label.endswith(("bn", "M")) or label == "0" for label in labels)
    assert max(map(len, labels)) < 8


@pytest.mark.parametrize(
    "step",
    [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1],
    ids=["day", "hour", "minute", "second", "millisecond", "microsecond"],
)
def test_any_frequency_has_an_axis(step: int, tmp_path: Path) -> None:
    start = np.datetime64("2024-02-26T22:00", "us")
    panel = panel_of(time=start + np.arange(72) * np.timedelta64(step, "us"))
    draw(
        [show.holdout_figure(panel, {"LSTM": held_out(panel), "naive": held_out(panel)})], tmp_path
    )


def test_centuries_have_an_axis(tmp_path: Path) -> None:
    years = np.arange(1700, 2060, 5).astype(str).astype("datetime64[Y]").astype("datetime64[us]")
    draw(every_figure(panel_of(time=years)), tmp_path)


def test_a_time_zone_is_the_one_on_the_axis_and_in_the_note() -> None:
    start = np.datetime64("2024-06-30T18:00", "us")
    hours = start + np.arange(72) * np.timedelta64(3600 * 10**6, "us")
    utc = panel_of(time=hours)
    panel = Panel(utc.values, hours, utc.bounds, utc.ids, utc.columns, "h", tz="Asia/Tokyo")
    lstm = held_out(panel)
    figure = show.holdout_figure(panel, {"LSTM": lstm, "naive": lstm})
    assert "2024-07-03 21:00 to 2024-07-04 02:00" in note(figure)


def test_no_holdout_shows_the_history_alone(tmp_path: Path) -> None:
    for panel in (panel_of(), panel_of(4)):
        figure = show.holdout_figure(panel, {"LSTM": nothing(), "naive": nothing()})
        draw([figure], tmp_path)
        assert figure.get_suptitle() == "No holdout of units"
        assert len(figure.axes[0].get_lines()) == 1


def test_no_forecast_no_score_and_no_training_still_give_a_figure(tmp_path: Path) -> None:
    panel = panel_of(3)
    draw(
        [
            show.forecast_figure(panel, nothing()),
            show.panel_figure(panel, nothing(), "LSTM", np.full(3, np.nan), "MASE"),
            show.loss_figure([]),
            show.loss_figure([History()]),
            show.loss_figure([History(), history_of(np.array([0.5, 0.4]))]),
        ],
        tmp_path,
    )


def test_a_series_that_the_panel_does_not_have_is_drawn_without_history(tmp_path: Path) -> None:
    panel = panel_of(2)
    lost = panel_of(2, ids=["gone", "s1"])
    draw(
        [
            show.forecast_figure(panel, ahead(lost)),
            show.holdout_figure(panel, {"LSTM": held_out(lost), "naive": held_out(panel)}),
        ],
        tmp_path,
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_loss_that_blew_up_is_drawn_up_to_there(bad: float, tmp_path: Path) -> None:
    loss = np.array([1e6, 3.0, bad, bad])
    figure = show.loss_figure([history_of(loss, np.full(4, bad), best=20)])
    draw([figure], tmp_path)
    for axes in figure.axes:
        assert len(np.asarray(axes.get_lines()[0].get_ydata())) == 2
    assert note(figure) == "kept at step 20"


def test_one_look_at_the_loss_is_a_dot_over_whole_steps(tmp_path: Path) -> None:
    figure = show.loss_figure([history_of(np.array([0.4]))])
    draw([figure], tmp_path)
    for axes in figure.axes:
        assert axes.get_lines()[0].get_marker() == "o"
    labels = [label.get_text() for label in figure.axes[1].get_xticklabels()]
    assert "10" in labels
    assert not any("." in label for label in labels)


@pytest.mark.parametrize("norm", [0.0, np.nan, np.inf, 1e-30, 1e30])
def test_a_gradient_of_any_size_has_an_axis(norm: float, tmp_path: Path) -> None:
    loss = np.full(4, 0.5)
    figure = show.loss_figure([history_of(loss, loss, np.array([norm, norm, norm, 0.0]))])
    draw([figure], tmp_path)
    # The best step is marked where no norm could be drawn, too.
    assert len(figure.axes[1].get_lines()) == (2 if 0 < norm < np.inf else 1)


def test_a_forecast_without_known_actual_values_is_drawn(tmp_path: Path) -> None:
    panel = panel_of()
    known = held_out(panel)
    lstm = Forecast(known.values, known.levels, known.time, known.ids, known.cutoff)
    figure = show.holdout_figure(panel, {"LSTM": lstm, "naive": lstm})
    draw([figure], tmp_path)
    assert note(figure) == "2024-07 to 2024-12"


def test_a_long_horizon_after_one_year_is_drawn(tmp_path: Path) -> None:
    panel = panel_of(rows=12, time=months("2024-01", 12))
    draw([show.forecast_figure(panel, ahead(panel, horizon=120))], tmp_path)


def test_an_axis_of_minutes_names_the_day_and_one_of_days_the_year() -> None:
    start = np.datetime64("2024-02-26T22:00", "us")
    for microseconds, label in ((60_000_000, "2024-02-26"), (86_400_000_000, "2024")):
        panel = panel_of(time=start + np.arange(72) * np.timedelta64(microseconds, "us"))
        lstm = held_out(panel)
        (axes,) = show.holdout_figure(panel, {"LSTM": lstm, "naive": lstm}).axes
        assert axes.get_xlabel() == label
