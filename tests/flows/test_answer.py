"""From windows to forecasts: times, actuals, units."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from forecast.flows.answer import answer
from forecast.prep import Cutoffs, Plan, Units, last_cutoffs
from forecast.types import Floats, Panel, Scale, Windows

PLAN = Plan(horizon=3, window=2, fold=1, season=1, holdout=3, validation=0, least=1)


def last_value(windows: Windows) -> Floats:
    """A network that repeats the last value it sees."""
    return np.repeat(windows.x[:, -1:, :1], 3, axis=1)


def months() -> Panel:
    return Panel.single([10.0, 20, 30, 40, 50], freq="MS", start="2024-01")


def units() -> Units:
    return Units(Scale(low=np.array([[0.0]]), high=np.array([[100.0]])))


def text(times: np.ndarray) -> list[list[str]]:
    found: list[list[str]] = times.astype("datetime64[M]").astype(str).tolist()
    return found


def test_the_future_has_times_of_its_own_and_no_actuals() -> None:
    panel = months()
    forecast = answer(last_value, panel, units(), last_cutoffs(panel), PLAN)
    assert text(forecast.time) == [["2024-06", "2024-07", "2024-08"]]
    np.testing.assert_allclose(forecast.point, [[50, 50, 50]])
    assert forecast.actual is None
    assert forecast.cutoff.astype("datetime64[M]").astype(str).tolist() == ["2024-05"]


def test_a_window_that_reaches_past_the_end_has_actuals_as_far_as_there_are_any() -> None:
    panel = months()
    cutoffs = Cutoffs(np.array([0, 0]), np.array([2, 4]))
    forecast = answer(last_value, panel, units(), cutoffs, PLAN)
    assert text(forecast.time) == [
        ["2024-03", "2024-04", "2024-05"],
        ["2024-05", "2024-06", "2024-07"],
    ]
    assert forecast.actual is not None
    np.testing.assert_array_equal(forecast.actual, [[30, 40, 50], [50, np.nan, np.nan]])
    np.testing.assert_allclose(forecast.point[:, 0], [20, 40])


def test_a_value_that_was_filled_in_is_no_actual() -> None:
    panel = dataclasses.replace(
        months(), observed=np.array([[True], [True], [True], [False], [True]])
    )
    forecast = answer(last_value, panel, units(), Cutoffs(np.array([0]), np.array([2])), PLAN)
    assert forecast.actual is not None
    np.testing.assert_array_equal(forecast.actual, [[30, np.nan, 50]])


def test_windows_in_any_order_and_in_many_blocks_are_answered_as_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(3)
    bounds = np.array([0, 6, 9, 20, 25])
    panel = dataclasses.replace(
        Panel.single(np.round(random.normal(50, 9, 25), 3), freq="D", start="2024-01-01"),
        values=random.normal(50, 9, (25, 2)),
        bounds=bounds,
        ids=np.array(["a", "b", "c", "d"]),
        columns=("y", "price"),
        observed=random.random((25, 2)) > 0.2,
        known=1,
        future=random.normal(50, 9, (12, 1)),
        future_bounds=np.arange(5) * 3,
        static=np.arange(4.0)[:, None],
        static_columns=("shop",),
    )
    scale = Scale(low=np.zeros((4, 2)), high=random.uniform(60, 120, (4, 2)))
    rows = random.permutation(np.arange(1, 26))
    owners = panel.owners(rows)

    def sum_of_all(windows: Windows) -> Floats:
        parts = (windows.x, windows.known, windows.static)
        said = sum(part.reshape(len(part), -1).sum(axis=1) for part in parts)
        return np.repeat(np.asarray(said)[:, None, None], 3, axis=1)

    def ask(some: slice, block: int) -> Floats:
        monkeypatch.setattr("forecast.flows.answer.BLOCK", block)
        cutoffs = Cutoffs(owners[some], rows[some])
        return answer(sum_of_all, panel, Units(scale), cutoffs, PLAN).values

    alone = np.concatenate([ask(slice(k, k + 1), 1) for k in range(25)])
    assert len(np.unique(alone[:, 0])) == 25
    for block in (1, 3, 7, 1000):
        np.testing.assert_allclose(ask(slice(None), block), alone, rtol=1e-12)
