"""What a whole command costs: wall-clock seconds and peak memory.

    python process.py COMMAND...       prints them, last line of standard output

It is a small process of its own that starts the command: the peak that the system reports for a
child is never below its parent's size at the start, and the benchmark itself is large.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["CommandFailed", "Cost", "measured"]


class CommandFailed(RuntimeError):
    """A command did not exit with 0."""


@dataclass(frozen=True)
class Cost:
    """Of one command.

    Attributes:
        seconds: on the clock, from start to exit.
        cpu_seconds: of all cores together, which a busy machine changes less.
        peak_mb: largest resident memory, in units of 2**20 bytes.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float


def measured(command: list[str], folder: Path) -> Cost:
    """Run a command in a folder, to the end.

    Raises:
        CommandFailed: with what it said.
    """
    launcher = [sys.executable, "-I", "-S", __file__, *command]
    done = subprocess.run(launcher, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise CommandFailed(f"{' '.join(command)}\nexited {done.returncode}:\n{done.stderr}")
    return Cost(**json.loads(done.stdout))


def main() -> None:
    began = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    unit = 2**20 if sys.platform == "darwin" else 2**10  # of ru_maxrss: bytes there, kB here
    cost = Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
    print(json.dumps(asdict(cost)))
    process.returncode = os.waitstatus_to_exitcode(status)
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
