"""The runs that are kept with the tests, and what was forecast with them on the day."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import numpy as np

from forecast import store
from forecast.flows.predict import predict
from forecast.flows.tables import forecast_csv
from forecast.types import Floats

__all__ = ["BUNDLES", "NEWEST", "ROWS", "copied", "expected", "forecast_of", "numbers_of"]

KEYS = ("Month", "step")
ROWS = Path(__file__).parents[2] / "sample_data" / "airline-passengers.csv"
BUNDLES = sorted(path.parent for path in (Path(__file__).parent / "bundles").glob("*/run.json"))
NEWEST = [each for each in BUNDLES if not each.name.endswith("early")][-1]


def copied(bundle: Path, to: Path) -> store.Run:
    """The same run in a folder that a test may change."""
    shutil.copytree(bundle, to, dirs_exist_ok=True)
    return store.Run(to)


def expected(bundle: Path) -> Floats:
    """(12, 1) the forecast that the training wrote; (12, 5) where it has intervals."""
    return numbers_of(store.Run(bundle).forecast.read_text())


def forecast_of(run: store.Run) -> Floats:
    """(12, 1) or (12, 5) what the run forecasts now."""
    made = predict(run, str(ROWS))
    return numbers_of(forecast_csv((made.loaded, made.forecast)).decode())


def numbers_of(text: str) -> Floats:
    """(12, 1) the forecast of a CSV, (12, 5) with its intervals."""
    rows = csv.DictReader(io.StringIO(text))
    return np.array([[float(row[name]) for name in row if name not in KEYS] for row in rows])
