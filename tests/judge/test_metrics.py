"""Metrics against a naive loop and scikit-learn; zeros and constants break nothing."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error, root_mean_squared_error

from forecast.judge import BASELINES, LSTM, baseline, score, skill, verdict
from forecast.judge.baselines import carried
from forecast.types import Forecast, Panel
from tests.prep.test_windows import panel_of

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


def forecast_of(panel: Panel, values: np.ndarray, rows: np.ndarray) -> Forecast:
    """(W, H) values at the given cutoffs, actuals from the panel."""
    horizon = values.shape[1]
    ahead = rows[:, None] + np.arange(horizon)
    owners = panel.owners(rows)
    inside = ahead < panel.bounds[owners + 1][:, None]
    actual = np.where(inside, panel.values[np.minimum(ahead, len(panel.values) - 1), 0], np.nan)
    return Forecast(
        values=values[:, :, None],
        levels=(0.5,),
        time=ahead,
        ids=panel.ids[owners],
        cutoff=rows - 1,
        actual=actual,
    )


def loop(
    history: list[float], actual: list[float], said: list[float], season: int
) -> dict[str, float]:
    """The definitions, as a person would write them down."""
    errors = [abs(a - f) for a, f in zip(actual, said, strict=True)]
    percent = []
    for a, f, error in zip(actual, said, errors, strict=True):
        percent.append(0.0 if a == f == 0 else 200 * error / (abs(a) + abs(f)))
    steps = [abs(history[i] - history[i - season]) for i in range(season, len(history))]
    scale = sum(steps) / len(steps)
    mae = sum(errors) / len(errors)
    return {
        "mae": mae,
        "rmse": math.sqrt(sum(e * e for e in errors) / len(errors)),
        "mase": mae / scale if scale else math.nan,
        "smape": sum(percent) / len(percent),
    }


@given(st.lists(numbers, min_size=9, max_size=9), st.lists(numbers, min_size=3, max_size=3))
def test_metrics_are_those_of_a_naive_loop(series: list[float], said: list[float]) -> None:
    panel = panel_of(series)
    rows = np.array([6])
    scores = score(forecast_of(panel, np.array([said]), rows), panel, rows, season=2)
    expected = loop(series[:6], series[6:], said, season=2)
    for name, value in expected.items():
        np.testing.assert_allclose(scores.overall[name], value, rtol=1e-9, atol=1e-9)


def test_mae_and_rmse_agree_with_scikit_learn_over_two_windows() -> None:
    panel = panel_of([3, 1, 4, 1, 5, 9, 2, 6])
    rows = np.array([4, 6])
    said = np.array([[2.0, 7], [1, 8]])
    scores = score(forecast_of(panel, said, rows), panel, rows, season=1)
    actual = [5, 9, 2, 6]
    assert scores.overall["mae"] == pytest.approx(mean_absolute_error(actual, said.ravel()))
    assert scores.overall["rmse"] == pytest.approx(root_mean_squared_error(actual, said.ravel()))


def test_over_all_series_every_series_counts_alike() -> None:
    panel = panel_of([0, 1, 0, 1], [0, 1000, 0, 1000])
    rows = np.array([3, 7])
    said = np.array([[2.0], [1000.0]])
    scores = score(forecast_of(panel, said, rows), panel, rows, season=1)
    assert scores.ids == ("s0", "s1")
    assert scores.by_series["mase"].tolist() == [1.0, 0.0]
    assert scores.overall["mase"] == 0.5


def test_a_step_that_nobody_observed_does_not_count() -> None:
    panel = panel_of([1, 2, 3, 4, np.nan])
    rows = np.array([3])
    scores = score(forecast_of(panel, np.array([[5.0, 99.0]]), rows), panel, rows, season=1)
    assert scores.overall["mae"] == 1.0


def test_zeros_have_a_symmetric_error_and_constants_have_no_mase() -> None:
    panel = panel_of([0, 0, 0, 0, 0])
    rows = np.array([3])
    scores = score(forecast_of(panel, np.array([[0.0, 1.0]]), rows), panel, rows, season=1)
    assert scores.overall["smape"] == 100.0
    assert math.isnan(scores.overall["mase"])
    assert scores.overall["mae"] == 0.5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("naive", [[4, 4, 4], [8, 8, 8]]),
        ("seasonal naive", [[3, 4, 3], [7, 8, 7]]),
        ("drift", [[5, 6, 7], [9, 10, 11]]),
    ],
)
def test_simple_methods_are_those_worked_out_by_hand(name: str, expected: list[list[int]]) -> None:
    panel = panel_of([1, 2, 3, 4, 0, 0, 0], [5, 6, 7, 8, 0, 0, 0])
    rows = np.array([4, 11])
    like = forecast_of(panel, np.zeros((2, 3)), rows)
    assert baseline(name, panel, like, rows, season=2).point.tolist() == expected


def test_a_hole_in_the_history_does_not_shift_the_season() -> None:
    panel = panel_of([1, 2, 3, 1, np.nan, 3, 0])
    rows = np.array([6])
    like = forecast_of(panel, np.zeros((1, 3)), rows)
    assert baseline("seasonal naive", panel, like, rows, season=3).point.tolist() == [[1, 1, 3]]


def test_skill_is_nothing_against_itself_and_one_for_no_error() -> None:
    panel = panel_of([1, 2, 4, 8, 16])
    rows = np.array([3])
    simple = score(forecast_of(panel, np.array([[4.0, 4]]), rows), panel, rows, season=1)
    exact = score(forecast_of(panel, np.array([[8.0, 16]]), rows), panel, rows, season=1)
    assert skill(simple, simple) == 0
    assert skill(exact, simple) == 1


def test_the_verdict_names_the_method_that_won_and_is_silent_otherwise() -> None:
    panel = panel_of([1, 2, 4, 8, 16])
    rows = np.array([3])
    like = forecast_of(panel, np.array([[8.0, 16]]), rows)
    scores = {
        name: score(baseline(name, panel, like, rows, 1), panel, rows, 1) for name in BASELINES
    }
    good = score(like, panel, rows, season=1)
    bad = score(forecast_of(panel, np.array([[-99.0, -99]]), rows), panel, rows, season=1)
    assert verdict({LSTM: good, **scores}) == ""
    assert "worse than the drift method" in verdict({LSTM: bad, **scores})
    assert verdict({}) == ""


@given(
    lengths=st.lists(st.integers(1, 12), min_size=1, max_size=4),
    season=st.integers(1, 5),
    seed=st.integers(0, 999),
)
def test_simple_methods_for_many_windows_at_once_are_those_of_each_history(
    lengths: list[int], season: int, seed: int
) -> None:
    """The functions of one history are the definitions; gaps keep the value before them."""
    random = np.random.default_rng(seed)
    values = random.normal(size=sum(lengths))
    values[random.random(len(values)) < 0.3] = np.nan
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    panel = Panel(
        values=values[:, None],
        time=np.arange(len(values)),
        bounds=bounds,
        ids=np.array([f"s{i}" for i in range(len(lengths))]),
        columns=("y",),
        freq="1",
    )
    rows = np.array([row for a, b in pairwise(bounds) for row in range(a + 1, b + 1)])
    like = forecast_of(panel, np.zeros((len(rows), 7)), rows)
    for name, method in BASELINES.items():
        said = baseline(name, panel, like, rows, season).point
        for place, row in enumerate(rows):
            history = carried(values[bounds[panel.owners(rows)[place]] : row])
            expected = method(history, season, 7) if len(history) else np.full(7, np.nan)
            np.testing.assert_allclose(said[place], expected, rtol=1e-12, err_msg=name)
