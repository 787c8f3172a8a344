"""A training step of ours beside PyTorch's nn.LSTM of the same shape, in turn, on the CPU."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.others import BENCH_PYTHON, ROOT

__all__ = ["steps_beside_torch"]

SHAPES = {  # training steps, then LSTM steps, features, units, batch, horizon
    "T=24 U=32 B=32": [1500, 24, 1, 32, 32, 12],
    "T=96 U=64 B=128": [600, 96, 1, 64, 128, 24],
    "folded 14x24 U=64 B=256": [600, 14, 24, 64, 256, 24],
}
SUMMARIES: dict[str, Callable[[list[float]], float]] = {"median": statistics.median, "least": min}
HEAD = ("ours", "torch", "ratio", "least", "torch", "ratio")

OURS = [sys.executable, "-m", "tests.benchmarks.our_steps"]
THEIRS = [str(BENCH_PYTHON), str(Path(__file__).with_name("torch_steps.py"))]


def steps_beside_torch(rounds: int) -> list[dict[str, Any]]:
    """Print and return milliseconds of a step and their ratio, by the median and by the least.

    The least tells more on a busy machine, where threads that wait for each other cost PyTorch
    more than ours.
    """
    pairs = [(milliseconds(OURS), milliseconds(THEIRS)) for _ in range(rounds)]
    rows: list[dict[str, Any]] = []
    print(_line("training step, ms", HEAD))
    for place, shape in enumerate(SHAPES):
        row: dict[str, Any] = {"shape": shape}
        for which, (name, of) in enumerate(SUMMARIES.items()):
            ours = of([own[place][which] for own, _ in pairs])
            theirs = of([other[place][which] for _, other in pairs])
            row[name] = {"ours_ms": ours, "torch_ms": theirs, "ratio": ours / theirs}
        rows.append(row)
        cells = [cell for name in SUMMARIES for cell in row[name].values()]
        print(_line(shape, [f"{cell:.2f}" for cell in cells]), flush=True)
    return rows


def _line(first: str, cells: Sequence[str]) -> str:
    return f"{first:<26}" + "".join(f"{cell:>8}" for cell in cells)


def milliseconds(command: list[str]) -> list[list[float]]:
    """Median and least of each shape, from a process of its own."""
    done = subprocess.run(
        [*command, json.dumps(list(SHAPES.values()))],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} exited {done.returncode}:\n{done.stderr}")
    found: list[list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found
