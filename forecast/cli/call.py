"""One call of the command: what was typed, and what is known of it when something goes wrong."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import typer

from forecast.cli.log import log_line
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
        log: file that gets what happens, None where none was asked for.
        began: time.monotonic().
        failure: what went wrong, as --json prints it.
    """

    arguments: list[str]
    settings: Listed = field(default_factory=dict)
    context: typer.Context | None = None
    log: str | None = None
    began: float = field(default_factory=time.monotonic)
    failure: dict[str, Any] = field(default_factory=dict)

    def begin_log(self, path: str) -> None:
        """Log that the command has begun, and later how it ended.

        Raises:
            OSError: the file cannot be written.
        """
        log_line(path, "start", arguments=self.arguments)
        self.log = path

    def end(self, exit_code: int) -> None:
        """Log how it ended; whoever cannot be written to any more has had the rest."""
        name = "error" if self.failure else "stopped" if exit_code > 128 else "end"
        seconds = round(time.monotonic() - self.began, 3)
        with suppress(OSError):
            fields = {"exit_code": exit_code, **self.failure, "seconds": seconds}
            log_line(self.log, name, **fields)

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

    def of_the_training(self, hint: str) -> list[str]:
        """Where the flags in a hint stand that this command has not, as it reads like the training.

        A clause, or none.
        """
        if self.context is None or "train" in hint:
            return []
        commands = getattr(self.context.find_root().command, "commands", {})
        own, its = (
            {flag for param in command.params for flag in param.opts if flag.startswith("--")}
            for command in (self.context.command, commands["train"])
        )
        lacking = sorted(flag for flag in its - own if _names(hint, flag))
        if not lacking:
            return []
        verb = "is a flag" if len(lacking) == 1 else "are flags"
        return [
            f"{', '.join(lacking)} {verb} of forecast train: {self.context.info_name} reads the "
            "file as the training did"
        ]


def _names(message: str, flag: str) -> bool:
    """Whether the message has the flag, and not merely one that begins like it."""
    rest = message.partition(flag)
    return bool(rest[1]) and not (rest[2][:1].isalpha() or rest[2][:1] == "-")
