"""Update: a trained network goes on with new rows, and takes its own place only if it earns it."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path

from forecast import data, judge, store
from forecast.flows import record
from forecast.flows.again import Fresh
from forecast.flows.contest import Contest, Outcome, call, fight
from forecast.flows.events import Published, Read, Watch
from forecast.flows.keeping import keep_forecast
from forecast.flows.needs import TO_TRAIN, need
from forecast.flows.predict import asked
from forecast.flows.recall import recall
from forecast.flows.settings import update_command
from forecast.flows.staleness import refuse_stale
from forecast.judge import Scores
from forecast.spec import Guard, UpdateSpec
from forecast.types import Forecast, Loaded

__all__ = ["GUARD", "HOW", "NoBetter", "Updated", "unchanged", "update"]

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
        forecast: of the future by the network that is now; None where there is none, or the run
            is the same.
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

    @property
    def verdict(self) -> str:
        """A sentence where a simple method did better than what is published."""
        return "" if self.why else judge.verdict(self.scores)


class NoBetter(Exception):
    """The run that is being built is not to be published."""


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
        RunError: there is no run, or one that cannot be gone on with, as one of several networks.
        DataError: the file cannot be read or is not like the one trained on; a fit failed.
        StaleError: the newest row is too old.
        BusyError: another process writes to the output folder.
        InstallError: only what predicting needs is installed.
        OutputError: the output cannot be written.
    """
    need(TO_TRAIN, "forecast update")
    began = time.monotonic()
    before = store.find_run(output, None)
    made = recall(before)
    spec = asked(before, made, source, None)
    loaded = data.load(spec, made.schema)
    refuse_stale(loaded, guard.max_age)
    watch(Read(loaded))
    contest = call(before, made, loaded, spec)
    if store.open_run(before)["data"]["sha256"] == loaded.sha256:
        contest = dataclasses.replace(contest, why="the data are the same")
    same = unchanged(contest)
    if not same.why:
        command = update_command(before.folder.resolve().name, source, how)
        same = _contested(contest, output, watch, (how, guard), command)
    if not same.why:
        watch(Published(str(same.run.folder)))
        keep_forecast(same.run, "update", loaded, same.forecast, watch)
    return dataclasses.replace(same, seconds=time.monotonic() - began)


def unchanged(contest: Contest) -> Updated:
    """What came of it where nothing has been done yet."""
    run, made = contest.before, contest.made
    source, loaded, fresh = made.spec.data.source, contest.loaded, contest.fresh
    return Updated(run, run, source, loaded, fresh, {}, contest.why, None, 0.0)


def _contested(
    contest: Contest, output: Path, watch: Watch, asked_for: tuple[UpdateSpec, Guard], command: str
) -> Updated:
    """Train the challenger, judge both, publish the better one."""
    (how, guard), spec = asked_for, contest.made.spec
    name, digest = record.short_name(spec), record.digest(spec, contest.loaded)
    outcome = Outcome({}, "")
    try:
        with store.new_run(output, name, digest, guard.wait) as (run, place):
            outcome = fight(contest, run, how, watch, command)
            if outcome.trained is None:
                raise NoBetter
            now, forecast = store.Run(place), outcome.trained.forecast
    except NoBetter:
        now, forecast = contest.before, None
    return dataclasses.replace(
        unchanged(contest), run=now, scores=outcome.scores, why=outcome.why, forecast=forecast
    )
