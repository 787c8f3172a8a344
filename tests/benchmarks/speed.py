"""Whole commands, cold, in turn with `python -c "import tensorflow"`; ratios of pairs."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.ours import FORECAST
from tests.benchmarks.process import measured

__all__ = ["ratios", "training_memory"]

SAMPLE = Path(__file__).parents[2] / "sample_data" / "airline-passengers.csv"
YARDSTICK = [sys.executable, "-c", "import tensorflow"]


def ratios(rounds: int) -> list[dict[str, Any]]:
    """Print and return each command's median ratio to the yardstick, pair by pair."""
    commands = {
        "forecast --help": [*FORECAST, "--help"],
        "forecast --version": [*FORECAST, "--version"],
        "forecast predict": [*FORECAST, "predict", "--quiet"],
        "forecast train": [*FORECAST, "train", SAMPLE.name, "--quiet"],
    }
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(SAMPLE, folder)
        measured(commands["forecast train"], folder)  # a run for predict, and a warm disk
        print(f"{'command':<20}{'seconds':>9}{'ratio':>8}{'peak MB':>9}   (airline-passengers)")
        for title, command in commands.items():
            pairs = [
                (measured(command, folder), measured(YARDSTICK, folder)) for _ in range(rounds)
            ]
            row = {
                "command": title,
                "seconds": round(statistics.median(own.seconds for own, _ in pairs), 3),
                "ratio": round(statistics.median(a.seconds / b.seconds for a, b in pairs), 3),
                "peak_mb": round(statistics.median(own.peak_mb for own, _ in pairs)),
            }
            rows.append(row)
            print(f"{title:<20}{row['seconds']:>9}{row['ratio']:>8}{row['peak_mb']:>9}", flush=True)
    return rows


def training_memory() -> list[dict[str, Any]]:
    """Print and return the peak memory of `train` with short and long windows.

    All windows of the longer kind at once would be 500 series x 350 cutoffs x 408 values in 8
    bytes, 570 MB; they are gathered a few thousand at a time.
    """
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "panel.csv").open("w") as file:
            file.write("id,step,y\n")
            for series in range(500):
                file.writelines(f"s{series},{i},{(i * 7919 + series) % 97}\n" for i in range(800))
        print(
            f"{'window of train':<20}{'seconds':>9}{'':>8}{'peak MB':>9}   (500 series, 800 rows)"
        )
        for window in (24, 384):
            command = [*FORECAST, "train", "panel.csv", "--quiet"]
            command += ["--season", "12", "--horizon", "24", "--steps", "100"]
            cost = measured([*command, "--window", str(window)], folder)
            row = {
                "window": window,
                "seconds": round(cost.seconds, 1),
                "peak_mb": round(cost.peak_mb),
            }
            rows.append(row)
            print(f"{window:<20}{row['seconds']:>9}{'':>8}{row['peak_mb']:>9}", flush=True)
    return rows
