"""Whether the cost of `forecast train` grows in step with the number of series."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.ours import FORECAST
from tests.benchmarks.process import measured

__all__ = ["LARGE", "LINEAR", "growth"]

ROWS = 100
LINEAR = (2_000, 4_000, 8_000)
LARGE = (100_000,)


def growth(sizes: tuple[int, ...], flags: list[str]) -> list[dict[str, Any]]:
    """Print and return seconds and peak memory of panels, and their ratios to the one before."""
    rows: list[dict[str, Any]] = []
    print(
        f"{'series of 100 rows':<20}{'seconds':>9}{'of CPU':>9}{'peak MB':>9}   of the row before"
    )
    for series in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(folder / "panel.csv", series)
            command = [*FORECAST, "train", "panel.csv", "--id", "id", "--time", "step"]
            command += ["--target", "y", "--season", "12", "--horizon", "12", "--quiet", *flags]
            cost = measured(command, folder)
        row = {"series": series, **asdict(cost)}
        if rows:
            row["times"] = {what: row[what] / rows[-1][what] for what in asdict(cost)}
        rows.append(row)
        times = "".join(f"{ratio:>7.2f}" for ratio in row.get("times", {}).values())
        print(
            f"{series:<20,}{cost.seconds:>9.1f}{cost.cpu_seconds:>9.1f}{cost.peak_mb:>9.0f}{times}",
            flush=True,
        )
    return rows


def write(path: Path, series: int) -> None:
    """Months with a trend, a season and noise, all from one seed."""
    random = np.random.default_rng(1)
    step = np.arange(ROWS)
    with path.open("w") as file:
        file.write("id,step,y\n")
        for number in range(series):
            level, slope, swing = (
                random.uniform(50, 500),
                random.normal(0, 1),
                random.uniform(5, 50),
            )
            values = level + slope * step + swing * np.sin(2 * np.pi * (step + number) / 12)
            values += random.normal(0, 5, ROWS)
            file.writelines(f"s{number},{i},{v:.2f}\n" for i, v in enumerate(values))
