"""Train: from a file to a run folder with a forecast that was checked."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path

from forecast import data, judge, prep, store
from forecast.errors import DataError, WorseError
from forecast.flows import record, report, tables
from forecast.flows.answer import answer
from forecast.flows.changes import see_need
from forecast.flows.checkpoint import Progress, lasting
from forecast.flows.clock import Clock
from forecast.flows.events import Planned, Published, Read, Stage, Watch
from forecast.flows.finish import Finish, choose_finish, network_part
from forecast.flows.fitting import Fitting, last_step
from forecast.flows.keeping import keep_forecast
from forecast.flows.needs import TO_TRAIN, need
from forecast.flows.rehearsal import rehearse
from forecast.flows.shaping import refuse_what_cannot_be
from forecast.flows.staleness import refuse_stale
from forecast.judge import Scores
from forecast.prep import Cutoffs, Plan, Units
from forecast.spec import Guard, RunSpec
from forecast.types import Forecast, Loaded, Step

__all__ = ["Trained", "train", "train_into"]

GUARD = Guard()  # nothing has to hold


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished training, or an update, which is one that went on.

    Attributes:
        run: the published folder.
        spec: the settings, every choice written down.
        loaded: the data.
        plan: the sizes.
        scores: method -> its errors on the holdout, what is shipped first; empty without one.
        finish: what was done to what the network says.
        verdict: a sentence where a simple method did better, else "".
        forecast: of the future; None where `missing` says why there is none.
        missing: covariates known ahead that the data do not hold for the steps to forecast.
        training: the end of the first fit.
        members: networks whose median the forecast is.
        seconds: of the whole training.
    """

    run: store.Run
    spec: RunSpec
    loaded: Loaded
    plan: Plan
    scores: dict[str, Scores]
    finish: Finish
    verdict: str
    forecast: Forecast | None
    missing: str
    training: Step
    members: int
    seconds: float


def train(spec: RunSpec, output: Path, name: str, watch: Watch, guard: Guard = GUARD) -> Trained:
    """Train on a file and publish the run under `output`.

    Args:
        spec: the settings; None in it is chosen from the data.
        output: the output folder; made if it is not there.
        name: of the run; "" takes the file's.
        watch: is told what happens.
        guard: what has to hold before anything is written.

    Raises:
        BusyError: another process writes to the output folder.
        StaleError: the newest row is too old.
        StoppedError: a signal or the time limit stopped it, and what was done is kept.
        RunError: it is to go on with a training that was stopped, and there is none such.
        NotTrained: there is no need, or it is a rehearsal.
        DataError: the file cannot be read or is not enough.
        SpecError: a setting does not exist.
        InstallError: only what predicting needs is installed.
        OutputError: the output cannot be written.
        WorseError: a simple method did better, and that shall be an error.
    """
    need(TO_TRAIN, "forecast train")
    began = time.monotonic()
    loaded = data.load(spec.data)
    refuse_stale(loaded, guard.max_age)
    watch(Read(loaded))
    plan = prep.make_plan(spec, loaded, data.calendar(loaded.panel.freq))
    spec = prep.resolve(spec, plan, loaded.season)
    watch(Planned(spec, plan))
    see_need(guard, spec, loaded, output, watch)
    named, digest = name or record.short_name(spec), record.digest(spec, loaded)
    with (
        store.new_run(output, named, digest, guard.wait) as (run, place),
        lasting(output, spec, loaded, watch, resume=guard.resume) as progress,
    ):
        clock = Clock.of(began, spec.fit.time_limit)
        trained = train_into(run, spec, plan, loaded, watch, clock, progress)
    watch(Published(str(place)))
    keep_forecast(store.Run(place), "train", loaded, trained.forecast, watch)
    seconds = time.monotonic() - began
    return dataclasses.replace(trained, run=store.Run(place), seconds=seconds)


def train_into(
    run: store.Run,
    spec: RunSpec,
    plan: Plan,
    loaded: Loaded,
    watch: Watch,
    clock: Clock,
    progress: Progress,
) -> Trained:
    """Train on loaded data and fill a run folder that is being built.

    Args:
        run: the folder; made, and empty.
        spec: the settings, every choice written down.
        plan: the sizes.
        loaded: the data.
        watch: is told what happens.
        clock: when it has to be done.
        progress: the fits that are done already, and that is told of those to come.

    Raises:
        SpecError: a setting that these data rule out.
        WorseError: a simple method did better, and that shall be an error.
    """
    began = time.monotonic()
    refuse_what_cannot_be(spec, loaded.panel)
    loaded = _identified(spec, loaded)
    watch(Stage("starting TensorFlow"))
    fitting = Fitting(spec, plan, loaded, watch, clock, progress)
    histories = fitting.on_training_rows()
    plan = fitting.plan  # without the members that a time limit drops
    cutoffs = prep.origins(fitting.parts, plan)
    said = None
    if len(cutoffs):
        said = answer(fitting.export(run), loaded.panel, fitting.units, cutoffs, plan)
    finish = choose_finish(rehearse(fitting), spec, loaded)
    tried = _try_out(said, finish, fitting.units, loaded, cutoffs)
    scores = judge.score_all(tried, loaded.panel, cutoffs.row, loaded.season)
    verdict = judge.verdict(scores or finish.scores)
    if verdict and spec.fit.if_worse == "fail":
        raise WorseError(
            verdict, hint="nothing was published; --if-worse blend mixes that method in"
        )
    fitting.on_all_rows()
    forecast, missing = _look_ahead(fitting, run, finish, loaded)
    watch(Stage("writing"))
    record.write_run(run, fitting, finish, loaded)
    record.write_scores(run, loaded, tried, scores, finish, verdict)
    if forecast is not None:
        store.write_bytes(run.forecast, tables.forecast_csv((loaded, forecast)))
    record.draw(run, loaded, forecast, tried, scores, histories)
    made = Trained(
        run=run,
        spec=spec,
        loaded=loaded,
        plan=plan,
        scores=scores,
        finish=finish,
        verdict=verdict,
        forecast=forecast,
        missing=missing,
        training=last_step(histories[0], fitting.steps),
        members=len(fitting.weights),
        seconds=time.monotonic() - began,
    )
    if spec.report == "html":
        report.write_report(made, tried, histories, report.training_of(made))
    return made


def _identified(spec: RunSpec, loaded: Loaded) -> Loaded:
    """The data with the name of each series as one more static column, where it is asked for."""
    if spec.net.identity == "unknown":
        return loaded
    panel = prep.identify(loaded.panel, loaded.panel.ids.tolist())
    return dataclasses.replace(loaded, panel=panel)


def _try_out(
    said: Forecast | None, finish: Finish, units: Units, loaded: Loaded, cutoffs: Cutoffs
) -> dict[str, Forecast]:
    """The holdout as we ship it, as the network alone says it, and as every simple method does.

    {} without a holdout.
    """
    if said is None:
        return {}
    panel, season = loaded.panel, loaded.season
    shipped = finish.apply(said, panel, cutoffs, units, season)
    if finish.is_network_alone:
        tried = {judge.LSTM: shipped}
    else:
        tried = {judge.BLEND: shipped, judge.LSTM: network_part(said, units)}
    for name in judge.BASELINES:
        tried[name] = judge.baseline(name, panel, said, cutoffs.row, season)
    return tried


def _look_ahead(
    fitting: Fitting, run: store.Run, finish: Finish, loaded: Loaded
) -> tuple[Forecast | None, str]:
    """The forecast of the future, or what is not known of it that would have to be."""
    network = fitting.export(run)
    try:
        panel = data.with_future(loaded.panel, fitting.plan.horizon, loaded.schema)
    except DataError as error:
        return None, error.message  # the model is as good without; `predict` brings the rows
    cutoffs = prep.last_cutoffs(panel)
    said = answer(network, panel, fitting.units, cutoffs, fitting.plan)
    return finish.apply(said, panel, cutoffs, fitting.units, loaded.season), ""
