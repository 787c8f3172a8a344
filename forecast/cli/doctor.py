"""forecast doctor"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli import options as o
from forecast.cli.streams import say, say_error, say_json
from forecast.spec import DEFAULT_OUTPUT

__all__ = ["doctor"]


def doctor(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the runs are kept.")
    ] = DEFAULT_OUTPUT,
    full: Annotated[
        bool, typer.Option("--full", help="Start TensorFlow too, and ask it for a GPU.")
    ] = False,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Look whether everything is there that forecast needs, and works."""
    from forecast.flows.doctor import examine

    checks = examine(Path(output), "full" if full else "quick")
    failed = [each for each in checks if each.state == "failed"]
    if as_json:
        found = [dataclasses.asdict(each) for each in checks]
        say_json({"command": "doctor", "well": not failed, "checks": found})
    elif not quiet:
        for each in checks:
            say(f"{each.name:<12}{each.state:<8}{each.told}")
    for each in failed:
        say_error(f"{each.name}: {each.told}", each.hint, None)
    if failed:
        raise typer.Exit(failed[0].exit_code)
