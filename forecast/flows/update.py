"""Update: a trained network goes on with new rows, and takes its own place only if it earns it."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path

from forecast import data, judge, prep, store
from forecast.errors import DataError, RunError
from forecast.flows import record, tables
from forecast.flows.again import Again, Fresh, fresh_rows, remembered
from forecast.flows.answer import answer, network_of
from forecast.flows.events import Published, Read, Stage, Watch
from forecast.flows.finish import network_part
from forecast.flows.keeping import keep_forecast
from forecast.flows.needs import TO_TRAIN, need
from forecast.flows.predict import asked
from forecast.flows.recall import Recalled, group_freqs, recall
from forecast.flows.staleness import refuse_stale
from forecast.infer import Network
from forecast.judge import Scores
from forecast.prep import Cutoffs, Units
from forecast.spec import Guard, UpdateSpec
from forecast.types import Forecast, Loaded

__all__ = ["BEFORE", "Updated", "update"]

BEFORE = "before"  # the update; what the old network is called among the methods
GUARD, HOW = Guard(), UpdateSpec()


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of an update.

    Attributes:
        before: the run that was the latest.
        run: the one that is now: another, or the same.
        source: the file.
        loaded: its rows.
        fresh: which of them were new.
        scores: method -> its errors on the judged rows, what the updated network would ship
            first; {} where there were too few new rows to train or to judge.
        why: the old network stays, "" where it does not.
        forecast: of the future by the new network; None where there is none.
        seconds: of everything.
    """

    before: store.Run
    run: store.Run
    source: str
    loaded: Loaded
    fresh: Fresh
    scores: dict[str, Scores]
    why: str
    forecast: Forecast | None
    seconds: float


class _NoBetter(Exception):
    """The run that is being built is not to be published."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What both networks are asked, and with what."""

    made: Recalled
    loaded: Loaded
    fresh: Fresh
    cutoffs: Cutoffs

    def shipped(self, network: Network, units: Units, cutoffs: Cutoffs) -> Forecast:
        """The forecast as `predict` makes it."""
        panel, made = self.loaded.panel, self.made
        said = answer(network, panel, units, cutoffs, made.plan)
        season = made.spec.data.season or self.loaded.season
        return made.finish.apply(said, panel, cutoffs, units, season)


def update(
    output: Path,
    source: str | None,
    watch: Watch,
    how: UpdateSpec = HOW,
    guard: Guard = GUARD,
) -> Updated:
    """Go on training the latest run of an output folder with the new rows of its data.

    The newest rows judge: neither network has been trained on them. The updated one is published,
    exactly as it was judged, if it is not worse; else everything stays as it is.

    Args:
        output: the output folder.
        source: a path, "-" for standard input, None for the file of the training.
        watch: is told what happens.
        how: how far and how fast to go on.
        guard: what has to hold before anything is written.

    Raises:
        RunError: there is no run, or one that cannot be gone on with.
        DataError: the file cannot be read or is not like the one trained on; a fit failed.
        StaleError: the newest row is too old.
        BusyError: another process writes to the output folder.
        InstallError: only what predicting needs is installed.
        OutputError: the output cannot be written.
    """
    need(TO_TRAIN, "forecast update")
    began = time.monotonic()
    before = store.find_run(output, None)
    document = store.open_run(before)
    if group_freqs(document):
        raise RunError(
            f"{before.folder} holds a network for each of several frequencies",
            hint="train them again with forecast train",
        )
    made = recall(before)
    spec = asked(before, made, source, None)
    loaded = data.load(spec, made.schema)
    refuse_stale(loaded, guard.max_age)
    watch(Read(loaded))
    if made.spec.net.identity == "embedded":
        loaded = dataclasses.replace(loaded, panel=prep.identify(loaded.panel, made.ids))
    made = dataclasses.replace(made, spec=dataclasses.replace(made.spec, data=spec))
    fresh = fresh_rows(made, loaded.panel, made.plan.horizon)
    start, cut, end = loaded.panel.bounds[:-1], fresh.cut, fresh.end
    task = _Task(made, loaded, fresh, prep.origins(prep.Split(start, cut, cut, end), made.plan))
    why = "the data are the same" if document["data"]["sha256"] == loaded.sha256 else ""
    why = why or _too_few(fresh)
    same = Updated(before, before, spec.source, loaded, fresh, {}, why, None, 0.0)
    if not same.why:
        same = _contest(task, same, output, watch, how, guard)
    if not same.why:
        watch(Published(str(same.run.folder)))
        keep_forecast(same.run, "update", loaded, same.forecast, watch)
    return dataclasses.replace(same, seconds=time.monotonic() - began)


def _too_few(fresh: Fresh) -> str:
    if fresh.judged:
        return ""
    return f"{fresh.new:,} new rows are too few" if fresh.new else "no row is new"


def _contest(
    task: _Task, same: Updated, output: Path, watch: Watch, how: UpdateSpec, guard: Guard
) -> Updated:
    """Train the challenger, judge both, publish the better one."""
    made, loaded = task.made, task.loaded
    name, digest = record.short_name(made.spec), record.digest(made.spec, loaded)
    tried: dict[str, Forecast] = {}
    scores: dict[str, Scores] = {}
    try:
        with store.new_run(output, name, digest, guard.wait) as (run, place):
            watch(Stage("starting TensorFlow"))
            again = Again(same.before, made, loaded, task.fresh, how)
            document = store.open_run(same.before)
            again.train([each["steps"] for each in document["training"]["members"]], watch)
            # First by Keras, as what is spoilt may not even be exported; then by what is shipped.
            for network in (again.asked, lambda: again.ship(run)):
                tried = _tried(task, same.before, network(), again.units)
                scores = _scores(tried, task)
                if not judge.skill(next(iter(scores.values())), scores[BEFORE]) >= 0:
                    raise _NoBetter
            watch(Stage("writing"))
            forecast = _write(run, task, again, document, tried, scores)
    except _NoBetter:
        return dataclasses.replace(same, scores=scores, why="the updated network is worse")
    return dataclasses.replace(same, run=store.Run(place), scores=scores, forecast=forecast)


def _scores(tried: dict[str, Forecast], task: _Task) -> dict[str, Scores]:
    panel, rows, season = task.loaded.panel, task.cutoffs.row, task.loaded.season
    return {name: judge.score(each, panel, rows, season) for name, each in tried.items()}


def _tried(task: _Task, before: store.Run, network: Network, units: Units) -> dict[str, Forecast]:
    """The judged rows as the new network, the old one and every simple method forecast them."""
    made, panel, cutoffs = task.made, task.loaded.panel, task.cutoffs
    said = answer(network, panel, units, cutoffs, made.plan)
    old = network_of(before, made.spec, made.plan)
    tried = {judge.LSTM: task.shipped(network, units, cutoffs)}
    if not made.finish.is_network_alone:
        tried = {judge.BLEND: tried[judge.LSTM], judge.LSTM: network_part(said, units)}
    tried[BEFORE] = task.shipped(old, units, cutoffs)
    for name in judge.BASELINES:
        tried[name] = judge.baseline(name, panel, said, cutoffs.row, task.loaded.season)
    return tried


def _write(
    run: store.Run,
    task: _Task,
    again: Again,
    document: dict[str, object],
    tried: dict[str, Forecast],
    scores: dict[str, Scores],
) -> Forecast | None:
    """The run: as it was, but for what the update changed."""
    made, loaded, fresh = task.made, task.loaded, task.fresh
    memory = remembered(made, loaded.panel, again.units, fresh.cut)
    changed = {
        **document,
        **record.head(made.spec, loaded),
        "plan": dataclasses.asdict(dataclasses.replace(made.plan, holdout=fresh.judged)),
        "data": record.data_document(made.spec, loaded, memory.ends),
        "scale": record.scale_document(memory.ids, memory.scale),
        "updated": {"steps": [each.step[-1] for each in again.histories]},
    }
    store.write_document(run.document, changed)
    record.write_log(run, again.histories)
    again.network.save(run.keras)
    verdict = judge.verdict(scores)
    record.write_scores(run, loaded, tried, scores, made.finish, verdict)
    network = network_of(run, made.spec, made.plan)
    try:
        panel = data.with_future(loaded.panel, made.plan.horizon, loaded.schema)
    except DataError:
        forecast = None
    else:
        ahead = dataclasses.replace(task, loaded=dataclasses.replace(loaded, panel=panel))
        forecast = ahead.shipped(network, again.units, prep.last_cutoffs(panel))
        store.write_text(run.forecast, tables.forecast_csv((loaded, forecast)))
    record.draw(run, loaded, forecast, tried, scores, again.histories)
    return forecast
