"""Supervised windows against tables worked out by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecast.prep import (
    Cutoffs,
    Plan,
    Split,
    gather,
    last_cutoffs,
    origins,
    split_panel,
    supervised_cutoffs,
)
from forecast.types import Floats, Panel

PLAN = Plan(horizon=2, window=3, fold=1, season=1, holdout=2, validation=2, least=1)


def panel_of(*series: list[float]) -> Panel:
    """Series of numbered rows, one column."""
    lengths = [len(each) for each in series]
    return Panel(
        values=np.concatenate([np.array(each, dtype=np.float64) for each in series])[:, None],
        time=np.concatenate([np.arange(n) for n in lengths]),
        bounds=np.concatenate([[0], np.cumsum(lengths)]),
        ids=np.array([f"s{i}" for i in range(len(series))]),
        columns=("y",),
        freq="1",
    )


def test_windows_are_those_of_the_table() -> None:
    panel = panel_of([1, 2, 3, 4, 5, 6, 7])
    split = split_panel(panel, validation=0, holdout=0, least=3)
    train, validation = supervised_cutoffs(split, PLAN)
    windows = gather(panel, train, PLAN)
    # history        target      by hand; the first two start before the series does
    table = [
        ([1, 1, 2], [3, 4]),
        ([1, 2, 3], [4, 5]),
        ([2, 3, 4], [5, 6]),
        ([3, 4, 5], [6, 7]),
    ]
    assert windows.x[:, :, 0].tolist() == [history for history, _ in table]
    assert windows.y.tolist() == [target for _, target in table]
    assert len(validation) == 0


def test_no_window_mixes_two_series() -> None:
    panel = panel_of([1, 2, 3, 4, 5, 6], [101, 102, 103, 104, 105, 106])
    split = split_panel(panel, validation=0, holdout=0, least=3)
    train, _ = supervised_cutoffs(split, PLAN)
    windows = gather(panel, train, PLAN)
    for x, y, series in zip(windows.x[:, :, 0], windows.y, windows.series, strict=True):
        together = np.concatenate([x, y])
        assert (together > 100).all() if series == 1 else (together < 100).all()


def test_the_parts_of_a_series_follow_each_other_in_time() -> None:
    panel = panel_of(list(range(20)))
    split = split_panel(panel, validation=4, holdout=3, least=4)
    train, validation = supervised_cutoffs(split, PLAN)
    ends = (split.train_end, split.validation_end, split.end)
    assert [each.tolist() for each in ends] == [[13], [17], [20]]
    assert (train.row + PLAN.horizon).max() == 13  # the last training target is row 12
    assert validation.row.tolist() == [13, 14, 15]  # targets 13-14, 14-15, 15-16
    assert origins(split, PLAN).row.tolist() == [17, 19]  # the second reaches past the end


def test_a_series_too_short_for_all_gives_up_validation_first_then_holdout() -> None:
    panel = panel_of(list(range(9)), list(range(7)), list(range(4)))
    split = split_panel(panel, validation=2, holdout=3, least=4)
    held = (split.validation_end - split.train_end).tolist()
    out = (split.end - split.validation_end).tolist()
    assert held == [2, 0, 0]
    assert out == [3, 3, 0]


def test_the_future_of_known_columns_continues_after_the_last_row() -> None:
    panel = dataclasses.replace(
        panel_of([1, 2, 3]),
        values=np.array([[1.0, 10], [2, 20], [3, 30]]),
        columns=("y", "holiday"),
        known=1,
        future=np.array([[40.0], [50.0]]),
        future_bounds=np.array([0, 2]),
    )
    windows = gather(panel, last_cutoffs(panel), PLAN)
    assert windows.known[0, :, 0].tolist() == [10, 20, 30, 40, 50]
    assert np.isnan(windows.y).all()


def test_the_rows_known_ahead_are_those_of_the_window_and_of_the_steps_after_it() -> None:
    panel = dataclasses.replace(
        panel_of([1, 2, 3, 4, 5]),
        values=np.array([[1.0, 10], [2, 20], [3, 30], [4, 40], [5, 50]]),
        columns=("y", "price"),
        known=1,
        future=np.array([[60.0], [70.0]]),
        future_bounds=np.array([0, 2]),
    )
    windows = gather(panel, Cutoffs(np.array([0, 0, 0]), np.array([1, 3, 4])), PLAN)
    assert windows.known[:, :, 0].tolist() == [
        [10, 10, 10, 20, 30],  # the series begins inside the window
        [10, 20, 30, 40, 50],
        [20, 30, 40, 50, 60],  # the last step is beyond the last row
    ]
    np.testing.assert_array_equal(windows.x[:, :, 1], windows.known[:, :3, 0])


def test_what_never_changes_comes_with_every_window_of_its_series() -> None:
    panel = dataclasses.replace(
        panel_of([1, 2, 3], [4, 5, 6]), static=np.array([[7.0, 8.0], [9.0, 10.0]])
    )
    windows = gather(panel, Cutoffs(np.array([1, 0, 1]), np.array([5, 2, 6])), PLAN)
    assert windows.static.tolist() == [[9, 10], [7, 8], [9, 10]]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Panel, Plan, Split]:
    lengths = draw(st.lists(st.integers(5, 40), min_size=1, max_size=4))
    plan = Plan(
        horizon=draw(st.integers(1, 4)),
        window=draw(st.integers(1, 8)),
        fold=1,
        season=1,
        holdout=draw(st.integers(0, 6)),
        validation=draw(st.integers(0, 6)),
        least=1,
    )
    panel = panel_of(*[[float(i) for i in range(n)] for n in lengths])
    split = split_panel(
        panel, validation=plan.validation, holdout=plan.holdout, least=plan.least + plan.horizon
    )
    return panel, plan, split


def changed_from(panel: Panel, rows: np.ndarray) -> Panel:
    """The same panel, but everything from the given row of each series on is something else."""
    values = panel.values.copy()
    for row, end in zip(rows, panel.bounds[1:], strict=True):
        values[row:end] = -1e9
    return dataclasses.replace(panel, values=values)


@given(worlds())
def test_no_window_sees_past_its_cutoff(world: tuple[Panel, Plan, Split]) -> None:
    panel, plan, split = world
    train, validation = supervised_cutoffs(split, plan)
    for cutoffs in (train, validation, origins(split, plan)):
        for i in range(len(cutoffs)):
            one = cutoffs.take(np.array([i]))
            rows = np.where(np.arange(len(panel)) == one.series[0], one.row[0], panel.bounds[1:])
            other = gather(changed_from(panel, rows), one, plan)
            np.testing.assert_array_equal(other.x, gather(panel, one, plan).x)


@given(worlds())
def test_nothing_trained_on_or_stopped_by_lies_in_the_holdout(
    world: tuple[Panel, Plan, Split],
) -> None:
    panel, plan, split = world
    blind = changed_from(panel, split.validation_end)
    for cutoffs in supervised_cutoffs(split, plan):
        seen, unseen = gather(panel, cutoffs, plan), gather(blind, cutoffs, plan)
        np.testing.assert_array_equal(seen.x, unseen.x)
        np.testing.assert_array_equal(seen.y, unseen.y)


@given(worlds())
def test_no_training_target_lies_in_the_validation_rows(world: tuple[Panel, Plan, Split]) -> None:
    panel, plan, split = world
    train, _ = supervised_cutoffs(split, plan)
    blind = changed_from(panel, split.train_end)
    np.testing.assert_array_equal(gather(panel, train, plan).y, gather(blind, train, plan).y)


@given(worlds())
def test_every_holdout_row_is_forecast_exactly_once(world: tuple[Panel, Plan, Split]) -> None:
    panel, plan, split = world
    cutoffs = origins(split, plan)
    rows: list[int] = []
    for series, row in zip(cutoffs.series, cutoffs.row, strict=True):
        rows += range(row, min(row + plan.horizon, panel.bounds[series + 1]))
    expected = [
        row
        for first, end in zip(split.validation_end, split.end, strict=True)
        for row in range(first, end)
    ]
    assert rows == expected


def naive_gather(
    values: Floats, bounds: np.ndarray, cutoffs: Cutoffs, plan: Plan
) -> list[tuple[list[float], list[float]]]:
    """The definition, row by row."""
    windows = []
    for series, row in zip(cutoffs.series, cutoffs.row, strict=True):
        first, end = bounds[series], bounds[series + 1]
        history = [values[max(r, first), 0] for r in range(row - plan.window, row)]
        target = [values[r, 0] if r < end else np.nan for r in range(row, row + plan.horizon)]
        windows.append((history, target))
    return windows


@given(worlds())
def test_gathering_is_the_same_as_cutting_row_by_row(world: tuple[Panel, Plan, Split]) -> None:
    panel, plan, split = world
    train, _ = supervised_cutoffs(split, plan)
    both = Cutoffs(
        np.concatenate([train.series, last_cutoffs(panel).series]),
        np.concatenate([train.row, last_cutoffs(panel).row]),
    )
    windows = gather(panel, both, plan)
    expected = naive_gather(panel.values, panel.bounds, both, plan)
    np.testing.assert_array_equal(windows.x[:, :, 0], [history for history, _ in expected])
    np.testing.assert_array_equal(windows.y, [target for _, target in expected])
