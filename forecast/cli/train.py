"""forecast train"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.progress import shown
from forecast.cli.streams import say, say_json
from forecast.spec import ARCHS, DEFAULT_OUTPUT, DataSpec, FitSpec, NetSpec, RunSpec

if TYPE_CHECKING:
    from forecast.cli.groups import Voice
    from forecast.flows.events import Event, Watch
    from forecast.flows.train import Trained

__all__ = ["train"]

_DEFAULT = RunSpec(DataSpec(""))


def _size(flag: str, metavar: str, words: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=words, show_default=False)


@o.takes_data
def train(
    data: DataSpec,
    horizon: Annotated[int | None, _size("--horizon", "STEPS", "Steps to forecast.")] = None,
    window: Annotated[int | None, _size("--window", "ROWS", "History the network sees.")] = None,
    holdout: Annotated[
        int | None, _size("--holdout", "ROWS", "Last rows, kept for the test; 0: no test.")
    ] = None,
    arch: Annotated[
        str, typer.Option("--arch", metavar="|".join(ARCHS), help="Network.")
    ] = _DEFAULT.net.arch,
    steps: Annotated[int | None, _size("--steps", "N", "Gradient steps at most.")] = None,
    epochs: Annotated[
        int | None, _size("--epochs", "N", "Passes over the training windows at most.")
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Same seed, same forecast.")
    ] = _DEFAULT.seed,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the runs are kept.")
    ] = DEFAULT_OUTPUT,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Of the run.", show_default=False)
    ] = "",
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Train an LSTM, test it against simple methods, forecast."""
    net = NetSpec(arch=arch, horizon=horizon, window=window)
    spec = RunSpec(data, net, FitSpec(steps=steps, epochs=epochs, holdout=holdout), seed)
    if data.frequencies == "by-series" and data.freq is None:
        from forecast.cli.groups import train_groups

        voice: Voice = "json" if as_json else "quiet" if quiet else "text"
        train_groups(spec, Path(output), name, voice)
        return
    from forecast.flows.train import train as run_training

    silent = quiet or as_json
    understood: list[str] = []
    listen = _collector(data.source, understood) if not silent else _deaf
    with shown(listen, wanted=not silent) as watch:
        trained = run_training(spec, Path(output), name, watch)
    if as_json:
        say_json(_document(trained))
    elif not quiet:
        for line in [*understood, *lines.trained_lines(trained)]:
            say(line)


def _deaf(event: Event) -> None:
    pass


def _collector(source: str, understood: list[str]) -> Watch:
    """A watcher that keeps the lines about what was understood, or shows them to who waits."""
    take = say if sys.stdout.isatty() else understood.append

    def collect(event: Event) -> None:
        from forecast.flows.events import Planned, Read

        if isinstance(event, Read):
            take(lines.data_line(source, event.loaded))
            take(lines.columns_line(event.loaded))
            for line in lines.notes(event.loaded):
                take(line)
        elif isinstance(event, Planned):
            take(lines.plan_line(event.plan))

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
            "metrics": scores_document(trained.loaded, trained.scores, trained.verdict),
            "files": {"forecast": str(run.forecast), "metrics": str(run.metrics)},
            "seconds": round(trained.seconds, 1),
        }
    )
    return document
