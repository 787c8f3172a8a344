"""What AutoETS and AutoTheta make of a case, in the benchmark's own environment.

They are deterministic, and slow on the larger sets: forecasts are kept in .bench_cache/ under a
hash of everything that they depend on, with the seconds they took when they were made.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.cases import Case, Floats

__all__ = ["BENCH_PYTHON", "Classical", "classical"]

ROOT = Path(__file__).parents[2]
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
CACHE = ROOT / ".bench_cache"
SCRIPT = Path(__file__).with_name("classical.py")


@dataclass(frozen=True)
class Classical:
    """Forecasts (N, H) of a method, and the seconds that they took, without start-up."""

    said: Floats
    seconds: float


def classical(method: str, case: Case, periods: tuple[int, ...]) -> Classical:
    """Run a method on a case, or find what it said before.

    Args:
        method: of classical.METHODS.
        case: what to forecast.
        periods: seasons in rows, shortest first; only MSTL takes more than one.
    """
    values = np.concatenate(case.past)
    bounds = np.cumsum([0, *(len(past) for past in case.past)])
    what = f"{method} {periods} {case.horizon} {SCRIPT.read_text()}".encode()
    digest = hashlib.sha256(what + values.tobytes() + bounds.tobytes()).hexdigest()
    kept = CACHE / f"{method}-{digest[:16]}.npz"
    if not kept.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as name:
            given, made = Path(name) / "given.npz", Path(name) / "made.npz"
            np.savez(given, values=values, bounds=bounds)
            seasons = ",".join(map(str, periods))
            command = [str(BENCH_PYTHON), "-W", "ignore", str(SCRIPT), method, seasons]
            subprocess.run([*command, str(case.horizon), str(given), str(made)], check=True)
            made.rename(kept)
    with np.load(kept) as arrays:
        return Classical(arrays["said"], float(arrays["seconds"]))
