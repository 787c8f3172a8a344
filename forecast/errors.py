"""The errors a person can cause and mend; anything else is a bug.

ForecastError               exit 1, never raised itself
├── SpecError               exit 2, wrong usage: a flag, a setting, two that contradict
├── InstallError            exit 2, the installation predicts only: it lacks what trains
├── DataError               exit 3, the data file: unreadable, ambiguous, too short
├── RunError                exit 4, a run folder: missing, corrupt, foreign, does not fit the data
├── OutputError             exit 2, the output cannot be written where -o points
├── WorseError              exit 5, a simple method does better, where that was to be an error
├── StaleError              exit 6, the newest row is older than was allowed
├── BusyError               exit 7, another process is writing there
└── StoppedError            exit 8, the time limit; 130 and 143 for a signal that stopped it

A message gives the rule, what was received and where; `hint` gives the remedy, a flag to type.
"""

from __future__ import annotations

__all__ = [
    "BusyError",
    "DataError",
    "ForecastError",
    "InstallError",
    "OutputError",
    "RunError",
    "SpecError",
    "StaleError",
    "StoppedError",
    "WorseError",
]


class ForecastError(Exception):
    """A failure with a remedy.

    Args:
        message: the rule that was broken, what was received, and where.
        hint: what to do about it, with the flag to type where there is one.

    Example:
        >>> error = DataError("no column 'pasengers'", hint="did you mean --target Passengers?")
        >>> error.exit_code, error.code
        (3, 'data')
    """

    exit_code = 1
    code = "bug"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SpecError(ForecastError):
    """Wrong usage: a flag out of range, or two that contradict each other."""

    exit_code = 2
    code = "usage"


class InstallError(ForecastError):
    """A package that this command needs is not installed."""

    exit_code = 2
    code = "install"


class DataError(ForecastError):
    """The data cannot be read, is ambiguous, or is not enough."""

    exit_code = 3
    code = "data"


class OutputError(ForecastError):
    """The result cannot be written where it was asked to go."""

    exit_code = 2
    code = "output"


class WorseError(ForecastError):
    """A simple method does better, where that was to be an error."""

    exit_code = 5
    code = "worse"


class StaleError(ForecastError):
    """The newest row is older than was allowed."""

    exit_code = 6
    code = "stale"


class BusyError(ForecastError):
    """Another process is writing where this one was to write."""

    exit_code = 7
    code = "busy"


class StoppedError(ForecastError):
    """A training was stopped before it could publish anything; what it did can be gone on with.

    Args:
        message: by what, where, and where it is kept.
        hint: how to go on.
        exit_code: 8 for the time limit, else 128 and the number of the signal.
    """

    exit_code = 8
    code = "stopped"

    def __init__(self, message: str, *, hint: str = "", exit_code: int = 8) -> None:
        super().__init__(message, hint=hint)
        self.exit_code = exit_code


class RunError(ForecastError):
    """No run, or one that cannot be used."""

    exit_code = 4
    code = "run"
