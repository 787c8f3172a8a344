"""A trained network goes on training: which rows are new to it, and the fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from forecast import prep, store
from forecast.errors import RunError
from forecast.flows.answer import recursion
from forecast.flows.events import Training, Watch
from forecast.flows.fitting import MEMBERS_APART
from forecast.flows.recall import Recalled, seen_rows
from forecast.flows.record import last_times
from forecast.flows.shaping import shape_of
from forecast.flows.shipping import ship, shown
from forecast.infer import Network
from forecast.prep import Cutoffs, Plan, Units
from forecast.spec import UpdateSpec
from forecast.types import Floats, History, Ints, Loaded, Observer, Panel, Scale, Weights, Windows

if TYPE_CHECKING:
    from forecast import nets

__all__ = ["Again", "Fresh", "fresh_rows", "remembered", "units_before"]

LEAST = 2  # new rows of a series, one to learn from and one to be judged on
LARGE = 5  # a part in so many of the new rows is judged, where that is more than a horizon


@dataclass(frozen=True, slots=True)
class Fresh:
    """The rows that a network has not been trained on, and the newest of them, to judge it by.

    Attributes:
        seen: (N,) row just after the last that it was trained on.
        cut: (N,) row that the judged rows begin at; those before may be learnt from.
        end: (N,) row after the last.
    """

    seen: Ints
    cut: Ints
    end: Ints

    @property
    def new(self) -> int:
        """Rows it was not trained on, over all series."""
        return int((self.end - self.seen).sum())

    @property
    def judged(self) -> int:
        """The most rows of a series that are judged."""
        return int((self.end - self.cut).max(initial=0))


def fresh_rows(made: Recalled, panel: Panel, horizon: int) -> Fresh:
    """Half of the new rows of each series to learn from, the newer half to judge by.

    At most a horizon is judged, or a fifth where many rows are new.

    Args:
        made: the run; series that it does not know are new as a whole.
        panel: the data as they are now.
        horizon: H.

    Raises:
        RunError: the run does not say what it was trained on.
    """
    if not made.ends:
        raise RunError(
            "the run does not say how far its rows went: it is of an earlier version",
            hint="train once more with forecast train; update goes on from there",
        )
    seen, end = seen_rows(made, panel), panel.bounds[1:].astype(np.int64)
    new = end - seen
    judged = np.minimum(new // 2, np.maximum(horizon, new // LARGE))
    return Fresh(seen, end - np.where(new < LEAST, 0, judged), end)


def units_before(made: Recalled, panel: Panel, cut: Ints) -> Units:
    """The units of the run; series that it does not know are scaled by their rows before the cut.

    Kept and not fitted anew: the weights are for this scale. Measured on drifting series, see
    `UpdateSpec`.
    """
    changed = prep.transform_panel(panel, made.units.transform, made.units.season)
    hidden = np.arange(len(panel.values)) >= np.repeat(cut, panel.lengths)
    values = np.where(hidden[:, None], np.nan, changed.values)
    scale, _ = prep.match_scale(replace(changed, values=values), made.ids, made.units.scale)
    return replace(made.units, scale=scale)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a run remembers of its series.

    Attributes:
        ids: (N,) their names; a network that knows them by their place finds them there.
        scale: (N, C) in their order.
        ends: the last time stamp of each that was trained on, as `record.last_times` has it.
    """

    ids: tuple[str, ...]
    scale: Scale
    ends: tuple[str | int, ...]


def remembered(made: Recalled, panel: Panel, units: Units, cut: Ints) -> Memory:
    """All that was known, newer where there is something newer; and the series that are new.

    A network with a vector for every series takes no new ones in: they stay unknown to it.
    """
    names, times = panel.ids.tolist(), last_times(panel, cut)
    now = dict(zip(names, times, strict=True))
    ends = tuple(now.get(name, end) for name, end in zip(made.ids, made.ends, strict=True))
    known = set(made.ids)
    new = [place for place, name in enumerate(names) if name not in known]
    if made.spec.net.identity == "embedded":
        new = []
    old, more = made.units.scale, units.scale
    return Memory(
        ids=(*made.ids, *panel.ids[new].tolist()),
        scale=Scale(
            np.concatenate([old.low, more.low[new]]), np.concatenate([old.high, more.high[new]])
        ),
        ends=(*ends, *(times[place] for place in new)),
    )


class Again:
    """The members of a trained network, each fitted once more from where it was.

    Attributes:
        units: of the rows before the cut.
        histories: of the fits.
    """

    def __init__(
        self, run: store.Run, made: Recalled, loaded: Loaded, fresh: Fresh, how: UpdateSpec
    ) -> None:
        from forecast import nets

        nets.start(made.spec.seed)
        store.read(run, run.keras)
        self.network = nets.load(run.keras)
        self.made, self.loaded, self.fresh, self.how = made, loaded, fresh, how
        self.units = units_before(made, loaded.panel, fresh.cut)
        self.histories: list[History] = []
        rate = how.learning_rate or made.spec.fit.learning_rate * how.share_of_rate
        self.fit = replace(made.spec.fit, learning_rate=rate)

    def train(self, steps: list[int], watch: Watch) -> None:
        """Fit every member on the rows before the cut.

        Args:
            steps: of each member, when it was trained.
            watch: is told of the looks.

        Raises:
            DataError: a fit failed.
        """
        from forecast import nets

        made, trainers = self.made, dict[nets.Shape, nets.Trainer]()
        members = nets.members_of(self.network)
        first = [member.get_weights() for member in members]
        weights: list[Weights] = []
        for place, (member, form) in enumerate(zip(members, made.plan.forms, strict=True)):
            plan = made.plan.of_member(place)
            shape = shape_of(plan, form, made.spec, self.loaded)
            if shape not in trainers:
                trainers[shape] = nets.Trainer(shape, made.spec.net, self.fit, member)
            count = self.how.steps or max(round(steps[place] * self.how.share_of_steps), 1)
            course = replace(self._course(place, plan, count), first=first[place])
            name = f"update {place + 1}/{len(members)}" if len(members) > 1 else "update"
            done = trainers[shape].fit(course, _told(watch, name))
            weights.append(done[0])
            self.histories.append(done[1])
        nets.refill(self.network, weights)

    def asked(self) -> Network:
        """The network as it is now, before anything is written."""
        from forecast import nets

        def ask(windows: Windows) -> Floats:
            return nets.predict(self.network, windows)

        direct = self.made.spec.net.strategy == "direct"
        return ask if direct else recursion(ask, self.made.plan)

    def ship(self, run: store.Run) -> Network:
        """Write the network as it is now."""
        from forecast import nets

        plan, panel = self.made.plan, self.loaded.panel
        scaled = self.units.to_network(panel)
        windows = prep.gather(scaled, shown(panel, plan), self._steps_at_once(plan))
        graph = nets.OnnxGraph(self.network)
        return ship(run, graph, windows, self.made.spec, plan)

    def _course(self, place: int, plan: Plan, steps: int) -> nets.Course:
        from forecast import nets

        scaled = self.units.to_network(self.loaded.panel)
        of_one = self._steps_at_once(replace(plan, window=plan.window // plan.chunks))
        cut, start = self.fresh.cut, self.loaded.panel.bounds[:-1]
        windows, _ = prep.supervised_cutoffs(prep.Split(start, cut, cut, cut), of_one)
        if self.made.spec.net.state == "fresh":
            windows = self._drawn(windows, of_one.horizon)
        return nets.Course(
            train=lambda order: prep.gather(scaled, windows.take(order), of_one),
            count=len(windows),
            validation=None,
            steps=steps,
            seed=self.made.spec.seed * MEMBERS_APART + place,
        )

    def _drawn(self, windows: Cutoffs, horizon: int) -> Cutoffs:
        """The windows that end in new rows, each so often that they are their share of all."""
        new = windows.row + horizon > self.fresh.seen[windows.series]
        recent, others = np.flatnonzero(new), np.flatnonzero(~new)
        if not len(recent) or not len(others):
            return windows
        share = self.how.recent / (1.0 - self.how.recent)
        times = max(round(share * len(others) / len(recent)), 1)
        return windows.take(np.concatenate([others, np.tile(recent, times)]))

    def _steps_at_once(self, plan: Plan) -> Plan:
        return plan.one_step if self.made.spec.net.strategy == "recursive" else plan


def _told(watch: Watch, name: str) -> Observer:
    return lambda step: watch(Training(name, step))
