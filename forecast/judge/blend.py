"""How much of the forecast is the network's and how much a simple method's.

Source: Bates & Granger, "The Combination of Forecasts", Operational Research Quarterly 20(4),
1969; the pull towards one forecast is the shrinkage of Stock & Watson, "Combination forecasts of
output growth in a seven-country data set", Journal of Forecasting 23(6), 2004.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from forecast.judge.verdict import LSTM
from forecast.types import Floats, Forecast, Ints

__all__ = ["best_of", "blended", "choose_weights", "errors_of"]

SHARES = 21  # of the network that are tried, from none to all
# Spans that speak for the network before any is seen, and the share of its error that a blend has
# to save: what is shipped has seen more rows, and more members, than what is weighed here. Measured
# on rows before the test, geometric mean MASE as a share of the network's alone: over fourteen
# classics 0.999 (with no pull 1.025, with the better of the two alone 1.057). A hundred series of
# the same weeks are one span of these weeks, not a hundred: counted as a hundred, blends of six
# panels were 1.034 (one of shops' last weeks before Christmas 1.17), as one 0.999.
FOR_THE_NETWORK, WORTH = 8.0, 0.02


def choose_weights(tried: dict[str, Forecast], series: Ints, spans: float) -> dict[str, float]:
    """The weights of the network and of the best simple method: those of the smallest error.

    Few spans say little, and the weights stay near the network alone.

    Args:
        tried: method -> forecast of the same W windows with actuals; the network's under LSTM.
        series: (W,) which series each window is of; every one counts alike.
        spans: how many stretches of H different time stamps the windows forecast.

    Returns:
        method -> weight above 0; they sum to one.

    Example:
        >>> import numpy as np
        >>> nothing = np.zeros((1, 1))
        >>> def said(value):
        ...     values, actual = np.full((1, 1, 1), value), np.zeros((1, 1))
        ...     return Forecast(values, (0.5,), nothing, np.array([""]), nothing[0], actual)
        >>> choose_weights({LSTM: said(3.0), "naive": said(-1.0)}, np.array([0]), 4.0)
        {'LSTM': 0.75, 'naive': 0.25}
    """
    name = best_of({method: each for method, each in tried.items() if method != LSTM}, series)
    shares = np.linspace(1.0, 0.0, SHARES)  # of equals the network's comes first
    mixed = [blended(tried, {LSTM: share, name: 1.0 - share}) for share in shares.tolist()]
    errors = errors_of(mixed, series)
    best = shares[int(np.argmin(errors))] if min(errors) <= (1 - WORTH) * errors[0] else 1.0
    share = float((spans * best + FOR_THE_NETWORK) / (spans + FOR_THE_NETWORK))
    return {LSTM: 1.0} if share == 1.0 else {LSTM: share, name: 1.0 - share}


def best_of(tried: dict[str, Forecast], series: Ints) -> str:
    """The method with the smallest error, the first of equals."""
    errors = errors_of(list(tried.values()), series)
    return list(tried)[int(np.argmin(errors))]


def errors_of(tried: list[Forecast], series: Ints) -> list[float]:
    """The mean over series of the absolute error, each in units of what all methods got wrong.

    Infinite for a method that gives no number where another does.
    """
    found = [_by_series(each, series) for each in tried]
    usual = np.mean([np.nan_to_num(each, posinf=0.0) for each in found], axis=0)
    known = usual > 0
    return [float(np.mean(each[known] / usual[known])) if known.any() else 0.0 for each in found]


def blended(tried: dict[str, Forecast], weights: dict[str, float]) -> Forecast:
    """The network's fan, moved to the weighted mean of the methods' forecasts.

    Args:
        tried: method -> forecast of the same windows; the network's under LSTM.
        weights: method -> weight; methods without one do not count.
    """
    network = tried[LSTM]
    if weights == {LSTM: 1.0}:
        return network
    middle = sum(weight * tried[name].point for name, weight in weights.items())
    moved = network.values + (middle - network.point)[:, :, None]
    return dataclasses.replace(network, values=moved)


def _by_series(forecast: Forecast, series: Ints) -> Floats:
    """(N,) mean absolute error of each series, 0 where nothing is known."""
    actual = np.full_like(forecast.point, np.nan) if forecast.actual is None else forecast.actual
    known = ~np.isnan(actual)
    off = np.where(known, np.abs(np.where(known, actual, 0.0) - forecast.point), 0.0)
    off = np.where(np.isfinite(off), off, np.inf)
    total = np.bincount(series, off.sum(axis=1))
    count = np.bincount(series, known.sum(axis=1))
    return np.divide(total, count, out=np.zeros(len(total)), where=count > 0)
