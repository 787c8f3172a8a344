"""The short ways that many rows take lead where the long ones do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.data import steps
from forecast.data.freq import parse_freq
from forecast.data.rows import Rows, sort_rows


@pytest.mark.parametrize("freq", ["MS", "ME", "BMS", "B", "2QS", "D"])
@pytest.mark.parametrize("tz", [None, "Europe/Berlin"])
@pytest.mark.parametrize("distinct", [5, 400])
def test_equal_stamps_are_as_far_apart_as_each_alone(
    freq: str, tz: str | None, distinct: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(1)
    day = np.datetime64("2020-01-01T00", "us") + np.arange(distinct) * np.timedelta64(1, "D")
    start, time = day[random.integers(0, distinct, 400)], day[random.integers(0, distinct, 400)]
    expected = steps.distance(start, time, parse_freq(freq), tz)
    monkeypatch.setattr(steps, "MANY", 64)
    found = steps.distance(start, time, parse_freq(freq), tz)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


SMALL, LARGE = st.integers(1, 4), st.integers(30, 40)  # an index is made for the small ones


@given(st.permutations(range(5)), st.lists(SMALL | LARGE, min_size=5, max_size=5))
def test_blocks_of_series_are_put_in_order(order: list[int], sizes: list[int]) -> None:
    series = np.repeat(order, sizes)
    time = np.concatenate([np.arange(size) for size in sizes])
    lines = np.arange(1, len(series) + 1, dtype=np.int32)
    rows, was = sort_rows(Rows(series, time, time[:, None] * 1.0, lines))
    expected = np.lexsort((time, series))
    np.testing.assert_array_equal(rows.series, series[expected])
    np.testing.assert_array_equal(rows.lines, lines[expected])
    assert was == ""


def test_a_series_that_comes_back_is_gathered() -> None:
    series, time = np.array([1, 1, 0, 1]), np.array([0, 1, 0, 2])
    rows, _ = sort_rows(Rows(series, time, time[:, None] * 1.0, np.arange(4, dtype=np.int32)))
    assert rows.series.tolist() == [0, 1, 1, 1]
    assert rows.time.tolist() == [0, 0, 1, 2]
