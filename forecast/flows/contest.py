"""A network that went on training with new rows, against what it was, on newer rows still."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass

from forecast import data, judge, prep, store
from forecast.errors import DataError
from forecast.flows import record, report, tables
from forecast.flows.again import Again, Fresh, fresh_rows, remembered
from forecast.flows.answer import answer, network_of
from forecast.flows.events import Stage, Watch
from forecast.flows.finish import network_part
from forecast.flows.fitting import last_step
from forecast.flows.recall import Recalled
from forecast.flows.train import Trained
from forecast.infer import Network
from forecast.judge import Scores
from forecast.prep import Cutoffs, Units
from forecast.spec import DataSpec, UpdateSpec
from forecast.types import Forecast, Loaded

__all__ = ["Contest", "Outcome", "call", "fight", "look_ahead"]


@dataclass(frozen=True, slots=True)
class Contest:
    """What both networks are asked, and with what.

    Attributes:
        before: the run of the network as it is.
        made: that run, with the settings of the data as they are now.
        loaded: the rows.
        fresh: which of them are new to the network.
        cutoffs: (W,) that both forecast from.
        why: there is nothing to train or to judge by, "" where there is.
    """

    before: store.Run
    made: Recalled
    loaded: Loaded
    fresh: Fresh
    cutoffs: Cutoffs
    why: str

    def shipped(self, network: Network, units: Units, cutoffs: Cutoffs) -> Forecast:
        """The forecast as `predict` makes it."""
        panel, made = self.loaded.panel, self.made
        said = answer(network, panel, units, cutoffs, made.plan)
        season = made.spec.data.season or self.loaded.season
        return made.finish.apply(said, panel, cutoffs, units, season)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who won.

    Attributes:
        scores: method -> its errors on the judged rows, what the updated network would ship first.
        why: the network stays as it was, "" where the updated one takes its place.
        trained: that one; None where it does not.
    """

    scores: dict[str, Scores]
    why: str
    trained: Trained | None = None


def call(before: store.Run, made: Recalled, loaded: Loaded, spec: DataSpec) -> Contest:
    """Which rows are to be learnt from, and which are to judge.

    Args:
        before: the run of the network.
        made: that run.
        loaded: the rows as they are now.
        spec: how they were read.

    Raises:
        RunError: the run does not say what it was trained on.
    """
    if made.spec.net.identity == "embedded":
        loaded = dataclasses.replace(loaded, panel=prep.identify(loaded.panel, made.ids))
    made = dataclasses.replace(made, spec=dataclasses.replace(made.spec, data=spec))
    fresh = fresh_rows(made, loaded.panel, made.plan.horizon)
    start, cut, end = loaded.panel.bounds[:-1], fresh.cut, fresh.end
    cutoffs = prep.origins(prep.Split(start, cut, cut, end), made.plan)
    return Contest(before, made, loaded, fresh, cutoffs, _too_few(fresh))


def _too_few(fresh: Fresh) -> str:
    if fresh.judged:
        return ""
    if fresh.new == 1:
        return "1 new row is too few"
    return f"{fresh.new:,} new rows are too few" if fresh.new else "no row is new"


def fight(contest: Contest, run: store.Run, how: UpdateSpec, watch: Watch, command: str) -> Outcome:
    """Train the challenger, judge both, and fill the run that is being built if it is not worse.

    Args:
        contest: with rows to judge by.
        run: to be filled; of no use where the network stays as it was.
        how: how far and how fast to go on.
        watch: is told what happens.
        command: that does the same again, for the report.

    Raises:
        RunError: the network cannot be gone on with.
        DataError: a fit failed.
    """
    began = time.monotonic()
    watch(Stage("starting TensorFlow"))
    again = Again(contest.before, contest.made, contest.loaded, contest.fresh, how)
    document = store.open_run(contest.before)
    again.train([each["steps"] for each in document["training"]["members"]], watch)
    tried: dict[str, Forecast] = {}
    scores: dict[str, Scores] = {}
    # First by Keras, as what is spoilt may not even be exported; then by what is shipped.
    for network in (again.asked, lambda: again.ship(run)):
        tried = _tried(contest, network(), again.units)
        scores = _scores(tried, contest)
        if not judge.skill(next(iter(scores.values())), scores[judge.BEFORE]) >= 0:
            return Outcome(scores, "the updated network is worse")
    watch(Stage("writing"))
    trained = _written(run, contest, again, document, tried, scores)
    if trained.spec.report == "html":
        report.write_report(
            trained, tried, again.histories, _occasion(contest, again, scores, command)
        )
    return Outcome(scores, "", dataclasses.replace(trained, seconds=time.monotonic() - began))


def _scores(tried: dict[str, Forecast], contest: Contest) -> dict[str, Scores]:
    panel, rows, season = contest.loaded.panel, contest.cutoffs.row, contest.loaded.season
    return {name: judge.score(each, panel, rows, season) for name, each in tried.items()}


def _tried(contest: Contest, network: Network, units: Units) -> dict[str, Forecast]:
    """The judged rows as the new network, the old one and every simple method forecast them."""
    made, panel, cutoffs = contest.made, contest.loaded.panel, contest.cutoffs
    said = answer(network, panel, units, cutoffs, made.plan)
    old = network_of(contest.before, made.spec, made.plan)
    tried = {judge.LSTM: contest.shipped(network, units, cutoffs)}
    if not made.finish.is_network_alone:
        tried = {judge.BLEND: tried[judge.LSTM], judge.LSTM: network_part(said, units)}
    tried[judge.BEFORE] = contest.shipped(old, units, cutoffs)
    for name in judge.BASELINES:
        tried[name] = judge.baseline(name, panel, said, cutoffs.row, contest.loaded.season)
    return tried


def _written(
    run: store.Run,
    contest: Contest,
    again: Again,
    document: dict[str, object],
    tried: dict[str, Forecast],
    scores: dict[str, Scores],
) -> Trained:
    """The run: as it was, but for what the update changed."""
    made, loaded, fresh = contest.made, contest.loaded, contest.fresh
    memory = remembered(made, loaded.panel, again.units, fresh.cut)
    plan = dataclasses.replace(made.plan, holdout=fresh.judged)
    changed = {
        **document,
        **record.head(made.spec, loaded),
        "plan": dataclasses.asdict(plan),
        "data": record.data_document(made.spec, loaded, memory.ends),
        "scale": record.scale_document(memory.ids, memory.scale),
        "updated": {"steps": [each.step[-1] for each in again.histories]},
    }
    store.write_document(run.document, changed)
    record.write_log(run, again.histories)
    again.network.save(run.keras)
    verdict = judge.verdict(scores)
    record.write_scores(run, loaded, tried, scores, made.finish, verdict)
    forecast, missing = look_ahead(run, contest, again.units)
    if forecast is not None:
        store.write_bytes(run.forecast, tables.forecast_csv((loaded, forecast)))
    record.draw(run, loaded, forecast, tried, scores, again.histories)
    return Trained(
        run=run,
        spec=made.spec,
        loaded=loaded,
        plan=plan,
        scores=scores,
        finish=made.finish,
        verdict=verdict,
        forecast=forecast,
        missing=missing,
        training=last_step(again.histories[0], again.histories[0].step[-1]),
        members=len(again.histories),
        seconds=0.0,
    )


def look_ahead(run: store.Run, contest: Contest, units: Units) -> tuple[Forecast | None, str]:
    """The forecast of the future by the network of a run, or what is not known of it.

    Args:
        run: the old network's, or the updated one's.
        contest: with the rows to start from.
        units: of that network.
    """
    made, loaded = contest.made, contest.loaded
    network = network_of(run, made.spec, made.plan)
    try:
        panel = data.with_future(loaded.panel, made.plan.horizon, loaded.schema)
    except DataError as error:
        return None, error.message
    ahead = dataclasses.replace(contest, loaded=dataclasses.replace(loaded, panel=panel))
    return ahead.shipped(network, units, prep.last_cutoffs(panel)), ""


def _told(scores: dict[str, Scores]) -> str:
    """Both errors by the metric that is defined."""
    now, old = next(iter(scores.values())).overall, scores[judge.BEFORE].overall
    metric = "mase" if now["mase"] == now["mase"] else "mae"
    return f"{metric.upper()} {now[metric]:.4g}, before {old[metric]:.4g}"


def _occasion(
    contest: Contest, again: Again, scores: dict[str, Scores], command: str
) -> report.Occasion:
    """What the report of an update says that of a training does not."""
    fresh, histories = contest.fresh, again.histories
    place = contest.before.folder.resolve()
    name = place.parent.parent.name if place.parent.name == "groups" else place.name
    most = max(each.step[-1] for each in histories)
    return report.Occasion(
        name="update",
        lead=(
            f"An update: the network of the run {name} was trained {most:,} steps more, as "
            f"{fresh.new:,} rows were new to it. On those that judged: {_told(scores)}.",
        ),
        test=(
            f"The last {fresh.judged:,} of the new rows of a series judged: neither the network as "
            "it was (before) nor its update had been trained on them. The update is published as "
            "it was judged, and has still to learn from these rows."
        ),
        making=(
            "The losses are those of the update alone, without rows to validate it on: all that "
            "were new and not judged were learnt from. Scale, blend and the widths of the "
            "intervals are those of the training; an update does not choose them again.",
            "On the run that was before, this repeats it:",
        ),
        command=command,
        facts=(
            ("Updated from", name),
            ("Steps of the update", ", ".join(f"{each.step[-1]:,}" for each in histories)),
            ("Learning rate of the update", f"{again.fit.learning_rate:g}"),
            ("New rows", f"{fresh.new:,}"),
        ),
    )
