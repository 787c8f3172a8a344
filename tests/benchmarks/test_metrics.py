"""The competitions' metrics, against numbers worked out by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks.cases import Case, last_rows, rolling, seasonal_naive
from tests.benchmarks.metrics import METRICS, nash_sutcliffe
from tests.benchmarks.process import measured

TABLE = pd.DataFrame(
    {"unique_id": ["b"] * 6 + ["a"] * 4, "ds": 0, "y": [1.0, 2, 3, 5, 8, 10, 4, 4, 2, 6]}
)


def case(season: int) -> Case:
    return last_rows(TABLE, horizon=2, season=season)


def test_the_last_rows_of_every_series_are_the_test() -> None:
    made = case(season=1)
    assert made.ids == ("b", "a")
    assert made.actual.tolist() == [[8, 10], [2, 6]]
    assert [past.tolist() for past in made.past] == [[1, 2, 3, 5], [4, 4]]


def test_origins_follow_each_other_to_the_end_of_the_series() -> None:
    made = rolling(TABLE[:6], horizon=2, season=1, origins=2)
    assert made.actual.tolist() == [[3, 5], [8, 10]]
    assert [len(past) for past in made.past] == [2, 4]


def test_the_seasonal_naive_repeats_the_last_season() -> None:
    made = last_rows(TABLE[:6], horizon=3, season=2)
    assert seasonal_naive(made).tolist() == [[2, 3, 2]]


def test_percentage_errors() -> None:
    said = np.array([[4.0, 10.0], [6.0, 6.0]])  # off by 4 of 8, 0, 4 of 2, 0
    assert METRICS["sMAPE"](case(1), said) == pytest.approx((4 / 12 + 4 / 8) * 200 / 4)
    assert METRICS["MAPE"](case(1), said) == pytest.approx((0.5 + 2) * 100 / 4)


def test_the_scaled_error_leaves_out_a_series_without_a_scale() -> None:
    said = np.array([[4.0, 10.0], [6.0, 6.0]])
    scale = (1 + 1 + 2) / 3  # of series b; series a never changed
    assert METRICS["MASE"](case(1), said) == pytest.approx(2 / scale)


@pytest.mark.parametrize("metric", ["OWA", "MASE share", "MASE ratio"])
def test_the_naive_method_scores_one_against_itself(metric: str) -> None:
    made = last_rows(TABLE[:6], horizon=2, season=1)
    assert METRICS[metric](made, seasonal_naive(made)) == pytest.approx(1)


def test_the_efficiency_is_one_for_the_truth_and_zero_for_the_mean() -> None:
    actual = np.array([1.0, 2.0, np.nan, 3.0])
    assert nash_sutcliffe(actual, actual) == 1
    assert nash_sutcliffe(actual, np.full(4, 2.0)) == 0


def test_the_peak_of_a_command_is_its_own_not_that_of_who_starts_it(tmp_path: Path) -> None:
    held = np.ones(25_000_000)  # 200 MB here
    cost = measured([sys.executable, "-c", "x = b'x' * 50_000_000"], tmp_path)
    assert held.nbytes > 150e6
    assert 45 < cost.peak_mb < 150
