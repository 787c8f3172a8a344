"""The short ways that many rows take lead where the long ones do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.data import regular, steps
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


@given(st.permutations(range(4)), st.integers(1, 6), st.booleans())
def test_series_of_one_length_are_put_in_order_with_their_own_stamps(
    order: list[int], size: int, alike: bool
) -> None:
    series = np.repeat(order, size)
    begin = np.zeros(4, dtype=np.int64) if alike else np.array(order) * 100
    time = (begin[:, None] + np.arange(size)).ravel()
    values = np.column_stack([time + 1000.0 * series, np.arange(len(time))])
    lines = np.arange(1, len(series) + 1, dtype=np.int32)
    rows, _ = sort_rows(Rows(series, time, values, lines))
    expected = np.lexsort((time, series))
    for ours, before in (
        (rows.series, series), (rows.time, time), (rows.values, values), (rows.lines, lines)
    ):  # fmt: skip
        np.testing.assert_array_equal(ours, before[expected])


@pytest.mark.parametrize("gap", [None, (0, 3), (2, 1)], ids=["alike", "first", "last"])
@pytest.mark.parametrize("freq", ["MS", "D", "h"])
def test_steps_of_series_on_one_grid_are_those_of_each_alone(
    freq: str, gap: tuple[int, int] | None
) -> None:
    time = np.tile(pd.date_range("2020-01-01", periods=6, freq=freq).to_numpy("M8[us]"), 3)
    if gap is not None:  # that series ends an hour late
        time[6 * gap[0] + 5] += np.timedelta64(1, "h") * (1 if freq != "h" else 24)
    rows = Rows(np.repeat([0, 1, 2], 6), time, np.ones((18, 1)), np.arange(18, dtype=np.int32))
    found = regular._steps_of(rows, parse_freq(freq))
    each = [
        steps.distance(np.full(6, time[k]), time[k : k + 6], parse_freq(freq)) for k in (0, 6, 12)
    ]
    for ours, theirs in zip(found, zip(*each, strict=True), strict=True):
        np.testing.assert_array_equal(ours, np.concatenate(theirs))


def test_a_series_that_comes_back_is_gathered() -> None:
    series, time = np.array([1, 1, 0, 1]), np.array([0, 1, 0, 2])
    rows, _ = sort_rows(Rows(series, time, time[:, None] * 1.0, np.arange(4, dtype=np.int32)))
    assert rows.series.tolist() == [0, 1, 1, 1]
    assert rows.time.tolist() == [0, 0, 1, 2]
