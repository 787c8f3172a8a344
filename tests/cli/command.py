"""The real command, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SAMPLES", "Done", "forecast"]

SAMPLES = Path(__file__).parents[2] / "sample_data"


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
