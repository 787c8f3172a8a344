"""How long a large file takes to load, beside pandas with pyarrow and a sort.

    python -m tests.benchmarks.bench_load [ROWS] [SERIES]

makes a CSV of so many rows, and measures in processes of their own the wall-clock time and the
peak of the resident memory of `forecast.data.load` and of
`pandas.read_csv(engine="pyarrow").sort_values([...])`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROWS, SERIES = 2_000_000, 10_000

_OURS = """
from forecast import data
from forecast.spec import DataSpec
panel = data.load(DataSpec(path)).panel
size = len(panel.time)
"""
_THEIRS = """
import pandas as pd
frame = pd.read_csv(path, engine="pyarrow").sort_values(["unique_id", "ds"])
size = len(frame)
"""
_MEASURED = """
import json, resource, sys, time
path = sys.argv[1]
began = time.perf_counter()
{work}
took = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({{"seconds": took, "peak": peak, "rows": size}}))
"""


def write(path: Path, rows: int, series: int) -> None:
    """A panel of daily values, one time stamp after the other."""
    days = rows // series
    rng = np.random.default_rng(1)
    ids = [f"S{i:06d}" for i in range(series)]
    start = np.datetime64("2020-01-01")
    with path.open("w", encoding="utf-8") as file:
        file.write("unique_id,ds,y\n")
        for day in range(days):
            stamp = str(start + day)
            values = rng.normal(100, 15, series)
            file.writelines(f"{i},{stamp},{v:.3f}\n" for i, v in zip(ids, values, strict=True))


def measure(work: str, path: Path) -> dict[str, float]:
    """Seconds and peak bytes of some work in a process of its own."""
    code = _MEASURED.format(work=work)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result


def load_beside_pandas(rows: int = ROWS, series: int = SERIES) -> dict[str, object]:
    """Write a file, measure both on it, print and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panel.csv"
        write(path, rows, series)
        ours, theirs = measure(_OURS, path), measure(_THEIRS, path)
        size = path.stat().st_size
    in_memory = 3 * 8 * ours["rows"]
    print(f"{ours['rows']:,} rows, {series:,} series, {size / 1e6:,.0f} MB")
    for name, each in (("forecast.data.load", ours), ("pandas and a sort", theirs)):
        print(
            f"{name:<20}{each['seconds']:8.2f} s {each['peak'] / 1e6:8,.0f} MB peak, "
            f"{each['peak'] / in_memory:.1f} x three float64 columns"
        )
    ratio = ours["seconds"] / theirs["seconds"]
    print(f"time: {ratio:.2f} x pandas", flush=True)
    return {
        "rows": rows,
        "series": series,
        "ratio": round(ratio, 2),
        "ours": ours,
        "pandas": theirs,
    }


if __name__ == "__main__":
    load_beside_pandas(*[int(text) for text in sys.argv[1:3]])
