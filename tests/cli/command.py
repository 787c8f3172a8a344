"""The real command, in a process of its own or, four seconds sooner, in this one."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

__all__ = ["DATA", "SAMPLES", "Done", "forecast", "forecast_here"]

SAMPLES = Path(__file__).parents[2] / "sample_data"
DATA = "sample_data/airline-passengers.csv"


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


def forecast(*arguments: str | Path, cwd: Path, stdin: str = "", timeout: float = 300) -> Done:
    """Run `forecast ARGUMENTS` in a folder; standard input is a pipe."""
    done = subprocess.run(
        [sys.executable, "-m", "forecast", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        env=os.environ | {"PYTHONWARNINGS": "default,ignore::DeprecationWarning"},
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def forecast_here(*arguments: str | Path, cwd: Path) -> Done:
    """The same in this process, where TensorFlow is imported once for all tests.

    For trainings that are made to be looked at. What a process alone can show (streams, signals,
    what is imported, what is left when it dies) is for `forecast`.
    """
    from forecast.cli import main

    out, err, before = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGTERM)
    with (
        mock.patch.object(sys, "argv", ["forecast", *map(str, arguments)]),
        mock.patch.dict(os.environ),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        finally:
            signal.signal(signal.SIGTERM, before)
    assert isinstance(code, int)
    return Done(code, out.getvalue(), err.getvalue())
