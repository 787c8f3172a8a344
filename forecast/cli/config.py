"""forecast config: every setting, its value, and where that comes from"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from forecast.cli import options as o
from forecast.cli.lines import line
from forecast.cli.settings import Node, Setting, file_of, load_into, origin
from forecast.cli.streams import say, say_json
from forecast.errors import SpecError

__all__ = ["PASSES_FLAGS_ON", "config"]

# What follows the command is not for us but for the command that is asked about.
PASSES_FLAGS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A setting as it would be taken.

    Attributes:
        setting: which.
        value: text, number, list, or None for what is chosen from the data.
        origin: "default", a flag, a variable of the environment, or a file and its table.
    """

    setting: Setting
    value: Any
    origin: str


def config(
    context: typer.Context,
    command: Annotated[
        str | None,
        typer.Argument(
            metavar="[COMMAND] [FLAGS]",
            help="The command whose settings to show; all that are set of all, if left out.",
            show_default=False,
        ),
    ] = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Show the settings of a command, and where each comes from."""
    words = [*([command] if command else []), *context.args]
    listed = context.obj.settings
    node, flags = _parted(words, set(listed))
    path = file_of(context, None)
    asked = [node] if node else sorted(listed)
    found = [each for name in asked for each in _resolved(context, name, flags)]
    if as_json:
        say_json(_document(str(path) if path else None, found))
        return
    if quiet:
        return
    say(line("file", str(path) if path else "none: forecast.toml is not here, --config names none"))
    shown = found if node else [each for each in found if each.origin != DEFAULT]
    for text in _table(shown):
        say(text)
    if not shown:
        say(line("settings", "all at their defaults"))


def _parted(words: list[str], nodes: set[Node]) -> tuple[Node, list[str]]:
    """The command that is named, and the flags after it.

    Raises:
        SpecError: there is no such command.
    """
    node: Node = ()
    while words and (*node, words[0]) in nodes:
        node, words = (*node, words[0]), words[1:]
    if words and not node:
        from difflib import get_close_matches

        close = get_close_matches(words[0], [each[0] for each in nodes if each], 1)
        hint = f"did you mean {close[0]}?" if close else "forecast --help lists them"
        raise SpecError(f"no command is called {words[0]!r}", hint=hint)
    return node, words


def _resolved(context: typer.Context, node: Node, flags: list[str]) -> list[Resolved]:
    """The settings of one command, as it would take them with these flags."""
    place: Any = context.find_root()
    inner: Any = place.command
    for name in node:
        inner = inner.commands[name]
        place = type(place)(inner, info_name=name, parent=place)
    listed = context.obj.settings
    load_into(place, file_of(context, None), listed)
    given, _, _ = inner.make_parser(place).parse_args(args=list(flags))
    found = []
    for setting in listed[node]:
        value, source = setting.param.consume_value(place, given)
        value = setting.param.process_value(place, value)
        value = list(value) if isinstance(value, tuple) else value
        found.append(Resolved(setting, value, origin(context, setting.param, source.name)))
    return found


def _table(found: list[Resolved]) -> list[str]:
    rows = [
        (" ".join(each.setting.command), each.setting.key, _shown(each.value), each.origin)
        for each in found
    ]
    widths = [max((len(row[place]) for row in rows), default=0) + 2 for place in range(3)]
    return [
        "".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)) + row[3]
        for row in rows
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(value) or "-"
    return "-" if value is None else str(value)


def _document(path: str | None, found: list[Resolved]) -> dict[str, Any]:
    """What --json prints."""
    settings = [
        {
            "command": " ".join(each.setting.command),
            "key": each.setting.key,
            "value": each.value,
            "origin": each.origin,
            "variables": each.setting.param.envvar,
        }
        for each in found
    ]
    return {"command": "config", "file": path, "settings": settings}
