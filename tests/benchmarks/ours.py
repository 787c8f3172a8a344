"""The product's own commands on a set: `forecast train` on what is known, `forecast predict`.

Every run is a cold process in a folder of its own that holds no row of the test. The command is
told the horizon and, where rows are only numbered, the season: nothing else.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.cases import Case, Floats
from tests.benchmarks.process import Cost, measured

__all__ = ["WAYS", "Job", "Outcome"]

BOUNDS = ("lo80", "hi80", "lo95", "hi95")
Parts = dict[str, Floats]
FORECAST = [sys.executable, "-m", "forecast"]


@dataclass(frozen=True)
class Job:
    """What to run.

    Attributes:
        table: unique_id, ds, y with the test rows at the end of each series.
        case: the same, cut.
        flags: of `forecast train`.
    """

    table: pd.DataFrame
    case: Case
    flags: list[str]


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        said: (N, H) the forecasts.
        bounds: lo80, hi80, lo95 and hi95, (N, H) each.
        train: costs of each training.
        predict: costs of each `forecast predict`; none where the training's own forecast is used.
    """

    said: Floats
    bounds: dict[str, Floats]
    train: list[Cost]
    predict: list[Cost] = field(default_factory=list)


def one_panel(job: Job) -> Outcome:
    """All series in one file, one training, its forecast.csv."""
    horizon = job.case.horizon
    left = job.table.groupby("unique_id", sort=False).cumcount(ascending=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job.table[left >= horizon].to_csv(folder / "train.csv", index=False)
        cost = train(folder, ["--id", "unique_id", *job.flags])
        made = pd.read_csv(folder / "output" / "latest" / "forecast.csv", dtype={"unique_id": str})
    ids = list(job.case.ids)
    parts = {
        name: made.pivot(index="unique_id", columns="step", values=name).loc[ids].to_numpy()
        for name in ("forecast", *BOUNDS)
    }
    return Outcome(parts.pop("forecast"), parts, [cost])


def one_each(job: Job) -> Outcome:
    """A file and a training for every series: what someone with a single short one gets."""
    said, costs = list[Parts](), list[Cost]()
    for series, past in zip(job.case.ids, job.case.past, strict=True):
        rows = job.table[job.table["unique_id"] == series][["ds", "y"]]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            rows.iloc[: len(past)].to_csv(folder / "train.csv", index=False)
            costs.append(train(folder, job.flags))
            said.append(forecast_in(folder / "output" / "latest" / "forecast.csv"))
    return _together(said, costs)


def one_then_predict(job: Job) -> Outcome:
    """One training before the first origin; at each origin `predict` with the rows up to there."""
    said, costs = list[Parts](), list[Cost]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = job.table[["ds", "y"]]
        rows.iloc[: len(job.case.past[0])].to_csv(folder / "train.csv", index=False)
        trained = train(folder, job.flags)
        for past in job.case.past:
            rows.iloc[: len(past)].to_csv(folder / "newest.csv", index=False)
            command = [*FORECAST, "predict", "newest.csv", "--output", "said.csv", "--quiet"]
            costs.append(measured(command, folder))
            said.append(forecast_in(folder / "said.csv"))
    return _together(said, [trained], costs)


def train(folder: Path, flags: list[str]) -> Cost:
    """`forecast train` on all rows of train.csv; what is tested on is not in that file."""
    command = [*FORECAST, "train", "train.csv", "--time", "ds", "--target", "y"]
    return measured([*command, "--holdout", "0", "--quiet", *flags], folder)


def forecast_in(path: Path) -> Parts:
    """(H,) the forecast of a file with one series, and its bounds."""
    table = pd.read_csv(path)
    return {name: table[name].to_numpy(np.float64) for name in ("forecast", *BOUNDS)}


def _together(said: list[Parts], *costs: list[Cost]) -> Outcome:
    """The forecasts of N files."""
    parts = {name: np.stack([each[name] for each in said]) for name in said[0]}
    return Outcome(parts.pop("forecast"), parts, *costs)


WAYS: dict[str, Callable[[Job], Outcome]] = {
    "panel": one_panel,
    "each": one_each,
    "rolling": one_then_predict,
}
