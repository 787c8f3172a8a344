"""The sizes that are chosen, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.prep import Plan, count_steps, make_plan, resolve, split_panel, supervised_cutoffs
from forecast.spec import PRESETS, DataSpec, FitSpec, NetSpec, RunSpec, Season
from forecast.types import Loaded, Schema
from tests.prep.test_windows import panel_of


def loaded(rows: int, season: int = 1, series: int = 1) -> Loaded:
    panel = panel_of(*[[float(i) for i in range(rows)] for _ in range(series)])
    return Loaded(panel, Schema("y"), rows * series, "", season)


def spec(net: NetSpec | None = None, fit: FitSpec | None = None) -> RunSpec:
    return RunSpec(DataSpec("data.csv"), net or NetSpec(), fit or FitSpec())


def test_twelve_years_of_months_get_whole_years() -> None:
    plan = make_plan(spec(), loaded(144, season=12), calendar=Season("", 1, 12))
    assert (plan.horizon, plan.holdout, plan.fold, plan.season) == (12, 12, 12, 12)
    assert plan.window % 12 == 0


def test_long_seasons_are_folded_by_the_horizon() -> None:
    plan = make_plan(spec(), loaded(1000, season=52), calendar=Season("", 1, 13))
    assert (plan.fold, plan.window) == (13, 104)
    assert plan.season == 52


def test_a_short_series_gets_a_shorter_horizon_when_none_is_asked_for() -> None:
    assert make_plan(spec(), loaded(36, season=12), calendar=Season("", 1, 12)).horizon == 6


def test_what_the_spec_says_is_taken() -> None:
    asked = spec(NetSpec(horizon=5, window=20), FitSpec(holdout=7))
    plan = make_plan(asked, loaded(200, season=7), calendar=Season("", 1, 14))
    assert (plan.horizon, plan.window, plan.holdout) == (5, 20, 7)
    assert plan.fold == 5  # the largest divisor of 20 that is no longer than a season


def test_too_few_rows_say_how_many_are_needed() -> None:
    asked = spec(NetSpec(horizon=12, window=24))
    with pytest.raises(DataError) as caught:
        make_plan(asked, loaded(40, season=12), calendar=Season("", 1, 12))
    # 24 of history, 12 ahead, 12 held out, and 7 windows more than one
    assert "are 55 rows" in caught.value.message
    assert "has 40" in caught.value.message
    assert "--horizon" in caught.value.hint


@pytest.mark.parametrize("rows", [1, 2, 3, 9])
def test_hardly_any_rows_are_refused(rows: int) -> None:
    with pytest.raises(DataError, match="too few rows"):
        make_plan(spec(), loaded(rows), calendar=Season("", 1, 1))


@given(
    rows=st.integers(1, 400),
    series=st.integers(1, 5),
    season=st.sampled_from([1, 4, 7, 12, 24, 52]),
    horizon=st.none() | st.integers(1, 60),
    window=st.none() | st.integers(1, 100),
    holdout=st.none() | st.integers(0, 60),
)
def test_a_plan_always_leaves_something_to_learn_from(
    rows: int,
    series: int,
    season: int,
    horizon: int | None,
    window: int | None,
    holdout: int | None,
) -> None:
    data = loaded(rows, season, series)
    asked = spec(NetSpec(horizon=horizon, window=window), FitSpec(holdout=holdout))
    try:
        plan = make_plan(asked, data, calendar=Season("", 1, 12))
    except DataError:
        return
    assert plan.window % plan.fold == 0
    assert 1 <= plan.season <= plan.window
    assert plan.window == max(plan.windows)
    for member in plan.windows:
        assert member % plan.fold == 0
        assert plan.season <= member
    split = split_panel(
        data.panel,
        validation=plan.validation,
        holdout=plan.holdout,
        least=plan.least + plan.horizon,
    )
    train, _ = supervised_cutoffs(split, plan)
    assert len(train) > 0
    assert ((split.end - split.validation_end) == plan.holdout).all()


@pytest.mark.parametrize("members", [1, 2, 5])
def test_every_member_has_a_window_and_a_form(members: int) -> None:
    asked = spec(fit=FitSpec(members=members))
    plan = make_plan(asked, loaded(300, season=12), calendar=Season("", 1, 12))
    assert len(plan.windows) == len(plan.forms) == members
    assert max(plan.windows) == plan.window
    assert set(plan.forms) <= {"additive", "multiplicative"}
    for place, window in enumerate(plan.windows):
        member = plan.of_member(place)
        assert member == replace(plan, window=window)
    assert plan.one_step == replace(plan, horizon=1)


def test_a_window_that_is_asked_for_is_that_of_every_member() -> None:
    plan = make_plan(spec(NetSpec(window=24)), loaded(300, season=12), calendar=Season("", 1, 12))
    assert set(plan.windows) == {24}


def test_a_preset_says_how_many_members_there_are_and_a_number_says_it_better() -> None:
    sizes = [FitSpec(preset=preset).size for preset in PRESETS]
    assert sizes == sorted(sizes)
    assert FitSpec(preset="best", members=2).size == 2


def test_a_fast_preset_takes_fewer_steps_and_never_more_than_are_asked_for() -> None:
    fast, usual = (count_steps(FitSpec(preset=each), 5000) for each in ("fast", "balanced"))
    assert 0 < fast < usual
    assert count_steps(FitSpec(preset="fast", steps=7), 5000) == 7
    assert count_steps(FitSpec(preset="fast", epochs=2, batch=100), 250) == 6


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_windows_never_mean_fewer_steps(few: int, many: int) -> None:
    few, many = sorted((few, many))
    assert 1 <= count_steps(FitSpec(), few) <= count_steps(FitSpec(), many)


def test_the_quantiles_that_are_asked_for_are_those_of_the_plan() -> None:
    data = loaded(200)
    assert make_plan(spec(), data, Season("", 1, 12)).levels == (0.025, 0.1, 0.5, 0.9, 0.975)
    fan = make_plan(spec(fit=FitSpec(levels=(0.2, 0.5))), data, Season("", 1, 12)).levels
    assert fan == (0.2, 0.5)


@pytest.mark.parametrize("rows", [40, 120, 2000])
def test_a_carried_state_reads_as_many_windows_one_after_the_other_as_there_are(rows: int) -> None:
    asked = spec(NetSpec(state="carried", window=8, horizon=4))
    plan = make_plan(asked, loaded(rows), calendar=Season("", 1, 12))
    assert plan.window == 8 * plan.chunks
    assert plan.window + 8 <= rows
    assert plan.chunks > 1
    assert set(plan.windows) == {8}
    assert plan.of_member(0).window == plan.window


def test_the_resolved_spec_chooses_the_same_again() -> None:
    data = loaded(144, season=12)
    plan = make_plan(spec(), data, calendar=Season("", 1, 12))
    again: Plan = make_plan(resolve(spec(), plan, 12), data, calendar=Season("", 1, 99))
    assert again == plan
    assert np.isfinite(again.window)
