"""The two fits of a training: one to be judged, one on everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forecast import infer, prep, store
from forecast.errors import ForecastError
from forecast.flows.events import Training, Watch
from forecast.infer import Network
from forecast.prep import Cutoffs, Plan, Units
from forecast.spec import RunSpec
from forecast.types import Ints, Panel, Step

if TYPE_CHECKING:
    from forecast import nets

__all__ = ["Fitting"]

VALIDATE = 2048  # validation windows looked at during a fit, at most
PARITY = 1e-5  # largest difference of the exported network from Keras, relative


class Fitting:
    """One network, built once and fitted twice.

    Attributes:
        network: what is fitted.
        shape: what it was built for.
        steps: gradient steps planned.
        units: of the rows of the last fit.
    """

    def __init__(self, spec: RunSpec, plan: Plan, panel: Panel, watch: Watch) -> None:
        from forecast import nets

        self.spec, self.plan, self.panel, self.watch = spec, plan, panel, watch
        nets.start(spec.seed)
        self.parts = self.split(plan.validation, plan.holdout)
        self.transform = prep.choose_transform(spec.data.transform, panel, self.parts.train_end)
        self.train, self.validation = prep.supervised_cutoffs(self.parts, plan)
        self.units = self._units(self.parts.train_end)
        self.network = nets.build(_shape(plan, panel), spec.net)
        steps = prep.count_steps(spec.fit, len(self.train))
        self.trainer = nets.Trainer(self.network, spec.fit, steps, spec.seed)
        self.steps = self.trainer.steps

    def split(self, validation: int, holdout: int) -> prep.Split:
        """The parts of every series."""
        least = self.plan.least + self.plan.horizon
        return prep.split_panel(self.panel, validation=validation, holdout=holdout, least=least)

    def on_training_rows(self) -> nets.History:
        """Fit on the training rows, stopped by the validation rows; the holdout stays unseen."""
        return self._fit("training", self.train, self.validation)

    def on_all_rows(self, until: int) -> nets.History:
        """Fit afresh on every row, as long as the first fit was getting better."""
        split = self.split(0, 0)
        self.units = self._units(split.end)
        self.trainer.until = until
        return self._fit("refit", *prep.supervised_cutoffs(split, self.plan))

    def _units(self, end: Ints) -> Units:
        """Transform and scale as the rows before `end` give them."""
        plan, data = self.plan, self.spec.data
        changed = prep.transform_panel(self.panel, self.transform, plan.season)
        return Units.of(data, prep.fit_scale(changed, end), self.transform, plan.season)

    def _fit(self, what: str, train: Cutoffs, validation: Cutoffs) -> nets.History:
        scaled = self.units.to_network(self.panel)
        count = min(len(validation), VALIDATE)
        places: Ints = np.linspace(0, len(validation) - 1, count).astype(np.int64)
        return self.trainer.fit(
            lambda order: prep.gather(scaled, train.take(order), self.plan),
            len(train),
            prep.gather(scaled, validation.take(places), self.plan) if count else None,
            lambda step: self.watch(Training(what, step)),
        )

    def export(self, run: store.Run) -> Network:
        """Write the network, load it as `predict` will, and see that both say the same.

        Raises:
            ForecastError: the exported network differs from Keras by more than PARITY.
        """
        from forecast import nets

        nets.export_onnx(self.network, run.onnx)
        network = infer.load_network(run.onnx)
        scaled = self.units.to_network(self.panel)
        first = prep.last_cutoffs(self.panel).take(np.arange(min(len(self.panel), 64)))
        windows = prep.gather(scaled, first, self.plan)
        ours, theirs = network(windows), nets.predict(self.network, windows)
        worst = float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1.0)))
        if not worst <= PARITY:
            raise ForecastError(
                f"the exported network differs from Keras by {worst:.1e}, more than {PARITY:.0e}",
                hint="this is a bug in the export; please report the versions in run.json",
            )
        return network


def _shape(plan: Plan, panel: Panel) -> nets.Shape:
    """What the network is built for."""
    from forecast import nets

    columns = panel.static.T.tolist() if panel.static_columns else []
    return nets.Shape(
        window=plan.window,
        horizon=plan.horizon,
        fold=plan.fold,
        season=plan.season,
        columns=panel.values.shape[1],
        marked=plan.marked,
        known=panel.known,
        static=tuple((float(np.mean(c)), float(np.std(c)) or 1.0) for c in columns),
    )


def last_step(history: nets.History, steps: int) -> Step:
    """Where a fit ended: the last training loss, the best validation loss."""
    values = [value for value in history.val_loss if np.isfinite(value)]
    return Step(history.step[-1], steps, history.loss[-1], min(values, default=float("nan")))
