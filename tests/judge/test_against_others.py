"""Every metric against utilsforecast and against loops as a person would write them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from utilsforecast import losses

from forecast.judge import METRICS, Scores, score, score_all
from forecast.types import Floats, Forecast, Panel
from tests.judge.test_metrics import forecast_of
from tests.prep.test_windows import panel_of

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
SEASON, HORIZON = 4, 3


def sample(seed: int = 0, missing: float = 0.0) -> tuple[Panel, Forecast, Any]:
    """Three series, two windows of each; quantiles that do not cross."""
    random = np.random.default_rng(seed)
    series = [(random.gamma(3, 10 * (i + 1), 30)).round(2) for i in range(3)]
    panel = panel_of(*[each.tolist() for each in series])
    ends = panel.bounds[1:]
    rows = np.stack([ends - 2 * HORIZON, ends - HORIZON], axis=1).ravel()
    like = forecast_of(panel, np.zeros((len(rows), HORIZON)), rows)
    values = np.sort(random.gamma(3, 15, (len(rows), HORIZON, len(LEVELS))), axis=2)
    actual = like.actual
    if actual is not None and missing:
        actual = np.where(random.random(actual.shape) < missing, np.nan, actual)
    made = Forecast(values, LEVELS, like.time, like.ids, like.cutoff, actual)
    return panel, made, rows


def tables(panel: Panel, made: Forecast, rows: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same as utilsforecast wants it: a row a step, and the history before the first window."""
    actual = made.actual if made.actual is not None else made.point
    table = pd.DataFrame(
        {
            "unique_id": np.repeat(made.ids, HORIZON),
            "ds": made.time.ravel(),
            "y": actual.ravel(),
            "m": made.point.ravel(),
            **{f"q{k}": made.values[:, :, k].ravel() for k in range(len(LEVELS))},
        }
    ).dropna()
    for low, high, level in ((1, 3, 80), (0, 4, 95)):
        table[f"m-lo-{level}"], table[f"m-hi-{level}"] = table[f"q{low}"], table[f"q{high}"]
    history = [
        pd.DataFrame({"unique_id": name, "ds": np.arange(n), "y": panel.series(i)[:n]})
        for i, (name, n) in enumerate(zip(panel.ids, rows[::2] - panel.bounds[:-1], strict=True))
    ]
    return table, pd.concat(history, ignore_index=True)


THEIRS: dict[str, Callable[[Any, Any], Any]] = {
    "mae": lambda t, h: losses.mae(t, ["m"]),
    "rmse": lambda t, h: losses.rmse(t, ["m"]),
    "bias": lambda t, h: losses.bias(t, ["m"]),
    "mape": lambda t, h: losses.mape(t, ["m"]).assign(m=lambda x: 100 * x.m),
    "smape": lambda t, h: losses.smape(t, ["m"]).assign(m=lambda x: 200 * x.m),
    "wape": lambda t, h: losses.nd(t, ["m"]),
    "mase": lambda t, h: losses.mase(t, ["m"], SEASON, h),
    "rmsse": lambda t, h: losses.rmsse(t, ["m"], SEASON, h),
    "wql": lambda t, h: losses.scaled_crps(t, {"m": [f"q{k}" for k in range(5)]}, np.array(LEVELS)),
    "coverage80": lambda t, h: losses.coverage(t, ["m"], 80),
    "coverage95": lambda t, h: losses.coverage(t, ["m"], 95),
    "winkler80": lambda t, h: losses.winkler_score(t, ["m"], 80),
    "winkler95": lambda t, h: losses.winkler_score(t, ["m"], 95),
}


@pytest.mark.parametrize("metric", THEIRS)
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_by_series_it_is_what_utilsforecast_says(metric: str, missing: float) -> None:
    panel, made, rows = sample(missing=missing)
    scores = score(made, panel, rows, SEASON)
    table, history = tables(panel, made, rows)
    theirs = THEIRS[metric](table, history).sort_values("unique_id")["m"].to_numpy()
    np.testing.assert_allclose(scores.by_series[metric], theirs, rtol=1e-9)


def loop(scores: Scores, panel: Panel, made: Forecast, rows: Any) -> dict[str, list[float]]:
    """What utilsforecast does not have, a series at a time."""
    found: dict[str, list[float]] = {"nse": [], "bias_share": [], "msis80": [], "width95": []}
    for place, name in enumerate(scores.ids):
        pairs = [
            (float(made.actual[w, h]), made.values[w, h])
            for w in range(len(rows))
            if made.ids[w] == name and made.actual is not None
            for h in range(HORIZON)
        ]
        actual = [a for a, _ in pairs]
        mean = sum(actual) / len(actual)
        off = sum((a - q[2]) ** 2 for a, q in pairs)
        found["nse"].append(1 - off / sum((a - mean) ** 2 for a in actual))
        found["bias_share"].append(sum(q[2] - a for a, q in pairs) / sum(map(abs, actual)))
        history = panel.series(place)[: rows[2 * place] - panel.bounds[place]]
        steps = [abs(history[i] - history[i - SEASON]) for i in range(SEASON, len(history))]
        total = 0.0
        for a, q in pairs:
            total += q[3] - q[1]
            total += 10 * (q[1] - a) if a < q[1] else 0.0
            total += 10 * (a - q[3]) if a > q[3] else 0.0
        found["msis80"].append(total / len(pairs) / (sum(steps) / len(steps)))
        found["width95"].append(sum(q[4] - q[0] for _, q in pairs) / len(pairs))
    return found


@given(st.integers(0, 10_000))
def test_what_utilsforecast_lacks_is_that_of_a_loop(seed: int) -> None:
    panel, made, rows = sample(seed)
    scores = score(made, panel, rows, SEASON)
    for metric, expected in loop(scores, panel, made, rows).items():
        np.testing.assert_allclose(scores.by_series[metric], expected, rtol=1e-9)


@given(st.integers(0, 10_000))
@example(328)  # two actual values that are nearly the same
def test_a_step_of_the_horizon_is_scored_as_a_forecast_of_that_step_alone(seed: int) -> None:
    panel, made, rows = sample(seed, missing=0.2)
    scores = score(made, panel, rows, SEASON)
    assert set(scores.by_step) == set(scores.overall)
    for step in range(HORIZON):
        actual = None if made.actual is None else made.actual[:, [step]]
        alone = Forecast(
            made.values[:, [step]], LEVELS, made.time[:, [step]], made.ids, made.cutoff, actual
        )
        # Its gap is what lies between: naive 2 is asked for the same step.
        other = score(alone, panel, rows, SEASON, gap=step)
        for metric, values in scores.by_step.items():
            np.testing.assert_allclose(values[step], other.overall[metric], rtol=1e-9)


def test_over_all_series_wape_is_pooled_nse_a_median_and_owa_as_in_m4() -> None:
    panel, made, rows = sample(3)
    scores = score(made, panel, rows, SEASON)
    actual = made.actual if made.actual is not None else made.point
    off = np.abs(actual - made.point)
    assert scores.overall["wape"] == pytest.approx(off.sum() / np.abs(actual).sum())
    assert scores.overall["nse"] == pytest.approx(float(np.median(scores.by_series["nse"])))
    assert scores.overall["rmse"] == pytest.approx(
        math.sqrt(float(np.mean(scores.by_series["rmse"] ** 2)))
    )
    for metric in ("mae", "mase", "smape", "coverage80", "msis95"):
        assert scores.overall[metric] == pytest.approx(float(scores.by_series[metric].mean()))


def test_owa_without_a_season_is_that_of_the_benchmarks() -> None:
    from tests.benchmarks.cases import Case
    from tests.benchmarks.metrics import owa

    panel, made, _ = sample(5)
    rows = panel.bounds[1:] - HORIZON
    said = made.point[1::2]
    ours = score(forecast_of(panel, said, rows), panel, rows, season=1)
    past = [panel.series(i)[:-HORIZON] for i in range(3)]
    actual = np.stack([panel.series(i)[-HORIZON:] for i in range(3)])
    case = Case(ids=("a", "b", "c"), past=tuple(past), actual=actual, season=1)
    assert ours.overall["owa"] == pytest.approx(owa(case, said))


def test_a_point_forecast_has_the_weighted_quantile_loss_of_its_absolute_errors() -> None:
    panel, made, rows = sample()
    point = forecast_of(panel, made.point, rows)
    scores = score(point, panel, rows, SEASON)
    assert scores.overall["wql"] == pytest.approx(scores.overall["wape"])
    assert set(scores.overall) == set(METRICS)


def test_what_is_not_defined_is_nan_and_has_a_reason() -> None:
    nan = float("nan")
    panel = panel_of([5, 5, 5, 5, 0, 0], [1, 2, nan, 4, 2, 8])
    rows = np.array([4, 10])
    said = np.array([[0.0, 1.0], [3.0, 9.0]])
    scores = score(forecast_of(panel, said, rows), panel, rows, season=1)
    lacking = {name for name, each in scores.by_series.items() if np.isnan(each).any()}
    assert lacking == set(scores.reasons)
    assert lacking == {"mase", "rmsse", "mape", "wape", "owa", "bias_share", "wql", "nse"}
    assert scores.reasons["mape"] == "every actual value is 0 (1 of 2 series)"
    assert "repeats itself" in scores.reasons["mase"]
    # The series that has them alone makes up the whole.
    assert scores.overall["mase"] == scores.by_series["mase"][1] == 1.0
    assert scores.overall["wape"] == pytest.approx((1 + 1 + 1) / 10)
    nothing = score(forecast_of(panel, said * nan, rows), panel, rows, season=1)
    assert nothing.ids == ()
    assert set(nothing.reasons) == set(METRICS)
    assert all(np.isnan(value) for value in nothing.overall.values())


def test_nash_sutcliffe_of_equal_values_is_not_defined_however_they_are_rounded() -> None:
    panel = panel_of([0.1, 0.3, 0.2, *[0.1 + 0.2] * 4])
    rows = np.array([3, 5])
    scores = score(forecast_of(panel, np.full((2, 2), 0.3), rows), panel, rows, season=1)
    assert math.isnan(scores.overall["nse"])


@pytest.mark.parametrize("season", [1, 12])
def test_among_a_hundred_thousand_series_each_is_scored_as_if_it_were_alone(season: int) -> None:
    random = np.random.default_rng(1)
    count, length = 100_000, 48
    values: Floats = random.gamma(3, 10, (count * length, 1))
    bounds = np.arange(count + 1) * length
    ids = np.arange(count).astype(str)
    panel = Panel(values, np.tile(np.arange(length), count), bounds, ids, ("y",), "1")
    rows = bounds[1:] - 12
    made = forecast_of(panel, random.gamma(3, 10, (count, 12)), rows)
    scores = score_all({"a": made}, panel, rows, season)["a"]
    assert len(scores.ids) == count
    few = Panel(values[: 9 * length], panel.time[: 9 * length], bounds[:10], ids[:9], ("y",), "1")
    alone = score_all({"a": forecast_of(few, made.point[:9], rows[:9])}, few, rows[:9], season)["a"]
    for metric, found in alone.by_series.items():
        np.testing.assert_allclose(scores.by_series[metric][:9], found, rtol=1e-9, err_msg=metric)
