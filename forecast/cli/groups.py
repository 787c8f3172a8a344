"""What train, check, predict and update say of a file of several frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from forecast.cli import lines
from forecast.cli.progress import shown
from forecast.cli.streams import say, say_json, say_note
from forecast.spec import DEFAULT_OUTPUT, Guard, RunSpec

if TYPE_CHECKING:
    from forecast.flows.events import Event, LeftOut, Watch
    from forecast.flows.grouped import TrainedGroups
    from forecast.flows.predict import Predicted, PredictedGroups
    from forecast.flows.train import Trained
    from forecast.flows.update import Updated
    from forecast.types import Loaded, Repair

__all__ = [
    "Voice",
    "group_line",
    "how_many",
    "left_lines",
    "predicted_lines",
    "train_groups",
    "understood",
]

Voice = Literal["text", "json", "quiet"]


def train_groups(
    spec: RunSpec, output: Path, name: str, told: tuple[Voice, str | None], guard: Guard
) -> None:
    """Train a network for each group and say how it went, to a person and to a log."""
    from forecast.flows.grouped import train_groups as run_training

    voice, log = told
    listen = _collector(spec.data.source, voice)
    with shown(listen, wanted=voice == "text", log=log) as watch:
        trained = run_training(spec, output, name, watch, guard)
    if voice == "json":
        say_json(_document(trained))
    elif voice == "text":
        for line in _trained_lines(trained):
            say(line)


def _collector(source: str, voice: Voice) -> Watch:
    """A watcher that tells each group as it is understood, and what is left out to stderr."""
    told: set[str] = set()

    def collect(event: Event) -> None:
        from forecast.flows.events import Changed, LeftOut, NotKept, Planned, Read, Resumed

        if isinstance(event, Changed) and voice == "text":
            say(lines.line("changed", event.why))
        elif isinstance(event, Resumed) and voice == "text":
            say(lines.line("resumed", event.done))
        elif isinstance(event, LeftOut) and voice != "quiet":
            say_note(_left_out(event))
        elif isinstance(event, NotKept) and voice != "quiet":
            say_note(f"not kept for forecast score: {event.why}")
        elif isinstance(event, Read) and voice == "text":
            for line in understood(source, event.loaded, told):
                say(line)
        elif isinstance(event, Planned) and voice == "text":
            say(lines.plan_line(event.plan))

    return collect


def understood(source: str, loaded: Loaded, told: set[str]) -> list[str]:
    """What was read of one group; what is the same for all of them is told once."""
    new = [lines.columns_line(loaded), *lines.notes(loaded)]
    new = [line for line in new if line not in told]
    told.update(new)
    return [lines.data_line(source, loaded), *new]


def _left_out(event: LeftOut) -> str:
    from forecast.data import describe_freq

    names = ", ".join(event.ids[: lines.FEW]) + (", ..." if len(event.ids) > lines.FEW else "")
    return f"{describe_freq(event.freq)} series ({names}) are left out: {event.why}"


def left_lines(left: tuple[Repair, ...]) -> list[str]:
    """Series that are in no group."""
    shown = []
    for repair in left:
        where = f" (line {', '.join(map(str, repair.lines[:3]))})" if repair.lines else ""
        shown.append(lines.line("left out", f"{repair.count:,} {repair.what}{where}"))
    return shown


def group_line(loaded: Loaded) -> str:
    """Which group the lines below are about."""
    from forecast.data import describe_freq

    count = len(loaded.panel)
    names = ", ".join(map(str, loaded.panel.ids[:3])) + (", ..." if count > 3 else "")
    text = f"{describe_freq(loaded.panel.freq)} · {count:,} series ({names})"
    return lines.line("group", text)


def _trained_lines(trained: TrainedGroups) -> list[str]:
    from forecast.store import Run, shortest

    run = shortest(trained.run)
    said = left_lines(trained.left)
    for each in trained.groups:
        said += [group_line(each.loaded), *lines.fit_lines(each)]
        picture = "forecast" if each.forecast is not None else "loss"
        if each.forecast is None:
            said.append(lines.line("forecast", f"none yet: {each.missing}"))
        place = Run(run.folder).group(each.loaded.panel.freq).plot(picture)
        said.append(lines.line("plots", str(place.parent)))
    if any(each.forecast is not None for each in trained.groups):
        said.append(lines.line("forecast", f"{how_many(trained.groups)}    {run.forecast}"))
    if trained.spec.report != "none":
        said.append(lines.line("report", str(run.report)))
    again = "forecast predict"
    if run.folder.parent != Path(DEFAULT_OUTPUT):
        again += f" --model {run.folder}"
    if any(each.missing for each in trained.groups):
        again += " --future-data FILE"
    return [*said, lines.line("next", f"{again:<22}  (new rows, no training)")]


def how_many(made: Sequence[Trained] | Sequence[Predicted] | Sequence[Updated]) -> str:
    """Series and frequencies of a forecast."""
    count = sum(len(each.loaded.panel) for each in made)
    return f"{count:,} series, {len(made)} frequenc{'ies' if len(made) > 1 else 'y'}"


def _document(trained: TrainedGroups) -> dict[str, Any]:
    """What --json prints: the settings, every group's scores, and where everything is."""
    from forecast.flows.grouped import groups_document, metrics_document
    from forecast.store import plain

    run = trained.run
    document: dict[str, Any] = plain(
        {
            "command": "train",
            "run": str(run.folder),
            "spec": trained.spec.to_json(),
            "metrics": metrics_document(trained),
            **groups_document(trained),
            "files": {
                "forecast": str(run.forecast),
                "metrics": str(run.metrics),
                **({"report": str(run.report)} if trained.spec.report == "html" else {}),
            },
            "seconds": round(trained.seconds, 1),
        }
    )
    return document


def predicted_lines(predicted: PredictedGroups, place: Path | None) -> list[str]:
    """Which model, from which rows of which groups, where the forecast is."""
    from forecast.data import describe_freq
    from forecast.store import shortest

    said, told = [lines.line("model", str(shortest(predicted.run).folder))], set[str]()
    for each in predicted.groups:
        about = [line for line in lines.notes(each.loaded) if line not in told]
        told.update(about)
        said += [lines.data_line(predicted.source, each.loaded), *about]
        if each.unseen:
            said.append(lines.line("note", f"{len(each.unseen):,} series are new to the model"))
    said += left_lines(predicted.left)
    said += [
        lines.line("note", f"no {describe_freq(freq)} series in the file")
        for freq in predicted.absent
    ]
    return [*said, lines.line("forecast", f"{how_many(predicted.groups)}    {place}")]
