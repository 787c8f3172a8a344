"""forecast train"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.progress import shown
from forecast.cli.streams import say, say_json, say_note
from forecast.cli.training import Training, training_flags
from forecast.spec import DEFAULT_OUTPUT, REPORTS, DataSpec, Guard, RunSpec

if TYPE_CHECKING:
    from forecast.cli.groups import Voice
    from forecast.flows.events import Event, Watch
    from forecast.flows.train import Trained

__all__ = ["train"]

_GUARD = Guard()


@o.takes(o.data_flags, training_flags)
def train(
    data: DataSpec,
    training: Training,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the runs are kept.")
    ] = DEFAULT_OUTPUT,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Of the run.", show_default=False)
    ] = "",
    wait: o.Wait = _GUARD.wait,
    max_staleness: o.Staleness = None,
    if_changed: Annotated[
        bool,
        typer.Option(
            "--if-changed", help="Train only where data or settings are not the latest's."
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the training that was stopped.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be trained, and why; do nothing.")
    ] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.html.")] = False,
    log: o.Log = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Train an LSTM, test it against simple methods, forecast."""
    report = "none" if no_report else REPORTS[0]
    spec = RunSpec(data, training.net, training.fit, training.seed, report)
    guard = Guard(wait, max_staleness, if_changed, dry_run, resume)
    if data.frequencies == "by-series" and data.freq is None:
        from forecast.cli.groups import train_groups

        voice: Voice = "json" if as_json else "quiet" if quiet else "text"
        with _settled(voice, output):
            train_groups(spec, Path(output), name, (voice, log), guard)
        return
    from forecast.flows.train import train as run_training

    silent = quiet or as_json
    understood: list[str] = []
    listen = _collector(data.source, understood) if not silent else _deaf
    with _settled("json" if as_json else "quiet" if quiet else "text", output, understood):
        with shown(listen, wanted=not silent, log=log) as watch:
            trained = run_training(spec, Path(output), name, watch, guard)
        if as_json:
            say_json(_document(trained))
        elif not quiet:
            for line in [*understood, *lines.trained_lines(trained)]:
                say(line)


@contextmanager
def _settled(voice: Voice, output: str, understood: Iterable[str] = ()) -> Iterator[None]:
    """Say it where nothing is to be trained; that is no error."""
    from forecast.flows.changes import NotTrained

    try:
        yield
    except NotTrained as reason:
        if voice == "json":
            say_json({"command": "train", "trained": False, "why": reason.why})
        elif voice == "text":
            for line in understood:
                say(line)
            text = (
                f"would: {reason.why}"
                if reason.why
                else f"nothing changed since the run in {output}"
            )
            say(lines.line("train", text))


def _deaf(event: Event) -> None:
    pass


def _collector(source: str, understood: list[str]) -> Watch:
    """A watcher that keeps the lines about what was understood, or shows them to who waits."""
    take = say if sys.stdout.isatty() else understood.append

    def collect(event: Event) -> None:
        from forecast.flows.events import Changed, NotKept, Planned, Read, Resumed

        if isinstance(event, Changed):
            take(lines.line("changed", event.why))
        elif isinstance(event, Resumed):
            take(lines.line("resumed", event.done))
        elif isinstance(event, Read):
            take(lines.data_line(source, event.loaded))
            take(lines.columns_line(event.loaded))
            for line in lines.notes(event.loaded):
                take(line)
        elif isinstance(event, Planned):
            take(lines.plan_line(event.plan))
        elif isinstance(event, NotKept):
            say_note(f"not kept for forecast score: {event.why}")

    return collect


def _document(trained: Trained) -> dict[str, Any]:
    """What --json prints: the settings, the scores, and where everything is."""
    from forecast.flows.record import scores_document
    from forecast.store import plain

    run = trained.run
    document: dict[str, Any] = plain(
        {
            "command": "train",
            "run": str(run.folder),
            "spec": trained.spec.to_json(),
            "metrics": scores_document(
                trained.loaded, trained.scores, trained.finish, trained.verdict
            ),
            "files": {
                "forecast": str(run.forecast),
                "metrics": str(run.metrics),
                **({"report": str(run.report)} if trained.spec.report == "html" else {}),
            },
            "seconds": round(trained.seconds, 1),
        }
    )
    return document
