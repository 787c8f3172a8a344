"""How much series change, against a loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.judge import usual_change
from forecast.judge.change import mean_change
from forecast.types import Floats, Panel

VALUES = st.lists(st.integers(-9, 9) | st.just(None), min_size=1, max_size=12)


def panel_of(series: list[list[int | None]]) -> Panel:
    values = [np.nan if value is None else value for each in series for value in each]
    bounds = np.cumsum([0, *map(len, series)])
    time = np.concatenate([np.arange(len(each)) for each in series])
    names = np.array([f"s{i}" for i in range(len(series))])
    return Panel(np.array(values, dtype=np.float64)[:, None], time, bounds, names, ("y",), "1")


def by_hand(history: Floats, lag: int) -> float:
    steps = [abs(history[i] - history[i - lag]) for i in range(lag, len(history))]
    known = [step for step in steps if not np.isnan(step)]
    return sum(known) / len(known) if known and sum(known) > 0 else np.nan


@given(series=st.lists(VALUES, min_size=1, max_size=4), lag=st.integers(1, 6), data=st.data())
def test_the_mean_change_is_that_of_each_history_alone(
    series: list[list[int | None]], lag: int, data: st.DataObject
) -> None:
    panel = panel_of(series)
    chosen = data.draw(st.lists(st.integers(1, len(panel.values)), max_size=6))
    said = mean_change(panel, np.array(chosen, dtype=np.int64), lag)
    owners = panel.owners(np.array(chosen, dtype=np.int64))
    expected = [
        by_hand(panel.values[panel.bounds[owner] : row, 0], lag)
        for owner, row in zip(owners, chosen, strict=True)
    ]
    np.testing.assert_allclose(said, expected)


def test_rows_after_the_cutoff_do_not_count() -> None:
    panel = panel_of([[1, 2, 3, 4, 900, -900]])
    np.testing.assert_allclose(usual_change(panel, np.array([4]), 1, 2), [1.0])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 10, 1, 11, 2, 12], 1.0),  # a season, slowly rising: the seasonal naive is the better
        ([0, 1, 2, 3, 4, 5], 1.0),  # a line: the naive is
        ([5, 5, 5, 5], np.nan),  # never changes
        ([5], np.nan),  # too short for either
        ([5, 8], 3.0),  # too short for a season
    ],
)
def test_the_better_of_two_simple_methods_counts(values: list[int | None], expected: float) -> None:
    rows = np.array([len(values)])
    np.testing.assert_allclose(usual_change(panel_of([values]), rows, 2, 2), [expected])
