"""Make a dataclass of what a JSON document says, each field of the type that it has to be."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["typed"]

Made = TypeVar("Made")


def typed(kind: type[Made], fields: Mapping[str, Any]) -> Made:
    """The value whose fields these are; lists become tuples.

    Args:
        kind: a dataclass of plain values: numbers, texts, tuples and dicts of them.
        fields: as JSON holds them.

    Raises:
        TypeError: a field is unknown, missing, or of another type.

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass
        ... class Size:
        ...     rows: int
        ...     names: tuple[str, ...] = ()
        >>> typed(Size, {"rows": 3, "names": ["a"]})
        Size(rows=3, names=('a',))
    """
    if not isinstance(fields, Mapping):
        raise TypeError(f"{kind.__name__} is made of named fields")
    hints = get_type_hints(kind)
    for name in fields.keys() - hints.keys():
        raise TypeError(f"{kind.__name__} has no field {name!r}")
    return kind(**{name: _as(value, hints[name], name) for name, value in fields.items()})


def _as(value: Any, hint: Any, name: str) -> Any:
    """The value as the type that the hint names."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and type(None) in inner:
            return None
        (hint,) = (each for each in inner if each is not type(None))
        return _as(value, hint, name)
    if origin is tuple and isinstance(value, list):
        return tuple(_as(each, inner[0], name) for each in value)
    if origin is dict and isinstance(value, dict):
        return {key: _as(each, inner[1], name) for key, each in value.items()}
    if hint is float and type(value) is int:
        return value
    if origin is None and type(value) is hint:
        return value
    raise TypeError(f"{name} cannot be {value!r}")
