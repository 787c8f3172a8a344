"""`forecast predict` on many series in Parquet, beside pandas that only reads the file."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks.ours import FORECAST
from tests.benchmarks.process import measured

__all__ = ["predict_many"]

SERIES, ROWS, TAUGHT = 100_000, 200, 300


def predict_many(rounds: int, series: int = SERIES) -> list[dict[str, Any]]:
    """Print and return seconds of both, and their median ratio, pair by pair."""
    reading = [sys.executable, "-c", "import pandas; pandas.read_parquet('all.parquet')"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = _panel(series)
        table.to_parquet(folder / "all.parquet", index=False)
        table.iloc[: TAUGHT * ROWS].to_parquet(folder / "some.parquet", index=False)
        del table
        train = ["train", "some.parquet", "--preset", "fast", "--horizon", "12", "--quiet"]
        measured([*FORECAST, *train], folder)
        predict = [*FORECAST, "predict", "all.parquet", "--quiet", "-o", "forecast.csv"]
        pairs = [(measured(predict, folder), measured(reading, folder)) for _ in range(rounds)]
    row = {
        "series": series,
        "rows": ROWS,
        "seconds": round(statistics.median(own.seconds for own, _ in pairs), 2),
        "pandas_seconds": round(statistics.median(other.seconds for _, other in pairs), 2),
        "ratio": round(statistics.median(a.seconds / b.seconds for a, b in pairs), 2),
        "peak_mb": round(statistics.median(own.peak_mb for own, _ in pairs)),
    }
    print(f"{'predict, read':<20}{row['seconds']:>9}{row['ratio']:>8}{row['peak_mb']:>9}", end="")
    print(f"   ({series:,} series of {ROWS} rows; ratio to pandas.read_parquet)", flush=True)
    return [row]


def _panel(series: int) -> pd.DataFrame:
    """Months with a level, a season and noise, all from one seed."""
    random = np.random.default_rng(1)
    months = pd.date_range("2005-01-01", periods=ROWS, freq="MS")
    season = 10 * np.sin(2 * np.pi * np.arange(ROWS) / 12)
    values = random.uniform(100, 500, (series, 1)) + season + random.normal(0, 5, (series, ROWS))
    names = np.array([f"s{number}" for number in range(series)], dtype=object)
    return pd.DataFrame(
        {
            "id": np.repeat(names, ROWS),
            "month": np.tile(months.to_numpy(), series),
            "y": values.ravel(),
        }
    )
