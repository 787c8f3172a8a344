"""Which series the network looks at, by a number that the training gave it."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecast.prep import IDENTITY, identify
from tests.prep.test_windows import panel_of


def test_the_first_series_of_the_training_is_one_and_an_unknown_one_is_zero() -> None:
    panel = dataclasses.replace(
        panel_of([1, 2], [3, 4], [5, 6]), ids=np.array(["north", "new", "south"])
    )
    named = identify(panel, ["south", "west", "north"])
    assert named.static.tolist() == [[3], [0], [1]]
    assert named.static_columns == (IDENTITY,)
    assert panel.static_columns == ()


def test_other_columns_that_never_change_stay_before_it() -> None:
    panel = dataclasses.replace(
        panel_of([1, 2], [3, 4]), static=np.array([[5.0], [6.0]]), static_columns=("size",)
    )
    named = identify(panel, ["s1"])
    assert named.static.tolist() == [[5, 0], [6, 1]]
    assert named.static_columns == ("size", IDENTITY)


names = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True)


@given(trained=names, seen=names)
def test_a_series_keeps_its_number_whatever_else_the_later_file_holds(
    trained: list[str], seen: list[str]
) -> None:
    series: list[list[float]] = [[1.0, 2.0] for _ in seen]
    panel = dataclasses.replace(panel_of(*series), ids=np.array(seen))
    numbers = identify(panel, trained).static[:, 0]
    for name, number in zip(seen, numbers.tolist(), strict=True):
        assert number == (trained.index(name) + 1 if name in trained else 0)
