"""From the network's answer to what is shipped: weights, intervals, bounds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from forecast.flows.finish import AS_IT_IS, Finish, choose_finish, network_part
from forecast.flows.rehearsal import Rehearsal
from forecast.judge import BASELINES, LSTM, Calibration, baseline
from forecast.prep import Cutoffs, Units
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec
from forecast.types import Floats, Forecast, Loaded, Panel, Scale, Schema

LEVELS = (0.1, 0.5, 0.9)
UNITS = Units(Scale(np.zeros((1, 1)), np.ones((1, 1))))
HORIZON, SEASON = 3, 4


def data(rows: int = 200) -> Loaded:
    values = 10.0 + np.tile([0.0, 5.0, 2.0, 8.0], rows // 4)
    panel = Panel.single(values, freq="D", start="2024-01-01")
    return Loaded(panel, Schema(target="y"), rows, "", season=SEASON)


def rehearsed(off: float, loaded: Loaded, windows: int = 60) -> Rehearsal:
    """A network that is off by noise of this size, on a series that repeats itself exactly."""
    rows = 100 + np.arange(windows)
    ahead = rows[:, None] + np.arange(HORIZON)
    actual = loaded.panel.values[ahead, 0]
    middle = actual + np.random.default_rng(0).normal(size=actual.shape) * off
    fan: Floats = middle[:, :, None] + np.array([-1.0, 0.0, 1.0])
    names = np.array([""] * windows)
    forecast = Forecast(fan, LEVELS, ahead, names, rows - 1, actual)
    spans = windows / HORIZON
    return Rehearsal(forecast, Cutoffs(np.zeros(windows, dtype=np.int64), rows), spans, spans)


def chosen(way: str, off: float) -> Finish:
    loaded = data()
    spec = RunSpec(DataSpec("x.csv"), NetSpec(), FitSpec(if_worse=way, levels=LEVELS))
    return choose_finish(rehearsed(off, loaded), spec, loaded)


def test_where_the_season_repeats_itself_it_takes_the_better_part_of_a_blend() -> None:
    weights = chosen("blend", 3.0).weights
    assert set(weights) == {LSTM, "seasonal naive"}
    assert weights["seasonal naive"] == pytest.approx(20 / 28)  # 20 horizons beside 8


@pytest.mark.parametrize("way", ["warn", "fail"])
def test_who_asks_for_the_network_gets_it_alone(way: str) -> None:
    assert chosen(way, 3.0).is_network_alone


def test_a_fallback_is_the_best_method_whole() -> None:
    assert chosen("fallback", 3.0).weights == {"seasonal naive": 1.0}
    assert chosen("fallback", 0.0).weights == {LSTM: 1.0}


def test_every_method_is_scored_and_the_intervals_are_those_of_what_is_shipped() -> None:
    finish = chosen("blend", 3.0)
    assert list(finish.scores) == [LSTM, *BASELINES]
    assert finish.scores["seasonal naive"].overall["mae"] == 0
    alone = chosen("warn", 3.0)
    assert finish.calibration is not None
    assert alone.calibration is not None
    # The blend is off by less, so its intervals are narrower.
    assert (finish.calibration.factors[:, 0] < alone.calibration.factors[:, 0]).all()


def test_without_a_rehearsal_the_network_is_shipped_as_it_is() -> None:
    loaded = data()
    spec = RunSpec(DataSpec("x.csv"), NetSpec(), FitSpec())
    assert choose_finish(None, spec, loaded) == AS_IT_IS


def test_the_forecast_is_blended_then_stretched_then_held_within_the_bounds() -> None:
    loaded, cutoffs = data(), Cutoffs(np.array([0]), np.array([200]))
    said = Forecast(
        values=np.array([[[9.0, 10.0, 11.0]] * HORIZON]),
        levels=LEVELS,
        time=np.zeros((1, HORIZON), dtype=np.int64),
        ids=np.array([""]),
        cutoff=np.array([199]),
    )
    last = baseline("seasonal naive", loaded.panel, said, cutoffs.row, SEASON).point
    factors = np.tile([3.0, 1.0, 2.0], (HORIZON, 1))
    finish = Finish(
        {LSTM: 0.5, "seasonal naive": 0.5}, Calibration(LEVELS, factors, 9.0, np.zeros(HORIZON))
    )
    made = finish.apply(said, loaded.panel, cutoffs, UNITS, SEASON)
    middle = (10.0 + last[0]) / 2
    np.testing.assert_allclose(made.values[0, :, 0], middle - 3)
    np.testing.assert_allclose(made.values[0, :, 1], middle)
    np.testing.assert_allclose(made.values[0, :, 2], middle + 2)
    bounded = dataclasses.replace(UNITS, low=9.5, high=12.0, whole=True)
    held = finish.apply(said, loaded.panel, cutoffs, bounded, SEASON)
    np.testing.assert_array_equal(held.values, np.rint(np.clip(made.values, 9.5, 12.0)))
    part = network_part(said, bounded)  # one number a step, within the same bounds
    np.testing.assert_array_equal(part.values, np.full((1, HORIZON, 1), 10.0))
    assert part.levels == (0.5,)
