"""Columns of Arrow as NumPy's, beside Arrow's own conversion."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.data.arrow import codes_of, filled
from forecast.data.times import _parsed

LAYOUTS = {
    "%Y-%m": "2024-07",
    "%Y-%m-%d": "2024-07-31",
    "%Y-%m-%d %H:%M": "2024-07-31 23:59",
    "%Y-%m-%d %H:%M:%S": "1700-01-01 00:00:59",
    "%Y-%m-%dT%H:%M": "2199-12-31T24:00",
    "%Y-%m-%dT%H:%M:%S": "2024-02-30T12:00:00",
}


def cut(values: list[Any], kind: pa.DataType, places: list[int]) -> pa.ChunkedArray:
    """A column in chunks, each a slice of a longer one, that begins after its memory does."""
    bounds = sorted({0, len(values), *(place for place in places if place <= len(values))})
    chunks = []
    for first, last in pairwise(bounds):
        padded = pa.array([None, *values[first:last], None], kind)
        chunks.append(padded.slice(1, last - first))
    return pa.chunked_array(chunks, kind)


places = st.lists(st.integers(0, 20), max_size=3)


@given(st.lists(st.none() | st.floats(width=32), max_size=20), places)
@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()], ids=str)
def test_numbers_are_those_that_arrow_gives(
    kind: pa.DataType, values: list[float | None], places: list[int]
) -> None:
    column = cut(values, kind, places)
    expected = [np.nan if each is None else each for each in column.to_pylist()]
    np.testing.assert_array_equal(filled(column, "float64"), np.array(expected, dtype=np.float64))


@given(st.lists(st.none() | st.integers(-(10**6), 10**6), max_size=20), places)
@pytest.mark.parametrize(
    "kind",
    [
        pa.timestamp("s"),
        pa.timestamp("ms"),
        pa.timestamp("us"),
        pa.timestamp("ns"),
        pa.timestamp("us", tz="Europe/Berlin"),
        pa.date32(),
    ],
    ids=str,
)
def test_times_are_those_that_arrow_gives(
    kind: pa.DataType, values: list[int | None], places: list[int]
) -> None:
    column = cut(values, kind, places)
    expected = column.to_numpy() if len(column) else np.array([], dtype="datetime64[us]")
    ours = filled(column, "datetime64[us]")
    np.testing.assert_array_equal(ours, expected.astype("datetime64[us]"))


@given(st.lists(st.none() | st.sampled_from(["a", "b", "", "ü"]), max_size=20), places)
@pytest.mark.parametrize("size", [pa.int8(), pa.int32(), pa.int64()], ids=str)
def test_words_are_those_that_arrow_gives(
    size: pa.DataType, values: list[str | None], places: list[int]
) -> None:
    column = cut(values, pa.dictionary(size, pa.string()), places)
    codes, words = codes_of(column)
    assert [words[code] if code >= 0 else None for code in codes] == values


@pytest.mark.parametrize("layout", LAYOUTS)
@given(st.lists(st.tuples(st.integers(0, 18), st.characters(codec="ascii")), max_size=2))
def test_dates_are_those_that_pandas_reads(layout: str, changes: list[tuple[int, str]]) -> None:
    word = LAYOUTS[layout]
    for place, mark in changes:
        word = word[:place] + mark + word[place + 1 :]
    words = [LAYOUTS[layout], word]
    expected = pd.to_datetime(pd.Series(words, dtype=object), format=layout, errors="coerce")
    np.testing.assert_array_equal(_parsed(words, layout), expected.to_numpy("datetime64[us]"))
