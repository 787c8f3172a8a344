"""What is written is what pandas would write."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from forecast.flows.record import _cells, _written


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
    columns = {"a name": np.array(names, dtype=object), "x": np.array(numbers), "y,z": steps}
    ours = _written({name: _cells(np.asarray(column)) for name, column in columns.items()})
    theirs = pd.DataFrame(columns).to_csv(index=False, float_format="%.10g", lineterminator="\n")
    assert ours == theirs
