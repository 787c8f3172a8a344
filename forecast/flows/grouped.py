"""A file of several frequencies: a network for each group of series, published as one run."""

from __future__ import annotations

import dataclasses
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecast import data, prep, store
from forecast.errors import DataError
from forecast.flows import record, report, tables
from forecast.flows.changes import see_need
from forecast.flows.check import Checked, checked, draw_history, train_command
from forecast.flows.checkpoint import Progress, lasting
from forecast.flows.clock import NO_LIMIT, Clock
from forecast.flows.events import Event, LeftOut, Planned, Published, Read, Stage, Training, Watch
from forecast.flows.keeping import keep_forecast
from forecast.flows.needs import TO_TRAIN, need
from forecast.flows.staleness import refuse_stale
from forecast.flows.train import GUARD, Trained, train_into
from forecast.spec import Guard, RunSpec
from forecast.types import Loaded, Repair

__all__ = [
    "CheckedGroups",
    "TrainedGroups",
    "check_groups",
    "groups_document",
    "metrics_document",
    "named",
    "plot_of",
    "share",
    "train_groups",
]


@dataclass(frozen=True, slots=True)
class CheckedGroups:
    """What was found in a file of several frequencies.

    Attributes:
        groups: what was found in each of them, those of most series first.
        left: series that keep no frequency of a group.
        command: the `forecast train` that trains every group that is enough, "" if none is.
    """

    groups: tuple[Checked, ...]
    left: tuple[Repair, ...]
    command: str


def check_groups(spec: RunSpec, plot: Path | None = None) -> CheckedGroups:
    """Load a file as `train_groups` would, and say how it went.

    Args:
        spec: the settings; None in it is chosen for each group from its data.
        plot: where to draw the histories; the frequency is put before its suffix.

    Raises:
        DataError: the file cannot be read.
        OutputError: a picture cannot be written.
    """
    groups, left = data.load_groups(spec.data)
    if plot is not None:
        for loaded in groups:
            draw_history(loaded, plot_of(plot, loaded.panel.freq))
    found = tuple(checked(_alone(spec, loaded), loaded) for loaded in groups)
    is_enough = any(each.plan is not None for each in found)
    return CheckedGroups(found, left, train_command(spec, groups[0]) if is_enough else "")


def plot_of(plot: Path, freq: str) -> Path:
    """Where the picture of one group is.

    Example:
        >>> plot_of(Path("data.png"), "MS")
        PosixPath('data-MS.png')
    """
    return plot.with_name(f"{plot.stem}-{freq}{plot.suffix}")


def _alone(spec: RunSpec, loaded: Loaded) -> RunSpec:
    """The settings that take this group and no other."""
    return dataclasses.replace(spec, data=dataclasses.replace(spec.data, freq=loaded.panel.freq))


@dataclass(frozen=True, slots=True)
class TrainedGroups:
    """A finished training of several networks.

    Attributes:
        run: the published folder; it holds a run folder for each group.
        spec: the settings as they were given.
        groups: the trainings, those of most series first.
        left_out: groups that are too short to train.
        left: series that keep no frequency of a group.
        seconds: of everything.
    """

    run: store.Run
    spec: RunSpec
    groups: tuple[Trained, ...]
    left_out: tuple[LeftOut, ...]
    left: tuple[Repair, ...]
    seconds: float


def train_groups(
    spec: RunSpec, output: Path, name: str, watch: Watch, guard: Guard = GUARD
) -> TrainedGroups:
    """Train a network for each group of equal frequency; publish all of them or none.

    Args:
        spec: the settings; None in it is chosen for each group from its data.
        output: the output folder; made if it is not there.
        name: of the run; "" takes the file's.
        watch: is told what happens.
        guard: what has to hold before anything is written.

    Raises:
        BusyError: another process writes to the output folder.
        StaleError: the newest row of a group is too old.
        StoppedError: a signal or the time limit stopped it, and what was done is kept.
        RunError: it is to go on with a training that was stopped, and there is none such.
        NotTrained: there is no need, or it is a rehearsal.
        DataError: the file cannot be read, no group is enough, or --strict and one is not.
        SpecError: a setting does not exist.
        InstallError: only what predicting needs is installed.
        OutputError: the output cannot be written.
    """
    need(TO_TRAIN, "forecast train")
    began = time.monotonic()
    loaded, left = data.load_groups(spec.data)
    for each in loaded:
        refuse_stale(each, guard.max_age)
    planned, left_out = _planned(spec, loaded, watch)
    see_need(guard, spec, loaded[0], output, watch)
    named, digest = name or record.short_name(spec), record.digest(spec, loaded[0])
    with (
        store.new_run(output, named, digest, guard.wait) as (run, place),
        lasting(output, spec, loaded[0], watch, resume=guard.resume) as progress,
    ):
        limit, count = spec.fit.time_limit, len(planned)
        done = [
            _trained(run, planned[k], watch, share(began, limit, count - k), progress)
            for k in range(count)
        ]
        made = TrainedGroups(run, spec, tuple(done), left_out, left, time.monotonic() - began)
        _write(made)
    groups = [
        dataclasses.replace(each, run=store.Run(place).group(each.loaded.panel.freq))
        for each in done
    ]
    watch(Published(str(place)))
    for one in groups:
        keep_forecast(one.run, "train", one.loaded, one.forecast, watch)
    seconds = time.monotonic() - began
    return dataclasses.replace(made, run=store.Run(place), groups=tuple(groups), seconds=seconds)


def _planned(
    spec: RunSpec, loaded: list[Loaded], watch: Watch
) -> tuple[list[tuple[Planned, Loaded]], tuple[LeftOut, ...]]:
    """The groups that are enough, with their sizes; and those that are not."""
    planned, left_out = [], []
    for each in loaded:
        watch(Read(each))
        try:
            plan = prep.make_plan(spec, each, data.calendar(each.panel.freq))
        except DataError as error:
            left = LeftOut(each.panel.freq, tuple(each.panel.ids.tolist()), error.message)
            if spec.data.repairs == "forbid" or len(loaded) == 1:
                raise _too_short(spec, left, error.hint) from error
            left_out.append(left)
            watch(left)
        else:
            planned.append((Planned(prep.resolve(spec, plan, each.season), plan), each))
            watch(planned[-1][0])
    if not planned:
        raise _too_short(spec, left_out[0], "give more rows, or smaller sizes with --horizon")
    return planned, tuple(left_out)


def _too_short(spec: RunSpec, left: LeftOut, hint: str) -> DataError:
    words = data.describe_freq(left.freq)
    strict = "--strict leaves no group out: " if spec.data.repairs == "forbid" else ""
    return DataError(f"{strict}{spec.data.source}, {words} series: {left.why}", hint=hint)


def share(began: float, limit: float | None, left: int) -> Clock:
    """The part that the next of so many groups has of the time that is left.

    Args:
        began: time.monotonic() when the whole began.
        limit: seconds for the whole, None for as long as it takes.
        left: groups to train, the next among them.
    """
    if limit is None:
        return NO_LIMIT
    now = time.monotonic()
    mine = Clock.of(now, max(began + limit - now, 0.0) / left)
    return dataclasses.replace(mine, last=began + limit)


def _trained(
    run: store.Run, task: tuple[Planned, Loaded], watch: Watch, clock: Clock, progress: Progress
) -> Trained:
    """One group, trained into its folder; whoever watches is told which it is."""
    planned, loaded = task
    folder, watch = store.new_group(run, loaded.panel.freq), named(watch, loaded.panel.freq)
    return train_into(folder, planned.spec, planned.plan, loaded, watch, clock, progress)


def named(watch: Watch, freq: str) -> Watch:
    """A watcher of one group of several: whoever watches is told which it is."""
    words = data.describe_freq(freq)

    def told(event: Event) -> None:
        if isinstance(event, Training):
            event = dataclasses.replace(event, what=f"{words} {event.what}")
        elif isinstance(event, Stage):
            event = Stage(f"{words}: {event.name}")
        watch(event)

    # Every group compiles a network of its own, and TensorFlow warns of so many.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    return told


def _write(made: TrainedGroups) -> None:
    """run.json, metrics.json, forecast.csv and report.html of all groups together."""
    source, first = made.spec.data.source, made.groups[0].loaded
    store.write_document(
        made.run.document,
        {
            **record.head(made.spec, first),
            "data": {
                "path": source if source == "-" else str(Path(source).resolve()),
                "sha256": first.sha256,
            },
            **groups_document(made),
        },
    )
    store.write_document(made.run.metrics, metrics_document(made))
    ahead = [(each.loaded, each.forecast) for each in made.groups if each.forecast is not None]
    if ahead:
        store.write_bytes(made.run.forecast, tables.forecast_csv(*ahead))
    if made.spec.report == "html":
        report.write_index(made.run, _index(made))


def _index(made: TrainedGroups) -> report.Index:
    return report.Index(
        target=made.groups[0].loaded.schema.target,
        series=sum(len(each.loaded.panel) for each in made.groups),
        groups={each.loaded.panel.freq: report.verdict_of(each) for each in made.groups},
        left_out=made.left_out,
        left=made.left,
        end="training",
    )


def metrics_document(made: TrainedGroups) -> dict[str, Any]:
    """The scores of every group, by frequency."""
    scores = {
        each.loaded.panel.freq: record.scores_document(
            each.loaded, each.scores, each.finish, each.verdict
        )
        for each in made.groups
    }
    return {"schema": record.SCORES_SCHEMA, "groups": scores, "left_out": _left_out(made)}


def groups_document(made: TrainedGroups) -> dict[str, Any]:
    """The groups that were trained, those that were not, and the series that are in none."""
    groups = [
        {
            "freq": each.loaded.panel.freq,
            "frequency": data.describe_freq(each.loaded.panel.freq),
            "folder": str(each.run.folder.relative_to(made.run.folder)),
            "series": len(each.loaded.panel),
            "rows": each.loaded.rows,
        }
        for each in made.groups
    ]
    repairs = [dataclasses.asdict(repair) for repair in made.left]
    return {"groups": groups, "left_out": _left_out(made), "repairs": repairs}


def _left_out(made: TrainedGroups) -> list[dict[str, Any]]:
    return [
        {"freq": left.freq, "series": list(left.ids), "reason": left.why} for left in made.left_out
    ]
