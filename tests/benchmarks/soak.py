"""Train, update and predict again and again: do memory, files and seconds stay what they were?

    python -m tests.benchmarks.soak [CYCLES]

All cycles run in one process, as in a service: what a command leaves behind there, it leaves in
no process of its own. After each only the two newest runs are kept.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from forecast import store
from forecast.flows import runs
from forecast.flows.events import Event
from forecast.flows.predict import predict
from forecast.flows.tables import forecast_csv
from forecast.flows.train import train
from forecast.flows.update import update
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec, UpdateSpec

__all__ = ["Cycle", "cycle", "rows_of", "soak"]

FIRST, MORE, KEPT = 120, 12, 2  # rows at the beginning, new ones in each cycle; runs
OUTPUT = Path("output")


@dataclass(frozen=True)
class Cycle:
    """What one cycle left.

    Attributes:
        seconds: that it took.
        memory_mb: resident in the process, in units of 2**20 bytes.
        files: in the output folder.
        handles: open in the process.
        published: whether the update took the place of the training.
    """

    seconds: float
    memory_mb: float
    files: int
    handles: int
    published: bool


def rows_of(count: int) -> str:
    """Months with a season, a trend and noise, all from one seed; a CSV."""
    random, step = np.random.default_rng(1), np.arange(count)
    values = 100 + 0.1 * step + 10 * np.sin(step * np.pi / 6) + random.normal(0, 1, count)
    return "step,y\n" + "".join(f"{i},{v:.3f}\n" for i, v in zip(step, values, strict=True))


def cycle(turn: int) -> Cycle:
    """Train on the newest rows, update with more of them, predict; in the working directory.

    The rows begin anew after a few turns, so that the work stays the same.
    """
    began, path = time.monotonic(), Path("a.csv")
    rows = FIRST + MORE * (turn % 4)
    path.write_text(rows_of(rows))
    data = DataSpec("a.csv", target="y", time=("step",), season=12)
    train(RunSpec(data, NetSpec(units=4), FitSpec(members=1, steps=10)), OUTPUT, "", _deaf)
    path.write_text(rows_of(rows + MORE))
    updated = update(OUTPUT, None, _deaf, UpdateSpec(steps=10))
    run = store.find_run(OUTPUT, None)
    made = predict(run, None)
    store.write_text(run.forecast, forecast_csv((made.loaded, made.forecast)))
    runs.keep(OUTPUT, KEPT)
    return Cycle(
        seconds=time.monotonic() - began,
        memory_mb=_resident(),
        files=sum(1 for _ in OUTPUT.rglob("*")),
        handles=len(os.listdir("/proc/self/fd")),
        published=not updated.why,
    )


def soak(cycles: int) -> list[dict[str, Any]]:
    """Print and return the medians of every tenth of the cycles."""
    done: list[Cycle] = []
    rows: list[dict[str, Any]] = []
    home, size = Path.cwd(), max(cycles // 10, 1)
    print(f"{'cycles':<12}{'seconds':>9}{'MB':>8}{'files':>8}{'handles':>9}{'published':>11}")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for turn in range(cycles):
                done.append(cycle(turn))
                if len(done) % size == 0:
                    rows.append(_row(done, size))
                    print(_line(rows[-1]), flush=True)
        finally:
            os.chdir(home)
    return rows


def _row(done: list[Cycle], size: int) -> dict[str, Any]:
    tenth = [asdict(each) for each in done[-size:]]
    medians = {name: statistics.median(each[name] for each in tenth) for name in tenth[0]}
    medians["published"] = sum(each["published"] for each in tenth)
    return {"cycles": f"{len(done) - size + 1}-{len(done)}", **medians}


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['cycles']:<12}{row['seconds']:>9.2f}{row['memory_mb']:>8.0f}{row['files']:>8.0f}"
        f"{row['handles']:>9.0f}{row['published']:>11}"
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _deaf(event: Event) -> None:
    pass


if __name__ == "__main__":
    soak(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
