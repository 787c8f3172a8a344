"""What was known at a cutoff: whatever comes after it, it is the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.data import before
from forecast.types import Panel
from tests.prep.test_windows import panel_of


def covered(seed: int = 0) -> Panel:
    """Two series with a past covariate and one known ahead, holes everywhere."""
    random = np.random.default_rng(seed)
    panel = panel_of(list(range(12)), list(range(100, 110)))
    values = np.hstack([panel.values, random.normal(0, 1, (22, 2))])
    observed = random.random((22, 3)) > 0.3
    observed[[0, 12]] = True
    names = ("y", "rain", "holiday")
    return replace(panel, values=values, observed=observed, columns=names, known=1)


@pytest.mark.parametrize("how", ["none", "linear", "forward", "seasonal", "zero"])
@given(seed=st.integers(0, 1000))
def test_nothing_after_the_cutoff_matters(how: str, seed: int) -> None:
    panel = covered(seed)
    rows = np.array([7, 12 + seed % 10])
    seen = before(panel, rows, 0, how, 4)
    after = np.concatenate([np.arange(7, 12), np.arange(rows[1], 22)])
    values, observed = panel.values.copy(), np.array(panel.observed)
    values[after], observed[after] = 1e9, ~observed[after]
    other = before(replace(panel, values=values, observed=observed), rows, 0, how, 4)
    np.testing.assert_array_equal(seen.values, other.values)
    if seen.observed is None or other.observed is None:
        assert seen.observed is other.observed
    else:
        np.testing.assert_array_equal(seen.observed, other.observed)
    assert seen.ids.tolist() == other.ids.tolist()


def test_rows_and_the_covariates_known_ahead_are_those_at_the_cutoff() -> None:
    panel = replace(covered(), observed=None)
    seen = before(panel, np.array([7, 22]), 3, "forward", 4)
    assert seen.lengths.tolist() == [7, 10]
    assert seen.values[:7].tolist() == panel.values[:7].tolist()
    assert seen.future.ravel().tolist() == panel.values[7:10, 2].tolist()
    assert seen.future_bounds.tolist() == [0, 3, 3]  # the second series has no rows left


def test_a_series_that_had_not_begun_is_left_out() -> None:
    panel = replace(covered(), static=np.array([[1.0], [2.0]]), static_columns=("shop",))
    seen = before(panel, np.array([0, 15]), 0, "forward", 4)
    assert (seen.ids.tolist(), seen.static.tolist()) == (["s1"], [[2.0]])


def test_what_is_whole_up_to_the_cutoff_has_no_marks() -> None:
    panel = panel_of(list(range(6)))
    observed = np.ones((6, 1), dtype=bool)
    observed[5] = False
    assert before(replace(panel, observed=observed), np.array([5]), 0, "linear", 1).observed is None
