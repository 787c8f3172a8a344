"""forecast runs: what there is, what each was, which was better, which may go"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import options as o
from forecast.cli.lines import line, number, parts_of
from forecast.cli.streams import say, say_json, say_note
from forecast.spec import DEFAULT_OUTPUT

if TYPE_CHECKING:
    from forecast.flows.runs import Entry

__all__ = ["runs"]

Output = Annotated[
    str, typer.Option("--output", "-o", metavar="FOLDER", help="The folder that train wrote to.")
]
Name = Annotated[str, typer.Argument(help="A run folder, a name from the list, or latest.")]
DATA_WIDTH = 26
METRICS = ("mae", "rmse", "mase", "smape", "skill")
TITLES = {"mae": "MAE", "rmse": "RMSE", "mase": "MASE", "smape": "sMAPE", "skill": "skill"}

runs = typer.Typer(
    help="List the runs, show one, compare some, or go back to an earlier one.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@runs.callback()
def list_all(
    context: typer.Context,
    output: Output = DEFAULT_OUTPUT,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep", metavar="N", help="Delete all but the newest N.", show_default=False
        ),
    ] = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """List the runs with their scores; the latest has a star."""
    if context.invoked_subcommand is not None:
        return
    from forecast.flows import runs as flow

    gone = [] if keep is None else flow.keep(Path(output), keep)
    listed = flow.list_runs(Path(output))
    if as_json:
        entries = [_document(entry) for entry in listed.entries]
        say_json({"command": "runs", "runs": entries, "broken": list(listed.broken), "gone": gone})
        return
    if quiet:
        return
    for name in gone:
        say_note(f"{name} is deleted")
    width = max([len(entry.name) for entry in listed.entries] + [3])
    head = f"{'run':<{width}}  {'data':<{DATA_WIDTH}}{'H':>4}{'MASE':>9}{'skill':>8}"
    say(f"  {head}  best simple method")
    for entry in listed.entries:
        star = "*" if entry.latest else " "
        data = _short(Path(entry.source).name)
        scores = f"{_text(entry.of_shipped('mase')):>9}{_skill(entry.of_shipped('skill')):>8}"
        simple = f"{entry.best_simple} {_text(entry.simple)}" if entry.best_simple else "no holdout"
        sizes = f"{entry.sizes['horizon']:>4}"
        say(f"{star} {entry.name:<{width}}  {data:<{DATA_WIDTH}}{sizes}{scores}  {simple}")
    for reason in listed.broken:
        say_note(reason)


@runs.command("show")
def show(
    run: Name = "latest",
    output: Output = DEFAULT_OUTPUT,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Show one run: its data, its settings, its scores."""
    from forecast import store
    from forecast.flows.runs import show_run

    found = store.find_run(Path(output), None if run == "latest" else Path(run))
    entries = show_run(found)
    if as_json:
        say_json({"command": "runs show", "runs": [_document(entry) for entry in entries]})
        return
    for entry in [] if quiet else entries:
        for text in _shown(entry):
            say(text)


@runs.command("compare")
def compare(
    names: Annotated[list[str], typer.Argument(metavar="RUN RUN ...", help="Two runs or more.")],
    output: Output = DEFAULT_OUTPUT,
    plot: Annotated[
        str | None, typer.Option("--plot", metavar="FILE", help="A picture of it, PNG.")
    ] = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Compare the scores of runs, the best first, and say in which settings they differ."""
    from forecast.flows import runs as flow

    entries, warning = flow.compare(Path(output), names)
    entries.sort(
        key=lambda entry: (entry.of_shipped("mase") is None, entry.of_shipped("mase") or 0.0)
    )
    if plot:
        flow.draw_comparison(entries, warning, Path(plot))
    differences = flow.differences(entries)
    if as_json:
        say_json(
            {
                "command": "runs compare",
                "runs": [_document(entry) for entry in entries],
                "differences": differences,
                "warning": warning,
                "plot": plot,
            }
        )
        return
    if quiet:
        return
    width = max(len(entry.name) for entry in entries)
    say(f"{'run':<{width}}" + "".join(f"{TITLES[metric]:>10}" for metric in METRICS))
    for entry in entries:
        cells = "".join(f"{_cell(entry.shipped, metric):>10}" for metric in METRICS)
        say(f"{entry.name:<{width}}{cells}")
    for name, values in differences.items():
        say(line("differ", f"{name}: {', '.join(values)}"))
    if plot:
        say(line("plot", plot))
    if warning:
        say_note(f"{warning}: the scores do not tell which run is better")


@runs.command("rollback")
def rollback(
    run: Annotated[
        str | None,
        typer.Argument(help="The run to go back to; the one before if left out."),
    ] = None,
    output: Output = DEFAULT_OUTPUT,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Let an earlier run be the latest, which predict takes."""
    from forecast.flows import runs as flow

    before, now = flow.rollback(Path(output), run)
    if as_json:
        names = {"before": before.folder.name, "latest": now.folder.resolve().name}
        say_json({"command": "runs rollback", **names})
    elif not quiet:
        say(line("before", before.folder.name))
        say(line("latest", now.folder.resolve().name))


def _shown(entry: Entry) -> list[str]:
    """A run at length."""
    sizes = entry.sizes
    text = f"horizon {sizes['horizon']} · holdout {sizes['holdout']} · window {sizes['window']}"
    changed = ", ".join(f"{name} {value}" for name, value in _asked(entry).items())
    versions = ", ".join(f"{name} {value}" for name, value in entry.versions.items())
    lines = [
        line("run", entry.name + ("  (the latest)" if entry.latest else "")),
        line("created", entry.created),
        line("data", f"{entry.source} · sha256 {entry.digest[:12]}"),
        line("plan", text),
        line("settings", changed or "the defaults"),
        line("versions", versions),
    ]
    if entry.mixed:
        lines.append(line("blend", parts_of(entry.weights)))
    if not entry.methods:
        return [*lines, line("scores", "none: no holdout")]
    lines.append(line("", f"{'method':<16}" + "".join(f"{TITLES[m]:>10}" for m in METRICS)))
    for method, errors in entry.methods.items():
        cells = "".join(f"{_cell(errors, metric):>10}" for metric in METRICS)
        lines.append(line("", f"{method:<16}{cells}"))
    return lines + ([line("verdict", entry.verdict)] if entry.verdict else [])


def _asked(entry: Entry) -> dict[str, Any]:
    """The settings of the network and the fit that are not the defaults."""
    from forecast.flows.runs import changed

    return changed(entry)


def _document(entry: Entry) -> dict[str, Any]:
    """For --json."""
    found = dataclasses.asdict(entry)
    return {**found, "run": str(entry.run.folder)}


def _short(name: str) -> str:
    """A file's name in the width of its column."""
    return name if len(name) <= DATA_WIDTH - 2 else f"{name[: DATA_WIDTH - 3]}…"


def _cell(errors: Mapping[str, float | None], metric: str) -> str:
    value = errors.get(metric)
    return _skill(value) if metric == "skill" else _text(value)


def _skill(value: float | None) -> str:
    """As `train` shows it."""
    return "-" if value is None else f"{value:+.2f}" if value else "0"


def _text(value: float | None) -> str:
    return "-" if value is None else number(value)
