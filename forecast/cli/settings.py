"""Settings in a file and in the environment: for every flag of every command, from its signature.

forecast.toml in the working folder, or the file that --config names:

    quiet = true              # of every command that has the flag
    [train]
    horizon = 14              # --horizon of train
    time = ["date", "hour"]   # a flag that can be repeated
    [runs.compare]
    plot = "runs.png"

FORECAST_QUIET and FORECAST_TRAIN_HORIZON are the same in the environment. A flag beats the
environment, that beats the file, and within each what is said of one command beats what is said of
all. The flags are those of the commands as Typer has built them; nothing here names one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from forecast.errors import SpecError

__all__ = [
    "PREFIX",
    "Listed",
    "Node",
    "Setting",
    "equip",
    "file_of",
    "load_into",
    "origin",
    "origin_of",
    "settings_of",
    "shared_keys",
]

FILE, PREFIX = Path("forecast.toml"), "FORECAST_"
CONFIG = "config"
NO_SETTINGS = {"version", "install_completion", "show_completion", CONFIG}
CLOSE = 0.8

Command = Any  # what Typer makes of a function; its class is not one that Typer names
Node = tuple[str, ...]  # ("runs", "compare")


@dataclass(frozen=True, slots=True)
class Setting:
    """A flag as a setting.

    Attributes:
        command: that has it.
        key: its name in the file: the flag without its dashes.
        param: what Typer made of it.
        kind: what the file has to hold: bool, int, float, str or list.
    """

    command: Node
    key: str
    param: Any
    kind: type

    @property
    def means(self) -> str:
        """Flags of one name that take the same thing are one setting."""
        return str(self.param.metavar or "").split("|")[0]


Listed = dict[Node, list[Setting]]


def equip(root: Command, app: typer.Typer) -> Listed:
    """Let a command and all below it take settings from the environment and from a file."""
    listed = settings_of(root, app)
    option, shared = _config_option(listed), shared_keys(listed)
    for node, command in _nodes(root):
        command.params.append(option)
        for each in listed[node]:
            names = [_variable(node, each.key)]
            names += [_variable((), each.key)] if each.key in shared else []
            each.param.envvar, each.param.show_envvar = names, False
            if each.kind is list:
                each.param.value_from_envvar = _whole(each.param)
    return listed


def settings_of(root: Command, app: typer.Typer) -> Listed:
    """Every setting of every command, by its command."""
    functions = dict(_functions(app, ()))
    return {node: list(_settings(node, each, functions[node])) for node, each in _nodes(root)}


def file_of(context: typer.Context, given: str | None) -> Path | None:
    """The file of settings: the one that was named, or forecast.toml if it is there.

    Raises:
        SpecError: the one that was named is not there.
    """
    named = given or context.meta.get(CONFIG)
    if named is None:
        return FILE if FILE.is_file() else None
    context.meta[CONFIG] = named
    if not Path(named).is_file():
        raise SpecError(f"--config {named}: there is no such file", hint="check the path")
    return Path(named)


def load_into(context: typer.Context, path: Path | None, listed: Listed) -> None:
    """Let what the file says be the defaults of the command of this context.

    Raises:
        SpecError: the file is no TOML, or has a key or a value that is not known.
    """
    _refuse_misspelt(listed)
    if path is not None:
        from forecast.cli.settings_file import read_settings

        context.default_map = read_settings(path, listed).get(_node(context), {})


def origin_of(context: typer.Context, param: Any) -> str:
    """Where the value of a flag came from: "default", "flag", a variable, or a file."""
    source = context.get_parameter_source(param.name)
    return origin(context, param, source.name if source else "DEFAULT")


def origin(context: typer.Context, param: Any, source: str) -> str:
    """The same of a source that Typer names."""
    if source == "COMMANDLINE":
        return "flag"
    if source == "ENVIRONMENT":
        return next((str(name) for name in param.envvar if os.environ.get(name)), "environment")
    return str(file_of(context, None)) if source == "DEFAULT_MAP" else "default"


def _config_option(listed: Listed) -> Any:
    """--config, which is read before any other flag."""

    def load(context: typer.Context, value: str | None) -> str | None:
        if context.obj is not None:
            context.obj.context = context
        if context.parent is None:  # a command follows, and reads it, or asks for help
            if value:
                context.meta[CONFIG] = value
        elif not context.resilient_parsing:
            load_into(context, file_of(context, value), listed)
        return value

    def donor(
        config: Annotated[
            str | None,
            typer.Option(
                "--config",
                metavar="FILE",
                help=f"Settings; {FILE} if left out.",
                show_default=False,
                is_eager=True,
                expose_value=False,
                callback=load,
                envvar=PREFIX + "CONFIG",
                show_envvar=False,
            ),
        ] = None,
    ) -> None:
        """Typer makes options of functions."""

    made = typer.Typer(add_completion=False)
    donor.__annotations__ = get_type_hints(donor, {**globals(), "load": load}, include_extras=True)
    made.command()(donor)
    (option,) = typer.main.get_command(made).params
    return option


def _nodes(command: Command, node: Node = ()) -> Iterator[tuple[Node, Command]]:
    """A command and those below it."""
    yield node, command
    for name, each in getattr(command, "commands", {}).items():
        yield from _nodes(each, (*node, name))


def _functions(app: typer.Typer, node: Node) -> Iterator[tuple[Node, Callable[..., Any]]]:
    """The functions that the commands were made of."""
    if app.registered_callback and app.registered_callback.callback:
        yield node, app.registered_callback.callback
    for info in app.registered_commands:
        if info.callback:
            yield (*node, str(info.name)), info.callback
    for group in app.registered_groups:
        if group.typer_instance:
            yield from _functions(group.typer_instance, (*node, str(group.name)))


def _settings(node: Node, command: Command, function: Callable[..., Any]) -> Iterator[Setting]:
    hints = get_type_hints(function, include_extras=True)
    for param in command.params:
        if param.param_type_name == "option" and param.name not in NO_SETTINGS:
            key = max(param.opts, key=len).lstrip("-")
            yield Setting(node, key, param, _kind(hints[param.name]))


def _kind(hint: Any) -> type:
    """What a flag of this annotation takes."""
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        is_parsed = any(getattr(mark, "parser", None) for mark in marks)
        return str if is_parsed else _kind(inner)
    kinds = [each for each in get_args(hint) if each is not type(None)] or [hint]
    kind = get_origin(hint) if get_origin(hint) is list else get_origin(kinds[0]) or kinds[0]
    return kind if isinstance(kind, type) else str


def shared_keys(listed: Listed) -> set[str]:
    """The keys that mean the same in every command that has them."""
    means: dict[str, set[str]] = {}
    for each in (each for several in listed.values() for each in several):
        means.setdefault(each.key, set()).add(each.means)
    return {key for key, several in means.items() if len(several) == 1}


def _variable(node: Node, key: str) -> str:
    """FORECAST_TRAIN_MAX_STALENESS"""
    return PREFIX + "_".join((*node, key)).upper().replace("-", "_")


def _whole(param: Any) -> Callable[[typer.Context], list[str] | None]:
    """A flag that can be repeated is given once in the environment; commas part its values."""

    def value(context: typer.Context) -> list[str] | None:
        text = param.resolve_envvar_value(context)
        return None if text is None else [text]

    return value


def _node(context: typer.Context) -> Node:
    """Where the command of a context stands."""
    names: list[str] = []
    place: Any = context
    while place.parent is not None:
        names.append(str(place.info_name))
        place = place.parent
    return tuple(reversed(names))


def _refuse_misspelt(listed: Listed) -> None:
    """A variable that is nearly one of ours is meant for us.

    Raises:
        SpecError: there is one.
    """
    ours = [name for name in os.environ if name.startswith(PREFIX)]
    if not ours:
        return
    from difflib import get_close_matches

    known = {name for several in listed.values() for each in several for name in each.param.envvar}
    known.add(PREFIX + "CONFIG")
    for name in sorted(set(ours) - known):
        close = get_close_matches(name, sorted(known), 1, CLOSE)
        if close:
            raise SpecError(
                f"no setting is called {name} in the environment", hint=f"did you mean {close[0]}?"
            )
