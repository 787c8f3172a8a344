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
from forecast.errors import DataError
from forecast.spec import DataSpec


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


# What is wrong with the stamps, of every series or of the last: nothing, a row that is not there,
# one that comes an hour late, a day in place of a month.
WRONG = ["nothing", "gap", "late", "daily"]


@pytest.mark.parametrize("expected", [None, "MS", "D"])
@pytest.mark.parametrize("freq", ["MS", "D", "h"])
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("everywhere", [True, False])
def test_what_is_found_of_one_series_is_found_of_all_on_its_grid(
    everywhere: bool, wrong: str, freq: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = pd.date_range("2020-01-01", periods=9, freq=freq).to_numpy("M8[us]")
    bad = {
        "nothing": one,
        "gap": np.delete(one, 4),
        "late": np.where(np.arange(9) == 6, one + np.timedelta64(1, "h"), one),
        "daily": one[0] + np.arange(9) * np.timedelta64(1, "D"),
    }[wrong]
    stamps = [bad if everywhere or series == 2 else one for series in range(3)]
    series = np.repeat(np.arange(3), [len(each) for each in stamps])
    lines = np.arange(1, len(series) + 1, dtype=np.int32)
    values = lines[:, None].astype(np.float64)
    names = np.array(["a", "b", "c"])

    def found() -> list[object]:
        rows = Rows(series, np.concatenate(stamps), values, lines)
        try:
            made, alias, repairs = regular.regular(rows, DataSpec("x"), names, "x", expected)
        except DataError as error:
            return [error.message, error.hint]
        parts = (made.series, made.time, made.values, made.lines)
        return [alias, repairs, *(str(part.tolist()) for part in parts)]

    quick = found()
    monkeypatch.setattr(Rows, "grid", None)
    assert quick == found()
