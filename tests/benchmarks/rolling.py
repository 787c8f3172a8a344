"""Every short classic by itself, over rolling origins, with the product's own `forecast backtest`.

Each fold is a training of its own on the rows before it, of the defaults, beside AutoETS and
AutoTheta on the same rows.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks.ours import FORECAST
from tests.benchmarks.process import measured

__all__ = ["ROLLING", "rolling_classics"]

ROLLING = "classics-rolling"
FOLDS = 4
METHODS = {"AutoETS": "ETS", "AutoTheta": "theta", "seasonal naive": "seasonal naive"}
WORSE = 1.1  # times the seasonal naive's error
SECONDS = 60  # that one training may take, there are FOLDS of them

Row = dict[str, Any]


def rolling_classics(data: Path, flags: list[str]) -> list[Row]:
    """Rows: geometric mean MASE by the seasonal naive's, series lost by a tenth, coverage."""
    found, costs = [], []
    for path in sorted((data / "classics").glob("*.csv")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            table = pd.read_csv(path, dtype={0: str}).iloc[:, :2].dropna()
            table.set_axis(["ds", "y"], axis=1).to_csv(folder / "series.csv", index=False)
            command = [*FORECAST, "backtest", "series.csv", "--folds", str(FOLDS), *flags]
            command += ["--refit", "every", "--methods", "lstm,seasonal-naive,ets,theta", "--quiet"]
            try:
                costs.append(measured(command, folder))
            except Exception as error:  # a series too short for so many folds is left out, and said
                print(f"{path.name} is left out: {str(error).splitlines()[-1]}")
                continue
            document = next((folder / "output" / "backtests").glob("*/backtest.json"))
            found.append(json.loads(document.read_text())["methods"])
    ours = [next(iter(each.values())) for each in found]  # what is shipped comes first
    shares = {
        name: _geometric([each[key]["mase"] for each in found], found)
        for name, key in METHODS.items()
    }
    lost = {
        name: sum(each[key]["mase"] > WORSE * each["seasonal naive"]["mase"] for each in found)
        for name, key in METHODS.items()
    }
    seconds = sum(cost.seconds for cost in costs) / len(costs)
    same: Row = {
        "set": ROLLING, "must": None, "aim": None, "published": {},
        "seconds": round(seconds / FOLDS, 1), "limit_s": SECONDS,
        "cpu_seconds": round(sum(cost.cpu_seconds for cost in costs) / len(costs), 1),
        "peak_mb": round(max(cost.peak_mb for cost in costs)),
    }  # fmt: skip
    mine = _geometric([each["mase"] for each in ours], found)
    worse = sum(
        each["mase"] > WORSE * all_["seasonal naive"]["mase"]
        for each, all_ in zip(ours, found, strict=True)
    )
    rows = [
        same | {"metric": f"MASE ratio of {len(found)}", "ours": mine, "seeds": [mine]} | shares,
        same | {"metric": "series 10 % worse", "ours": worse, "seeds": [worse]} | lost,
    ]
    for level in ("80", "95"):
        held = round(100 * float(np.mean([each[f"coverage{level}"] for each in ours])), 1)
        row = {"metric": f"% in {level}", "ours": held, "seeds": [held], "aim": float(level)}
        rows.append(same | row)
    return rows


def _geometric(errors: list[float], found: list[dict[str, Any]]) -> float:
    """The geometric mean of errors as shares of the seasonal naive's."""
    simple = [each["seasonal naive"]["mase"] for each in found]
    return round(float(np.exp(np.mean(np.log(np.array(errors) / np.array(simple))))), 4)
