"""Train, update, predict and score again and again: do memory, files and seconds stay the same?

    python -m tests.benchmarks.soak [CYCLES]

All cycles run in one process, as in a service: what a command leaves behind there, it leaves in
no process of its own. After each only the two newest runs are kept. The ledger's bound, thirteen
years of nights by default, is set to what the first tenth of 300 cycles fills. The series is too
short for XLA: TensorFlow keeps some 12 MB of every network that XLA has compiled in a process.
"""

from __future__ import annotations

import logging
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from forecast import store
from forecast.flows import keeping, runs
from forecast.flows.events import Event
from forecast.flows.keeping import keep_forecast
from forecast.flows.predict import predict
from forecast.flows.score import score
from forecast.flows.tables import forecast_csv
from forecast.flows.train import train
from forecast.flows.update import update
from forecast.spec import DataSpec, FitSpec, LedgerSpec, NetSpec, RunSpec, UpdateSpec

__all__ = ["Cycle", "Trend", "cycle", "rows_of", "soak", "trend_of"]

FIRST, MORE, KEPT = 300, 12, 2  # rows of the training, new ones before each next step; runs
NUMBER = 5_000_000  # of the first step; from 1800 on a thousand of them would be years
LEDGER = LedgerSpec(forecasts=75)  # of 25 cycles: score finds enough cutoffs to look for a drift
PARTS = 10  # of the soak; the first warms up, the others are compared
GROWTH = 0.05  # of the level, over all cycles, that still counts as flat
STUDENT = 2.36  # errors each way, 95 % of the time: nine parts, less two for the line
MEASURES = ("seconds", "cpu_seconds", "memory_mb", "files", "kilobytes", "handles")
OUTPUT = Path("output")
TRAINING = RunSpec(
    DataSpec("a.csv", target="y", time=("step",), season=12),
    NetSpec(units=4),
    FitSpec(members=1, steps=10),
)


@dataclass(frozen=True)
class Cycle:
    """What one cycle left.

    Attributes:
        seconds: that it took.
        cpu_seconds: that its processor worked; other work on the machine does not show in it.
        memory_mb: resident in the process, in units of 2**20 bytes.
        files: in the output folder, folders among them.
        kilobytes: of these files.
        handles: open in the process.
        published: whether the update took the place of the training.
        scored: forecasts that were held against what happened.
    """

    seconds: float
    cpu_seconds: float
    memory_mb: float
    files: int
    kilobytes: float
    handles: int
    published: bool
    scored: int


@dataclass(frozen=True)
class Trend:
    """A straight line through the means of the parts after the first.

    Attributes:
        level: their mean.
        slope: of a cycle.
        error: the slope's standard error. Of parts and not of cycles, as cycles that follow one
            another are alike, and would make it look smaller than it is.
        verdict: whether it is flat.
    """

    level: float
    slope: float
    error: float
    verdict: str


def rows_of(first: int, count: int) -> str:
    """A season, a trend and noise, from one seed, from the first step on; a CSV."""
    step = np.arange(first + count)
    noise = np.random.default_rng(1).normal(0, 1, len(step))
    values = 100 + 0.01 * step + 10 * np.sin(step * np.pi / 6) + noise
    return "step,y\n" + "".join(f"{NUMBER + i},{values[i]:.3f}\n" for i in step[first:])


def cycle(turn: int) -> Cycle:
    """Train, update and predict with newer rows, score with newer still; where the process is.

    The rows move on with every turn, so that there are always actuals for what was forecast, and
    their number stays the same, so that the work does.
    """
    began, worked, path, first = time.monotonic(), time.process_time(), Path("a.csv"), turn * MORE
    path.write_text(rows_of(first, FIRST))
    train(TRAINING, OUTPUT, "", _deaf)
    path.write_text(rows_of(first, FIRST + MORE))
    updated = update(OUTPUT, None, _deaf, UpdateSpec(steps=10))
    run = store.find_run(OUTPUT, None)
    made = predict(run, None)
    store.write_bytes(run.forecast, forecast_csv((made.loaded, made.forecast)))
    keep_forecast(run, "predict", made.loaded, made.forecast, _deaf)
    path.write_text(rows_of(first, FIRST + 2 * MORE))
    (scored,) = score(run, None)
    runs.keep(OUTPUT, KEPT)
    files = list(OUTPUT.rglob("*"))
    return Cycle(
        seconds=time.monotonic() - began,
        cpu_seconds=time.process_time() - worked,
        memory_mb=_resident(),
        files=len(files),
        kilobytes=sum(each.stat().st_size for each in files if each.is_file()) / 1000,
        handles=len(os.listdir("/proc/self/fd")),
        published=not updated.why,
        scored=scored.forecasts,
    )


def soak(cycles: int, one: Callable[[int], Cycle] = cycle) -> dict[str, Any]:
    """Print and return the parts, the trend of each measure over them, and whether it is flat."""
    done: list[Cycle] = []
    size = max(cycles // PARTS, 1)
    parts: list[dict[str, Any]] = []
    print(_head(), flush=True)
    with _alone():
        for turn in range(size * min(PARTS, cycles)):
            done.append(one(turn))
            if len(done) % size == 0:
                parts.append(_part(done, size))
                print(_line(parts[-1]), flush=True)
    report: dict[str, Any] = {"cycles": len(done), "parts": parts, "trends": {}}
    print(f"\n{'':<14}{'first':>10}{'last':>10}{'slope / 100':>13}{'± error':>10}  verdict")
    for name in MEASURES:
        trend = trend_of([part[name] for part in parts[1:]], size)
        report["trends"][name] = asdict(trend)
        ends = "".join(f"{part[name]:>10.2f}" for part in (parts[0], parts[-1]))
        moves = f"{100 * trend.slope:>+13.3f}{100 * trend.error:>10.3f}"
        print(f"{name:<14}{ends}{moves}  {trend.verdict}", flush=True)
    return report


def trend_of(means: list[float], size: int) -> Trend:
    """The line through parts of `size` cycles each, at least three of them.

    Example:
        >>> trend_of([5.0, 5.0, 5.0, 5.0], 30).verdict
        'flat: +0.0 % in 120 cycles, +0.0 % at most'
    """
    level, span = statistics.mean(means), size * len(means)
    at = size * (np.arange(len(means)) - (len(means) - 1) / 2)
    slope = float(at @ means / (at @ at))
    off = np.array(means) - level - slope * at
    error = math.sqrt(float(off @ off) / (len(means) - 2) / float(at @ at))
    grown, most = (each * span / level for each in (slope, slope + STUDENT * error))
    told = f"{grown:+.1%} in {span} cycles, {most:+.1%} at most".replace("%", " %")
    if most <= GROWTH:
        verdict = f"flat: {told}"
    elif slope > STUDENT * error:
        verdict = f"GROWS: {told}"
    else:
        verdict = f"cannot be told: {told}"
    return Trend(level, slope, error, verdict)


@contextmanager
def _alone() -> Iterator[None]:
    """A folder of its own to work in, and a ledger that is soon full."""
    home, usual = Path.cwd(), keeping.BOUNDS
    warnings = logging.getLogger("tensorflow")
    heard = warnings.level
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        keeping.BOUNDS = LEDGER
        warnings.setLevel(logging.ERROR)  # that every cycle traces a network anew is the point
        try:
            yield
        finally:
            os.chdir(home)
            keeping.BOUNDS = usual
            warnings.setLevel(heard)


def _part(done: list[Cycle], size: int) -> dict[str, Any]:
    """The means of the newest cycles, and the sums of what happened in them."""
    part = [asdict(each) for each in done[-size:]]
    means = {name: statistics.mean(each[name] for each in part) for name in MEASURES}
    means |= {name: _usual(part, name) for name in ("seconds", "cpu_seconds")}
    published = sum(each["published"] for each in part)
    scored = statistics.mean(each["scored"] for each in part)
    span = f"{len(done) - size + 1}-{len(done)}"
    return {"cycles": span, **means, "published": published, "scored": scored}


def _usual(part: list[dict[str, Any]], name: str) -> float:
    """The mean of two medians: of cycles whose update was published, and of the others.

    To publish takes longer, and in some parts more are; and a machine that others work on has slow
    moments, on which the middle does not hang.
    """
    kinds = [
        [float(each[name]) for each in part if each["published"] is kind] for kind in (True, False)
    ]
    return statistics.fmean(statistics.median(kind) for kind in kinds if kind)


def _head() -> str:
    return (
        f"{'cycles':<10}{'seconds':>9}{'CPU':>8}{'MB':>9}{'files':>7}{'kB':>9}{'handles':>9}"
        f"{'published':>11}{'scored':>8}"
    )


def _line(part: dict[str, Any]) -> str:
    return (
        f"{part['cycles']:<10}{part['seconds']:>9.2f}{part['cpu_seconds']:>8.2f}"
        f"{part['memory_mb']:>9.1f}{part['files']:>7.0f}{part['kilobytes']:>9.1f}"
        f"{part['handles']:>9.0f}{part['published']:>11}{part['scored']:>8.1f}"
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _deaf(event: Event) -> None:
    pass


if __name__ == "__main__":
    soak(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
