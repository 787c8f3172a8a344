"""Rules that settings of several parts share."""

from __future__ import annotations

from forecast.errors import SpecError

__all__ = ["one_of", "positive"]


def positive(name: str, value: int | None) -> None:
    if value is not None and value < 1:
        raise SpecError(
            f"--{name} must be at least 1, got {value}", hint=f"leave --{name} out to let it choose"
        )


def one_of(name: str, value: str | None, allowed: tuple[str | None, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(repr(each) for each in allowed if each)
        raise SpecError(f"--{name} must be one of {choices}, got {value!r}", hint="choose one")
