"""What a forecast leaves over: errors in their order, how they hang together, and how sure it was.

Source: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 5.4;
Gneiting, Balabdaoui & Raftery, "Probabilistic forecasts, calibration and sharpness", 2007.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.judge.metrics import Scores
from forecast.types import Floats, Forecast, Times

__all__ = ["Residuals", "reliability", "residuals"]

MOST_LAGS = 24
ROUNDING = 1e-9  # errors that differ by a smaller part are alike
FEWEST_PAIRS = 6  # of errors a lag apart; a correlation of fewer says nothing


@dataclass(frozen=True, slots=True)
class Residuals:
    """Actual less forecast.

    Attributes:
        time: (n,) of each, ascending.
        values: (n,) in the data's units, or in those of each series' seasonal naive.
        scaled: which of the two.
        correlation: (K,) with the error 1 to K steps before.
        pairs: (K,) that each is of.
    """

    time: Times
    values: Floats
    scaled: bool
    correlation: Floats
    pairs: Floats


def residuals(forecast: Forecast, scores: Scores) -> Residuals:
    """The errors of every step whose value is known.

    Of several series each is divided by what its seasonal naive was off by before the test, so
    that all count alike.

    Args:
        forecast: (W, H, Q) with actuals.
        scores: of that forecast.
    """
    actual = np.full_like(forecast.point, np.nan) if forecast.actual is None else forecast.actual
    errors = actual - forecast.point
    scaled = len(scores.ids) > 1
    if scaled:
        errors = errors / _scales(forecast, scores)[:, None]
    correlation, pairs = _autocorrelation(_in_order(errors, forecast))
    known = np.isfinite(errors)
    order = np.argsort(forecast.time[known], kind="stable")
    return Residuals(forecast.time[known][order], errors[known][order], scaled, correlation, pairs)


def _scales(forecast: Forecast, scores: Scores) -> Floats:
    """(W,) the unit of each window's MASE, NaN where it has none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = scores.by_series["mae"] / scores.by_series["mase"]
    unit_of = dict(zip(scores.ids, unit, strict=True))
    return np.array([unit_of.get(str(name), np.nan) for name in forecast.ids])


def _in_order(errors: Floats, forecast: Forecast) -> list[Floats]:
    """Stretches of errors, each a step after the other: windows, or of one step all of a series."""
    if errors.shape[1] > 1:
        return list(errors)
    order = np.argsort(forecast.cutoff, kind="stable")
    return [errors[order][forecast.ids[order] == name, 0] for name in dict.fromkeys(forecast.ids)]


def _autocorrelation(stretches: list[Floats]) -> tuple[Floats, Floats]:
    """(K,) correlations of errors 1 to K steps apart, and the pairs that each is of."""
    longest = max((len(each) for each in stretches), default=0)
    seen = [each[np.isfinite(each)] for each in stretches]
    everything = np.concatenate(seen) if seen else np.empty(0)
    largest = np.abs(everything).max(initial=0.0)
    if not everything.size or np.ptp(everything) <= ROUNDING * largest:
        return np.empty(0), np.empty(0)
    everything = everything / largest  # so that no square is too large
    centred = [each / largest - everything.mean() for each in stretches]
    correlations, pairs = [], []
    for lag in range(1, min(longest - 1, MOST_LAGS) + 1):
        products = np.concatenate([each[lag:] * each[:-lag] for each in centred])
        products = products[np.isfinite(products)]
        if len(products) < FEWEST_PAIRS:
            break
        # Not the sum over that of all squares, as of one long series: in windows of a few steps
        # most errors have no partner a long lag away, and every such correlation would be near 0.
        correlations.append(float(np.clip(products.mean() / everything.var(), -1, 1)))
        pairs.append(float(len(products)))
    return np.array(correlations), np.array(pairs)


def reliability(forecast: Forecast) -> tuple[Floats, int]:
    """(Q,) the share of actual values that each level's quantile was not below, and their count.

    Example:
        >>> values = np.array([[[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]])
        >>> steps = np.array([[4, 5]])
        >>> made = Forecast(values, (0.1, 0.5, 0.9), steps, np.array([""]), np.array([3]),
        ...     np.array([[2.0, 4.0]]))
        >>> reliability(made)[0].tolist()
        [0.0, 0.5, 0.5]
    """
    if forecast.actual is None:
        return np.full(len(forecast.levels), np.nan), 0
    known = np.isfinite(forecast.actual) & np.isfinite(forecast.values).all(axis=2)
    if not known.any():
        return np.full(len(forecast.levels), np.nan), 0
    below = forecast.actual[known][:, None] <= forecast.values[known]
    return np.asarray(below.mean(axis=0), dtype=np.float64), int(known.sum())
