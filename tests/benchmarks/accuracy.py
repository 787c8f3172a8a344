"""The product's own command on competition sets, scored with the competition's own metric.

The sets are not ours to hand on. A folder is expected to hold, for each set below, NAME_train and
NAME_test as Parquet with the columns unique_id, ds, y; or one file NAME, whose last H rows of
each series are the test.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["SETS", "measure"]


@dataclass(frozen=True)
class Set:
    """One competition set.

    Attributes:
        file: under the data folder, without _train.parquet.
        horizon: steps ahead.
        season: rows in a season, as the competition counts them.
        metric: what the competition scores.
        published: method -> its score there.
    """

    file: str
    horizon: int
    season: int
    metric: str
    published: dict[str, float]


SETS = {
    "m4-weekly": Set("m4/Weekly", 13, 1, "owa", {"ES-RNN": 0.851, "best entrant": 0.739}),
    "m3-monthly": Set("m3/monthly", 18, 12, "smape", {"N-BEATS": 13.24, "Theta": 13.89}),
    "m3-quarterly": Set("m3/quarterly", 8, 4, "smape", {"N-BEATS": 8.80, "Theta": 8.96}),
    "m3-yearly": Set("m3/yearly", 6, 1, "smape", {"N-BEATS": 15.92, "Theta": 16.97}),
    "tourism-monthly": Set("tourism/monthly", 24, 12, "mape", {"N-BEATS": 19.47, "ETS": 21.06}),
    "hospital": Set("panels/hospital", 12, 12, "mase", {"Theta": 0.761, "ETS": 0.765}),
}


def measure(name: str, folder: Path, seeds: int) -> dict[str, object]:
    """Print and return the score of each seed's run beside what was published."""
    chosen = SETS[name]
    train, test = read(folder / chosen.file, chosen.horizon)
    row: dict[str, object] = {"set": name, "metric": chosen.metric, **chosen.published}
    scores, walls = [], []
    for seed in range(1, seeds + 1):
        began = time.perf_counter()
        forecast = run(train, chosen, seed)
        walls.append(time.perf_counter() - began)
        scores.append(score(train, test, forecast, chosen))
    row["ours"] = round(statistics.mean(scores), 4)
    row["seeds"] = [round(each, 4) for each in scores]
    row["seasonal naive"] = round(score(train, test, seasonal_naive(train, chosen), chosen), 4)
    row["seconds"] = round(statistics.mean(walls), 1)
    print(row, flush=True)
    return row


def read(stem: Path, horizon: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test rows, sorted by series and time."""
    whole = stem.with_suffix(".parquet")
    keys = ["unique_id", "ds"]
    if not whole.exists():
        parts = [pd.read_parquet(f"{stem}_{part}.parquet") for part in ("train", "test")]
        return parts[0].sort_values(keys), parts[1].sort_values(keys)
    table = pd.read_parquet(whole).sort_values(keys)
    left = table.groupby("unique_id").cumcount(ascending=False)
    return table[left >= horizon], table[left < horizon]


def run(train: pd.DataFrame, chosen: Set, seed: int) -> pd.DataFrame:
    """Train on the training rows alone; the forecast as the command wrote it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Numbered rows, so that every set is read alike whatever its calendar.
        table = train.assign(ds=train.groupby("unique_id").cumcount() + 1)
        table[["unique_id", "ds", "y"]].to_csv(folder / "train.csv", index=False)
        command = [sys.executable, "-m", "forecast", "train", "train.csv", "--quiet"]
        command += ["--id", "unique_id", "--time", "ds", "--target", "y", "--seed", str(seed)]
        command += ["--horizon", str(chosen.horizon), "--season", str(chosen.season)]
        subprocess.run([*command, "--holdout", "0"], cwd=folder, check=True)
        made = pd.read_csv(folder / "output" / "latest" / "forecast.csv")
    return made.sort_values(["unique_id", "step"])


def seasonal_naive(train: pd.DataFrame, chosen: Set) -> pd.DataFrame:
    """The last season again and again, in the same shape."""
    tables = []
    for series, rows in train.groupby("unique_id"):
        last = rows["y"].to_numpy()[-chosen.season :]
        steps = np.arange(1, chosen.horizon + 1)
        values = np.resize(last, chosen.horizon)
        tables.append(pd.DataFrame({"unique_id": series, "step": steps, "forecast": values}))
    return pd.concat(tables)


def score(train: pd.DataFrame, test: pd.DataFrame, made: pd.DataFrame, chosen: Set) -> float:
    """The competition's metric over all series."""
    ids = sorted(test["unique_id"].unique())
    actual = {s: rows["y"].to_numpy() for s, rows in test.groupby("unique_id")}
    said = {s: rows["forecast"].to_numpy() for s, rows in made.groupby("unique_id")}
    past = {s: rows["y"].to_numpy() for s, rows in train.groupby("unique_id")}
    if chosen.metric == "mape":
        return float(np.mean([100 * np.mean(np.abs(actual[s] - said[s]) / actual[s]) for s in ids]))
    if chosen.metric == "smape":
        return float(np.mean([smape(actual[s], said[s]) for s in ids]))
    if chosen.metric == "mase":
        return float(np.nanmean([mase(past[s], actual[s], said[s], chosen.season) for s in ids]))
    naive = {s: np.repeat(past[s][-1], chosen.horizon) for s in ids}
    parts = [
        np.mean([smape(actual[s], said[s]) for s in ids])
        / np.mean([smape(actual[s], naive[s]) for s in ids]),
        np.mean([mase(past[s], actual[s], said[s], 1) for s in ids])
        / np.mean([mase(past[s], actual[s], naive[s], 1) for s in ids]),
    ]
    return float(np.mean(parts))  # the overall weighted average of M4, where naive 2 is naive


def smape(actual: np.ndarray, said: np.ndarray) -> float:
    """Per cent, 0 to 200."""
    return float(200 * np.mean(np.abs(actual - said) / (np.abs(actual) + np.abs(said))))


def mase(past: np.ndarray, actual: np.ndarray, said: np.ndarray, season: int) -> float:
    """In units of the in-sample seasonal naive; NaN where that is exact."""
    scale = np.mean(np.abs(past[season:] - past[:-season]))
    return float(np.mean(np.abs(actual - said)) / scale) if scale > 0 else float("nan")
