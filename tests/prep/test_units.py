"""There and back: transforms, gaps, bounds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.prep import (
    IDENTITY,
    ZERO,
    Cutoffs,
    Plan,
    Units,
    choose_transform,
    fit_scale,
    gather,
    identify,
    transform_panel,
)
from forecast.prep.units import carry, zero_depth
from forecast.types import Panel, Scale
from tests.prep.test_windows import panel_of

KINDS = ("none", "log", "diff", "seasonal-diff")


def units_for(panel: Panel, kind: str, season: int = 3) -> Units:
    changed = transform_panel(panel, kind, season)
    return Units(fit_scale(changed, panel.bounds[1:]), kind, season)


@pytest.mark.parametrize("kind", KINDS)
@given(lengths=st.lists(st.integers(9, 20), min_size=1, max_size=3), seed=st.integers(0, 1000))
def test_what_the_network_would_say_of_the_truth_comes_back_as_the_truth(
    kind: str, lengths: list[int], seed: int
) -> None:
    random = np.random.default_rng(seed)
    panel = panel_of(*[random.uniform(1, 100, n).tolist() for n in lengths])
    units = units_for(panel, kind)
    series = np.arange(len(panel))
    cutoffs = Cutoffs(series, panel.bounds[1:] - 5)
    plan = Plan(horizon=5, window=3, fold=1, season=3, holdout=5, validation=0, least=1)
    windows = gather(units.to_network(panel), cutoffs, plan)
    truth = panel.values[cutoffs.row[:, None] + np.arange(5), 0]
    back = units.to_original(windows.y[:, :, None], panel, cutoffs)
    np.testing.assert_allclose(back[:, :, 0], truth, rtol=1e-9)


def test_differences_are_those_worked_out_by_hand_and_stay_within_their_series() -> None:
    panel = panel_of([1, 4, 9, 16], [100, 90, 70, 40])
    by_one = transform_panel(panel, "diff", season=2).values[:, 0]
    by_two = transform_panel(panel, "seasonal-diff", season=2).values[:, 0]
    np.testing.assert_array_equal(by_one, [np.nan, 3, 5, 7, np.nan, -10, -20, -30])
    np.testing.assert_array_equal(by_two, [np.nan, np.nan, 8, 12, np.nan, np.nan, -30, -50])


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, 3, 4, 5], "log"),  # grows fivefold
        ([10, 11, 12, 13, 14], "none"),  # hardly grows
        ([0, 2, 3, 4, 5], "none"),  # has no logarithm
    ],
)
def test_a_logarithm_is_chosen_for_what_is_positive_and_multiplies(
    values: list[float], kind: str
) -> None:
    panel = panel_of(values)
    assert choose_transform("auto", panel, panel.bounds[1:]) == kind


def test_a_logarithm_of_nothing_is_refused() -> None:
    panel = panel_of([3, 0, 1])
    with pytest.raises(DataError, match="goes down to 0"):
        choose_transform("log", panel, panel.bounds[1:])


def test_gaps_are_carried_over_within_their_series_and_marked() -> None:
    nan = np.nan
    panel = panel_of([nan, 2, nan, 4], [nan, nan, 7, nan], [nan, nan])
    units = Units(Scale(low=np.full((3, 1), -1.0), high=np.full((3, 1), 1.0)))
    ready = units.to_network(panel)
    assert ready.values[:, 0].tolist() == [2, 2, 2, 4, 7, 7, 7, 7, 0, 0]
    assert ready.observed is not None
    assert np.flatnonzero(ready.observed[:, 0]).tolist() == [1, 3, 6]


def test_a_window_shows_which_values_were_observed_and_asks_for_no_other() -> None:
    panel = dataclasses.replace(
        panel_of([1, 2, 3, 4, 5, 6]),
        observed=np.array([[True], [False], [True], [True], [False], [True]]),
    )
    plan = Plan(
        horizon=3, window=3, fold=1, season=1, holdout=0, validation=0, least=1, marked=True
    )
    windows = gather(panel, Cutoffs(np.array([0]), np.array([3])), plan)
    assert windows.x[0].tolist() == [[1, 1], [2, 0], [3, 1]]
    np.testing.assert_array_equal(windows.y[0], [4, np.nan, 6])


def test_forecasts_stay_within_the_bounds_and_whole_where_asked() -> None:
    panel = panel_of([0, 10])
    cutoffs = Cutoffs(np.array([0]), np.array([2]))
    scale = fit_scale(panel, panel.bounds[1:])
    said = np.array([[[-1.5], [0.13], [9.0]]])
    free = Units(scale).to_original(said, panel, cutoffs)
    held = Units(scale, low=0, high=20, whole=True).within(free)
    np.testing.assert_allclose(free[0, :, 0], [-2.5, 5.65, 50])
    assert held[0, :, 0].tolist() == [0, 6, 20]


# --- where zero lies


def test_zero_lies_where_the_training_range_puts_it() -> None:
    low = np.array([[0.0], [50.0], [99.0], [-3.0], [7.0]])
    high = np.array([[100.0], [150.0], [101.0], [5.0], [7.0]])
    depth = zero_depth(Scale(low, high))
    # From the middle of the range down to zero and a hundredth of the top more, in half ranges.
    assert depth[0] == pytest.approx((50 + 1.0) / 50, abs=2e-3)
    assert depth[1] == pytest.approx((100 + 1.5) / 50)
    # Far below a narrow range, and where values are negative: as far as it is ever put.
    assert depth[2] == depth[3] == 20
    assert 1 < depth[4] <= 20  # a constant series is half a unit wide


@given(
    low=st.floats(-1e6, 1e6).map(lambda x: round(x, 3)),
    width=st.floats(0, 1e6).map(lambda x: round(x, 3)),
    share=st.floats(0, 1),
    size=st.floats(1, 9),
)
def test_values_above_zero_have_a_logarithm(
    low: float, width: float, share: float, size: float
) -> None:
    scale = Scale(np.array([[low]]), np.array([[low + width]]))
    depth = zero_depth(scale)
    assert 1 < depth[0] <= 20
    value = np.array([[max(low, 0) + share * width]])
    # The network takes no logarithm of less than a fiftieth of the way (`nets.network.NEAREST`).
    assert (scale.apply(value, np.array([0])) / depth + 1 >= 0.02).all()
    if low >= 0 and width > 0:  # a unit of measure does not matter
        larger = Scale(np.array([[low * size]]), np.array([[(low + width) * size]]))
        assert zero_depth(larger)[0] == pytest.approx(depth[0], rel=1e-6)


def test_the_network_is_told_where_zero_lies_after_everything_else_that_is_static() -> None:
    panel = panel_of([0, 100], [50, 150])
    units = units_for(panel, "none")
    alone = units.to_network(panel)
    assert alone.static.tolist() == zero_depth(units.scale)[:, None].tolist()
    assert alone.static_columns == (ZERO,)
    panel = dataclasses.replace(panel, static=np.array([[7.0], [8.0]]), static_columns=("size",))
    beside = units.to_network(identify(panel, ["s1"]))
    assert beside.static[:, :2].tolist() == [[7, 0], [8, 1]]
    np.testing.assert_array_equal(beside.static[:, 2], alone.static[:, 0])
    assert beside.static_columns == ("size", IDENTITY, ZERO)


def test_a_logarithm_that_was_taken_already_has_its_own_zero() -> None:
    panel = panel_of([1, 10, 100])
    depth = units_for(panel, "log").to_network(panel).static[0, 0]
    logarithms = Scale(np.array([[0.0]]), np.array([[np.log(100)]]))
    assert depth == pytest.approx(zero_depth(logarithms)[0])


def test_a_gap_in_what_is_known_ahead_is_carried_over_too() -> None:
    nan = np.nan
    panel = dataclasses.replace(
        panel_of([1, 2], [3, 5]),
        values=np.array([[1.0, 10], [2, nan], [3, nan], [5, nan]]),
        columns=("y", "price"),
        known=1,
        future=np.array([[nan], [30.0], [nan], [nan], [50.0]]),
        future_bounds=np.array([0, 3, 5]),
    )
    carried = carry(panel)
    assert carried.future.ravel().tolist() == [10, 30, 30, 0, 50]
    assert carry(carried).future is carried.future
