"""How far off a forecast was, by series and over all.

Sources: Hyndman & Koehler, "Another look at measures of forecast accuracy", 2006 (MASE);
Makridakis, "Accuracy measures", 1993, as used in the M3 and M4 competitions (sMAPE).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from forecast.types import Floats, Forecast, Ints, Panel

__all__ = ["METRICS", "Scores", "score", "skill"]

METRICS = ("mae", "rmse", "mase", "smape")


@dataclass(frozen=True, slots=True)
class Scores:
    """One method's errors.

    Attributes:
        ids: (S,) the series that could be scored.
        by_series: metric -> (S,) values; NaN where the metric is not defined for the series.
        overall: metric -> the mean over series (of rmse the root of the mean square).
    """

    ids: tuple[str, ...]
    by_series: dict[str, Floats]
    overall: dict[str, float]


def score(forecast: Forecast, panel: Panel, cutoff_rows: Ints, season: int) -> Scores:
    """MAE and RMSE in the data's units, MASE as a ratio, sMAPE in per cent (0 to 200).

    Args:
        forecast: with actuals; steps whose actual is NaN do not count.
        panel: gives the history before the first cutoff of each series, for MASE's scale.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        season: rows in a season; MASE is measured against the in-sample seasonal naive.

    MASE is NaN where the history repeats itself exactly (its scale would be 0); a step where
    forecast and actual are both 0 has an sMAPE of 0.
    """
    actual = np.full_like(forecast.point, np.nan) if forecast.actual is None else forecast.actual
    seen = ~np.isnan(actual)
    off = np.where(seen, np.abs(actual - forecast.point), np.nan)
    size = np.abs(actual) + np.abs(forecast.point)
    with np.errstate(invalid="ignore", divide="ignore"):
        percent = np.where(size > 0, 200 * off / size, np.where(seen, 0.0, np.nan))
    owners = panel.owners(cutoff_rows)  # (W,)
    present = np.unique(owners[seen.any(axis=1)])  # (S,)
    first = np.full(len(panel), np.iinfo(np.int64).max)
    np.minimum.at(first, owners, cutoff_rows)
    scale = np.array([_mase_scale(panel, s, first[s], season) for s in present])
    mae = _by_series(off, owners, present)
    by_series = {
        "mae": mae,
        "rmse": np.sqrt(_by_series(off**2, owners, present)),
        "mase": np.divide(mae, scale, out=np.full(len(present), np.nan), where=scale > 0),
        "smape": _by_series(percent, owners, present),
    }
    overall = {name: _mean(values) for name, values in by_series.items()}
    overall["rmse"] = float(np.sqrt(_mean(by_series["rmse"] ** 2)))
    return Scores(tuple(str(panel.ids[s]) for s in present), by_series, overall)


def skill(scores: Scores, reference: Scores) -> float:
    """1 - error / the reference's error: 0 is as good, 1 perfect, below 0 worse.

    By MASE, so that every series counts alike; by MAE where MASE is not defined.
    """
    for metric in ("mase", "mae"):
        own, other = scores.overall[metric], reference.overall[metric]
        if np.isfinite(own) and np.isfinite(other) and other > 0:
            return 1.0 - own / other
    return float("nan")


def _mase_scale(panel: Panel, series: int, row: int, season: int) -> float:
    """In-sample mean absolute error of the seasonal naive before a row; 0 if it has none."""
    history = panel.values[panel.bounds[series] : row, 0]
    season = season if len(history) > season else 1
    steps = np.abs(history[season:] - history[:-season])
    steps = steps[~np.isnan(steps)]
    return float(steps.mean()) if len(steps) else 0.0


def _by_series(errors: Floats, owners: Ints, present: Ints) -> Floats:
    """(W, H) -> (S,) mean over all windows and steps of each series, NaN left out."""
    seen = ~np.isnan(errors)
    total = np.bincount(owners, np.where(seen, errors, 0.0).sum(axis=1))
    count = np.bincount(owners, seen.sum(axis=1))
    return np.asarray(total[present] / count[present], dtype=np.float64)


def _mean(values: Floats) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing is NaN, as meant
        return float(np.nanmean(values)) if values.size else float("nan")
