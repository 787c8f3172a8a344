"""Whole commands, cold, in turn with `python -c "import tensorflow"`; ratios of pairs."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "sample_data" / "airline-passengers.csv"
YARDSTICK = [sys.executable, "-c", "import tensorflow"]
ROUNDS = 5


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall-clock seconds of a process, and its peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} exited {process.returncode}")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # of ru_maxrss: bytes there, kB here
    return wall, usage.ru_maxrss / unit


def ratios() -> list[dict[str, object]]:
    """Print and return each command's median ratio to the yardstick, pair by pair."""
    forecast = [sys.executable, "-m", "forecast"]
    commands = {
        "forecast --help": [*forecast, "--help"],
        "forecast --version": [*forecast, "--version"],
        "forecast predict": [*forecast, "predict", "--quiet"],
        "forecast train": [*forecast, "train", SAMPLE.name, "--quiet"],
    }
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(SAMPLE, folder)
        seconds(commands["forecast train"], folder)  # a run for predict, and a warm disk
        print(f"{'command':<20}{'seconds':>9}{'ratio':>8}{'peak MB':>9}   (airline-passengers)")
        for title, command in commands.items():
            pairs = [(seconds(command, folder), seconds(YARDSTICK, folder)) for _ in range(ROUNDS)]
            row = {
                "command": title,
                "seconds": round(statistics.median(own[0] for own, _ in pairs), 3),
                "ratio": round(statistics.median(own[0] / other[0] for own, other in pairs), 3),
                "peak_mb": round(statistics.median(own[1] for own, _ in pairs)),
            }
            rows.append(row)
            print(f"{title:<20}{row['seconds']:>9}{row['ratio']:>8}{row['peak_mb']:>9}", flush=True)
    return rows


def training_memory() -> list[dict[str, object]]:
    """Print and return the peak memory of `train` with short and long windows.

    All windows of the longer kind at once would be 500 series x 350 cutoffs x 408 values in 8
    bytes, 570 MB; they are gathered a few thousand at a time.
    """
    rows: list[dict[str, object]] = []
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
            command = [sys.executable, "-m", "forecast", "train", "panel.csv", "--quiet"]
            command += ["--season", "12", "--horizon", "24", "--steps", "100"]
            wall, peak = seconds([*command, "--window", str(window)], folder)
            rows.append({"window": window, "seconds": round(wall, 1), "peak_mb": round(peak)})
            print(f"{window:<20}{wall:>9.1f}{'':>8}{peak:>9.0f}", flush=True)
    return rows
