"""forecast export"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.streams import say, say_json
from forecast.spec import DEFAULT_OUTPUT, EXPORTS

if TYPE_CHECKING:
    from forecast.flows.export import Exported
    from forecast.flows.layout import Port

__all__ = ["export"]


def export(
    run: Annotated[
        str | None,
        typer.Argument(help="Run folder or name; the latest if left out.", show_default=False),
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="|".join(EXPORTS), help="Format.")] = EXPORTS[
        0
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="PATH", help="Where to write; else into the run's export/."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Write the network for another program, and say what goes in and what comes out."""
    from forecast import store
    from forecast.flows.export import export as run_export

    found = store.find_run(Path(DEFAULT_OUTPUT), Path(run) if run else None)
    place, taken = Path(output) if output else None, "replace" if force else "refuse"
    exported = run_export(found, to, place, taken)
    if as_json:
        say_json(_document(exported))
    elif not quiet:
        for line in _lines(exported):
            say(line)


def _lines(exported: Exported) -> list[str]:
    from forecast.store import shortest

    run = shortest(exported.run)
    inside = exported.path.is_relative_to(exported.run.folder)
    path = run.folder / exported.path.relative_to(exported.run.folder) if inside else exported.path
    count = exported.windows
    checked = f"{count} windows, off from Keras by {exported.difference:.0e} at most"
    *inputs, answer = exported.layout
    said = [
        lines.line("model", str(run.folder)),
        lines.line("file", str(path)),
        lines.line("checked", checked),
    ]
    for port in inputs:
        said += _port_lines("input", port)
    return [
        *said,
        *_port_lines("output", answer),
        lines.line("scaling", f"{run.document}    (transform and scale)"),
    ]


def _port_lines(head: str, port: Port) -> list[str]:
    shape = ", ".join("windows" if size is None else str(size) for size in port.shape)
    names = ", ".join(port.columns[: lines.FEW])
    more = len(port.columns) - lines.FEW
    names += f" and {more} more (--json lists them)" if more > 0 else ""
    return [
        lines.line(head, f"{port.name:<9} ({shape}) float32: {port.meaning}"),
        lines.line("", f"{'':<9} columns {names}"),
    ]


def _document(exported: Exported) -> dict[str, Any]:
    """What --json prints."""
    import dataclasses

    from forecast.store import plain

    ports = [{**dataclasses.asdict(port), "dtype": "float32"} for port in exported.layout]
    document: dict[str, Any] = plain(
        {
            "command": "export",
            "run": str(exported.run.folder),
            "to": exported.kind,
            "path": str(exported.path),
            "windows": exported.windows,
            "difference": exported.difference,
            "inputs": ports[:-1],
            "output": ports[-1],
            "scaling": str(exported.run.document),
        }
    )
    return document
