"""Every metric by its name: what it is of one series, and how many series make one number.

Sources: Hyndman & Koehler, "Another look at measures of forecast accuracy", 2006 (MASE);
Makridakis, "Accuracy measures", 1993 (sMAPE); Makridakis et al., "The M4 Competition", 2020 (OWA,
MSIS) and "The M5 accuracy competition", 2022 (RMSSE, WAPE); Gneiting & Raftery, "Strictly proper
scoring rules", 2007 (the interval score, also Winkler's); Nash & Sutcliffe, "River flow
forecasting through conceptual models", 1970; Kratzert et al., 2019 (its median over rivers).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecast.judge.tally import Tally, divided, intervals_of
from forecast.types import Floats

__all__ = ["METRICS", "Measure", "measures_of"]

Of = Callable[[Tally], Floats]

REPEATS = "the history before the first cutoff repeats itself exactly, or is too short"
ALL_ZERO = "every actual value is 0"
CONSTANT = "the actual values are all the same"
FLAWLESS = "naive 2 made no error, or has no MASE"


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric.

    Attributes:
        of: (S, H) from a tally of any number of series and steps, NaN where not defined.
        together: (H,) all series as one number.
        lacks: what is wrong with a series that has none.
    """

    of: Of
    together: Callable[[Of, Tally], Floats]
    lacks: str = "nothing was observed"


def mean(of: Of, tally: Tally) -> Floats:
    """Every series counts alike."""
    return _over(np.nanmean, of(tally))


def root_mean_square(of: Of, tally: Tally) -> Floats:
    """Every series counts alike, by its squares."""
    return np.asarray(np.sqrt(_over(np.nanmean, of(tally) ** 2)))


def median(of: Of, tally: Tally) -> Floats:
    """A few hopeless series do not drown the others."""
    return _over(np.nanmedian, of(tally))


def pooled(of: Of, tally: Tally) -> Floats:
    """Every unit counts alike, so that a large series counts for more."""
    together: Floats = of(tally.over_series())[0]
    return together


def _over(function: Callable[..., Floats], values: Floats) -> Floats:
    """(S, H) -> (H,) of what is defined."""
    if not len(values):
        return np.full(values.shape[1], np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing is NaN, as meant
        return np.asarray(function(values, axis=0))


def _mase(tally: Tally) -> Floats:
    return tally.mean("absolute") / tally.scale


def _mase_of_naive2(tally: Tally) -> Floats:
    return tally.mean("naive2 absolute") / tally.scale


def _smape(tally: Tally) -> Floats:
    return tally.mean("percent")


def _smape_of_naive2(tally: Tally) -> Floats:
    return tally.mean("naive2 percent")


def _owa(tally: Tally) -> Floats:
    own, simple = (_smape, _mase), (_smape_of_naive2, _mase_of_naive2)
    shares = [divided(a(tally), b(tally)) for a, b in zip(own, simple, strict=True)]
    return (shares[0] + shares[1]) / 2


def _owa_of_means(of: Of, tally: Tally) -> Floats:
    """As M4 has it: means over the series first, their ratios then."""
    pairs = ((_smape, _smape_of_naive2), (_mase, _mase_of_naive2))
    shares = [divided(mean(own, tally), mean(simple, tally)) for own, simple in pairs]
    return (shares[0] + shares[1]) / 2


def _nash_sutcliffe(tally: Tally) -> Floats:
    sums = tally.sums
    # What is left of equal values is rounding.
    spread = np.where(tally.spread > 1e-24 * sums["centred square"], tally.spread, 0.0)
    return 1 - divided(sums["square"], spread)


def _share_of_size(name: str) -> Of:
    return lambda tally: divided(tally.sums[name], tally.sums["size"])


def _mean_of(name: str) -> Of:
    return lambda tally: tally.mean(name)


_OF_POINTS: dict[str, Measure] = {
    "mae": Measure(_mean_of("absolute"), mean),
    "rmse": Measure(lambda tally: np.sqrt(tally.mean("square")), root_mean_square),
    "mase": Measure(_mase, mean, REPEATS),
    "rmsse": Measure(lambda tally: np.sqrt(tally.mean("square") / tally.square), mean, REPEATS),
    "smape": Measure(_smape, mean),
    "mape": Measure(_mean_of("share"), mean, ALL_ZERO),
    "wape": Measure(_share_of_size("absolute"), pooled, ALL_ZERO),
    "owa": Measure(_owa, _owa_of_means, FLAWLESS),
    "bias": Measure(_mean_of("error"), mean),
    "bias_share": Measure(_share_of_size("error"), pooled, ALL_ZERO),
    "wql": Measure(_share_of_size("pinball"), pooled, ALL_ZERO),
    "nse": Measure(_nash_sutcliffe, median, CONSTANT),
}
METRICS = tuple(_OF_POINTS)


def measures_of(levels: tuple[float, ...]) -> dict[str, Measure]:
    """The metrics of a point forecast, and four more for each central interval of the levels.

    Example:
        >>> list(measures_of((0.1, 0.5, 0.9)))[-4:]
        ['coverage80', 'width80', 'winkler80', 'msis80']
    """
    found = dict(_OF_POINTS)
    for each in intervals_of(levels):
        found |= {
            f"coverage{each.name}": Measure(_mean_of(f"inside{each.name}"), mean),
            f"width{each.name}": Measure(_mean_of(f"width{each.name}"), mean),
            f"winkler{each.name}": Measure(_mean_of(f"winkler{each.name}"), mean),
            f"msis{each.name}": Measure(_scaled(f"winkler{each.name}"), mean, REPEATS),
        }
    return found


def _scaled(name: str) -> Of:
    return lambda tally: tally.mean(name) / tally.scale
