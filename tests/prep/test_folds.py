"""Rolling origins against a table worked out by hand, and as properties."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.prep import make_folds
from forecast.types import Panel
from tests.prep.test_windows import panel_of


def of_lengths(*lengths: int) -> Panel:
    """Series of these lengths that all begin at the same time."""
    return panel_of(*[np.arange(float(n)).tolist() for n in lengths])


def ending_together(*lengths: int) -> Panel:
    """Series of these lengths that all end at the same time."""
    panel = of_lengths(*lengths)
    time = np.concatenate([np.arange(n) + max(lengths) - n for n in lengths])
    return dataclasses.replace(panel, time=time)


def test_the_folds_are_those_of_the_table() -> None:
    folds = make_folds(of_lengths(20), 3, 4, gap=1, horizon=3, least=2)
    # rows 0 to 19; cutoff just before row 8, 12, 16; scored 9-11, 13-15, 17-19
    assert folds.row.tolist() == [[8], [12], [16]]
    assert folds.windows.row.tolist() == [8, 12, 16]
    assert folds.of_window.tolist() == [0, 1, 2]
    assert (folds.ahead, folds.horizon, folds.gap) == (4, 3, 1)


def test_series_that_end_together_share_their_dates_and_the_young_join_later() -> None:
    folds = make_folds(ending_together(20, 8), 3, 4, gap=0, horizon=4, least=3)
    assert folds.aligned == "time"
    assert folds.row.tolist() == [[8, 20], [12, 20], [16, 24]]
    assert folds.scored.tolist() == [[True, False], [True, False], [True, True]]
    assert folds.cutoffs(2).series.tolist() == [0, 1]


def test_a_series_that_ended_early_is_not_scored_where_most_go_on() -> None:
    panel = of_lengths(20, 20, 9)
    folds = make_folds(panel, 2, 4, gap=0, horizon=4, least=3)
    assert folds.aligned == "time"
    assert folds.scored[:, 2].tolist() == [False, False]
    assert (folds.row[:, 2] == 49).all()  # all of its rows are past


def test_series_that_end_here_and_there_are_counted_back_each_from_its_own_end() -> None:
    panel = of_lengths(20, 15, 9, 5)
    folds = make_folds(panel, 2, 4, gap=0, horizon=4, least=3)
    assert folds.aligned == "rows"
    assert folds.row.tolist() == [[12, 27, 36, 44], [16, 31, 40, 45]]
    assert folds.scored.tolist() == [[True, True, False, False], [True, True, True, False]]


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=6),
    st.integers(1, 4), st.integers(1, 5), st.integers(0, 3), st.integers(1, 5), st.integers(1, 6),
    st.booleans(),
)  # fmt: skip
def test_every_scored_window_has_its_history_and_its_steps(
    lengths: list[int], count: int, step: int, gap: int, horizon: int, least: int, together: bool
) -> None:
    panel = ending_together(*lengths) if together else of_lengths(*lengths)
    if max(lengths) < least + gap + horizon + step * (count - 1):
        with pytest.raises(DataError, match="too few rows"):
            make_folds(panel, count, step, gap, horizon, least)
        return
    folds = make_folds(panel, count, step, gap, horizon, least)
    windows = folds.windows
    assert (windows.row - panel.bounds[windows.series] >= least).all()
    assert (panel.bounds[windows.series + 1] - windows.row >= gap + horizon).all()
    assert folds.scored.any(axis=1).all()
    assert (np.diff(folds.row, axis=0) >= 0).all()


def test_too_few_rows_are_refused_with_the_folds_that_would_fit() -> None:
    panel = of_lengths(30)
    with pytest.raises(DataError, match="are 65 rows, the longest series has 30") as caught:
        make_folds(panel, 5, 12, gap=0, horizon=12, least=5)
    assert "--folds 2" in caught.value.hint
    assert len(make_folds(panel, 2, 12, gap=0, horizon=12, least=5)) == 2
