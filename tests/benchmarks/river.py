"""River discharge, one, three and seven days ahead, from every day of the last fifth.

The training is the product's own command on the first four fifths. 2,000 starts of `forecast
predict` would take half an hour, so the forecasts of the test are made in this process by the
functions that `predict` is made of, in its order: recall the run, load the file as the run
understood it, apply the stored scaling, and ask the exported network at each cutoff. A network at
a cutoff is given the rows before it, and of what is known ahead those of its horizon: the rows of
the file after that do not reach it, as the project's tests of windows and of answers assert. One
difference: after days without a measurement `predict` starts from the last one that has it, the
benchmark from the cutoff, with the last value carried on.

802 of the 10,593 days were not measured. As they are, those days are left out of the scores and
the last value stands in for them before a cutoff. The project's targets were set on a file whose
gaps had been filled by straight lines, which look past the cutoff and count as truth: the rows
called "filled" repeat that, to be held against the targets and nothing else.
"""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.types import Ints
from tests.benchmarks.cases import Floats
from tests.benchmarks.metrics import nash_sutcliffe
from tests.benchmarks.ours import FORECAST
from tests.benchmarks.process import Cost, measured

__all__ = ["LEADS", "RIVERS", "River", "discharge"]

LEADS = (1, 3, 7)  # days
WEATHER = ("P", "T", "E")  # rain, temperature, evaporation
FILE = Path("hydrology") / "airgr_L0123001_blue_river_daily.csv"


@dataclass(frozen=True)
class River:
    """A way to set the task.

    Attributes:
        flag: of `forecast train`, for the weather: known up to now, or ahead.
        filled: whether the gaps are filled by straight lines beforehand.
    """

    flag: str
    filled: bool


RIVERS = {
    "river": River("--past", filled=False),
    "river-known": River("--future", filled=False),
    "river-filled": River("--past", filled=True),
    "river-filled-known": River("--future", filled=True),
}


def discharge(river: River, folder: Path, flags: list[str]) -> tuple[dict[str, list[float]], Cost]:
    """Train on the first four fifths, forecast from every later day.

    Args:
        river: the task.
        folder: with the data.
        flags: more of `forecast train`.

    Returns:
        "ours" and "persistence" -> the Nash-Sutcliffe efficiency at each of LEADS; the costs of
        the training.
    """
    table = pd.read_csv(folder / FILE)[["date", "Qmm", *WEATHER]]
    if river.filled:
        table["Qmm"] = table["Qmm"].interpolate()
    cut, horizon = int(len(table) * 0.8), max(LEADS)
    cutoffs = np.arange(cut, len(table) - horizon + 1)
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        table.to_csv(here / "whole.csv", index=False)
        table.iloc[:cut].to_csv(here / "train.csv", index=False)
        command = [*FORECAST, "train", "train.csv", "--target", "Qmm", "--time", "date", "--quiet"]
        command += [part for column in WEATHER for part in (river.flag, column)]
        cost = measured([*command, "--horizon", str(horizon), "--holdout", "0", *flags], here)
        said = forecasts(here, cutoffs)
    actual = table["Qmm"].to_numpy(np.float64)[cutoffs[:, None] + np.arange(horizon)]
    last = table["Qmm"].ffill().to_numpy(np.float64)[cutoffs - 1]
    steps = [lead - 1 for lead in LEADS]
    return {
        "ours": [nash_sutcliffe(actual[:, step], said[:, step]) for step in steps],
        "persistence": [nash_sutcliffe(actual[:, step], last) for step in steps],
    }, cost


def forecasts(folder: Path, cutoffs: Ints) -> Floats:
    """(W, H) what `predict` would say at each cutoff, by the functions it is made of."""
    from forecast import data, store
    from forecast.flows.answer import answer, network_of
    from forecast.flows.recall import recall
    from forecast.prep import Cutoffs

    run = store.find_run(folder / "output", None)
    made = recall(run)
    spec = dataclasses.replace(made.spec.data, source=str(folder / "whole.csv"))
    loaded = data.load(spec, made.schema)
    network = network_of(run, made.spec, made.plan)
    starts = Cutoffs(np.zeros_like(cutoffs), cutoffs)
    said = answer(network, loaded.panel, made.units, starts, made.plan)
    return made.finish.apply(said, loaded.panel, starts, made.units, loaded.season).point
