"""The scale against scikit-learn, and there and back again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import MinMaxScaler

from forecast.prep import fit_scale, match_scale, split_panel
from forecast.prep.scale import scale_panel
from forecast.types import Panel, Scale
from tests.prep.test_windows import panel_of

numbers = st.floats(-1e9, 1e9).map(lambda x: round(x, 6))


@given(arrays(np.float64, st.integers(1, 30), elements=numbers))
def test_scaling_is_what_scikit_learn_does(column: np.ndarray) -> None:
    panel = panel_of(column.tolist())
    scale = fit_scale(panel, panel.bounds[1:])
    expected = MinMaxScaler(feature_range=(-1, 1)).fit_transform(column[:, None])
    np.testing.assert_allclose(scale_panel(panel, scale).values, expected, atol=1e-6)


@given(arrays(np.float64, (7, 1), elements=numbers), arrays(np.float64, 5, elements=numbers))
def test_inverting_what_was_applied_gives_it_back(fitted: np.ndarray, values: np.ndarray) -> None:
    panel = panel_of(fitted[:, 0].tolist())
    scale = fit_scale(panel, panel.bounds[1:])
    series = np.zeros(5, dtype=np.int64)
    there = scale.apply(values[:, None], series)
    back = scale.invert(there, series)
    size = np.maximum(np.abs(values[:, None]), np.abs(scale.low).max() + np.abs(scale.high).max())
    assert (np.abs(back - values[:, None]) <= 1e-12 * np.maximum(size, 1)).all()


def test_a_holdout_value_does_not_change_the_scale() -> None:
    values = [float(i) for i in range(20)]
    changed = [*values[:-1], 1e6]
    scales = []
    for each in (values, changed):
        panel = panel_of(each)
        split = split_panel(panel, validation=3, holdout=3, least=4)
        scales.append(fit_scale(panel, split.train_end))
    assert scales[0].high.tolist() == scales[1].high.tolist() == [[13.0]]


def test_a_code_is_the_same_number_in_every_series() -> None:
    values = np.array([[1.0, 1], [3, 2], [10, 3], [30, 3], [20, 0]])
    panel = dataclasses.replace(
        panel_of([1, 3], [10, 30, 20]), values=values, columns=("y", "sky"), texts=(0, 4)
    )
    scale = fit_scale(panel, panel.bounds[1:])
    assert scale_panel(panel, scale).values[:, 1].tolist() == [-0.5, 0, 0.5, 0.5, -1]
    assert scale.high.tolist() == [[3, 4], [30, 4]]
    new = dataclasses.replace(panel, ids=np.array(["s1", "s9"]))
    matched, unseen = match_scale(new, ("s0", "s1"), scale)
    assert unseen == ("s9",)
    assert matched.low.tolist() == [[10, 0], [10, 0]]
    assert matched.high.tolist() == [[30, 4], [30, 4]]
    before = Scale(np.array([[1.0, 1], [10, 0]]), np.array([[3.0, 2], [30, 3]]))
    matched, _ = match_scale(new, ("s0", "s1"), before)
    assert matched.high.tolist() == [[30, 3], [30, 3]]  # as the run scales codes


def test_each_series_and_each_column_has_its_own_extremes() -> None:
    panel = dataclasses.replace(
        panel_of([1, 3], [10, 30, 20]),
        values=np.array([[1.0, -5], [3, 5], [10, 0], [30, 0], [20, 1]]),
        columns=("y", "x"),
    )
    scale = fit_scale(panel, panel.bounds[1:])
    assert scale.low.tolist() == [[1, -5], [10, 0]]
    assert scale.high.tolist() == [[3, 5], [30, 1]]


def test_a_constant_series_scales_to_minus_one_and_comes_back() -> None:
    panel = panel_of([7, 7, 7])
    scale = fit_scale(panel, panel.bounds[1:])
    assert scale_panel(panel, scale).series(0).tolist() == [-1, -1, -1]
    assert scale.invert(np.array([[-1.0, -0.5]]), np.array([0])).tolist() == [[7.0, 7.25]]


def test_values_beyond_the_training_extremes_are_not_clipped() -> None:
    scale = Scale(low=np.array([[0.0]]), high=np.array([[10.0]]))
    assert scale.apply(np.array([[20.0]]), np.array([0])).tolist() == [[3.0]]


def test_filled_values_and_missing_values_do_not_set_the_extremes() -> None:
    panel = dataclasses.replace(
        panel_of([1, 99, 3], [5, 5, np.nan]),
        observed=np.array([[True], [False], [True], [False], [False], [False]]),
    )
    scale = fit_scale(panel, panel.bounds[1:])
    assert (scale.low[0, 0], scale.high[0, 0]) == (1, 3)
    assert (scale.low[1, 0], scale.high[1, 0]) == (0, 0)  # nothing was observed


def test_many_series_are_fitted_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = panel_of(*[[float(i), float(i + 2)] for i in range(11)])
    whole = fit_scale(panel, panel.bounds[1:])
    monkeypatch.setattr("forecast.prep.scale.CELLS", 6)
    blocks = fit_scale(panel, panel.bounds[1:])
    np.testing.assert_array_equal(whole.low, blocks.low)
    np.testing.assert_array_equal(whole.high, blocks.high)


def test_a_series_unseen_in_training_is_scaled_by_its_own_rows() -> None:
    panel = panel_of([1, 2], [50, 70, np.nan])
    panel = dataclasses.replace(panel, ids=np.array(["old", "new"]))
    stored = Scale(low=np.array([[-9.0], [0.0]]), high=np.array([[9.0], [8.0]]))
    scale, unseen = match_scale(panel, ("gone", "old"), stored)
    assert scale.low.tolist() == [[0.0], [50.0]]
    assert scale.high.tolist() == [[8.0], [70.0]]
    assert unseen == ("new",)


def test_known_future_rows_are_scaled_like_the_past() -> None:
    panel: Panel = dataclasses.replace(
        panel_of([1, 2]),
        values=np.array([[1.0, 0], [2, 10]]),
        columns=("y", "price"),
        known=1,
        future=np.array([[5.0], [20.0]]),
        future_bounds=np.array([0, 2]),
    )
    scaled = scale_panel(panel, fit_scale(panel, panel.bounds[1:]))
    assert scaled.future.tolist() == [[0.0], [3.0]]


def test_series_that_are_new_are_scaled_by_what_was_seen_of_them() -> None:
    random = np.random.default_rng(2)
    values = random.normal(size=(60, 2))
    values[random.random((60, 2)) < 0.3] = np.nan
    values[20:30, 1] = np.nan
    panel = Panel(
        values=values,
        time=np.tile(np.arange(10), 6),
        bounds=np.arange(0, 61, 10),
        ids=np.array(["f", "e", "d", "c", "b", "a"]),
        columns=("y", "x"),
        freq="1",
    )
    stored = Scale(np.zeros((2, 2)), np.ones((2, 2)))
    scale, unseen = match_scale(panel, ("a", "e"), stored)
    assert unseen == ("f", "d", "c", "b")
    for place, name in enumerate(panel.ids):
        rows = values[place * 10 : place * 10 + 10]
        for column in range(2):
            seen = rows[~np.isnan(rows[:, column]), column]
            lowest, highest = (seen.min(), seen.max()) if len(seen) else (0.0, 0.0)
            known = name in ("a", "e")
            assert scale.low[place, column] == (0.0 if known else lowest)
            assert scale.high[place, column] == (1.0 if known else highest)
