"""Update a run of several networks: each against itself as it was, all of them one new run."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecast import data, store
from forecast.errors import RunError
from forecast.flows import record, report, tables
from forecast.flows.again import units_before
from forecast.flows.contest import Contest, Outcome, call, fight, look_ahead
from forecast.flows.events import LeftOut, Published, Read, Watch
from forecast.flows.grouped import named
from forecast.flows.keeping import keep_forecast
from forecast.flows.needs import TO_TRAIN, need
from forecast.flows.predict import asked_of_groups, known_groups
from forecast.flows.recall import recall_groups
from forecast.flows.settings import update_command
from forecast.flows.staleness import refuse_stale
from forecast.flows.update import GUARD, HOW, NoBetter, Updated, unchanged
from forecast.spec import Guard, RunSpec, UpdateSpec
from forecast.types import Forecast, Loaded, Repair

__all__ = ["UpdatedGroups", "update_groups"]

ABSENT = "no series of it is in the file"


@dataclass(frozen=True, slots=True)
class UpdatedGroups:
    """What came of an update of several networks.

    Attributes:
        before: the run that was the latest.
        run: the one that is now: another, or the same.
        source: the file.
        groups: what came of each network whose series the file has, in the order of the file.
        absent: frequencies of the other networks, which stay as they were.
        left: series of the file that fit no group.
        why: the old run stays, "" where it does not.
        seconds: of everything.
    """

    before: store.Run
    run: store.Run
    source: str
    groups: tuple[Updated, ...]
    absent: tuple[str, ...]
    left: tuple[Repair, ...]
    why: str
    seconds: float


@dataclass(frozen=True, slots=True)
class _Task:
    """A run of groups that may go on.

    Attributes:
        before: that run.
        document: of it.
        spec: its settings as they were given, with the file as it is now.
        contests: one for each group that the file has series of.
        left: series of the file that fit no group.
        how: how far and how fast each network goes on.
        command: that does the same again, for the reports.
    """

    before: store.Run
    document: dict[str, Any]
    spec: RunSpec
    contests: dict[str, Contest]
    left: tuple[Repair, ...]
    how: UpdateSpec
    command: str

    @property
    def freqs(self) -> list[str]:
        """Of all networks of the run, in its order."""
        return [str(group["freq"]) for group in self.document["groups"]]

    @property
    def first(self) -> Loaded:
        """The rows of the first group, for what is the same of all."""
        return next(iter(self.contests.values())).loaded


def update_groups(
    output: Path,
    source: str | None,
    watch: Watch,
    how: UpdateSpec = HOW,
    guard: Guard = GUARD,
) -> UpdatedGroups:
    """Go on training each network of the latest run with the new rows of its own group.

    Each is judged by the newest rows of its group. The run that is published, all at once, has the
    updated network where it is not worse and else the old one, file by file as it was. Where none
    is better everything stays as it is.

    Args:
        output: the output folder.
        source: as in `update`.
        watch: is told what happens.
        how: as in `update`, for every group.
        guard: as in `update`; each group has to be new enough.

    Raises:
        RunError: as in `update`, or there is one network; or a file of the run was changed.
        DataError: as in `update`; or the file has no series of any group.
        StaleError, BusyError, InstallError, OutputError: as in `update`.
    """
    need(TO_TRAIN, "forecast update")
    began = time.monotonic()
    before = store.find_run(output, None)
    task = _read(before, source, watch, how, guard)
    run, groups = before, tuple(unchanged(each) for each in task.contests.values())
    if not all(each.why for each in groups):
        run, groups = _contested(task, output, watch, guard)
    if run != before:
        watch(Published(str(run.folder)))
        for each in groups:
            keep_forecast(each.run, "update", each.loaded, each.forecast, watch)
    return UpdatedGroups(
        before=before,
        run=run,
        source=task.spec.data.source,
        groups=groups,
        absent=tuple(freq for freq in task.freqs if freq not in task.contests),
        left=task.left,
        why=_why(groups) if run == before else "",
        seconds=time.monotonic() - began,
    )


def _read(
    before: store.Run, source: str | None, watch: Watch, how: UpdateSpec, guard: Guard
) -> _Task:
    """Load the file, and see what is new to each network."""
    document, made = store.open_run(before), recall_groups(before)
    if not made:
        raise RunError(
            f"{before.folder} holds one network, not one for each of several frequencies",
            hint="train them with forecast train --by-frequency",
        )
    asking = asked_of_groups(before, made, source, None)
    found, left = data.load_groups(asking, known_groups(made))
    contests = {}
    for loaded in found:
        refuse_stale(loaded, guard.max_age)
        watch(Read(loaded))
        freq = loaded.schema.freq
        reading = dataclasses.replace(made[freq].spec.data, source=asking.source)
        contests[freq] = call(before.group(freq), made[freq], loaded, reading)
        if document["data"]["sha256"] == loaded.sha256:
            contests[freq] = dataclasses.replace(contests[freq], why="the data are the same")
    spec = RunSpec.from_json(document["spec"])
    spec = dataclasses.replace(spec, data=dataclasses.replace(spec.data, source=asking.source))
    command = update_command(before.folder.resolve().name, source, how)
    return _Task(before, document, spec, contests, left, how, command)


def _why(groups: tuple[Updated, ...]) -> str:
    """Why no network was updated, in one sentence."""
    reasons = {each.loaded.panel.freq: each.why for each in groups}
    if len(set(reasons.values())) == 1:
        return groups[0].why
    return "; ".join(f"{data.describe_freq(freq)}: {why}" for freq, why in reasons.items())


def _contested(
    task: _Task, output: Path, watch: Watch, guard: Guard
) -> tuple[store.Run, tuple[Updated, ...]]:
    """Let every network that has new rows go on, and publish if one is better. The run that is."""
    name, digest = record.short_name(task.spec), record.digest(task.spec, task.first)
    groups = dict[str, Updated]()
    try:
        with store.new_run(output, name, digest, guard.wait) as (run, place):
            told = dict.fromkeys(task.freqs, f"The network of before stays: {ABSENT}.")
            for freq in told:
                group = store.new_group(run, freq)
                if freq in task.contests:
                    groups[freq], told[freq] = _group(task, freq, group, named(watch, freq))
                else:
                    store.take_over(task.before.group(freq), group)
            if all(each.why for each in groups.values()):
                raise NoBetter
            _write(task, run, groups, told)
    except NoBetter:
        stay = (dataclasses.replace(e, run=e.before, forecast=None) for e in groups.values())
        return task.before, tuple(stay)
    now = store.Run(place)
    moved = (dataclasses.replace(e, run=now.group(freq)) for freq, e in groups.items())
    return now, tuple(moved)


def _group(task: _Task, freq: str, run: store.Run, watch: Watch) -> tuple[Updated, str]:
    """The better one of both networks in its folder; and what the index of reports says of it."""
    contest = task.contests[freq]
    outcome = Outcome({}, contest.why)
    if not contest.why:
        outcome = fight(contest, run, task.how, watch, task.command)
    if outcome.trained is not None:
        forecast, told = outcome.trained.forecast, report.verdict_of(outcome.trained)
    else:
        store.take_over(contest.before, run)
        forecast = _of_the_old(contest, run)
        count = len(contest.loaded.panel)
        told = f"{count:,} series. The network of before stays: {outcome.why}."
    done = dataclasses.replace(
        unchanged(contest), run=run, scores=outcome.scores, why=outcome.why, forecast=forecast
    )
    return done, told


def _of_the_old(contest: Contest, run: store.Run) -> Forecast | None:
    """What `predict` would say from the newest rows; in the place of what was said before."""
    made, panel = contest.made, contest.loaded.panel
    forecast, _ = look_ahead(run, contest, units_before(made, panel, contest.fresh.end))
    if forecast is not None:
        store.write_bytes(run.forecast, tables.forecast_csv((contest.loaded, forecast)))
    return forecast


def _write(task: _Task, run: store.Run, groups: dict[str, Updated], told: dict[str, str]) -> None:
    """run.json, metrics.json, forecast.csv and report.html of all groups together."""
    document, path = task.document, task.spec.data.source
    entries = []
    for entry in document["groups"]:
        now = groups.get(entry["freq"])
        sizes = {"series": len(now.loaded.panel), "rows": now.loaded.rows} if now else {}
        entries.append({**entry, **sizes})
    data_now = {
        "path": path if path == "-" else str(Path(path).resolve()),
        "sha256": task.first.sha256,
    }
    changed = {
        **document,
        **record.head(task.spec, task.first),
        "data": data_now,
        "groups": entries,
        "repairs": [dataclasses.asdict(repair) for repair in task.left],
        "updated": [freq for freq, each in groups.items() if not each.why],
    }
    store.write_document(run.document, changed)
    scores = {freq: store.open_scores(run.group(freq)) for freq in task.freqs}
    left_out = document.get("left_out", [])
    metrics = {"schema": record.SCORES_SCHEMA, "groups": scores, "left_out": left_out}
    store.write_document(run.metrics, metrics)
    ahead = [(e.loaded, e.forecast) for e in groups.values() if e.forecast is not None]
    if ahead:
        store.write_bytes(run.forecast, tables.forecast_csv(*ahead))
    if task.spec.report == "html":
        index = report.Index(
            target=task.first.schema.target,
            series=sum(int(entry["series"]) for entry in entries),
            groups=told,
            left_out=tuple(LeftOut(e["freq"], tuple(e["series"]), e["reason"]) for e in left_out),
            left=task.left,
            end="update",
        )
        report.write_index(run, index)
