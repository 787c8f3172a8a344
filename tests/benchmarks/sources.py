"""Each set's files as one table: unique_id, ds, y, sorted by series and time.

The sets are not ours to hand on; a folder holds them as the organisers publish them. Whatever the
layout, the last rows of each series are the test.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

__all__ = [
    "competition",
    "german_load",
    "monthly_classics",
    "panel",
    "uk_load",
    "us_load",
    "walmart",
]

KEYS = ["unique_id", "ds"]
COLUMNS = [*KEYS, "y"]

CLASSICS = (  # without shampoo: of 24 rows the command refuses to forecast twelve months
    "a10",
    "airline-passengers",
    "elecequip",
    "h2o_exog",
    "monthly-car-sales",
    "monthly-milk",
    "monthly-robberies",
    "monthly-sunspots",
)


def competition(stem: Path) -> pd.DataFrame:
    """NAME_train.parquet and NAME_test.parquet, rows numbered on from one to the other."""
    parts = [pd.read_parquet(f"{stem}_{part}.parquet") for part in ("train", "test")]
    table = pd.concat([part.sort_values(KEYS) for part in parts], ignore_index=True)
    table = table.sort_values("unique_id", kind="stable")
    return table.assign(ds=table.groupby("unique_id").cumcount() + 1)[COLUMNS]


def panel(stem: Path) -> pd.DataFrame:
    """NAME.parquet, training and test rows in one file."""
    return pd.read_parquet(stem.with_suffix(".parquet")).sort_values(KEYS)[COLUMNS]


def walmart(path: Path) -> pd.DataFrame:
    """Sales summed to store and department."""
    table = pd.read_csv(path).rename(columns={"date": "ds", "sales": "y"})
    return table.sort_values(KEYS)[COLUMNS]


def german_load(path: Path) -> pd.DataFrame:
    """Daily consumption."""
    return one_series(pd.read_csv(path)[["Date", "Consumption"]], "load")


def uk_load(path: Path) -> pd.DataFrame:
    """Half-hours, numbered from 0."""
    return one_series(pd.read_csv(path)[["t", "demand"]], "load")


def us_load(path: Path) -> pd.DataFrame:
    """Hours, put in order; the few that are missing stay so for the command to see."""
    return one_series(pd.read_csv(path)[["Datetime", "NI_MW"]].sort_values("Datetime"), "load")


def monthly_classics(folder: Path) -> pd.DataFrame:
    """The tutorials' monthly series, each with time stamps as its file writes them."""
    tables = [
        one_series(pd.read_csv(folder / f"{name}.csv", dtype={0: str}).iloc[:, :2].dropna(), name)
        for name in CLASSICS
    ]
    return pd.concat(tables, ignore_index=True)


def one_series(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A time and a value column, named alike everywhere."""
    table = table.set_axis(["ds", "y"], axis=1).assign(unique_id=name)
    return table.astype({"y": np.float64})[COLUMNS].reset_index(drop=True)
