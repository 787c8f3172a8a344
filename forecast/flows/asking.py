"""Networks for the folds of a backtest: trained on what was known, asked from where it ends."""

from __future__ import annotations

import dataclasses
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from forecast import data, prep, store
from forecast.errors import DataError
from forecast.flows.answer import answer
from forecast.flows.clock import Clock
from forecast.flows.events import Watch
from forecast.flows.finish import Finish, choose_finish, network_part
from forecast.flows.fitting import Fitting
from forecast.flows.rehearsal import rehearse
from forecast.flows.shaping import refuse_what_cannot_be
from forecast.infer import Network
from forecast.prep import Cutoffs, Plan, Units
from forecast.spec import RunSpec
from forecast.types import Forecast, Ints, Loaded, Panel

__all__ = ["Asked", "Trainer", "ask"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A trained network with what it takes to ask it of any rows.

    Attributes:
        network: windows in, forecasts out.
        plan: its sizes.
        units: transform, bounds, and the scale in the order of `ids`.
        ids: the series that it was trained on.
        identity: "embedded" where it has learnt a vector for each.
        season: rows in a season, for the simple methods.
        finish: what is done to what the network says.
    """

    network: Network
    plan: Plan
    units: Units
    ids: tuple[str, ...]
    identity: str
    season: int
    finish: Finish


def ask(made: Asked, panel: Panel, rows: Ints) -> tuple[Forecast, Forecast]:
    """The forecast from these cutoffs on as `predict` would make it, and the network's part alone.

    Args:
        made: the network.
        panel: with the covariates that are known ahead.
        rows: (W,) row of the panel just after the history of each window.
    """
    changed = prep.transform_panel(panel, made.units.transform, made.units.season)
    scale, _ = prep.match_scale(changed, made.ids, made.units.scale)
    if made.identity == "embedded":
        panel = prep.identify(panel, made.ids)
    units = dataclasses.replace(made.units, scale=scale)
    cutoffs = Cutoffs(panel.owners(rows), rows)
    said = answer(made.network, panel, units, cutoffs, made.plan)
    return made.finish.apply(said, panel, cutoffs, units, made.season), network_part(said, units)


class Trainer:
    """Trains once or for every fold; what was compiled for the first fold serves the others.

    Attributes:
        spec: the settings, every choice written down.
        plan: the sizes, the same in every fold.
    """

    def __init__(self, spec: RunSpec, first: Loaded, ahead: int) -> None:
        """Plan for what is known at the first cutoff.

        Args:
            spec: the settings; None in it is chosen from these data.
            first: the data as they were at the first cutoff.
            ahead: steps that are asked for.

        Raises:
            DataError: the rows before the first cutoff are too few.
            SpecError: a setting that these data rule out.
        """
        net = dataclasses.replace(spec.net, horizon=ahead)
        spec = dataclasses.replace(spec, net=net, fit=dataclasses.replace(spec.fit, holdout=0))
        try:
            self.plan = prep.make_plan(spec, first, data.calendar(first.panel.freq))
        except DataError as error:
            raise DataError(
                f"before the first fold: {error.message}",
                hint="take fewer --folds, or a smaller --step, --horizon or --gap",
            ) from error
        self.spec = prep.resolve(spec, self.plan, first.season)
        self.before: Fitting | None = None
        refuse_what_cannot_be(spec, first.panel)

    def train(self, known: Loaded, watch: Watch, clock: Clock) -> Asked:
        """Train on all rows that are given."""
        # Each fold may compile functions of its own, and TensorFlow warns of so many.
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        ids = known.panel.ids.tolist()
        if self.spec.net.identity == "embedded":
            known = dataclasses.replace(known, panel=prep.identify(known.panel, ids))
        fitting = Fitting(self.spec, self.plan, known, watch, clock)
        if self.before is not None:
            fitting.trainers = self.before.trainers
        fitting.on_training_rows()
        finish = choose_finish(rehearse(fitting), self.spec, known)
        fitting.on_all_rows()
        if self.before is not None and self.before.shapes == fitting.shapes:
            fitting.network, fitting.graph = self.before.network, self.before.graph
            fitting.joined = self.before.joined
        self.before = fitting
        with tempfile.TemporaryDirectory() as folder:
            network = fitting.export(store.Run(Path(folder)))
        return Asked(
            network=network,
            plan=fitting.plan,
            units=fitting.units,
            ids=tuple(ids),
            identity=self.spec.net.identity,
            season=known.season,
            finish=finish,
        )
