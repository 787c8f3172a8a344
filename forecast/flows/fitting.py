"""The two fits of a training: one to be judged, one on everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forecast import infer, prep, store
from forecast.errors import ForecastError
from forecast.flows.events import Training, Watch
from forecast.infer import Network
from forecast.prep import Plan
from forecast.spec import RunSpec
from forecast.types import Ints, Panel, Step, Windows

if TYPE_CHECKING:
    from forecast import nets

__all__ = ["Fitting"]

VALIDATE = 2048  # validation windows looked at during a fit, at most
PARITY = 1e-5  # largest difference of the exported network from Keras, relative


class Fitting:
    """One network, built once and fitted twice.

    Attributes:
        steps: gradient steps planned.
        scale: fitted on the rows of the last fit.
        history: of the first fit.
    """

    def __init__(self, spec: RunSpec, plan: Plan, panel: Panel, watch: Watch) -> None:
        from forecast import nets

        self.spec, self.plan, self.panel, self.watch = spec, plan, panel, watch
        nets.start(spec.seed)
        columns, known = panel.values.shape[1], panel.known
        shape = nets.Shape(plan.window, plan.horizon, plan.fold, plan.season, columns, known)
        self.network = nets.build(shape, spec.net)
        split = self.split(plan.validation, plan.holdout)
        self.train, self.validation = prep.supervised_cutoffs(split, plan)
        self.scale = prep.fit_scale(panel, split.train_end)
        self.steps = prep.count_steps(spec.fit, len(self.train))
        self.trainer = nets.Trainer(self.network, spec.fit, self.steps, spec.seed)

    def split(self, validation: int, holdout: int) -> prep.Split:
        """The parts of every series."""
        least = self.plan.least + self.plan.horizon
        return prep.split_panel(self.panel, validation=validation, holdout=holdout, least=least)

    def on_training_rows(self) -> nets.History:
        """Fit on the training rows, stopped by the validation rows; the holdout stays unseen."""
        scaled = prep.scale_panel(self.panel, self.scale)
        return self.trainer.fit(
            lambda places: prep.gather(scaled, self.train.take(places), self.plan),
            len(self.train),
            self._held(scaled),
            lambda step: self.watch(Training("training", step)),
        )

    def on_all_rows(self, until: int) -> nets.History:
        """Fit afresh on every row, as long as the first fit was getting better."""
        split = self.split(0, 0)
        self.scale = prep.fit_scale(self.panel, split.end)
        scaled = prep.scale_panel(self.panel, self.scale)
        cutoffs, _ = prep.supervised_cutoffs(split, self.plan)
        self.trainer.until = until
        return self.trainer.fit(
            lambda places: prep.gather(scaled, cutoffs.take(places), self.plan),
            len(cutoffs),
            None,
            lambda step: self.watch(Training("refit", step)),
        )

    def export(self, run: store.Run) -> Network:
        """Write the network, load it as `predict` will, and see that both say the same.

        Raises:
            ForecastError: the exported network differs from Keras by more than PARITY.
        """
        from forecast import nets

        nets.export_onnx(self.network, run.onnx)
        network = infer.load_network(run.onnx)
        scaled = prep.scale_panel(self.panel, self.scale)
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

    def _held(self, scaled: Panel) -> Windows | None:
        """The validation windows, or an even choice of them; None if there are none."""
        if len(self.validation) == 0:
            return None
        count = min(len(self.validation), VALIDATE)
        places: Ints = np.linspace(0, len(self.validation) - 1, count).astype(np.int64)
        return prep.gather(scaled, self.validation.take(places), self.plan)


def last_step(history: nets.History, steps: int) -> Step:
    """Where a fit ended: the last training loss, the best validation loss."""
    values = [value for value in history.val_loss if np.isfinite(value)]
    return Step(history.step[-1], steps, history.loss[-1], min(values, default=float("nan")))
