"""Statistical methods of statsforecast, a series at a time; where one cannot, the seasonal naive.

Sources: Hyndman et al., "A state space framework for automatic forecasting", 2002 (ETS);
Assimakopoulos & Nikolopoulos, "The theta model", 2000; Svetunkov & Kourentzes, "Complex exponential
smoothing", 2018 (CES); Hyndman & Khandakar, "Automatic time series forecasting", 2008 (ARIMA);
Bandara, Hyndman & Bergmeir, "MSTL", 2021.
"""

from __future__ import annotations

import dataclasses
import time
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecast.judge.baselines import carried, seasonal_naive
from forecast.types import Engine, Floats, Forecast, Ints, Panel

__all__ = ["CLASSICAL", "classical"]


@dataclass(frozen=True, slots=True)
class Method:
    """How a model of statsforecast is asked.

    Attributes:
        model: its class.
        rows: newest rows that it is fitted on; more would take long and change little.
        season: the longest that it models itself; MSTL takes a longer one out before.
        rest: what is asked of it for what MSTL leaves.
    """

    model: str
    rows: int
    season: int
    rest: tuple[str, Any] = ("season_length", 1)


# One fit on two cores: ETS of 1,000 rows 1.0 s, theta 0.8 s, CES 0.1 s; ARIMA of 300 rows of a
# weekly season 1.0 s, of 1,000 rows 13 s, of 240 rows with a season of 24 5.5 s. ETS of
# statsforecast drops a season of more than 24 without a word.
CLASSICAL = {
    "ETS": Method("AutoETS", 1000, 24, ("model", "ZZN")),
    "theta": Method("AutoTheta", 1000, 366),
    "CES": Method("AutoCES", 1000, 366),
    "ARIMA": Method("AutoARIMA", 300, 12),
}
FEWEST = 4  # rows that a model is fitted on
SEASONS = 2  # of history that a seasonal model needs, and a row more


@dataclass(frozen=True, slots=True)
class _Task:
    """One window; travels to another process.

    Attributes:
        name: of CLASSICAL.
        history: (n,) without NaN.
        season: rows in a season.
        horizon: H.
        until: time.monotonic() after which it is not begun, the same clock in every process.
    """

    name: str
    history: Floats
    season: int
    horizon: int
    until: float


def classical(
    name: str,
    panel: Panel,
    like: Forecast,
    cutoff_rows: Ints,
    season: int,
    engine: Engine,
    until: float = float("inf"),
) -> tuple[Forecast, int]:
    """A method's forecasts at the same cutoffs as another forecast.

    Args:
        name: one of CLASSICAL.
        panel: the series, in original units.
        like: forecast with (W, H) steps, whose times and actuals are taken over.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        season: rows in a season.
        engine: does the windows.
        until: time.monotonic() by which the last window has to be begun.

    Returns:
        The forecast, (W, H, 1), NaN for a window without any history; and for how many windows
        the seasonal naive stands in: too short, no convergence, or the time was up.
    """
    first, horizon = panel.bounds[panel.owners(cutoff_rows)], like.values.shape[1]
    histories = [
        carried(panel.values[start:row, 0]) for start, row in zip(first, cutoff_rows, strict=True)
    ]
    there = [place for place, history in enumerate(histories) if len(history)]
    tasks = [_Task(name, histories[place], season, horizon, until) for place in there]
    values, stood_in = np.full((len(histories), horizon, 1), np.nan), 0
    for place, said in zip(there, engine.map(_said, tasks), strict=True):
        stood_in += said is None
        simple = seasonal_naive(histories[place], season, horizon)
        values[place, :, 0] = simple if said is None else said
    return dataclasses.replace(like, values=values, levels=(0.5,)), stood_in


def _said(task: _Task) -> Floats | None:
    """(H,) what the model says, or None where it cannot."""
    method = CLASSICAL[task.name]
    history = task.history[-max(method.rows, SEASONS * task.season + 1) :]
    if np.ptp(history) == 0:
        return np.repeat(history[-1], task.horizon)  # what any of them would say, or divide by
    if len(history) < FEWEST or time.monotonic() > task.until:
        return None
    season = task.season if len(history) > SEASONS * task.season else 1
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            said = _fitted(method, season, history, task.horizon)
        except Exception:  # whatever an optimiser in C++ comes up with
            return None
    return said if said.shape == (task.horizon,) and np.isfinite(said).all() else None


def _fitted(method: Method, season: int, history: Floats, horizon: int) -> Floats:
    """(n,) -> (H,)."""
    from statsforecast import models

    kind = getattr(models, method.model)
    if season <= method.season:
        model = kind(season_length=season)
    else:
        rest = kind(**dict([method.rest]))
        model = models.MSTL(season_length=season, trend_forecaster=rest)
    said: Floats = np.asarray(model.forecast(y=history, h=horizon)["mean"], dtype=np.float64)
    return said
