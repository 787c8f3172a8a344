"""The competitions' own metrics, each over a whole case."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.benchmarks.cases import Case, Floats, seasonal_naive

__all__ = ["METRICS", "inside", "msis", "nash_sutcliffe"]


def smapes(actual: Floats, said: Floats) -> Floats:
    """(N, H), (N, H) -> (N,) per cent, 0 to 200."""
    spread = np.abs(actual) + np.abs(said)
    each: Floats = np.divide(
        200 * np.abs(actual - said), spread, out=np.zeros_like(said), where=spread > 0
    )
    means: Floats = each.mean(axis=1)
    return means


def mases(case: Case, said: Floats) -> Floats:
    """(N, H) -> (N,) in units of the in-sample seasonal naive; NaN where that is exact."""
    m = case.season
    scale = np.array([np.mean(np.abs(past[m:] - past[:-m])) for past in case.past])
    errors = np.mean(np.abs(case.actual - said), axis=1)
    each: Floats = np.divide(errors, scale, out=np.full(len(scale), np.nan), where=scale > 0)
    return each


def smape(case: Case, said: Floats) -> float:
    """The mean of M3: every point of every series counts alike."""
    return float(smapes(case.actual, said).mean())


def mape(case: Case, said: Floats) -> float:
    """Per cent, as the Tourism competition averages it; without points that are 0."""
    actual = np.where(case.actual == 0, np.nan, case.actual)
    return float(np.nanmean(100 * np.abs((actual - said) / actual)))


def mase(case: Case, said: Floats) -> float:
    """The mean over the series."""
    return float(np.nanmean(mases(case, said)))


def owa(case: Case, said: Floats) -> float:
    """The overall weighted average of M4, of sets without a season: there naive 2 is naive."""
    naive = seasonal_naive(case)
    shares = (smape(case, said) / smape(case, naive), mase(case, said) / mase(case, naive))
    return float(np.mean(shares))


def mase_share(case: Case, said: Floats) -> float:
    """The mean MASE as a share of the seasonal naive's."""
    return mase(case, said) / mase(case, seasonal_naive(case))


def mase_ratio(case: Case, said: Floats) -> float:
    """The geometric mean over the series of the MASE by the seasonal naive's."""
    ratios = mases(case, said) / mases(case, seasonal_naive(case))
    return float(np.exp(np.mean(np.log(ratios))))


def inside(case: Case, low: Floats, high: Floats) -> float:
    """(N, H) bounds -> per cent of all points that lie between them."""
    return float(100 * np.mean((low <= case.actual) & (case.actual <= high)))


def msis(case: Case, low: Floats, high: Floats) -> float:
    """The mean scaled interval score of M4, of intervals of 95 per cent."""
    outside = np.maximum(low - case.actual, 0) + np.maximum(case.actual - high, 0)
    score = np.mean(high - low + 2 / 0.05 * outside, axis=1)
    m = case.season
    scale = np.array([np.mean(np.abs(past[m:] - past[:-m])) for past in case.past])
    return float(np.mean(score[scale > 0] / scale[scale > 0]))


METRICS: dict[str, Callable[[Case, Floats], float]] = {
    "sMAPE": smape,
    "MAPE": mape,
    "MASE": mase,
    "OWA": owa,
    "MASE share": mase_share,
    "MASE ratio": mase_ratio,
}


def nash_sutcliffe(actual: Floats, said: Floats) -> float:
    """1 is perfect, 0 as good as the mean; points without a measurement left out.

    Source: Nash & Sutcliffe, "River flow forecasting through conceptual models", 1970.
    """
    seen = np.isfinite(actual)
    actual, said = actual[seen], said[seen]
    return float(1 - np.sum((actual - said) ** 2) / np.sum((actual - actual.mean()) ** 2))
