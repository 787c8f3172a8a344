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
from forecast.cli.streams import say, say_json
from forecast.errors import SpecError
from forecast.spec import (
    DEFAULT_OUTPUT,
    LOSSES,
    OPTIMIZERS,
    PRESETS,
    STRATEGIES,
    YEARS,
    DataSpec,
    FitSpec,
    Guard,
    NetSpec,
    RunSpec,
)

if TYPE_CHECKING:
    from forecast.cli.groups import Voice
    from forecast.flows.events import Event, Watch
    from forecast.flows.train import Trained

__all__ = ["train"]

_DEFAULT, _GUARD = RunSpec(DataSpec("")), Guard()


def _size(flag: str, metavar: str, words: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=words, show_default=False)


def _share(flag: str, words: str) -> Any:
    return typer.Option(flag, metavar="SHARE", help=words)


def _choice(flag: str, among: Iterable[str], words: str) -> Any:
    return typer.Option(flag, metavar="|".join(among), help=words)


def _number_or_auto(flag: str, text: str | None) -> int | None:
    """A count, or None for "auto"."""
    if text is None or text == "auto":
        return None
    if not text.isdecimal():
        raise SpecError(
            f"{flag} must be a whole number or auto, got {text!r}", hint=f"such as {flag} 24"
        )
    return int(text)


@o.takes_data
def train(
    data: DataSpec,
    horizon: Annotated[int | None, _size("--horizon", "STEPS", "Steps to forecast.")] = None,
    window: Annotated[
        str | None, _size("--window", "ROWS|auto", "History the network sees.")
    ] = None,
    fold: Annotated[
        str | None, _size("--fold", "ROWS|auto", "Rows in one step of the network.")
    ] = None,
    holdout: Annotated[
        int | None, _size("--holdout", "ROWS", "Last rows, kept for the test; 0: no test.")
    ] = None,
    preset: Annotated[
        str, _choice("--preset", PRESETS, "Quicker, or more accurate.")
    ] = _DEFAULT.fit.preset,
    members: Annotated[
        int | None, _size("--members", "N", "Networks whose median is the forecast.")
    ] = None,
    time_limit: Annotated[
        float | None, _size("--time-limit", "SECONDS", "For the whole command.")
    ] = None,
    arch: Annotated[
        str, typer.Option("--arch", metavar="NAME", help="Network; forecast models lists them.")
    ] = _DEFAULT.net.arch,
    units: Annotated[
        int, typer.Option("--units", metavar="N", help="Size of the state.")
    ] = _DEFAULT.net.units,
    layers: Annotated[int | None, _size("--layers", "N", "Recurrent layers.")] = None,
    dropout: Annotated[
        float, _share("--dropout", "Of the inputs of each layer.")
    ] = _DEFAULT.net.dropout,
    recurrent_dropout: Annotated[
        float, _share("--recurrent-dropout", "Of the state between two steps.")
    ] = _DEFAULT.net.recurrent_dropout,
    l2: Annotated[
        float, typer.Option("--l2", metavar="WEIGHT", help="Penalty on large weights.")
    ] = _DEFAULT.net.l2,
    batch_norm: Annotated[
        bool, typer.Option("--batch-norm", help="Normalise states over the batch.")
    ] = False,
    layer_norm: Annotated[
        bool, typer.Option("--layer-norm", help="Normalise states over the units.")
    ] = False,
    strategy: Annotated[
        str, _choice("--strategy", STRATEGIES, "All steps at once, or one from the other.")
    ] = _DEFAULT.net.strategy,
    stateful: Annotated[
        bool, typer.Option("--stateful", help="Carry the state along one long series.")
    ] = False,
    embed_series: Annotated[
        bool, typer.Option("--embed-series", help="Learn a vector for each series.")
    ] = False,
    last_year: Annotated[
        str, _choice("--last-year", YEARS, "Show the network last year; where it helps.")
    ] = _DEFAULT.net.last_year,
    loss: Annotated[
        str, _choice("--loss", LOSSES, "Of the training; pinball gives intervals.")
    ] = _DEFAULT.fit.loss,
    optimizer: Annotated[
        str, _choice("--optimizer", OPTIMIZERS, "Of the training.")
    ] = _DEFAULT.fit.optimizer,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", metavar="RATE", help="At the start; falls to 0.")
    ] = _DEFAULT.fit.learning_rate,
    batch: Annotated[
        int, typer.Option("--batch", metavar="N", help="Windows in a gradient step.")
    ] = _DEFAULT.fit.batch,
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
    wait: o.Wait = _GUARD.wait,
    max_staleness: o.Staleness = None,
    if_changed: Annotated[
        bool,
        typer.Option(
            "--if-changed", help="Train only where data or settings are not the latest's."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be trained, and why; do nothing.")
    ] = False,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Train an LSTM, test it against simple methods, forecast."""
    if batch_norm and layer_norm:
        raise SpecError("--batch-norm and --layer-norm exclude each other", hint="keep one")
    norms = {"batch": batch_norm, "layer": layer_norm}
    net = NetSpec(
        arch=arch,
        horizon=horizon,
        window=_number_or_auto("--window", window),
        fold=_number_or_auto("--fold", fold),
        units=units,
        layers=layers,
        dropout=dropout,
        recurrent_dropout=recurrent_dropout,
        l2=l2,
        norm=next((norm for norm, asked in norms.items() if asked), _DEFAULT.net.norm),
        strategy=strategy,
        state="carried" if stateful else _DEFAULT.net.state,
        last_year=last_year,
        identity="embedded" if embed_series else _DEFAULT.net.identity,
    )
    fit = FitSpec(
        preset=preset,
        members=members,
        steps=steps,
        epochs=epochs,
        time_limit=time_limit,
        holdout=holdout,
        batch=batch,
        optimizer=optimizer,
        learning_rate=learning_rate,
        loss=loss,
    )
    spec, guard = RunSpec(data, net, fit, seed), Guard(wait, max_staleness, if_changed, dry_run)
    if data.frequencies == "by-series" and data.freq is None:
        from forecast.cli.groups import train_groups

        voice: Voice = "json" if as_json else "quiet" if quiet else "text"
        with _settled(voice, output):
            train_groups(spec, Path(output), name, voice, guard)
        return
    from forecast.flows.train import train as run_training

    silent = quiet or as_json
    understood: list[str] = []
    listen = _collector(data.source, understood) if not silent else _deaf
    with _settled("json" if as_json else "quiet" if quiet else "text", output, understood):
        with shown(listen, wanted=not silent) as watch:
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
                f"would: {reason.why}" if reason.why else f"nothing changed since {output}/latest"
            )
            say(lines.line("train", text))


def _deaf(event: Event) -> None:
    pass


def _collector(source: str, understood: list[str]) -> Watch:
    """A watcher that keeps the lines about what was understood, or shows them to who waits."""
    take = say if sys.stdout.isatty() else understood.append

    def collect(event: Event) -> None:
        from forecast.flows.events import Changed, Planned, Read

        if isinstance(event, Changed):
            take(lines.line("changed", event.why))
        elif isinstance(event, Read):
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
            "metrics": scores_document(
                trained.loaded, trained.scores, trained.finish, trained.verdict
            ),
            "files": {"forecast": str(run.forecast), "metrics": str(run.metrics)},
            "seconds": round(trained.seconds, 1),
        }
    )
    return document
