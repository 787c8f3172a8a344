"""The flags that say which network and how to train it, for every command that trains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from forecast.errors import SpecError
from forecast.spec import (
    IF_WORSE,
    LOSSES,
    OPTIMIZERS,
    PRESETS,
    STRATEGIES,
    YEARS,
    DataSpec,
    FitSpec,
    NetSpec,
    RunSpec,
)

__all__ = ["Training", "training_flags"]

_DEFAULT = RunSpec(DataSpec(""))
_PERCENT = ",".join(f"{100 * (1 - 2 * level):g}" for level in _DEFAULT.fit.levels[1::-1])


@dataclass(frozen=True, slots=True)
class Training:
    """What the flags say."""

    net: NetSpec
    fit: FitSpec
    seed: int


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


def _levels(percent: str, quantiles: str | None) -> tuple[float, ...]:
    """The quantiles of --levels 80,95 or of --quantiles 0.1,0.9; the middle is always among them.

    Example:
        >>> _levels("80,95", None), _levels("none", None), _levels("80,95", "0.9")
        ((0.025, 0.1, 0.5, 0.9, 0.975), (0.5,), (0.5, 0.9))
    """
    if quantiles is not None:
        if percent != _PERCENT:
            raise SpecError("--levels and --quantiles exclude each other", hint="keep one")
        return tuple(sorted({0.5, *_numbers("--quantiles", quantiles, 1.0, "0.1,0.5,0.9")}))
    if percent == "none":
        return (0.5,)
    widths = _numbers("--levels", percent, 100.0, _PERCENT)
    tails = {round((1 - width / 100) / 2, 9) for width in widths}
    return tuple(sorted({0.5} | tails | {round(1 - tail, 9) for tail in tails}))


def _numbers(flag: str, text: str, below: float, example: str) -> list[float]:
    """Numbers between 0 and a limit, separated by commas."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or not all(0 < number < below for number in numbers):
        raise SpecError(
            f"{flag} takes numbers above 0 and below {below:g}, separated by commas, got {text!r}",
            hint=f"such as {flag} {example}",
        )
    return numbers


def training_flags(
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
    if_worse: Annotated[
        str, _choice("--if-worse", IF_WORSE, "Than a simple method; fail publishes nothing.")
    ] = _DEFAULT.fit.if_worse,
    levels: Annotated[
        str, typer.Option("--levels", metavar="PERCENT,...", help="Of the intervals; none: none.")
    ] = _PERCENT,
    quantiles: Annotated[
        str | None, _size("--quantiles", "SHARE,...", "In place of --levels, as 0.1,0.5,0.9.")
    ] = None,
    loss: Annotated[str, _choice("--loss", LOSSES, "Of the training.")] = _DEFAULT.fit.loss,
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
) -> Training:
    """What the flags say of the network and its training."""
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
        levels=_levels(levels, quantiles),
        if_worse=if_worse,
    )
    return Training(net, fit, seed)
