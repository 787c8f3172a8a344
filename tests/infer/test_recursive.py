"""Forecasts made one from the other, against a loop over one window."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.infer import recursive
from forecast.types import Floats, Windows


def windows(count: int, rows: int, known: int, horizon: int, *, marked: bool, seed: int) -> Windows:
    """x holds the target and the covariates known ahead, which `known` holds too."""
    random = np.random.default_rng(seed)
    ahead = random.normal(size=(count, rows + horizon, known))
    x = np.concatenate([random.normal(size=(count, rows, 1)), ahead[:, :rows]], axis=2)
    if marked:
        x = np.concatenate([x, random.integers(0, 2, x.shape)], axis=2)
    return Windows(
        x=x,
        y=np.full((count, horizon), np.nan),
        known=ahead,
        static=random.normal(size=(count, 2)),
        series=np.zeros(count, dtype=np.int64),
        cutoff=np.arange(count),
    )


def one_step(given: Windows) -> Floats:
    """Weighs everything that it is shown by its place, so that nothing can be swapped unnoticed."""
    rows = given.x.shape[1]
    assert given.known.shape[1] == rows + 1
    places = np.cos(np.arange(given.x.shape[1] * given.x.shape[2])).reshape(given.x.shape[1:])
    said = (given.x * places).sum(axis=(1, 2)) + given.static @ [0.3, -0.2]
    if given.known.shape[2]:
        said = said + given.known[:, -1].sum(axis=1) + 0.1 * given.known[:, 0].sum(axis=1)
    return np.asarray(np.tanh(said)[:, None, None])


def by_loop(given: Windows, horizon: int, known: int, *, marked: bool) -> list[list[float]]:
    """Row after row, window after window."""
    found = []
    for place in range(len(given.x)):
        history = [list(row) for row in given.x[place]]
        rows, said = len(history), []
        for step in range(horizon):
            now = Windows(
                x=np.array([history[-rows:]]),
                y=given.y[:1],
                known=given.known[place : place + 1, step : step + rows + 1],
                static=given.static[place : place + 1],
                series=given.series[:1],
                cutoff=given.cutoff[:1],
            )
            said.append(float(one_step(now)[0, 0, 0]))
            row = [said[-1], *given.known[place, rows + step]]
            history.append(row + ([1.0] * (1 + known) if marked else []))
        found.append(said)
    return found


@pytest.mark.parametrize("marked", [False, True])
@given(
    known=st.integers(0, 2),
    rows=st.integers(1, 5),
    horizon=st.integers(1, 8),
    seed=st.integers(0, 99),
)
def test_each_forecast_becomes_history_for_the_next(
    marked: bool, known: int, rows: int, horizon: int, seed: int
) -> None:
    given = windows(3, rows, known, horizon, marked=marked, seed=seed)
    said = recursive(one_step, horizon, 0)(given)
    assert said.shape == (3, horizon, 1)
    np.testing.assert_allclose(said[:, :, 0], by_loop(given, horizon, known, marked=marked))


def test_what_came_later_is_not_looked_at() -> None:
    given = windows(3, 4, 1, 6, marked=True, seed=1)
    before = given.x.copy()
    said = recursive(one_step, 6, 0)(given)
    other = recursive(one_step, 6, 0)(dataclasses.replace(given, y=np.ones((3, 6))))
    np.testing.assert_array_equal(said, other)
    np.testing.assert_array_equal(given.x, before)


def test_a_covariate_of_a_step_bears_on_that_step_and_those_after_it() -> None:
    given = windows(2, 4, 1, 6, marked=False, seed=2)
    changed = given.known.copy()
    changed[:, 4 + 2] += 1
    said = recursive(one_step, 6, 0)(given)
    other = recursive(one_step, 6, 0)(dataclasses.replace(given, known=changed))
    np.testing.assert_array_equal(said[:, :2], other[:, :2])
    assert (said[:, 2:] != other[:, 2:]).all()


def test_last_year_is_known_at_every_step_and_no_numbers_of_the_history() -> None:
    given = windows(3, 4, 1, 6, marked=True, seed=4)
    last_year = np.random.default_rng(5).normal(size=(3, 10, 1))
    beside = dataclasses.replace(given, known=np.concatenate([given.known, last_year], axis=2))
    seen: list[Floats] = []

    def watched(now: Windows) -> Floats:
        seen.append(now.known[:, :, 1])
        return one_step(dataclasses.replace(now, known=now.known[:, :, :1]))

    said = recursive(watched, 6, 0, beside=1)(beside)
    np.testing.assert_array_equal(said, recursive(one_step, 6, 0)(given))
    for step, shown in enumerate(seen):
        np.testing.assert_array_equal(shown, last_year[:, step : step + 5, 0])


def test_a_network_that_repeats_the_last_value_does_so_to_the_end() -> None:
    given = windows(2, 4, 0, 5, marked=False, seed=3)
    said = recursive(lambda now: now.x[:, -1:, :1], 5, 0)(given)
    np.testing.assert_array_equal(said[:, :, 0], np.repeat(given.x[:, -1, :1], 5, axis=1))


def test_the_middle_is_fed_back_and_the_fan_of_each_step_is_told() -> None:
    given = windows(3, 4, 1, 6, marked=False, seed=6)
    fan = np.array([-1.0, 0.0, 2.0])
    said = recursive(lambda now: one_step(now) + fan, 6, 1)(given)
    middle = recursive(one_step, 6, 0)(given)
    np.testing.assert_allclose(said, middle + fan)
