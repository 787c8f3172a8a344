"""No leak in a backtest: whatever comes after a cutoff, what was said at it stays the same.

Everything is left for the command to choose, from data that give it away where they are seen: a
season to be found in numbered rows, a transform, a scale, holes to be filled by straight lines,
a covariate known up to now and one known ahead.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from forecast import store
from forecast.data import load
from forecast.flows.backtest import Backtest, run_folds
from forecast.spec import BacktestSpec, DataSpec, FitSpec, NetSpec, RunSpec

HORIZON, FOLDS, ROWS, SPOILT = 6, 3, 66, 54  # the second cutoff is just before row 54
SIMPLE = ("naive", "seasonal-naive", "drift")
CLASSICAL = ("theta", "ces")
SLOW = ("ets", "arima")

Values = NDArray[np.float64]


def as_it_is(rows: Values) -> Values:
    return rows


def shuffled(rows: Values) -> Values:
    return np.random.default_rng(5).permutation(rows, axis=1)


def missing(rows: Values) -> Values:
    """Nothing but the very last value, without which the file would end earlier."""
    gone = np.full_like(rows, np.nan)
    gone[:, -1] = rows[:, -1]
    return gone


def huge(rows: Values) -> Values:
    return np.full_like(rows, 1e9)


def below_zero(rows: Values) -> Values:
    return 7 - 1000 * rows


def huge_and_missing(rows: Values) -> Values:
    """The one in the first series, the other in the second."""
    return np.concatenate([huge(rows[:1]), missing(rows[1:])])


def panel() -> Values:
    """(2, ROWS, 2) sales that grow and have a season of 6, and the rain beside them."""
    random = np.random.default_rng(4)
    step = np.arange(ROWS)
    rain = random.gamma(2, 3, (2, ROWS))
    sales = np.exp(0.03 * step) * np.array([[100.0], [300.0]])
    sales = sales * (1 + 0.3 * np.sin(2 * np.pi * step / 6)) + rain
    sales[:, [20, 33]] = np.nan
    sales[1, SPOILT - 2 : SPOILT] = np.nan  # a hole at the cutoff
    return np.stack([sales, rain], axis=2)


def run(
    folder: Path,
    change: Callable[[Values], Values],
    methods: tuple[str, ...],
    refit: str = "never",
    folds: int = FOLDS,
) -> Backtest:
    """A backtest of the panel whose rows after the second cutoff were changed."""
    values = panel()
    values[:, SPOILT:] = change(values[:, SPOILT:])
    folder.mkdir()
    with (folder / "sales.csv").open("w") as file:
        file.write("shop,row,sales,rain,open\n")
        for shop, rows in zip("ab", values, strict=True):
            for row, pair in enumerate(rows):
                sales, rain = ("" if np.isnan(each) else f"{each:.4f}" for each in pair)
                file.write(f"{shop},{row},{sales},{rain},{row % 7 > 0:d}\n")
    data = DataSpec(
        str(folder / "sales.csv"), target="sales", time=("row",), ids=("shop",),
        past=("rain",), future=("open",), fill="linear", transform="auto",
    )  # fmt: skip
    spec = RunSpec(data, NetSpec(horizon=HORIZON, units=8), FitSpec(steps=8, members=1), seed=3)
    test = BacktestSpec(folds, refit=refit, methods=methods)
    draft, began = store.Rolled(folder), time.monotonic()
    return run_folds(draft, spec, test, load(data), lambda event: None, began)


def said(made: Backtest, until: int) -> dict[str, list[float]]:
    """What every method said in the folds up to one."""
    inside = made.fold < until
    return {name: each.values[inside].ravel().tolist() for name, each in made.forecasts.items()}


def shipped(made: Backtest, until: int) -> list[float]:
    """What is shipped, the LSTM or the blend, in the folds up to one."""
    return next(iter(said(made, until).values()))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Backtest:
    return run(tmp_path_factory.mktemp("plain") / "a", as_it_is, SIMPLE + CLASSICAL)


@pytest.mark.parametrize("change", [shuffled, missing, huge, below_zero])
def test_no_simple_or_classical_method_sees_past_its_cutoff(
    plain: Backtest, tmp_path: Path, change: Callable[[Values], Values]
) -> None:
    other = run(tmp_path / "b", change, SIMPLE + CLASSICAL)
    assert other.folds.row.tolist() == plain.folds.row.tolist() == [[48, 114], [54, 120], [60, 126]]
    assert len(said(plain, 2)) == 5
    assert said(other, 2) == said(plain, 2)
    assert said(other, 3) != said(plain, 3)  # the last fold does see what was changed
    assert (plain.loaded.season, other.loaded.season) == (6, 6)


@pytest.mark.slow
def test_no_slow_classical_method_sees_past_its_cutoff(tmp_path: Path) -> None:
    one = run(tmp_path / "a", as_it_is, SLOW)
    other = run(tmp_path / "b", huge_and_missing, SLOW)
    assert len(said(one, 2)) == 3
    assert said(other, 2) == said(one, 2)


@pytest.mark.slow
def test_no_training_sees_past_the_cutoff_that_it_is_for(tmp_path: Path) -> None:
    one = run(tmp_path / "a", as_it_is, ("lstm",), "every", folds=2)
    other = run(tmp_path / "b", huge_and_missing, ("lstm",), "every", folds=2)
    assert np.isfinite(one.forecasts["LSTM"].values).all()
    assert shipped(other, 1) == shipped(one, 1)
    assert shipped(other, 2) != shipped(one, 2)


@pytest.mark.slow
def test_a_network_that_is_trained_once_sees_nothing_past_the_cutoff_it_is_asked_at(
    tmp_path: Path,
) -> None:
    one = run(tmp_path / "a", as_it_is, ("lstm",))
    other = run(tmp_path / "b", shuffled, ("lstm",))
    assert shipped(other, 2) == shipped(one, 2)
    assert shipped(other, 3) != shipped(one, 3)
