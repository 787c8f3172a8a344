"""forecast check"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.streams import say, say_json
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec

if TYPE_CHECKING:
    from forecast.flows.check import Checked
    from forecast.flows.grouped import CheckedGroups
    from forecast.types import Loaded

__all__ = ["check"]

_MARKS = {"\t": "tab", " ": "blanks", "": "none", "\x01": "blanks", ",": "comma", ";": "semicolon"}
_STRONG, _WEAK = 0.64, 0.3  # shares of the detrended variance that people call so


@o.takes(o.data_flags)
def check(
    data: DataSpec,
    horizon: Annotated[
        int | None, typer.Option("--horizon", metavar="STEPS", show_default=False)
    ] = None,
    window: Annotated[
        int | None, typer.Option("--window", metavar="ROWS", show_default=False)
    ] = None,
    holdout: Annotated[
        int | None, typer.Option("--holdout", metavar="ROWS", show_default=False)
    ] = None,
    plot: Annotated[
        str | None,
        typer.Option("--plot", metavar="FILE", help="Draw the history.", show_default=False),
    ] = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Say what a file holds and what is wrong with it; trains nothing."""
    spec = RunSpec(data, NetSpec(horizon=horizon, window=window), FitSpec(holdout=holdout))
    if data.frequencies == "by-series" and data.freq is None:
        from forecast.flows.grouped import check_groups

        found = check_groups(spec, Path(plot) if plot else None)
        if as_json:
            say_json(_groups_document(data.source, found))
        elif not quiet:
            for line in _groups_lines(data.source, found, plot):
                say(line)
        return
    from forecast.flows.check import check as run_check

    checked = run_check(spec, Path(plot) if plot else None)
    if as_json:
        say_json(_document(data.source, checked))
    elif not quiet:
        for line in _lines(data.source, checked):
            say(line)
        if plot:
            say(lines.line("plot", plot))


def _lines(source: str, checked: Checked) -> list[str]:
    loaded = checked.loaded
    shown = [
        lines.data_line(source, loaded),
        lines.line("written", _written(loaded)),
        lines.columns_line(loaded),
        lines.line("season", _season(loaded)),
        *lines.notes(loaded),
    ]
    if not loaded.repairs:
        shown.append(lines.line("mended", "nothing"))
    if checked.plan is None:
        return [*shown, lines.line("enough", f"no: {checked.lacking}")]
    return [*shown, lines.plan_line(checked.plan), lines.line("train", checked.command)]


def _groups_lines(source: str, found: CheckedGroups, plot: str | None) -> list[str]:
    """What was found in each group, and the command that trains all of them."""
    from forecast.cli import groups
    from forecast.flows.grouped import plot_of

    said, told = [lines.line("written", _written(found.groups[0].loaded))], set[str]()
    for each in found.groups:
        said += groups.understood(source, each.loaded, told)
        said.append(lines.line("season", _season(each.loaded)))
        if each.plan is None:
            said.append(lines.line("enough", f"no, left out: {each.lacking}"))
        else:
            said.append(lines.plan_line(each.plan))
        if plot:
            said.append(lines.line("plot", str(plot_of(Path(plot), each.loaded.panel.freq))))
    said += groups.left_lines(found.left)
    return [*said, lines.line("train", found.command)] if found.command else said


def _written(loaded: Loaded) -> str:
    """How the file is written: delimiter, decimal mark, encoding, header, time format."""
    dialect = loaded.schema.dialect
    if "format" in dialect:
        return dialect["format"]
    mark = dialect.get("delimiter", "")
    parts = [
        f"delimiter {_MARKS.get(mark, mark)}",
        f"decimal {dialect.get('decimal', '.')}",
        dialect.get("encoding", ""),
        f"header on line {dialect['header']}" if dialect.get("header", "0") != "0" else "no header",
    ]
    if loaded.schema.time_format:
        parts.append(f"time {loaded.schema.time_format}")
    return " · ".join([*parts, *filter(None, [dialect.get("layout")])])


def _season(loaded: Loaded) -> str:
    if loaded.season < 2:
        return "none"
    strength = loaded.season_strength
    word = "strong" if strength >= _STRONG else "weak" if strength < _WEAK else "moderate"
    return f"{loaded.season} rows, {word} ({strength:.2f} of what trend leaves)"


def _document(source: str, checked: Checked) -> dict[str, Any]:
    """What --json prints."""
    return {"command": "check", "data": source, **_found(checked)}


def _groups_document(source: str, found: CheckedGroups) -> dict[str, Any]:
    """What --json prints of a file of several frequencies."""
    import dataclasses

    from forecast.store import plain

    document: dict[str, Any] = plain(
        {
            "command": "check",
            "data": source,
            "groups": [_found(each) for each in found.groups],
            "repairs": [dataclasses.asdict(repair) for repair in found.left],
            "enough": bool(found.command),
            "train": found.command,
        }
    )
    return document


def _found(checked: Checked) -> dict[str, Any]:
    """What was found in one panel."""
    import dataclasses

    from forecast.data import describe_freq, render_time
    from forecast.store import plain

    loaded = checked.loaded
    panel, schema = loaded.panel, loaded.schema
    ends = panel.time[[panel.time.argmin(), panel.time.argmax()]]
    first, last = render_time(ends, schema).tolist()
    document: dict[str, Any] = plain(
        {
            "sha256": loaded.sha256,
            "rows": loaded.rows,
            "steps": len(panel.time),
            "series": len(panel),
            "first": first,
            "last": last,
            "freq": panel.freq,
            "frequency": describe_freq(panel.freq),
            "season": loaded.season,
            "season_strength": round(loaded.season_strength, 4),
            "columns": dataclasses.asdict(schema),
            "unused": loaded.unused,
            "repairs": [dataclasses.asdict(repair) for repair in loaded.repairs],
            "notes": loaded.notes,
            "enough": checked.plan is not None,
            "lacking": checked.lacking,
            "plan": dataclasses.asdict(checked.plan) if checked.plan else None,
            "train": checked.command,
        }
    )
    return document
