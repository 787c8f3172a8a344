"""Weights: those of the smallest error, and near the network where little is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.judge import LSTM, best_of, blended, choose_weights
from forecast.judge.blend import errors_of
from forecast.types import Floats, Forecast, Ints


def said(values: Floats, actual: Floats) -> Forecast:
    """(W, H) forecasts with a fan of one on either side."""
    count, horizon = values.shape
    steps = np.tile(np.arange(horizon), (count, 1))
    fan = values[:, :, None] + np.array([-1.0, 0.0, 1.0])
    ids = np.array([""] * count)
    return Forecast(fan, (0.1, 0.5, 0.9), steps, ids, np.arange(count), actual)


def noisy(seed: int, network: float, simple: float) -> tuple[dict[str, Forecast], Ints]:
    """Two forecasts that are off by independent noise of these sizes, of 20 series."""
    random = np.random.default_rng(seed)
    actual = random.normal(size=(200, 4)) * 10
    tried = {
        LSTM: said(actual + network * random.normal(size=(200, 4)), actual),
        "naive": said(actual + simple * random.normal(size=(200, 4)), actual),
        "drift": said(actual + 50.0, actual),
    }
    return tried, np.repeat(np.arange(20), 10)


def test_forecasts_that_are_as_good_have_equal_weights() -> None:
    tried, series = noisy(1, 1.0, 1.0)
    weights = choose_weights(tried, series, spans=1e6)
    assert weights == {LSTM: pytest.approx(0.5, abs=0.1), "naive": pytest.approx(0.5, abs=0.1)}


@given(
    seed=st.integers(0, 50),
    network=st.floats(0.1, 5),
    simple=st.floats(0.1, 5),
    spans=st.floats(1, 1e6),
)
def test_the_blend_is_never_worse_than_the_network_on_what_it_was_chosen_on(
    seed: int, network: float, simple: float, spans: float
) -> None:
    tried, series = noisy(seed, network, simple)
    weights = choose_weights(tried, series, spans)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert all(weight > 0 for weight in weights.values())
    mine, alone, other = errors_of([blended(tried, weights), tried[LSTM], tried["naive"]], series)
    assert mine <= alone + 1e-9
    if spans > 1e4:
        assert mine <= other / (1 - 0.02) + 1e-3


def test_the_fewer_spans_the_nearer_to_the_network() -> None:
    tried, series = noisy(2, 5.0, 0.5)
    parts = [choose_weights(tried, series, spans)[LSTM] for spans in (0.5, 5.0, 500.0)]
    assert parts == sorted(parts, reverse=True)
    assert parts[0] > 0.9
    assert parts[-1] < 0.15


def test_a_network_that_is_better_with_no_help_stays_alone() -> None:
    tried, series = noisy(3, 0.01, 5.0)
    assert choose_weights(tried, series, spans=3.0) == {LSTM: 1.0}


def test_the_fan_moves_with_the_middle_and_keeps_its_width() -> None:
    actual = np.zeros((1, 2))
    tried = {LSTM: said(np.array([[4.0, 8.0]]), actual), "naive": said(np.zeros((1, 2)), actual)}
    mixed = blended(tried, {LSTM: 0.25, "naive": 0.75})
    np.testing.assert_allclose(mixed.values, [[[0, 1, 2], [1, 2, 3]]])
    np.testing.assert_allclose(blended(tried, {"naive": 1.0}).point, 0.0)


def test_every_series_counts_alike_however_large_its_numbers() -> None:
    actual = np.zeros((4, 1))
    large, small = np.array([[1e6], [1e6], [1.0], [1.0]]), np.array([[9e5], [9e5], [2.0], [2.0]])
    tried = {"a": said(large, actual), "b": said(small, actual)}
    # By plain errors b would win; but it is 10 per cent better on one series, and half as good
    # on the other.
    assert best_of(tried, np.array([0, 0, 1, 1])) == "a"


def test_a_method_that_gives_no_number_is_not_chosen() -> None:
    actual = np.zeros((2, 2))
    tried = {
        LSTM: said(np.ones((2, 2)) * 9, actual),
        "naive": said(np.full((2, 2), np.nan), actual),
        "drift": said(np.ones((2, 2)), actual),
    }
    assert best_of(tried, np.array([0, 1])) == "drift"
    assert set(choose_weights(tried, np.array([0, 1]), 100.0)) == {LSTM, "drift"}


def test_perfect_forecasts_and_nothing_known_break_nothing() -> None:
    same = said(np.ones((2, 2)), np.ones((2, 2)))
    assert choose_weights({LSTM: same, "naive": same}, np.array([0, 1]), 10.0) == {LSTM: 1.0}
    unknown = said(np.ones((2, 2)), np.full((2, 2), np.nan))
    assert choose_weights({LSTM: unknown, "naive": unknown}, np.array([0, 1]), 0.0) == {LSTM: 1.0}
