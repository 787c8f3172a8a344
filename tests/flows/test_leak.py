"""No leak: whatever happens in the holdout, nothing before the scores changes.

`tests/flows/test_train.py` does this for one series with a season that is given. Here a panel
with a covariate, where everything is left for the command to choose: season, window, transform,
form.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from forecast import store
from forecast.flows.train import train
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec

HORIZON = 6
MONTHS = [f"{year}-{month:02}" for year in range(2000, 2008) for month in range(1, 13)]

Values = NDArray[np.float64]


def as_it_is(rows: Values) -> Values:
    return rows


def shuffled(rows: Values) -> Values:
    return np.random.default_rng(5).permutation(rows, axis=1)


def corrupted(rows: Values) -> Values:
    return 7 - 1000 * rows


def panel() -> Values:
    """(3, 96, 2) sales with a level, a trend and a season, and the rain beside them."""
    random = np.random.default_rng(4)
    month = np.arange(len(MONTHS))
    season = 10 * np.sin(2 * np.pi * month / 12)
    rain = random.gamma(2, 3, (3, len(MONTHS)))
    levels = np.array([[100.0], [300.0], [50.0]])
    sales = levels + month * [[0.5], [1.0], [0.0]] + season + rain
    sales += random.normal(0, 2, sales.shape)
    return np.stack([sales, rain], axis=2)


def run(folder: Path, change: Callable[[Values], Values]) -> store.Run:
    """Train on the panel whose holdout rows were changed."""
    values = panel()
    values[:, -HORIZON:] = change(values[:, -HORIZON:])
    folder.mkdir()
    with (folder / "sales.csv").open("w") as file:
        file.write("shop,month,sales,rain\n")
        for shop, rows in zip("abc", values, strict=True):
            for month, (sales, rain) in zip(MONTHS, rows, strict=True):
                file.write(f"{shop},{month},{sales:.4f},{rain:.4f}\n")
    spec = RunSpec(
        DataSpec(str(folder / "sales.csv"), target="sales", past=("rain",)),
        NetSpec(horizon=HORIZON, units=8),
        FitSpec(steps=20, members=1),
        seed=3,
        report="none",
    )
    return train(spec, folder / "output", "", lambda event: None).run


def said(made: store.Run) -> list[dict[str, str]]:
    """What every method said of the holdout: holdout.csv without what really happened."""
    with made.holdout.open() as file:
        return [{k: v for k, v in row.items() if k != "actual"} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> store.Run:
    return run(tmp_path_factory.mktemp("leak") / "honest", as_it_is)


@pytest.mark.slow
@pytest.mark.parametrize("change", [shuffled, corrupted])
def test_nothing_before_the_scores_sees_the_holdout(
    honest: store.Run, tmp_path: Path, change: Callable[[Values], Values]
) -> None:
    other = run(tmp_path / "other", change)
    assert len(said(honest)) == 3 * HORIZON
    assert said(other) == said(honest)
    assert other.log.read_text() == honest.log.read_text()
    assert other.metrics.read_text() != honest.metrics.read_text()
