"""The fits of a training: every member once to be judged, once on everything."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from forecast import prep, store
from forecast.errors import StoppedError
from forecast.flows.answer import answer, recursion
from forecast.flows.checkpoint import Progress
from forecast.flows.clock import Clock
from forecast.flows.events import Training, Watch
from forecast.flows.shaping import shape_of
from forecast.flows.shipping import ship, shown
from forecast.infer import Network
from forecast.prep import Cutoffs, Plan, Units
from forecast.spec import RunSpec
from forecast.types import (
    Floats,
    Forecast,
    History,
    Ints,
    Loaded,
    Step,
    Weights,
    Windows,
)

if TYPE_CHECKING:
    from forecast import nets

__all__ = ["MEMBERS_APART", "Fitting", "last_step"]

MEMBERS_APART = 1000  # between the seeds of two runs, so that no member repeats another's


class Fitting:
    """The members of one network, each fitted twice.

    Attributes:
        plan: the sizes, of the members that there is time for.
        steps: gradient steps planned for a member.
        units: of the rows of the last fit.
        histories: of the fits that were judged, a member each.
    """

    def __init__(
        self,
        spec: RunSpec,
        plan: Plan,
        loaded: Loaded,
        watch: Watch,
        clock: Clock,
        progress: Progress | None = None,
    ) -> None:
        from forecast import nets

        self.spec, self.plan, self.panel, self.watch = spec, plan, loaded.panel, watch
        nets.start(spec.seed)
        self.clock, self.named = clock, Counter[str]()
        self.progress = progress or Progress()
        self.parts = self.split(plan.validation, plan.holdout)
        self.transform = prep.choose_transform(
            spec.data.transform, self.panel, self.parts.train_end
        )
        self.units = self._units(self.parts.train_end)
        self.plans = [plan.of_member(place) for place in range(len(plan.windows))]
        pairs = zip(self.plans, plan.forms, strict=True)
        self.shapes = [shape_of(each, form, spec, loaded) for each, form in pairs]
        self.trainers: dict[nets.Shape, nets.Trainer] = {}
        self.weights: list[Weights] = []
        self.histories: list[History] = []
        self.joined: list[nets.Shape] = []
        self.steps = prep.count_steps(
            spec.fit, len(self._cutoffs(0, self.parts)[0]), len(self.panel)
        )

    def split(self, validation: int, holdout: int) -> prep.Split:
        """The parts of every series."""
        least = self.plan.least + self.plan.horizon
        return prep.split_panel(self.panel, validation=validation, holdout=holdout, least=least)

    def on_training_rows(self) -> list[History]:
        """Fit on the training rows, stopped by the validation rows; the holdout stays unseen.

        Without a holdout nothing is judged, and one member is enough to see how many steps are
        best.
        """
        judged = range(len(self.shapes)) if self.plan.holdout else range(1)
        self.units = self._units(self.parts.train_end)
        for place in judged:
            if place >= len(self.shapes):
                break  # the time is up for more members
            began = time.monotonic()
            left = len(judged) - len(self.histories) + len(self.shapes)
            until = self.clock.share(left) if place else self.clock.first()
            weights, history = self._fit("training", place, self.parts, self.steps, until)
            self.weights.append(weights)
            self.histories.append(history)
            if place == 0:
                self._keep(self.clock.affordable(time.monotonic() - began))
        return self.histories

    def on_rows_before(self, end: Ints, members: int) -> None:
        """Fit the first members afresh on the rows before `end` (N,), for as many steps as before.

        Nothing stops them early, so that all that comes after `end` is new to them.
        """
        split = prep.Split(self.parts.start, end, end, end)
        self.units = self._units(end)
        steps = self.refit_steps[:members]
        left = len(steps) + 2 * len(self.shapes)  # of which none is as long as a refit
        self.weights = [
            self._fit("rehearsal", place, split, count, self.clock.share(left - place))[0]
            for place, count in enumerate(steps)
        ]

    def on_all_rows(self) -> None:
        """Fit every member afresh on every row, for the steps that were best before."""
        split = self.split(0, 0)
        self.units = self._units(split.end)
        self.weights = []
        for place, steps in enumerate(self.refit_steps):
            until = self.clock.share(len(self.shapes) - place)
            self.weights.append(self._fit("refit", place, split, steps, until)[0])

    @property
    def refit_steps(self) -> list[int]:
        """The best step of each member, or of the first where that alone was judged."""
        best = [history.best_step for history in self.histories]
        return [best[min(place, len(best) - 1)] for place in range(len(self.shapes))]

    @property
    def of_fitted(self) -> Plan:
        """The plan of the members that were fitted last: it sees no farther back than they do."""
        return self._of_first(len(self.weights))

    def _refuse_too_little_time(self) -> None:
        if self.clock.over:
            raise StoppedError(
                f"the time limit of {self.spec.fit.time_limit:g} s is up before a network could "
                "be judged and published",
                hint="give it more with --time-limit",
            )

    def _keep(self, members: int | None) -> None:
        """Go on with so many members at most, None for all."""
        self.plan = self._of_first(members)
        self.shapes, self.plans = self.shapes[:members], self.plans[:members]

    def _of_first(self, members: int | None) -> Plan:
        """The plan with so many members."""
        return replace(
            self.plan,
            window=max(plan.window for plan in self.plans[:members]),
            windows=self.plan.windows[:members],
            forms=self.plan.forms[:members],
        )

    def _fit(
        self, what: str, place: int, split: prep.Split, steps: int, until: float | None
    ) -> tuple[Weights, History]:
        """One fit of one member on the training rows of the split."""
        from forecast import nets

        shape, plan = self.shapes[place], self._steps_at_once(self.plans[place])
        scaled = self.units.to_network(self.panel)
        train, validation = self._cutoffs(place, split)
        validation = validation.spread_out(len(self.panel))
        of_one = replace(plan, window=plan.window // plan.chunks)
        fit = self._name(f"{what} {place + 1}")
        course = nets.Course(
            train=lambda order: prep.gather(scaled, train.take(order), of_one),
            count=len(train),
            validation=prep.gather(scaled, validation, plan) if len(validation) else None,
            steps=steps,
            seed=self.spec.seed * MEMBERS_APART + place,
            until=until,
            paused=self.progress.paused(fit),
            keep=lambda paused: self.progress.keep(fit, paused),
        )
        if shape not in self.trainers:
            self.trainers[shape] = nets.Trainer(shape, self.spec.net, self.spec.fit)
        if fit in self.progress.finished:
            self.trainers[shape].prepare(course)
            return self.progress.finished[fit]
        name = what if len(self.shapes) == 1 else f"{what} {place + 1}/{len(self.shapes)}"
        done = self.trainers[shape].fit(course, lambda step: self.watch(Training(name, step)))
        if not self.histories:
            self._refuse_too_little_time()  # and go on with this fit where it was cut short
        return self.progress.finish(fit, done)

    def _name(self, fit: str) -> str:
        """Of a fit, and the same in a training that goes on; some are made several times."""
        self.named[fit] += 1
        turn = f", turn {self.named[fit]}" if self.named[fit] > 1 else ""
        return f"{self.panel.freq} {fit}{turn}"

    def _cutoffs(self, place: int, split: prep.Split) -> tuple[Cutoffs, Cutoffs]:
        """The cutoffs that a member trains on and is validated on."""
        plan = self._steps_at_once(self.plans[place])
        plan = replace(plan, window=plan.window // plan.chunks)
        return prep.supervised_cutoffs(split, plan)

    def _steps_at_once(self, plan: Plan) -> Plan:
        """The plan with the horizon that the network itself has."""
        return plan.one_step if self.spec.net.strategy == "recursive" else plan

    def _units(self, end: Ints) -> Units:
        """Transform and scale as the rows before `end` give them."""
        plan, data = self.plan, self.spec.data
        changed = prep.transform_panel(self.panel, self.transform, plan.season)
        return Units.of(data, prep.fit_scale(changed, end), self.transform, plan.season)

    def ask(self, cutoffs: Cutoffs) -> Forecast:
        """What the members that were fitted last say; nothing is exported for it."""
        plan = self.of_fitted
        network: Network = self._median
        if self.spec.net.strategy == "recursive":
            network = recursion(network, plan)
        return answer(network, self.panel, self.units, cutoffs, plan)

    def _median(self, windows: Windows) -> Floats:
        """(B, H, Q) scaled: the median of what each member says, of the rows that it sees."""
        said = []
        for shape, weights in zip(self.shapes, self.weights, strict=False):
            cut = self.of_fitted.window - shape.window
            seen = replace(windows, x=windows.x[:, cut:], known=windows.known[:, cut:])
            said.append(self.trainers[shape].ask(weights, seen))
        median: Floats = np.median(np.stack(said), axis=0)
        return median

    def export(self, run: store.Run) -> Network:
        """Write the network, load it as `predict` will, and see that both say the same.

        Raises:
            ForecastError: the exported network differs from Keras by more than PARITY.
        """
        from forecast import nets

        plan = self.of_fitted
        shapes = self.shapes[: len(self.weights)]
        if shapes != self.joined:
            self.network = nets.join(shapes, self.weights, self.spec.net)
            self.graph, self.joined = nets.OnnxGraph(self.network), shapes
        nets.refill(self.network, self.weights)
        return ship(run, self.graph, self._shown(plan), self.spec, plan)

    def _shown(self, plan: Plan) -> Windows:
        scaled = self.units.to_network(self.panel)
        return prep.gather(scaled, shown(self.panel, plan), self._steps_at_once(plan))


def last_step(history: History, steps: int) -> Step:
    """Where a fit ended: the last training loss, the best validation loss."""
    values = [value for value in history.val_loss if np.isfinite(value)]
    return Step(history.step[-1], steps, history.loss[-1], min(values, default=float("nan")))
