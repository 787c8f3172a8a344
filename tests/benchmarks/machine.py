"""Where and when it was measured, and with which versions."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version

from tests.benchmarks.others import BENCH_PYTHON

__all__ = ["machine"]

OURS = ("lstm-forecast", "tensorflow", "keras", "onnxruntime", "pandas", "numpy")
THEIRS = ("statsforecast", "torch")
ASK = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"


def machine() -> dict[str, str]:
    """The date, the cores, the versions, of the other environment too where there is one."""
    found = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "cores": str(os.cpu_count())}
    found["python"] = platform.python_version()
    found |= {name: version(name) for name in OURS}
    if BENCH_PYTHON.exists():
        command = [str(BENCH_PYTHON), "-c", ASK, *THEIRS]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found |= dict(zip(THEIRS, said.split(), strict=True))
    return found
