"""A training step of ours beside PyTorch's nn.LSTM of the same shape, in turn, on the CPU."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.others import BENCH_PYTHON, ROOT

__all__ = ["steps_beside_torch"]

SHAPES = {  # LSTM steps, features, units, batch, horizon
    "T=24 U=32 B=32": [24, 1, 32, 32, 12],
    "T=96 U=64 B=128": [96, 1, 64, 128, 24],
    "folded 14x24 U=64 B=256": [14, 24, 64, 256, 24],
}
STEPS = 300  # measured, of each

OURS = [sys.executable, "-m", "tests.benchmarks.our_steps"]
THEIRS = [str(BENCH_PYTHON), str(Path(__file__).with_name("torch_steps.py"))]


def steps_beside_torch(rounds: int) -> list[dict[str, Any]]:
    """Print and return the median milliseconds of both, and the median ratio of the pairs."""
    pairs = [(milliseconds(OURS), milliseconds(THEIRS)) for _ in range(rounds)]
    rows: list[dict[str, Any]] = []
    print(f"{'training step':<26}{'ours ms':>9}{'torch ms':>10}{'ratio':>8}")
    for place, shape in enumerate(SHAPES):
        ours = [own[place] for own, _ in pairs]
        theirs = [other[place] for _, other in pairs]
        row = {
            "shape": shape,
            "ours_ms": round(statistics.median(ours), 2),
            "torch_ms": round(statistics.median(theirs), 2),
            "ratio": round(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 2),
        }
        rows.append(row)
        print(f"{shape:<26}{row['ours_ms']:>9}{row['torch_ms']:>10}{row['ratio']:>8}", flush=True)
    return rows


def milliseconds(command: list[str]) -> list[float]:
    """Of each shape, from a process of its own."""
    done = subprocess.run(
        [*command, str(STEPS), json.dumps(list(SHAPES.values()))],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} exited {done.returncode}:\n{done.stderr}")
    return [float(each) for each in json.loads(done.stdout.splitlines()[-1])]
