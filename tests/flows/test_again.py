"""Which rows are new to a trained network, and what the run remembers of its series."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from forecast.errors import RunError
from forecast.flows.again import fresh_rows, remembered, units_before
from forecast.flows.finish import AS_IT_IS
from forecast.flows.recall import Recalled
from forecast.flows.record import last_times
from forecast.prep import Plan, Units
from forecast.spec import DataSpec, NetSpec, RunSpec
from forecast.types import Ints, Panel, Scale, Schema

HORIZON = 6


def panel(lengths: dict[str, int], first: int = 0) -> Panel:
    """Numbered rows; the value is the number, and a thousand more in every later series."""
    sizes = np.array(list(lengths.values()), dtype=np.int64)
    time = np.concatenate([np.arange(first, first + size) for size in sizes])
    values = time + 1000.0 * np.repeat(np.arange(len(sizes)), sizes)
    return Panel(
        values=values[:, None],
        time=time,
        bounds=np.concatenate([[0], np.cumsum(sizes)]),
        ids=np.array(list(lengths)),
        columns=("y",),
        freq="1",
    )


def made(ends: dict[str, int], **net: Any) -> Recalled:
    """A run that was trained on these series up to these rows, each scaled by 0 to its end."""
    count = len(ends)
    scale = Scale(np.zeros((count, 1)), np.array(list(ends.values()), dtype=np.float64)[:, None])
    plan = Plan(HORIZON, window=6, fold=1, season=1, holdout=0, validation=0, least=1)
    return Recalled(
        spec=RunSpec(DataSpec("a.csv"), NetSpec(**net)),
        plan=plan,
        schema=Schema("y"),
        ids=tuple(ends),
        units=Units(scale),
        path="a.csv",
        finish=AS_IT_IS,
        ends=tuple(ends.values()),
    )


sizes = some.dictionaries(some.sampled_from("abcdef"), some.integers(1, 90), min_size=1)


@given(now=sizes, before=sizes, horizon=some.integers(1, 30))
def test_what_judges_was_seen_by_neither_and_something_is_left_to_learn_from(
    now: dict[str, int], before: dict[str, int], horizon: int
) -> None:
    here = panel(now)
    fresh = fresh_rows(made({name: size - 1 for name, size in before.items()}), here, horizon)
    for place, (name, size) in enumerate(now.items()):
        first = here.bounds[place]
        seen, cut, end = (int(each[place] - first) for each in (fresh.seen, fresh.cut, fresh.end))
        assert seen == min(before.get(name, 0), size)
        assert end == size
        judged, learnt = end - cut, cut - seen
        assert judged >= 0
        if end - seen >= 2:
            assert 1 <= judged <= learnt
            assert judged <= max(horizon, (end - seen) // 5)
        else:
            assert judged == 0
    assert fresh.new == sum(max(size - before.get(name, 0), 0) for name, size in now.items())


def test_time_stamps_tell_what_was_seen_too() -> None:
    days = np.arange("2024-01-01", "2024-02-20", dtype="datetime64[D]").astype("datetime64[us]")
    here = dataclasses.replace(panel({"a": 50}), time=days)
    run = dataclasses.replace(made({"a": 0}), ends=last_times(here, np.array([40])))
    assert run.ends == ("2024-02-09T00:00:00.000000",)
    fresh = fresh_rows(run, here, HORIZON)
    assert (fresh.seen.tolist(), fresh.cut.tolist()) == ([40], [45])


def test_a_run_of_before_there_were_updates_is_not_gone_on_with() -> None:
    old = dataclasses.replace(made({"a": 39}), ends=())
    with pytest.raises(RunError, match="does not say how far its rows went") as caught:
        fresh_rows(old, panel({"a": 50}), HORIZON)
    assert "forecast train" in caught.value.hint


def test_the_scale_stays_and_new_series_are_scaled_by_what_may_be_learnt_from() -> None:
    run, here = made({"a": 39}), panel({"a": 50, "new": 30})
    cut: Ints = np.array([45, 70])
    units = units_before(run, here, cut)
    assert units.scale.low.tolist() == [[0], [1000]]
    assert units.scale.high.tolist() == [[39], [1019]]


def test_a_run_remembers_all_series_that_it_ever_knew() -> None:
    run, here = made({"gone": 20, "a": 39}), panel({"new": 30, "a": 50})
    cut: Ints = np.array([20, 70])
    memory = remembered(run, here, units_before(run, here, cut), cut)
    assert memory.ids == ("gone", "a", "new")
    assert memory.scale.high.ravel().tolist() == [20, 39, 19]
    assert memory.ends == (20, 39, 19)
    known = dataclasses.replace(run, spec=RunSpec(DataSpec(""), NetSpec(identity="embedded")))
    memory = remembered(known, here, units_before(run, here, cut), cut)
    assert memory.ids == ("gone", "a")  # whose places are those of its vectors
