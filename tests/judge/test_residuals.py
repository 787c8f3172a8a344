"""Residuals against naive loops and NumPy's own correlation."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from forecast import judge
from forecast.types import Floats, Forecast, Panel


def made_of(errors: Floats, levels: tuple[float, ...] = (0.5,)) -> Forecast:
    """(W, H) actual less forecast; the forecast is 0, a series for each window."""
    windows, horizon = errors.shape
    steps = np.arange(windows)[:, None] * 0 + 100 + np.arange(horizon)
    return Forecast(
        values=np.zeros((windows, horizon, len(levels))) + np.array(levels) - 0.5,
        levels=levels,
        time=steps,
        ids=np.array([f"s{i}" for i in range(windows)]),
        cutoff=np.full(windows, 99),
        actual=errors,
    )


def scores_of(ids: list[str], mae: list[float], mase: list[float]) -> judge.Scores:
    """Only what tells a series' scale: the MAE and MASE of each."""
    return judge.Scores(tuple(ids), {"mae": np.array(mae), "mase": np.array(mase)}, {})


def test_one_series_keeps_its_units_and_missing_values_are_left_out() -> None:
    errors = np.array([[1.0, -2.0, np.nan, 4.0]])
    left = judge.residuals(made_of(errors), scores_of(["s0"], [2.0], [0.5]))
    assert not left.scaled
    assert left.values.tolist() == [1.0, -2.0, 4.0]
    assert left.time.tolist() == [100, 101, 103]


def test_several_series_are_held_against_their_own_scale() -> None:
    errors = np.array([[2.0, 4.0], [200.0, 400.0], [7.0, 7.0]])
    scores = scores_of(["s0", "s1", "s2"], [3.0, 300.0, 7.0], [1.5, 1.5, np.nan])
    left = judge.residuals(made_of(errors), scores)
    assert left.scaled
    # s2 has no MASE, and so no scale; at each time one of the others after the other.
    assert left.values.tolist() == pytest.approx([1.0, 1.0, 2.0, 2.0])
    assert left.time.tolist() == [100, 100, 101, 101]


def test_the_autocorrelation_is_of_all_pairs_so_many_steps_apart() -> None:
    rng = np.random.default_rng(4)
    errors = np.cumsum(rng.normal(size=60))[None]
    left = judge.residuals(made_of(errors), scores_of(["s0"], [1.0], [1.0]))
    centred = errors[0] - errors[0].mean()
    for lag in range(1, 25):
        expected = np.mean(centred[lag:] * centred[:-lag]) / np.mean(centred**2)
        assert left.correlation[lag - 1] == pytest.approx(np.clip(expected, -1, 1))
        assert left.pairs[lag - 1] == 60 - lag


def test_steps_of_different_windows_are_no_neighbours() -> None:
    errors = np.random.default_rng(5).normal(size=(40, 3))
    scores = scores_of([f"s{i}" for i in range(40)], [1.0] * 40, [1.0] * 40)
    left = judge.residuals(made_of(errors), scores)
    centred = errors - errors.mean()
    one = np.mean([pair for row in centred for pair in (row[1] * row[0], row[2] * row[1])])
    two = np.mean([row[2] * row[0] for row in centred])
    assert left.correlation.tolist() == pytest.approx([each / centred.var() for each in (one, two)])
    assert left.pairs.tolist() == [80, 40]


def test_windows_of_one_step_are_taken_in_the_order_of_their_cutoffs() -> None:
    errors = np.random.default_rng(6).normal(size=(30, 1))
    order = np.random.default_rng(7).permutation(30)
    made = made_of(errors)
    made = dataclasses.replace(
        made,
        ids=np.full(30, "s"),
        time=(100 + order)[:, None],
        cutoff=99 + order,
        actual=errors[order],
    )
    left = judge.residuals(made, scores_of(["s"], [1.0], [1.0]))
    assert left.values.tolist() == errors[:, 0].tolist()
    centred = errors[:, 0] - errors.mean()
    expected = np.mean(centred[1:] * centred[:-1]) / np.mean(centred**2)
    assert left.correlation[0] == pytest.approx(expected)


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_errors_of_any_size_have_a_correlation(size: float) -> None:
    errors = np.random.default_rng(9).normal(size=(1, 40))
    usual, other = (
        judge.residuals(made_of(each), scores_of(["s0"], [1.0], [1.0])).correlation
        for each in (errors, errors * size)
    )
    np.testing.assert_allclose(other, usual)


ROUNDED = 3.0 + 1e-15 * np.arange(12.0)[None]


@pytest.mark.parametrize("errors", [np.full((1, 12), 3.0), ROUNDED, np.full((1, 12), np.nan)])
def test_errors_that_are_all_alike_have_no_correlation(errors: Floats) -> None:
    left = judge.residuals(made_of(errors), scores_of(["s0"], [3.0], [1.0]))
    assert left.correlation.size == left.pairs.size == 0


def test_the_reliability_counts_what_lies_below_each_level() -> None:
    levels = (0.1, 0.5, 0.9)  # the quantiles lie at -0.4, 0 and 0.4
    errors = np.array([[-1.0, -0.4, -0.1, 0.2, 9.0, np.nan]])
    shares, count = judge.reliability(made_of(errors, levels))
    assert count == 5
    assert shares.tolist() == [0.4, 0.6, 0.8]


def test_quantiles_of_the_truth_are_reliable() -> None:
    from statistics import NormalDist

    levels = (0.025, 0.1, 0.5, 0.9, 0.975)
    rng = np.random.default_rng(8)
    made = made_of(rng.normal(size=(500, 20)), levels)
    quantiles = np.array([NormalDist().inv_cdf(level) for level in levels])
    made = dataclasses.replace(made, values=np.zeros((500, 20, 1)) + quantiles)
    shares, count = judge.reliability(made)
    assert count == 10_000
    np.testing.assert_allclose(shares, levels, atol=0.015)


def test_without_actual_values_there_is_nothing_to_say() -> None:
    made = dataclasses.replace(made_of(np.zeros((1, 4))), actual=None)
    shares, count = judge.reliability(made)
    assert count == 0
    assert np.isnan(shares).all()
    left = judge.residuals(made, scores_of([], [], []))
    assert left.values.size == 0


def test_a_panel_is_not_needed_to_know_the_scale() -> None:
    """The scale that MAE and MASE imply is the seasonal naive's error before the cutoff."""
    values = np.concatenate([np.arange(12.0), np.arange(12.0) ** 2])
    panel = Panel(
        values[:, None], np.tile(np.arange(12), 2), np.array([0, 12, 24]),
        np.array(["a", "b"]), ("y",), "1",
    )  # fmt: skip
    rows = np.array([10, 22])
    actual = np.array([[10.0, 11.0], [100.0, 121.0]])
    made = Forecast(
        np.full((2, 2, 1), 5.0), (0.5,), np.array([[10, 11], [10, 11]]), panel.ids,
        np.array([9, 9]), actual,
    )  # fmt: skip
    left = judge.residuals(made, judge.score(made, panel, rows, season=1))
    scale = [1.0, float(np.mean(np.diff(np.arange(10.0) ** 2)))]
    expected = [5 / scale[0], 95 / scale[1], 6 / scale[0], 116 / scale[1]]
    assert left.values.tolist() == pytest.approx(expected)
