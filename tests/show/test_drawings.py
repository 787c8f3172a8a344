"""The drawings of a page: what they were given is what is in them, and nothing is fetched."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from forecast.show import small
from forecast.show.diagnosis import (
    calibration_picture,
    errors_picture,
    leftover_picture,
    steps_picture,
)
from forecast.show.page import Page, Picture, Section, page_html
from forecast.show.spark import spark
from tests.show.made import FAN, ahead, held_out, history_of, months, panel_of
from tests.show.test_page import HOSTILE
from tests.show.walked import walked


def every_picture() -> list[Picture]:
    """One of each kind."""
    panel = panel_of()
    lstm, naive = held_out(panel), held_out(panel, error=3.0)
    off = np.random.default_rng(1).normal(size=24)
    return [
        small.forecast_picture(panel, ahead(panel, levels=FAN), 0),
        small.holdout_picture(panel, lstm, naive, ("LSTM", "naive"), ""),
        small.history_picture(panel, 0),
        small.loss_picture([history_of(np.array([0.5, 0.4, 0.3]))]),
        small.folds_picture({"LSTM": off[:4] ** 2}, months("2020-01", 4), "MASE"),
        steps_picture({"LSTM": off**2, "naive": off**2 + 1, "drift": off**2 + 2}, "MASE", 9),
        calibration_picture(FAN, np.array([0.0, 0.1, 0.6, 0.9, 1.0]), 48),
        leftover_picture(months("2020-01", 24), off, "in units", None),
        errors_picture(np.array([0.5, 0.1, -0.1]), np.array([11.0, 10.0, 9.0])),
        spark([(off, "currentColor"), (off + 1, "var(--model)")], "two lines"),
    ]


def test_every_drawing_stands_in_a_page_together_with_all_others() -> None:
    page = Page("t", "h", "good", (), (Section("s", pictures=tuple(every_picture())),), "")
    read = walked(page_html(page))
    assert read.problems == []
    assert read.tags["svg"] == len(every_picture())
    assert all(len(each.alt) > 8 for each in every_picture())


def test_the_drawings_repeat_letter_for_letter_and_carry_no_date() -> None:
    assert every_picture() == every_picture()
    everything = "".join(each.element for each in every_picture())
    for word in ("http", "matplotlib", "<style", "<metadata", "DOCTYPE", "<!--"):
        assert word not in everything


def test_the_colours_are_those_of_the_page() -> None:
    for picture in every_picture():
        assert re.findall(r"#[0-9a-f]{6}\b", picture.element) == [], picture.alt


def test_a_hostile_name_is_only_a_name() -> None:
    panel = panel_of(len(HOSTILE), column=HOSTILE[2], ids=HOSTILE)
    lstm, forecast = held_out(panel), ahead(panel)
    pictures = [small.forecast_picture(panel, forecast, place) for place in range(len(HOSTILE))]
    pictures += [
        small.holdout_picture(panel, lstm, lstm, ("LSTM", name), name) for name in HOSTILE[:3]
    ]
    time = months("2020-01", 9)
    pictures.append(leftover_picture(time, np.arange(9.0), f"in {HOSTILE[0]}", None))
    page = Page("t", "h", "good", (), (Section("s", pictures=tuple(pictures)),), "")
    read = walked(page_html(page))
    assert read.problems == []
    assert read.tags["svg"] == len(pictures)
    assert f"residual, in {HOSTILE[0]}" in read.text("text")


def test_a_drawing_of_very_many_lines_is_an_image_on_a_light_card() -> None:
    steps = np.arange(20_000)
    noise = np.random.default_rng(2).normal(size=len(steps))
    panel = dataclasses.replace(
        panel_of(rows=len(steps), time=np.datetime64("1990-01-01", "us") + steps * 3_600_000_000),
        values=noise[:, None],
    )
    picture = small.history_picture(panel, 0)
    assert picture.element.startswith('<img alt="" src="data:image/png;base64,')
    assert len(picture.element) < 300_000


def test_the_steps_tell_the_first_and_last_error_only_of_many_forecasts() -> None:
    errors = {"LSTM": np.array([0.25, 0.5]), "naive": np.array([0.5, 1.0])}
    assert (
        "LSTM 0.250 at the first step, 0.500 at the last" in steps_picture(errors, "E", 40).caption
    )
    assert "of one forecast" in steps_picture(errors, "E", 1).caption
    assert "0.250" not in steps_picture(errors, "E", 1).caption


def test_the_errors_say_at_which_lags_they_are_beyond_chance() -> None:
    pairs = np.full(3, 100.0)  # beyond 0.196
    assert "at 1, 3 steps apart" in errors_picture(np.array([0.5, 0.1, -0.3]), pairs).caption
    assert "none beyond chance" in errors_picture(np.array([0.1, 0.1, -0.1]), pairs).caption


def test_the_residuals_say_which_way_they_lean() -> None:
    time = months("2020-01", 4)
    low = leftover_picture(time, np.array([2.0, 2.0, 1.0, 3.0]), "in y", None)
    assert "on average 2.00 too low" in low.caption
    thrice = panel_of(3, rows=4).time.copy()
    thrice.sort()
    several = leftover_picture(thrice, -np.arange(1.0, 13.0), "in y", None)
    assert "on average 6.50 too high" in several.caption
    assert "80% of the series" in several.element


@pytest.mark.parametrize("size", [0.0, 1e-15, 1e-300, 1e12])
def test_residuals_that_are_all_alike_but_for_rounding_are_drawn(size: float) -> None:
    values = size + np.spacing(size) * np.arange(4.0)
    assert "<svg" in leftover_picture(months("2020-01", 4), values, "in y", None).element


def test_the_folds_count_in_how_many_the_model_was_the_best() -> None:
    scores = {
        "LSTM": np.array([1.0, 1.0, 3.0]),
        "naive": np.array([2.0, 2.0, 1.0]),
        "drift": np.array([0.5, 2.0, 2.0]),
    }
    caption = small.folds_picture(scores, months("2020-01", 3), "MASE").caption
    assert "LSTM was the best in 1 of 3" in caption


def test_a_spark_keeps_to_its_box_and_leaves_gaps() -> None:
    line = np.array([1.0, np.nan, 3.0, 2.0])
    element = spark([(line, "currentColor")], "x").element
    assert element.count("M") == 2
    numbers = re.findall(r"[ML]([\d.]+) ([\d.]+)", element)
    assert all(0 <= float(x) <= 144 and 0 <= float(y) <= 32 for x, y in numbers)
    assert float(numbers[1][1]) < float(numbers[2][1]) < float(numbers[0][1])
    for odd in (np.array([]), np.array([np.nan]), np.full(5, 7.0)):
        assert spark([(odd, "currentColor")], "x").element.startswith("<svg")
