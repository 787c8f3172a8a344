"""AutoETS and AutoTheta, run by the benchmark's own environment: statsforecast holds pandas back.

    .venv-bench/bin/python tests/benchmarks/classical.py METHOD SEASONS HORIZON IN.npz OUT.npz

SEASONS are rows in a season, several separated by commas, of which only MSTL takes all. IN holds
`values`, all series one after the other, and `bounds` (N+1,) between them; OUT gets `said` (N, H)
and `seconds`. Imports nothing of the project, whose packages are not there.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import MSTL, AutoETS, AutoTheta, SeasonalNaive

METHODS = {
    "AutoETS": lambda seasons: AutoETS(season_length=seasons[-1], alias="said"),
    "AutoTheta": lambda seasons: AutoTheta(season_length=seasons[-1], alias="said"),
    "MSTL": lambda seasons: MSTL(season_length=seasons, alias="said"),  # AutoETS on the rest
}


def main() -> None:
    method, horizon = sys.argv[1], int(sys.argv[3])
    seasons = [int(text) for text in sys.argv[2].split(",")]
    arrays = np.load(sys.argv[4])
    values, sizes = arrays["values"], np.diff(arrays["bounds"])
    table = pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(len(sizes)), sizes),
            "ds": np.concatenate([np.arange(size) for size in sizes]),
            "y": values,
        }
    )
    # Whoever uses them would fall back on the seasonal naive where they give up on a series.
    spare = SeasonalNaive(season_length=seasons[-1])
    runner = StatsForecast(
        models=[METHODS[method](seasons)], freq=1, n_jobs=2, fallback_model=spare
    )
    began = time.perf_counter()
    made = runner.forecast(df=table, h=horizon)
    took = time.perf_counter() - began
    said = made.sort_values(["unique_id", "ds"])["said"].to_numpy(np.float64)
    np.savez(sys.argv[5], said=said.reshape(len(sizes), horizon), seconds=took)


if __name__ == "__main__":
    main()
