"""Rolling origins, with the product's own `forecast backtest`: every short classic, some panels.

Each fold is a training of its own on the rows before it, of the defaults. The classics are each
alone, beside AutoETS and AutoTheta on the same rows. Of the panels it is counted how many values
lie inside the intervals; the last origin is that of the competition's own test.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks.ours import FORECAST
from tests.benchmarks.process import Cost, measured
from tests.benchmarks.sets import SETS

__all__ = ["ROLLING", "ROLLING_PANELS", "rolling_classics", "rolling_panel"]

ROLLING = "classics-rolling"
ROLLING_PANELS = {f"{name}-rolling": name for name in ("m4-weekly", "m3-monthly", "hospital")}
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
    same = _same(ROLLING, costs, SECONDS)
    mine = _geometric([each["mase"] for each in ours], found)
    worse = sum(
        each["mase"] > WORSE * all_["seasonal naive"]["mase"]
        for each, all_ in zip(ours, found, strict=True)
    )
    rows = [
        same | {"metric": f"MASE ratio of {len(found)}", "ours": mine, "seeds": [mine]} | shares,
        same | {"metric": "series 10 % worse", "ours": worse, "seeds": [worse]} | lost,
    ]
    return [*rows, *_covered(same, [ours])]


def rolling_panel(name: str, data: Path, seeds: list[list[str]], flags: list[str]) -> list[Row]:
    """Rows: per cent of the values of all folds that lie inside the intervals, seed by seed."""
    chosen = SETS[ROLLING_PANELS[name]]
    columns = ["--id", "unique_id", "--time", "ds", "--target", "y"]
    command = [*FORECAST, "backtest", "panel.csv", *columns, *chosen.flags, *flags, "--quiet"]
    command += ["--folds", str(FOLDS), "--refit", "every", "--methods", "lstm,seasonal-naive"]
    found, costs = [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        chosen.read(data / chosen.path).to_csv(folder / "panel.csv", index=False)
        for seed in seeds:
            costs.append(measured([*command, *seed, "-o", "".join(seed)], folder))
            document = next((folder / "".join(seed) / "backtests").glob("*/backtest.json"))
            methods = json.loads(document.read_text())["methods"]
            found.append([next(iter(methods.values()))])
    return _covered(_same(name, costs, chosen.limit_s), found)


def _same(name: str, costs: list[Cost], limit_s: int) -> Row:
    """What all rows of a set share; seconds are those of one training."""
    return {
        "set": name, "must": None, "aim": None, "published": {},
        "seconds": round(sum(cost.seconds for cost in costs) / len(costs) / FOLDS, 1),
        "limit_s": limit_s,
        "cpu_seconds": round(sum(cost.cpu_seconds for cost in costs) / len(costs), 1),
        "peak_mb": round(max(cost.peak_mb for cost in costs)),
    }  # fmt: skip


def _covered(same: Row, found: list[list[dict[str, Any]]]) -> list[Row]:
    """A row for each interval, of what was found with each seed in one file or in several."""
    rows = []
    for level in ("80", "95"):
        each = [float(np.mean([one[f"coverage{level}"] for one in of])) for of in found]
        seeds = [round(100 * share, 2) for share in each]
        ours = round(100 * float(np.mean(each)), 2)
        row = {"metric": f"% in {level}", "ours": ours, "seeds": seeds, "aim": float(level)}
        rows.append(same | row)
    return rows


def _geometric(errors: list[float], found: list[dict[str, Any]]) -> float:
    """The geometric mean of errors as shares of the seasonal naive's."""
    simple = [each["seasonal naive"]["mase"] for each in found]
    return round(float(np.exp(np.mean(np.log(np.array(errors) / np.array(simple))))), 4)
