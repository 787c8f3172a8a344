"""Tables as CSV: the same to a reader, however many rows there are."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.flows import csvtext
from forecast.flows.csvtext import csv_text, one_column

numbers = st.one_of(
    st.floats(-1e300, 1e300, allow_nan=False),
    st.just(float("nan")),
    st.floats(-1e6, 1e6).map(lambda x: round(x, 4)),
)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1, max_size=8)


def long_way(columns: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as patch:
        patch.setattr(csvtext, "MANY_ROWS", 0)
        return csv_text(columns)


@given(rows=st.lists(st.tuples(texts, st.integers(0, 99), numbers), min_size=1, max_size=30))
def test_both_ways_of_writing_say_the_same(rows: list[tuple[str, int, float]]) -> None:
    columns = {
        "id, name": np.array([row[0] for row in rows], dtype=object),
        "step": np.array([row[1] for row in rows]),
        "forecast": np.array([row[2] for row in rows]),
    }
    with pytest.MonkeyPatch.context() as monkeypatch:
        tables = [
            pd.read_csv(io.StringIO(text), dtype={"id, name": str}, keep_default_na=False)
            for text in (csv_text(columns), long_way(columns, monkeypatch))
        ]
    assert list(tables[0]) == list(tables[1]) == list(columns)
    assert tables[0]["id, name"].tolist() == tables[1]["id, name"].tolist()
    assert tables[0]["step"].tolist() == tables[1]["step"].tolist()
    one, other = (pd.to_numeric(table["forecast"]).to_numpy() for table in tables)
    np.testing.assert_allclose(one, other, rtol=2e-9, atol=0)
    np.testing.assert_allclose(one, columns["forecast"], rtol=1e-9)


def test_a_million_numbers_have_ten_digits_too(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {"y": np.array([1 / 3, 1234.5678912345, 100.0, -0.000123456789123, 2e15 / 3])}
    said = long_way(columns, monkeypatch).splitlines()
    assert said[:4] == ["y", "0.3333333333", "1234.567891", "100"]
    assert [float(each) for each in said[4:]] == [-0.0001234567891, 6.666666667e14]


@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=4
            ),
            st.floats(allow_nan=True),
            st.integers(-(10**9), 10**9),
        ),
        min_size=1,
    )
)
def test_a_table_is_written_as_pandas_writes_it(rows: list[tuple[str, float, int]]) -> None:
    names, numbers, steps = (list(column) for column in zip(*rows, strict=True))
    columns = {
        "a name": np.array(names, dtype=object),
        "x": np.array(numbers),
        "y,z": np.array(steps),
    }
    ours = csv_text(columns)
    theirs = pd.DataFrame(columns).to_csv(index=False, float_format="%.10g", lineterminator="\n")
    assert ours == theirs


def test_a_column_that_one_table_lacks_is_empty_there() -> None:
    first = {"step": np.array([1, 2]), "id": np.array(["a", "a"], object), "lo80": np.ones(2)}
    second = {"step": np.array([1]), "forecast": np.zeros(1)}
    names = ("step", "id", "lo80", "forecast")
    columns = {name: one_column([first, second], name) for name in names}
    assert csv_text(columns) == "step,id,lo80,forecast\n1,a,1,\n2,a,1,\n1,,,0\n"
