"""Last year: when the network is shown it, and that what it is shown is last year."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from forecast.errors import DataError, SpecError
from forecast.prep import Cutoffs, Plan, gather, make_plan, resolve, split_panel, supervised_cutoffs
from forecast.prep.year import last_year_errors, rows_to_last_year
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec, Season
from forecast.types import Floats, Loaded, Schema
from tests.prep.test_windows import panel_of

DAILY = Season("daily", 7, 14, 364)
RANDOM = np.random.default_rng(5)


def yearly(rows: int, level: float = 50.0) -> Floats:
    day = np.arange(rows)
    return level + 9 * np.sin(day * 2 * np.pi / 364) + day % 7 + RANDOM.normal(size=rows) / 4


def walk(rows: int) -> Floats:
    return np.cumsum(RANDOM.normal(size=rows))


def year_of(series: list[Floats], last_year: str = "auto", holdout: int = 0) -> int:
    panel = panel_of(*[each.tolist() for each in series])
    loaded = Loaded(panel, Schema("y"), len(panel.values), "", season=7)
    spec = RunSpec(DataSpec("x"), NetSpec(last_year=last_year), FitSpec(holdout=holdout))
    return make_plan(spec, loaded, DAILY).year


def test_last_year_is_seen_where_it_tells_something() -> None:
    assert year_of([yearly(1100)]) == 364
    assert year_of([yearly(1100), yearly(1200, 900.0), np.zeros(1100)]) == 364
    assert year_of([walk(1100)]) == 0
    assert year_of([yearly(1100)], "no") == 0
    assert year_of([walk(1100)], "yes") == 364


def test_two_years_before_the_holdout_are_needed_by_half_of_the_series() -> None:
    need = 2 * 364 + 7 + 2 * 14
    assert [year_of([yearly(need - 1)]), year_of([yearly(need)])] == [0, 364]
    assert [year_of([yearly(need + 13)], holdout=14), year_of([yearly(need)], holdout=14)] == [0, 0]
    assert year_of([yearly(1100), yearly(200), yearly(200)]) == 0
    with pytest.raises(DataError, match=f"needs {need}, the longest series has {need - 1}"):
        year_of([yearly(need - 1)], "yes")


def test_the_holdout_decides_nothing() -> None:
    values = yearly(1100)
    shuffled = np.concatenate([values[:-300], 1e6 * RANDOM.normal(size=300)])
    assert year_of([shuffled], holdout=300) == 364
    both = [
        last_year_errors(panel_of(each.tolist()), np.array([800]), 364, (7, 14))
        for each in (values, shuffled)
    ]
    assert both[0] == both[1]


@pytest.mark.parametrize(("year", "horizon"), [(0, 12), (364, 365)])
def test_to_ask_for_it_where_there_is_none_is_an_error(year: int, horizon: int) -> None:
    panel = panel_of(yearly(2000).tolist())
    sizes = (7, horizon)
    with pytest.raises(SpecError, match="--last-year yes"):
        rows_to_last_year(NetSpec(last_year="yes"), panel, panel.bounds[1:], year, sizes)
    assert rows_to_last_year(NetSpec(), panel, panel.bounds[1:], year, sizes) == 0


def test_the_errors_are_those_of_a_plain_loop() -> None:
    values, year, season, horizon = yearly(150), 50, 3, 4
    ours, seasonal = [], []
    for cutoff in range(len(values) - year, len(values) - horizon + 1):
        past, actual = values[:cutoff], values[cutoff : cutoff + horizon]
        before = values[cutoff - year : cutoff - year + horizon]
        risen = past[-season:].mean() - values[cutoff - year - season : cutoff - year].mean()
        ours.append(np.abs(before + risen - actual).mean())
        seasonal.append(np.abs(np.resize(past[-season:], horizon) - actual).mean())
    unit = np.abs(values[season:] - values[:-season]).mean()
    panel = panel_of(values.tolist())
    found = last_year_errors(panel, panel.bounds[1:], year, (season, horizon))
    assert found == pytest.approx((np.mean(ours) / unit, np.mean(seasonal) / unit))


# --- what the network is shown

PLAN = Plan(horizon=2, window=3, fold=1, season=2, holdout=0, validation=0, least=2, year=6)


def test_windows_carry_last_year_beside_what_is_known() -> None:
    panel = panel_of(list(range(20)), list(range(100, 120)))
    windows = gather(panel, Cutoffs(np.array([0, 1]), np.array([10, 40])), PLAN)
    assert windows.known[:, :, 0].tolist() == [[1, 2, 3, 4, 5], [111, 112, 113, 114, 115]]
    known = dataclasses.replace(
        panel,
        values=np.stack([panel.values[:, 0], -panel.values[:, 0]], axis=1),
        columns=("y", "k"),
        known=1,
    )
    windows = gather(known, Cutoffs(np.array([0]), np.array([10])), PLAN)
    assert windows.known[0].tolist() == [[-7, 1], [-8, 2], [-9, 3], [-10, 4], [-11, 5]]


def test_where_there_is_no_last_year_the_first_season_stands_in() -> None:
    panel = panel_of([7, 8, 9, 10, 11, 12, 13, 14])
    # The rows a year before are -4 to 0; the first season is 7, 8.
    windows = gather(panel, Cutoffs(np.array([0]), np.array([5])), PLAN)
    assert windows.known[0, :, 0].tolist() == [7, 8, 7, 8, 7]
    alone = gather(panel_of([7]), Cutoffs(np.array([0]), np.array([1])), PLAN)
    assert alone.known[0, :, 0].tolist() == [7] * 5


def test_it_is_trained_on_windows_with_a_last_year_where_there_are_enough() -> None:
    panel = panel_of(list(range(30)), list(range(12)))
    split = split_panel(panel, validation=0, holdout=0, least=4)
    train, _ = supervised_cutoffs(split, PLAN)
    # A year and a season of eight rows come first, where twice as many are there.
    assert train.row[train.series == 0].min() == 8
    assert train.row[train.series == 1].min() == 30 + 3


def test_the_resolved_settings_say_whether_last_year_was_seen() -> None:
    panel = panel_of(yearly(1100).tolist())
    loaded = Loaded(panel, Schema("y"), 1100, "", season=7)
    asked = RunSpec(DataSpec("x"), NetSpec(), FitSpec())
    plan = make_plan(asked, loaded, DAILY)
    again = resolve(asked, plan, 7)
    assert again.net.last_year == "yes"
    assert make_plan(again, loaded, DAILY) == plan
    assert resolve(asked, dataclasses.replace(plan, year=0), 7).net.last_year == "no"
