"""The simple methods, and how they are mixed, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forecast import nets
from forecast.nets.simple import at_level, last_year, mixture, simple_methods
from tests.nets.made import mixed, noise, softmax, told

pytestmark = pytest.mark.slow


def methods_of(window: list[float], season: int, horizon: int) -> list[list[float]]:
    """What each method says of one window, in the order in which the network has them."""
    shape = nets.Shape(window=len(window), horizon=horizon, fold=1, season=season)
    said = told(simple_methods(np.array([window], np.float32), shape))  # (1, H, M)
    rounded: list[list[float]] = np.round(said[0].T, 4).tolist()
    return rounded


def test_two_seasons_give_a_calmer_season_and_drifts_of_two_kinds() -> None:
    # Seasons of four with means 3 and 4.5; from the one to the other 1, 2, 0 and 3 more.
    assert methods_of([1, 2, 3, 6, 2, 4, 3, 9], season=4, horizon=5) == [
        [2.25, 3.75, 3.75, 8.25, 2.25],  # both, each around its own mean, around the last mean
        [9] * 5,
        [4.5] * 5,
        [5, 7, 6, 12, 5],  # the newest row grew by 3
        [3.5, 5.5, 4.5, 10.5, 3.5],  # all four by 1.5
    ]


def test_less_than_two_seasons_give_the_seasonal_naive_and_what_is_flat() -> None:
    assert methods_of([9, 1, 2, 3, 6], season=4, horizon=6) == [
        [1, 2, 3, 6, 1, 2],
        [6] * 6,
        [3] * 6,
    ]


def test_without_a_season_a_line_goes_on_from_the_last_value() -> None:
    assert methods_of([8, 0, 1, 2, 3, 4], season=1, horizon=3) == [
        [4, 4, 4],
        [5, 6, 7],
        [2.5, 2.5, 2.5],
    ]


def test_one_row_of_history_can_only_be_repeated() -> None:
    assert methods_of([5], season=1, horizon=3) == [[5, 5, 5]]


def test_last_year_is_moved_to_the_level_of_the_last_season_and_of_the_last_four() -> None:
    shape = nets.Shape(window=8, horizon=3, fold=1, season=2)
    before = [1, 1, 1, 1, 2, 2, 10, 20, 7, 8, 9]  # eight rows a year before the window, three ahead
    window = [-4, -4, -2, -2, -3, -3, -1, 1]  # normalised: the last season has the mean 0
    moved = told(at_level(np.array([before], np.float32), shape))
    assert moved[0].tolist() == [value - 15 for value in before]
    said = told(last_year(moved.astype(np.float32), np.array([window], np.float32), shape))
    # The last season stood 15 lower than a year before; the last four, at -2.25, 7 lower.
    assert said[0].T.tolist() == [[-8, -7, -6], [0, 1, 2]]


def test_a_window_of_less_than_four_seasons_has_one_level_to_compare() -> None:
    shape = nets.Shape(window=6, horizon=2, fold=1, season=2)
    before, window = np.ones((1, 8), np.float32), np.zeros((1, 6), np.float32)
    assert told(last_year(before, window, shape)).shape == (1, 2, 1)


@pytest.mark.parametrize("rows", [2, 3, 4])
def test_a_short_history_drifts_over_what_there_is(rows: int) -> None:
    window = [float(3 * i) for i in range(rows)]
    line = methods_of(window, season=1, horizon=2)[1]
    assert line == [window[-1] + 3, window[-1] + 6]


@pytest.mark.parametrize(("season", "rows"), [(1, 12), (4, 12), (7, 12), (12, 24), (3, 6)])
def test_before_training_the_first_method_is_trusted_most(season: int, rows: int) -> None:
    shape = nets.Shape(window=rows, horizon=5, fold=1, season=season)
    x = noise(4, rows)
    methods = simple_methods(x.astype(np.float32), shape)
    said = mixture(methods, noise(4, 3).astype(np.float32), shape)
    np.testing.assert_allclose(told(said), mixed(x, shape), atol=1e-5)


def test_the_trust_is_a_softmax_of_what_the_state_says_for_each_step() -> None:
    import keras

    shape = nets.Shape(window=8, horizon=3, fold=1, season=4)
    methods, state = keras.Input((3, 5)), keras.Input((2,))
    model = keras.Model([methods, state], mixture(methods, state, shape))
    random = np.random.default_rng(3)
    kernel, bias = random.normal(size=(2, 15)), random.normal(size=15)
    model.set_weights([kernel, bias])
    said, given = random.normal(size=(4, 3, 5)), random.normal(size=(4, 2))
    trust = softmax((given @ kernel + bias).reshape(4, 3, 5))
    np.testing.assert_allclose(trust.sum(axis=-1), 1)
    expected = (trust * said).sum(axis=-1)
    np.testing.assert_allclose(
        told(model.predict_on_batch([said, given])), expected, rtol=1e-5, atol=1e-6
    )
