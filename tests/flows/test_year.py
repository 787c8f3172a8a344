"""A network that is shown last year, from the file to the forecast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast import store
from forecast.flows.predict import predict
from forecast.flows.train import Trained, train
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec

pytestmark = pytest.mark.slow

START = np.datetime64("2020-01-06")  # a Monday
ROWS = 1150
FEAST = 30  # days after the start of each 52 weeks on which nothing is sold


def sold(rows: int = ROWS) -> list[float]:
    """A weekly season, some noise, and a week without sales every year."""
    day = np.arange(rows)
    values = 100 + 10 * (day % 7) + np.random.default_rng(1).normal(size=rows)
    feast = (day % 364 >= FEAST) & (day % 364 < FEAST + 7)
    return [float(value) for value in np.where(feast, 5.0, values)]


def write(path: Path, values: list[float], start: np.datetime64 = START) -> Path:
    lines = [f"{start + i},{value:.4f}" for i, value in enumerate(values)]
    path.write_text("\n".join(["day,sold", *lines]) + "\n")
    return path


def trained(folder: Path, **net: Any) -> Trained:
    """On rows that end eight days before the fourth feast, which the horizon holds."""
    rows = 3 * 364 + FEAST - 8
    spec = RunSpec(
        DataSpec(str(write(folder / "sales.csv", sold(rows)))),
        NetSpec(horizon=14, units=4, **net),
        # Alone: no rows before the feast tell that it takes more than last week to foresee it.
        FitSpec(members=1, steps=60, holdout=0, if_worse="warn"),
        report="none",
    )
    return train(spec, folder / "output", "", lambda event: None)


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """The one that most are, in a folder with its rows."""
    return trained(tmp_path_factory.mktemp("year"))


@pytest.mark.parametrize("strategy", ["direct", "recursive"])
def test_it_knows_of_a_week_that_comes_once_a_year(
    strategy: str, direct: Trained, tmp_path: Path
) -> None:
    made = direct if strategy == "direct" else trained(tmp_path, strategy=strategy)
    assert made.plan.year == 364
    assert made.plan.window < 364
    assert made.forecast is not None
    said = made.forecast.point[0]
    assert said[8:].mean() < 0.75 * said[:8].mean()
    again = predict(store.Run(made.run.folder), made.spec.data.source)
    np.testing.assert_array_equal(again.forecast.values, made.forecast.values)


def test_it_knows_nothing_of_it_without_last_year(tmp_path: Path) -> None:
    blind = trained(tmp_path, last_year="no").forecast
    assert blind is not None
    assert blind.point[0, 8:].mean() > 0.9 * blind.point[0, :8].mean()


def test_newest_rows_of_less_than_a_year_are_enough_and_it_is_said(
    direct: Trained, tmp_path: Path
) -> None:
    assert not predict(direct.run, direct.spec.data.source).loaded.notes
    newest = write(tmp_path / "newest.csv", sold()[-200:], START + ROWS - 200)
    said = predict(direct.run, str(newest))
    assert np.isfinite(said.forecast.values).all()
    assert "1 series of fewer than 371 rows" in " ".join(said.loaded.notes)
