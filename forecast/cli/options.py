"""Flags that more than one command takes, each written once."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = [
    "Arch",
    "Data",
    "Debug",
    "Epochs",
    "Freq",
    "Holdout",
    "Horizon",
    "Ids",
    "Json",
    "Model",
    "Name",
    "Output",
    "Quiet",
    "Season",
    "Seed",
    "Steps",
    "Target",
    "Time",
    "Window",
]

Data = Annotated[str, typer.Argument(help="A CSV file, or - for standard input.")]

Target = Annotated[
    str | None, typer.Option("--target", metavar="COLUMN", help="Column to forecast.")
]
Time = Annotated[
    list[str] | None,
    typer.Option("--time", metavar="COLUMN", help="Column of the time stamp; repeat for several."),
]
Ids = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="COLUMN", help="Column that names the series; repeatable."),
]
Freq = Annotated[
    str | None,
    typer.Option("--freq", metavar="ALIAS", help="Frequency as pandas writes it: MS, B, h, 15min."),
]
Season = Annotated[
    int | None, typer.Option("--season", metavar="ROWS", help="Rows in a season, 1 for none.")
]
Horizon = Annotated[
    int | None, typer.Option("--horizon", metavar="STEPS", help="Steps to forecast.")
]
Window = Annotated[
    int | None, typer.Option("--window", metavar="ROWS", help="History that the network sees.")
]
Holdout = Annotated[
    int | None,
    typer.Option("--holdout", metavar="ROWS", help="Last rows kept for the test; 0 for none."),
]
Arch = Annotated[str, typer.Option("--arch", metavar="NAME", help="Network.")]
Steps = Annotated[int | None, typer.Option("--steps", metavar="N", help="Gradient steps at most.")]
Epochs = Annotated[
    int | None,
    typer.Option("--epochs", metavar="N", help="Or passes over the training windows at most."),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Same seed, same forecast.")]
Output = Annotated[
    str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the runs are kept.")
]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="Name of the run.")]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="RUN", help="Run folder or name; the latest if left out."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
Debug = Annotated[bool, typer.Option("--debug", help="Print a traceback with an error.")]
