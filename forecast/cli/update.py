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
    from forecast.flows.update_groups import UpdatedGroups
    from forecast.store import Run

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
    from forecast import store
    from forecast.flows.recall import group_freqs
    from forecast.flows.update import update as run_update
    from forecast.flows.update_groups import update_groups as run_updates

    how, guard, place = UpdateSpec(steps, learning_rate), Guard(wait, max_staleness), Path(output)
    several = bool(group_freqs(store.open_run(store.find_run(place, None))))
    with shown(_deaf if quiet else _listen, wanted=not (quiet or as_json), log=log) as watch:
        if several:
            updates = run_updates(place, data, watch, how, guard)
            document, said = _document_of_all(updates), _lines_of_all(updates)
        else:
            updated = run_update(place, data, watch, how, guard)
            document, said = _document(updated), _lines(updated)
    if as_json:
        say_json(document)
    elif not quiet:
        for line in said:
            say(line)


def _deaf(event: Event) -> None:
    pass


def _listen(event: Event) -> None:
    from forecast.flows.events import NotKept

    if isinstance(event, NotKept):
        say_note(f"not kept for forecast score: {event.why}")


def _lines(updated: Updated) -> list[str]:
    """What was new, how both did on the newest of it, which of them stays."""
    from forecast.store import shortest

    run = shortest(updated.run)
    said = [lines.data_line(updated.source, updated.loaded), *lines.notes(updated.loaded)]
    said += _judged(updated)
    if updated.why:
        return [*said, lines.line("update", f"none: {_result(updated)}; {run.folder} stays")]
    said += [lines.line("update", f"published: {_result(updated)}"), *_verdict(updated)]
    if updated.forecast is not None:
        said.append(lines.forecast_line(updated.forecast, updated.loaded.schema, run.forecast))
    return [*said, *_report(run)]


def _judged(updated: Updated) -> list[str]:
    """What was new, and how every method did on the newest of it."""
    if not updated.scores:
        return []
    fresh = updated.fresh
    rows = f"{fresh.new:,} rows, the last {fresh.judged:,}"
    rows += " of each series" if len(updated.loaded.panel) > 1 else ""
    return [
        lines.line("new", f"{rows} to judge by: neither network has seen them"),
        *lines.score_lines(updated.scores),
    ]


def _result(updated: Updated) -> str:
    """Why the network stays, and how far both were off."""
    from forecast import judge

    if not updated.scores:
        return updated.why
    new, old = next(iter(updated.scores.values())).overall, updated.scores[judge.BEFORE].overall
    metric = "mase" if new["mase"] == new["mase"] else "mae"
    text = f"{metric.upper()} {lines.number(new[metric])}, before {lines.number(old[metric])}"
    return f"{updated.why} ({text})" if updated.why else text


def _verdict(updated: Updated) -> list[str]:
    """Where a simple method did better than what is published."""
    return [lines.line("verdict", updated.verdict)] if updated.verdict else []


def _report(run: Run) -> list[str]:
    return [lines.line("report", str(run.report))] if run.report.exists() else []


def _lines_of_all(updates: UpdatedGroups) -> list[str]:
    """The same for each network, then what came of the run."""
    from forecast.cli import groups
    from forecast.data import describe_freq
    from forecast.store import shortest

    run, told, said = shortest(updates.run), set[str](), list[str]()
    for each in updates.groups:
        about = [line for line in lines.notes(each.loaded) if line not in told]
        told.update(about)
        said += [lines.data_line(updates.source, each.loaded), *about]
        said += [groups.group_line(each.loaded), *_judged(each)]
        head = "none: " if each.why else "published: "
        said += [lines.line("update", head + _result(each)), *_verdict(each)]
    said += groups.left_lines(updates.left)
    for freq in updates.absent:
        said.append(lines.line("note", f"no {describe_freq(freq)} series in the file"))
    if updates.why:
        return [*said, lines.line("stays", str(run.folder))]
    made = groups.how_many(updates.groups)
    return [*said, lines.line("forecast", f"{made}    {run.forecast}"), *_report(run)]


def _document(updated: Updated) -> dict[str, Any]:
    """What --json prints."""
    return _plain(
        {
            "command": "update",
            **_outcome(updated),
            "data": updated.source,
            "files": _files(updated.run) if not updated.why else {},
            "seconds": round(updated.seconds, 1),
        }
    )


def _outcome(updated: Updated) -> dict[str, Any]:
    """What came of one network."""
    return {
        "updated": not updated.why,
        "why": updated.why,
        "run": str(updated.run.folder),
        "before": str(updated.before.folder),
        "new_rows": updated.fresh.new,
        "judged_rows": updated.fresh.judged,
        "verdict": updated.verdict,
        "methods": {name: each.overall for name, each in updated.scores.items()},
    }


def _document_of_all(updates: UpdatedGroups) -> dict[str, Any]:
    """What --json prints of several networks."""
    import dataclasses

    from forecast.data import describe_freq

    freqs = [each.loaded.panel.freq for each in updates.groups]
    return _plain(
        {
            "command": "update",
            "updated": not updates.why,
            "why": updates.why,
            "run": str(updates.run.folder),
            "before": str(updates.before.folder),
            "data": updates.source,
            "groups": [
                {"freq": freq, "frequency": describe_freq(freq), **_outcome(each)}
                for freq, each in zip(freqs, updates.groups, strict=True)
            ],
            "absent": list(updates.absent),
            "repairs": [dataclasses.asdict(repair) for repair in updates.left],
            "files": _files(updates.run) if not updates.why else {},
            "seconds": round(updates.seconds, 1),
        }
    )


def _files(run: Run) -> dict[str, str]:
    """What there is to read of a run that was published."""
    files = {"forecast": run.forecast, "metrics": run.metrics, "report": run.report}
    return {name: str(path) for name, path in files.items() if path.exists()}


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    from forecast.store import plain

    made: dict[str, Any] = plain(document)
    return made
