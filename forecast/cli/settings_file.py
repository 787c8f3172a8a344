"""Read forecast.toml: every key that of a flag, every value of the kind that the flag takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forecast.cli.settings import Listed, Node, Setting, shared_keys
from forecast.errors import SpecError

__all__ = ["read_settings"]

WORDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a text or a list of texts",
}


def read_settings(path: Path, listed: Listed) -> dict[Node, dict[str, Any]]:
    """What a file says of each command, by the names of the command's parameters.

    Raises:
        SpecError: the file is no TOML, or a key or a value in it is not known.
    """
    return _checked(path, _read(path), listed)


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpecError(f"{path} is no TOML that can be read: {error}", hint="mend it") from error


def _checked(path: Path, said: dict[str, Any], listed: Listed) -> dict[Node, dict[str, Any]]:
    """What the file says of each command, by the names of its parameters.

    Raises:
        SpecError: a key is unknown or its value is of the wrong kind.
    """
    shared = shared_keys(listed)
    values: dict[Node, dict[str, Any]] = {node: {} for node in listed}
    tables = dict(_tables(said, listed, ()))
    for node in sorted(tables, key=len):
        for name, value in tables[node].items():
            key = name.replace("_", "-")
            takers = [
                each
                for several in ([listed[node]] if node else listed.values())
                for each in several
                if each.key == key
            ]
            _refuse_unknown(path, node, name, takers, listed)
            if not node and key not in shared:
                raise SpecError(
                    f"{path}: {name} is not the same in every command",
                    hint=f"put it into a table: {', '.join(_table(each) for each in takers)}",
                )
            for each in takers:
                values[each.command][each.param.name] = _taken(path, node, each, value)
    return values


def _tables(
    said: dict[str, Any], listed: Listed, node: Node
) -> Iterator[tuple[Node, dict[str, Any]]]:
    """The tables that are named like commands, each with what is no such table in it."""
    inner = {k: v for k, v in said.items() if isinstance(v, dict) and (*node, k) in listed}
    yield node, {key: value for key, value in said.items() if key not in inner}
    for name, table in inner.items():
        yield from _tables(table, listed, (*node, name))


def _refuse_unknown(
    path: Path, node: Node, name: str, takers: list[Setting], listed: Listed
) -> None:
    if takers:
        return
    here = listed[node] if node else [each for several in listed.values() for each in several]
    known = {each.key for each in here}
    known |= {each[len(node)] for each in listed if each[: len(node)] == node and each != node}
    where = f"[{'.'.join(node)}] has" if node else "there is"
    again = f"forecast config {' '.join(node)}".strip()
    hint = _meant(name.replace("_", "-"), known) or f"{again} lists them"
    raise SpecError(f"{path}: {where} no setting {name}", hint=hint)


def _meant(name: str, known: set[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(known), 1)
    return f"did you mean {close[0]}?" if close else ""


def _table(setting: Setting) -> str:
    return f"[{'.'.join(setting.command)}]"


def _taken(path: Path, node: Node, setting: Setting, value: Any) -> Any:
    """The value as its flag takes it.

    Raises:
        SpecError: it is of another kind.
    """
    kind = setting.kind
    if kind is list and isinstance(value, str):
        return [value]
    if kind is list and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is float and is_number:
        return float(value)
    if kind is str and (is_number or isinstance(value, str)):
        return str(value)
    if kind in (bool, int) and type(value) is kind:
        return value
    where = f"[{'.'.join(node)}] {setting.key}" if node else setting.key
    flag = f"--{setting.key} {setting.param.metavar or ''}".strip()
    raise SpecError(
        f"{path}: {where} must be {WORDS[kind]}, got {value!r}",
        hint=f"it is what {flag} of {' '.join(setting.command)} takes",
    )
