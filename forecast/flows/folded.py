"""The network on the folds of a backtest: trained on what was known, asked at every cutoff."""

from __future__ import annotations

import dataclasses
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forecast import data, prep, store
from forecast.errors import DataError
from forecast.flows.answer import answer
from forecast.flows.clock import Clock
from forecast.flows.events import Watch
from forecast.flows.fitting import Fitting
from forecast.infer import Network
from forecast.prep import Cutoffs, Folds, Plan, Units
from forecast.spec import RunSpec
from forecast.types import Forecast, Loaded, Panel

__all__ = ["Asked", "Trainer", "ask", "known_at"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A trained network with what it takes to ask it of any rows.

    Attributes:
        network: windows in, forecasts out.
        plan: its sizes; the horizon is the gap and the scored steps.
        units: transform, bounds, and the scale in the order of `ids`.
        ids: the series that it was trained on.
        identity: "embedded" where it has learnt a vector for each.
    """

    network: Network
    plan: Plan
    units: Units
    ids: tuple[str, ...]
    identity: str


def known_at(loaded: Loaded, folds: Folds, fold: int, spec: RunSpec) -> Loaded:
    """The data as they were at the cutoff of a fold, with the covariates that are known ahead."""
    rows, how = folds.row[fold], spec.data.fill
    panel = data.before(loaded.panel, rows, folds.ahead, how, loaded.season)
    return dataclasses.replace(loaded, panel=panel)


def ask(made: Asked, panel: Panel, ids: list[str]) -> Forecast:
    """What the network says of the steps after the last row of the named series, as `predict`."""
    changed = prep.transform_panel(panel, made.units.transform, made.units.season)
    scale, _ = prep.match_scale(changed, made.ids, made.units.scale)
    if made.identity == "embedded":
        panel = prep.identify(panel, made.ids)
    place = {name: series for series, name in enumerate(panel.ids.tolist())}
    series = np.array([place[name] for name in ids], dtype=np.int64)
    cutoffs = Cutoffs(series, panel.bounds[series + 1])
    units = dataclasses.replace(made.units, scale=scale)
    return answer(made.network, panel, units, cutoffs, made.plan)


class Trainer:
    """Trains once or for every fold; what was compiled for the first fold serves the others.

    Attributes:
        plan: the sizes, the same in every fold; made of the rows before the first cutoff.
    """

    def __init__(self, spec: RunSpec, first: Loaded, folds: Folds) -> None:
        """Raises DataError: the rows before the first cutoff are too few."""
        net = dataclasses.replace(spec.net, horizon=folds.ahead)
        fit = dataclasses.replace(spec.fit, holdout=0)
        self.spec = dataclasses.replace(spec, net=net, fit=fit)
        self.before: Fitting | None = None
        try:
            calendar = data.calendar(first.panel.freq)
            self.plan = prep.make_plan(self.spec, first, calendar)
        except DataError as error:
            raise DataError(
                f"before the first of {len(folds)} folds there are {error.message}",
                hint="take fewer --folds, or a smaller --step, --horizon or --gap",
            ) from error

    def train(self, known: Loaded, watch: Watch, clock: Clock) -> Asked:
        """Train on all rows that are given."""
        # Each fold may compile functions of its own, and TensorFlow warns of so many.
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        panel = known.panel
        if self.spec.net.identity == "embedded":
            panel = prep.identify(panel, panel.ids.tolist())
        fitting = Fitting(
            self.spec, self.plan, dataclasses.replace(known, panel=panel), watch, clock
        )
        if self.before is not None:
            fitting.trainers = self.before.trainers
        fitting.on_training_rows()
        fitting.on_all_rows()
        if self.before is not None and self.before.shapes == fitting.shapes:
            fitting.network, fitting.graph = self.before.network, self.before.graph
        with tempfile.TemporaryDirectory() as folder:
            network = fitting.export(store.Run(Path(folder)))
        self.before = fitting
        ids = tuple(known.panel.ids.tolist())
        return Asked(network, fitting.plan, fitting.units, ids, self.spec.net.identity)
