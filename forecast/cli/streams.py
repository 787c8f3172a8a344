"""What goes to which stream: results to stdout, errors and progress to stderr."""

from __future__ import annotations

import json
import sys
from typing import Any

__all__ = ["SCHEMA", "say", "say_error", "say_json", "say_note", "say_raw"]

SCHEMA = 1  # of every document that --json prints


def say(line: str) -> None:
    """A line of the result."""
    say_raw(line + "\n")


def say_raw(text: str) -> None:
    """Data, as they are."""
    sys.stdout.write(text)
    sys.stdout.flush()


def say_json(document: dict[str, Any]) -> None:
    """The one document of --json."""
    say(json.dumps({"schema": SCHEMA, **document}, indent=1, allow_nan=False))


def say_note(line: str) -> None:
    """Something that a person should know, beside the result."""
    sys.stderr.write(f"note: {line}\n")


def say_error(message: str, hint: str, document: dict[str, Any] | None) -> None:
    """One error on stderr, its remedy under it; as a document on stdout too where asked for."""
    sys.stderr.write(f"error: {message}\n" + (f"hint:  {hint}\n" if hint else ""))
    if document is not None:
        say_json({"error": document})
