"""Errors of forecasts that were relied on: against the naive loop and the tested metrics."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast import judge
from forecast.judge.live import scale_at, seasonal_at
from forecast.types import Floats, Panel
from tests.show.made import FAN, held_out, panel_of


def gappy(panel: Panel, seed: int) -> Panel:
    """The same with a tenth of the values missing, never the first of a series."""
    generator = np.random.default_rng(seed)
    values = panel.values + generator.normal(size=panel.values.shape)
    holes = generator.random(len(values)) < 0.1
    holes[panel.bounds[:-1]] = False
    values[holes] = np.nan
    return dataclasses.replace(panel, values=values)


@given(
    season=st.sampled_from([1, 4, 12]),
    horizon=st.integers(1, 15),
    seed=st.integers(0, 99),
    cutoffs=st.lists(st.integers(1, 30), min_size=1, max_size=6),
)
def test_the_seasonal_naive_at_any_cutoff_is_that_of_the_training(
    season: int, horizon: int, seed: int, cutoffs: list[int]
) -> None:
    panel = gappy(panel_of(3, rows=30), seed)
    rows = np.array([start + each for start in panel.bounds[:-1] for each in cutoffs])
    like = held_out(panel_of(len(rows), rows=30), horizon=horizon)
    expected = judge.baseline("seasonal naive", panel, like, rows, season).point
    np.testing.assert_array_equal(seasonal_at(panel, rows, season, horizon), expected)


@given(season=st.sampled_from([1, 4, 12]), seed=st.integers(0, 99), row=st.integers(2, 30))
def test_the_unit_of_mase_is_the_one_of_the_training(season: int, seed: int, row: int) -> None:
    panel = gappy(panel_of(3, rows=30), seed)
    rows = panel.bounds[:-1] + row
    expected = []
    for series, end in enumerate(rows.tolist()):
        past = panel.values[panel.bounds[series] : end, 0]
        lag = season if len(past) > season else 1
        steps = [abs(past[k] - past[k - lag]) for k in range(lag, len(past))]
        known = [step for step in steps if not np.isnan(step)]
        expected.append(sum(known) / len(known) if known else np.nan)
    np.testing.assert_allclose(scale_at(panel, rows, season), expected, rtol=1e-9)


def test_a_history_that_repeats_itself_has_no_unit() -> None:
    panel = panel_of(2, rows=24)
    values = np.concatenate([np.resize([1.0, 2.0, 0.1], 24), np.arange(24.0)])[:, None]
    panel = dataclasses.replace(panel, values=1e6 + values)
    scale = scale_at(panel, np.array([24, 48]), 3)
    assert np.isnan(scale[0])
    assert scale[1] == pytest.approx(3)


def test_the_errors_are_those_of_the_tested_metrics() -> None:
    panel = gappy(panel_of(3, rows=60), 1)
    rows = panel.bounds[1:] - 6
    forecast = held_out(panel, error=7.0)
    scores = judge.score(forecast, panel, rows, 12)
    tally = judge.Live()
    naive = seasonal_at(panel, rows, 12, 6)
    tally.add(forecast.cutoff, judge.live_errors(forecast, naive, scale_at(panel, rows, 12)))
    means = tally.means()
    counts = np.sum(~np.isnan(forecast.actual), axis=1)  # type: ignore[arg-type]
    for name in ("mae", "mase", "smape"):
        expected = np.average(scores.by_series[name], weights=counts)
        assert means[name] == pytest.approx(expected)
    assert means["rmse"] == pytest.approx(7)
    assert means["bias"] == pytest.approx(7)


def test_steps_and_cutoffs_are_told_apart_and_coverage_is_counted() -> None:
    panel = panel_of(1, rows=40)
    forecast = held_out(panel, horizon=3, windows=4, error=0.0)
    actual = np.array(forecast.actual)
    off: Floats = np.arange(12.0).reshape(4, 3)  # the error of step s at cutoff c is 3 c + s
    spread = np.array([-5.0, -2.0, 0.0, 2.0, 5.0])
    forecast = dataclasses.replace(forecast, values=(actual + off)[:, :, None] + spread, levels=FAN)
    tally = judge.Live()
    # One window at a time, the newest first, as the ledger is read.
    for k in reversed(range(4)):
        pick = slice(k, k + 1)
        one = dataclasses.replace(
            forecast,
            values=forecast.values[pick],
            time=forecast.time[pick],
            ids=forecast.ids[pick],
            cutoff=forecast.cutoff[pick],
            actual=actual[pick],
        )
        tally.add(one.cutoff, judge.live_errors(one, actual[pick], np.array([2.0])))
    np.testing.assert_array_equal(tally.means(axis=0)["mae"], off.mean(axis=0))
    np.testing.assert_array_equal(tally.means(axis=1)["bias"], off.mean(axis=1))
    np.testing.assert_allclose(tally.means(axis=0)["rmse"], np.sqrt((off**2).mean(axis=0)))
    assert tally.means()["mase"] == off.mean() / 2
    assert tally.means()["naive_mae"] == 0
    assert tally.means()["in80"] == pytest.approx(100 * 3 / 12)  # 0, 1, 2
    assert tally.means()["in95"] == pytest.approx(100 * 6 / 12)
    assert tally.means(within=np.array([0]))["mae"] == 1.0


def test_forecasts_of_several_horizons_and_with_or_without_intervals_add_up() -> None:
    panel = panel_of(1, rows=40)
    tally = judge.Live()
    long, short = held_out(panel, horizon=5, error=1.0), held_out(panel, horizon=2, error=3.0)
    fan = dataclasses.replace(short, values=np.repeat(short.values, 5, axis=2), levels=FAN)
    for each in (long, fan):
        assert each.actual is not None
        tally.add(each.cutoff, judge.live_errors(each, each.actual, np.array([1.0])))
    assert tally.horizon == 5
    np.testing.assert_array_equal(tally.means(axis=0)["mae"], [2, 2, 1, 1, 1])
    assert tally.means()["in80"] == 0
    assert np.isnan(tally.means(axis=0)["in80"][4])
