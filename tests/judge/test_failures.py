"""The classic failures are found where they were made, and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forecast.judge import BASELINES, baseline, failures
from forecast.judge.failures import flat_line, late_copy, runaway
from forecast.types import Floats, Forecast, Panel
from tests.judge.test_metrics import forecast_of
from tests.prep.test_windows import panel_of

SEASON, HORIZON = 12, 12


def seasonal(count: int = 156, noise: float = 2.0) -> Floats:
    random = np.random.default_rng(3)
    steps = np.arange(count)
    values: Floats = 100 + 0.2 * steps + 20 * np.sin(2 * np.pi * steps / SEASON)
    return values + random.normal(0, noise, count)


def walk(count: int = 200) -> Floats:
    values: Floats = 100 + np.random.default_rng(7).normal(0, 1, count).cumsum()
    return values


def case_of(
    values: Floats, said: Any, horizon: int = HORIZON, windows: int = 5
) -> tuple[Forecast, Panel, Any]:
    """(forecast, panel, rows) of rolling origins; `said` makes (H,) of history and actual."""
    panel = panel_of(values.tolist())
    rows = len(values) - horizon * np.arange(windows, 0, -1)
    made = np.stack([said(values[:row], values[row : row + horizon]) for row in rows])
    return forecast_of(panel, made, rows), panel, rows


def mean_of_history(history: Floats, actual: Floats) -> Floats:
    return np.full(len(actual), history.mean())


def last_value(history: Floats, actual: Floats) -> Floats:
    return np.full(len(actual), history[-1])


def nearly(history: Floats, actual: Floats) -> Floats:
    """A good forecast: what happens, a little off."""
    random = np.random.default_rng(len(history))
    off: Floats = random.normal(0, 0.3 * np.std(np.diff(history)), len(actual))
    return actual + off


def test_a_flat_line_through_a_season_is_named() -> None:
    case = case_of(seasonal(), mean_of_history)
    assert "flat line" in flat_line(*case, SEASON)
    assert "seasonal naive" in flat_line(*case, SEASON)
    assert [text.split(" is ")[0] for text in failures(*case, SEASON)] == ["the forecast"]


def test_a_flat_line_along_a_trend_is_named() -> None:
    trend = 3.0 * np.arange(100) + np.random.default_rng(1).normal(0, 1, 100)
    assert "drift" in flat_line(*case_of(trend, last_value), 1)


def test_of_a_random_walk_a_flat_line_is_the_best_there_is() -> None:
    assert flat_line(*case_of(walk(), last_value, horizon=10), 5) == ""


def test_a_copy_of_the_last_value_is_named_in_one_step_forecasts() -> None:
    case = case_of(walk(), last_value, horizon=1, windows=60)
    assert "one step late" in late_copy(*case)
    assert "60 windows" in late_copy(*case)
    blurred = case_of(seasonal(), lambda h, a: h[-1:] + 0.1 * (a - h[-1:]), horizon=1, windows=60)
    assert "10% of what the data do" in late_copy(*blurred)


def test_few_windows_are_not_enough_to_call_it_a_copy() -> None:
    assert late_copy(*case_of(walk(), last_value, horizon=1, windows=10)) == ""


def test_the_copy_of_a_constant_is_no_failure() -> None:
    assert failures(*case_of(np.full(100, 5.0), last_value, horizon=1, windows=60), 1) == ()


@pytest.mark.parametrize("factor", [1e9, -50.0])
def test_a_runaway_is_named_with_its_value_and_the_history(factor: float) -> None:
    text = runaway(*case_of(seasonal(), lambda h, a: a * factor))
    assert "the history before it lies between" in text
    assert "--max" in text


def test_data_that_run_away_themselves_are_no_failure() -> None:
    values = np.exp(0.3 * np.arange(80))
    assert runaway(*case_of(values, nearly)) == ""
    assert runaway(*case_of(values, lambda h, a: a * 1.5)) == ""


@pytest.mark.parametrize(
    "values", [seasonal(), seasonal(noise=10.0), walk(), np.sin(np.arange(99))]
)
@pytest.mark.parametrize(("horizon", "windows"), [(1, 60), (3, 20), (12, 5)])
def test_a_good_forecast_raises_no_alarm(values: Floats, horizon: int, windows: int) -> None:
    assert failures(*case_of(values, nearly, horizon, windows), SEASON) == ()


def samples() -> list[tuple[str, Panel, int]]:
    """Name, panel, season."""
    from forecast.data import load
    from forecast.spec import DataSpec
    from tests.cli.command import SAMPLES

    targets = {
        "airline-passengers": None,
        "us-employment": None,
        "ibm-stock": None,
        "town-electricity": "load_mw",
    }
    found = []
    for name, target in targets.items():
        loaded = load(DataSpec(str(SAMPLES / f"{name}.csv"), target=target))
        found.append((name, loaded.panel, loaded.season))
    return found


def test_simple_methods_raise_no_alarm_on_the_sample_data_that_is_not_true() -> None:
    horizon, told = 12, dict[tuple[str, str], str]()
    for name, panel, season in samples():
        ends = panel.bounds[1:]
        rows = np.concatenate([ends - horizon * back for back in (1, 2, 3)])
        like = forecast_of(panel, np.zeros((len(rows), horizon)), rows)
        good = Forecast(
            (np.nan_to_num(like.actual) if like.actual is not None else like.point)[:, :, None],
            (0.5,), like.time, like.ids, like.cutoff, like.actual,
        )  # fmt: skip
        assert failures(good, panel, rows, season) == ()
        for method in BASELINES:
            said = baseline(method, panel, like, rows, season)
            for text in failures(said, panel, rows, season):
                told[name, method] = text
    # The naive is flat, which where there is a season or a trend is a failure; nothing else is.
    assert {method for _, method in told} == {"naive"}
    assert {name for name, _ in told} == {"airline-passengers", "us-employment"}
    words = ("flat line", "repeats the last value")
    assert all(any(each in text for each in words) for text in told.values())


def test_without_actual_values_there_is_nothing_to_say() -> None:
    forecast, panel, rows = case_of(seasonal(), mean_of_history)
    from dataclasses import replace

    assert failures(replace(forecast, actual=None), panel, rows, SEASON) == ()
    gone = replace(forecast, actual=np.full_like(forecast.point, np.nan))
    assert failures(gone, panel, rows, SEASON) == ()
