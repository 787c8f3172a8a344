"""Train: from a file to a run folder with a forecast that was checked."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path

from forecast import data, judge, prep, store
from forecast.errors import DataError
from forecast.flows import record
from forecast.flows.answer import answer
from forecast.flows.changes import see_need
from forecast.flows.clock import NO_LIMIT, Clock
from forecast.flows.events import Planned, Read, Stage, Watch
from forecast.flows.fitting import Fitting, last_step, refuse_what_cannot_be
from forecast.flows.needs import TO_TRAIN, need
from forecast.flows.staleness import refuse_stale
from forecast.infer import Network
from forecast.judge import Scores
from forecast.prep import Cutoffs, Plan, Units
from forecast.spec import Guard, RunSpec
from forecast.types import Forecast, Loaded, Step

__all__ = ["Trained", "train", "train_into"]

GUARD = Guard()  # nothing has to hold


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished training.

    Attributes:
        run: the published folder.
        spec: the settings, every choice written down.
        loaded: the data.
        plan: the sizes.
        scores: method -> its errors on the holdout, the LSTM first; empty without a holdout.
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
        NotTrained: there is no need, or it is a rehearsal.
        DataError: the file cannot be read or is not enough.
        SpecError: a setting does not exist.
        InstallError: only what predicting needs is installed.
        OutputError: the output cannot be written.
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
    with store.new_run(output, named, digest, guard.wait) as (run, place):
        clock = Clock.of(began, spec.fit.time_limit)
        trained = train_into(run, spec, plan, loaded, watch, clock)
    seconds = time.monotonic() - began
    return dataclasses.replace(trained, run=store.Run(place), seconds=seconds)


def train_into(
    run: store.Run,
    spec: RunSpec,
    plan: Plan,
    loaded: Loaded,
    watch: Watch,
    clock: Clock = NO_LIMIT,
) -> Trained:
    """Train on loaded data and fill a run folder that is being built.

    Args:
        run: the folder; made, and empty.
        spec: the settings, every choice written down.
        plan: the sizes.
        loaded: the data.
        watch: is told what happens.
        clock: when it has to be done.

    Raises:
        SpecError: a setting that these data rule out.
    """
    began = time.monotonic()
    refuse_what_cannot_be(spec, loaded.panel)
    loaded = _identified(spec, loaded)
    watch(Stage("starting TensorFlow"))
    fitting = Fitting(spec, plan, loaded, watch, clock)
    histories = fitting.on_training_rows()
    plan = fitting.plan  # without the members that a time limit drops
    cutoffs = prep.origins(fitting.parts, plan)
    tried = _try_out(fitting, run, loaded, plan, cutoffs)
    scores = {m: judge.score(f, loaded.panel, cutoffs.row, loaded.season) for m, f in tried.items()}
    verdict = judge.verdict(scores)
    fitting.on_all_rows()
    forecast, missing = _look_ahead(fitting.export(run), fitting.units, loaded, plan)
    watch(Stage("writing"))
    record.write_run(run, fitting, loaded)
    record.write_scores(run, loaded, tried, scores, verdict)
    if forecast is not None:
        store.write_text(run.forecast, record.forecast_csv((loaded, forecast)))
    record.draw(run, loaded, forecast, tried, scores, histories)
    return Trained(
        run=run,
        spec=spec,
        loaded=loaded,
        plan=plan,
        scores=scores,
        verdict=verdict,
        forecast=forecast,
        missing=missing,
        training=last_step(histories[0], fitting.steps),
        members=len(fitting.weights),
        seconds=time.monotonic() - began,
    )


def _identified(spec: RunSpec, loaded: Loaded) -> Loaded:
    """The data with the name of each series as one more static column, where it is asked for."""
    if spec.net.identity == "unknown":
        return loaded
    panel = prep.identify(loaded.panel, loaded.panel.ids.tolist())
    return dataclasses.replace(loaded, panel=panel)


def _try_out(
    fitting: Fitting, run: store.Run, loaded: Loaded, plan: Plan, cutoffs: Cutoffs
) -> dict[str, Forecast]:
    """Forecast the holdout with the network and with every simple method; {} without one."""
    if len(cutoffs) == 0:
        return {}
    panel = loaded.panel
    tried = {judge.LSTM: answer(fitting.export(run), panel, fitting.units, cutoffs, plan)}
    for name in judge.BASELINES:
        tried[name] = judge.baseline(name, panel, tried[judge.LSTM], cutoffs.row, loaded.season)
    return tried


def _look_ahead(
    network: Network, units: Units, loaded: Loaded, plan: Plan
) -> tuple[Forecast | None, str]:
    """The forecast of the future, or what is not known of it that would have to be."""
    try:
        panel = data.with_future(loaded.panel, plan.horizon, loaded.schema)
    except DataError as error:
        return None, error.message  # the model is as good without; `predict` brings the rows
    return answer(network, panel, units, prep.last_cutoffs(panel), plan), ""
