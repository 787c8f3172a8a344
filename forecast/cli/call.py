"""One call of the command: what was typed, and what is known of it when something goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

import typer

from forecast.cli.settings import Listed, origin_of

__all__ = ["Call"]

TRUE = ("1", "true", "t", "yes", "y", "on")


@dataclass(slots=True)
class Call:
    """A call.

    Attributes:
        arguments: as they were typed.
        settings: of every command, once they are known.
        context: of the command, once it is known which.
    """

    arguments: list[str]
    settings: Listed = field(default_factory=dict)
    context: typer.Context | None = None

    def asks_for(self, flag: str) -> bool:
        """Whether a flag without a value is on, typed or as a setting."""
        if flag in self.arguments:
            return True
        for param in self.context.command.params if self.context else ():
            if flag in param.opts and self.context:
                value, _ = param.consume_value(self.context, {})
                return str(value).lower() in TRUE
        return False

    def origins(self, message: str) -> list[str]:
        """Where the flags in a message come from that were not typed, a clause for each."""
        told = []
        for param in self.context.command.params if self.context else ():
            flag = next((each for each in param.opts if each.startswith("--")), "")
            if flag and self.context and _names(message, flag):
                origin = origin_of(self.context, param)
                if origin not in ("default", "flag"):
                    told.append(f"{flag} comes from {origin}")
        return told


def _names(message: str, flag: str) -> bool:
    """Whether the message has the flag, and not merely one that begins like it."""
    rest = message.partition(flag)
    return bool(rest[1]) and not (rest[2][:1].isalpha() or rest[2][:1] == "-")
