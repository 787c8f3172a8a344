"""forecast update"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.progress import shown
from forecast.cli.streams import say, say_json, say_note
from forecast.spec import DEFAULT_OUTPUT, Guard, UpdateSpec

if TYPE_CHECKING:
    from forecast.flows.events import Event
    from forecast.flows.update import Updated

__all__ = ["update"]

_GUARD = Guard()


def update(
    data: Annotated[
        str | None,
        typer.Argument(
            help="The file with the new rows; the training's own if left out.", show_default=False
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option("--steps", metavar="N", help="Gradient steps more.", show_default=False),
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(
            "--learning-rate", metavar="RATE", help="At the start; falls to 0.", show_default=False
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the runs are kept.")
    ] = DEFAULT_OUTPUT,
    wait: o.Wait = _GUARD.wait,
    max_staleness: o.Staleness = None,
    log: o.Log = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Go on training the latest run with new rows; publish it only if it is not worse."""
    from forecast.flows.update import update as run_update

    how, guard = UpdateSpec(steps, learning_rate), Guard(wait, max_staleness)
    with shown(_deaf if quiet else _listen, wanted=not (quiet or as_json), log=log) as watch:
        updated = run_update(Path(output), data, watch, how, guard)
    if as_json:
        say_json(_document(updated))
    elif not quiet:
        for line in _lines(updated):
            say(line)


def _deaf(event: Event) -> None:
    pass


def _listen(event: Event) -> None:
    from forecast.flows.events import NotKept

    if isinstance(event, NotKept):
        say_note(f"not kept for forecast score: {event.why}")


def _lines(updated: Updated) -> list[str]:
    """What was new, how both did on the newest of it, which of them stays."""
    from forecast.flows.update import BEFORE
    from forecast.store import shortest

    run, fresh = shortest(updated.run), updated.fresh
    said = [lines.data_line(updated.source, updated.loaded), *lines.notes(updated.loaded)]
    if not updated.scores:
        return [*said, lines.line("update", f"none: {updated.why}; {run.folder} stays")]
    rows = f"{fresh.new:,} rows, the last {fresh.judged:,}"
    rows += " of each series" if len(updated.loaded.panel) > 1 else ""
    said.append(lines.line("new", f"{rows} to judge by: neither network has seen them"))
    said += lines.score_lines(updated.scores)
    new, old = next(iter(updated.scores.values())).overall, updated.scores[BEFORE].overall
    metric = "mase" if new["mase"] == new["mase"] else "mae"
    text = f"{metric.upper()} {lines.number(new[metric])}, before {lines.number(old[metric])}"
    if updated.why:
        return [*said, lines.line("update", f"none: {updated.why} ({text}); {run.folder} stays")]
    said.append(lines.line("update", f"published: {text}"))
    if updated.forecast is not None:
        said.append(lines.forecast_line(updated.forecast, updated.loaded.schema, run.forecast))
    return said


def _document(updated: Updated) -> dict[str, Any]:
    """What --json prints."""
    from forecast.store import plain

    fresh = updated.fresh
    document: dict[str, Any] = plain(
        {
            "command": "update",
            "updated": not updated.why,
            "why": updated.why,
            "run": str(updated.run.folder),
            "before": str(updated.before.folder),
            "data": updated.source,
            "new_rows": fresh.new,
            "judged_rows": fresh.judged,
            "methods": {name: each.overall for name, each in updated.scores.items()},
            "seconds": round(updated.seconds, 1),
        }
    )
    return document
