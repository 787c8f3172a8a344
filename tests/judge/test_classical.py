"""The classical methods are statsforecast's own, and nothing that data can hold breaks them."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsforecast.models import MSTL, AutoARIMA, AutoCES, AutoETS, AutoTheta

from forecast.engine import Serial, processes
from forecast.judge import CLASSICAL, baseline, classical
from forecast.types import Floats
from tests.judge.test_metrics import forecast_of
from tests.prep.test_windows import panel_of

MODELS = {"ETS": AutoETS, "theta": AutoTheta, "CES": AutoCES, "ARIMA": AutoARIMA}


def wave(count: int, season: int, seed: int = 0) -> Floats:
    random = np.random.default_rng(seed)
    steps = np.arange(count)
    values: Floats = 100 + 0.3 * steps + 10 * np.sin(2 * np.pi * steps / season)
    return values + random.normal(0, 2, count)


def said(name: str, histories: list[Floats], season: int, horizon: int = 6) -> tuple[Floats, int]:
    """(W, H) of the end of every history, and how many the seasonal naive stands in for."""
    panel = panel_of(*[each.tolist() for each in histories])
    rows = panel.bounds[1:]
    like = forecast_of(panel, np.zeros((len(rows), horizon)), rows)
    made, stood_in = classical(name, panel, like, rows, season, Serial())
    assert made.levels == (0.5,)
    return made.point, stood_in


@pytest.mark.parametrize("name", CLASSICAL)
def test_a_method_says_what_statsforecast_says(name: str) -> None:
    history = wave(60, 4)
    made, stood_in = said(name, [history], 4)
    theirs = MODELS[name](season_length=4).forecast(y=history, h=6)["mean"]
    np.testing.assert_allclose(made[0], theirs)
    assert stood_in == 0


@pytest.mark.parametrize("name", CLASSICAL)
def test_a_season_too_long_for_a_method_is_taken_out_by_mstl(name: str) -> None:
    season = CLASSICAL[name].season + 1
    history = wave(2 * season + 30, season)
    rest = AutoETS(model="ZZN") if name == "ETS" else MODELS[name](season_length=1)
    model = MSTL(season_length=season, trend_forecaster=rest)
    made, stood_in = said(name, [history], season)
    assert stood_in == 0
    np.testing.assert_allclose(made[0], model.forecast(y=history, h=6)["mean"])


def test_a_season_of_weeks_is_in_the_forecast_of_ets() -> None:
    history = wave(160, 52)
    made, _ = said("ETS", [history], 52)
    plain = AutoETS(season_length=1).forecast(y=history, h=6)["mean"]
    assert np.abs(made[0] - plain).max() > 0.5  # the season is in it


@pytest.mark.parametrize("name", CLASSICAL)
def test_where_a_method_cannot_the_seasonal_naive_stands_in_and_is_counted(name: str) -> None:
    short = np.array([1.0, 5.0, 2.0])
    made, stood_in = said(name, [short, wave(40, 4)], 2)
    assert stood_in == 1
    assert made[0].tolist() == [5, 2, 5, 2, 5, 2]


@pytest.mark.parametrize("name", CLASSICAL)
def test_constants_are_continued_and_nothing_at_all_forecasts_nothing(name: str) -> None:
    nan = float("nan")
    histories = [np.full(30, 7.0), np.zeros(30), np.full(30, nan), np.full(1, 3.0)]
    made, stood_in = said(name, histories, 4)
    assert (made[0] == 7).all()
    assert (made[1] == 0).all()
    assert np.isnan(made[2]).all()
    assert (made[3] == 3).all()
    assert stood_in == 0


@settings(max_examples=25)
@given(
    st.sampled_from(sorted(CLASSICAL)),
    st.lists(
        st.sampled_from([0.0, 1.0, -1.0, 1e-12, 1e12, -1e12, 3.5, float("nan")]),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([1, 2, 7, 30]),
)
def test_whatever_the_data_hold_there_is_a_number_for_every_step(
    name: str, values: list[float], season: int
) -> None:
    made, _ = said(name, [np.array(values)], season, horizon=3)
    assert made.shape == (1, 3)
    assert np.isfinite(made).all() or np.isnan(values).all()


def test_when_the_time_is_up_the_seasonal_naive_stands_in_for_what_is_left() -> None:
    panel = panel_of(wave(40, 4).tolist(), wave(40, 4, seed=1).tolist())
    rows = panel.bounds[1:]
    like = forecast_of(panel, np.zeros((2, 6)), rows)
    made, stood_in = classical("ETS", panel, like, rows, 4, Serial(), time.monotonic() - 1)
    simple = baseline("seasonal naive", panel, like, rows, 4)
    assert stood_in == 2
    assert made.point.tolist() == simple.point.tolist()


@pytest.mark.slow
def test_several_processes_say_what_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecast.engine.SECONDS_ALONE", 0.0)
    panel = panel_of(*[wave(30, 4, seed).tolist() for seed in range(20)])
    rows = panel.bounds[1:]
    like = forecast_of(panel, np.zeros((20, 6)), rows)
    with processes(2) as engine:
        several, _ = classical("theta", panel, like, rows, 4, engine)
    alone, _ = classical("theta", panel, like, rows, 4, Serial())
    np.testing.assert_array_equal(several.point, alone.point)
