"""Forecasts of rows that no fit has seen: to calibrate intervals by, and to weigh methods by."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from forecast import prep
from forecast.flows.events import Stage
from forecast.flows.fitting import Fitting
from forecast.prep import Cutoffs
from forecast.types import Forecast, Ints, Times

__all__ = ["Rehearsal", "rehearse", "validate"]

ENOUGH = 24  # horizons of different rows that a quantile can be read from
FOLDS = 4  # more fits of a short series, at most
MEMBERS = 1  # fitted for each fold
FEWEST = 8  # training windows of a fold
SHORT = 1000  # training windows; below, a fit takes a second


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Forecasts with actuals, none of whose rows the fit that made them had seen.

    Attributes:
        forecast: as the network made them, W windows.
        cutoffs: of those windows.
        horizons: how many stretches of H different rows were forecast, over all series.
        spans: how many stretches of H different time stamps; all series go through the same ones.
    """

    forecast: Forecast
    cutoffs: Cutoffs
    horizons: float
    spans: float


def validate(fitting: Fitting) -> tuple[Forecast, Cutoffs] | None:
    """The validation windows, right after the fits on the training rows."""
    _, cutoffs = prep.supervised_cutoffs(fitting.parts, fitting.of_fitted)
    if len(cutoffs) == 0:
        return None
    cutoffs = cutoffs.spread_out(len(fitting.parts.start))
    return fitting.ask(cutoffs), cutoffs


def rehearse(fitting: Fitting) -> Rehearsal | None:
    """The validation windows, and where they are few what fits on fewer rows say of the others.

    The fits before are lost. None where no series is long enough for any.
    """
    made = [each for each in (validate(fitting),) if each is not None]
    horizon, parts = fitting.plan.horizon, fitting.parts
    for fold in range(1, _folds_to_make(fitting) + 1):
        end = parts.train_end - fold * horizon
        series = np.flatnonzero(end - parts.start >= fitting.plan.least + horizon + FEWEST)
        if len(series) < len(end):
            break
        fitting.watch(Stage(f"rehearsal {fold}"))
        fitting.on_rows_before(end, MEMBERS)
        cutoffs = Cutoffs(series, end[series])
        made.append((fitting.ask(cutoffs), cutoffs))
    if not made:
        return None
    forecasts, places = [each for each, _ in made], [each for _, each in made]
    series = np.concatenate([each.series for each in places])
    rows = np.concatenate([each.row for each in places])
    forecast = _joined(forecasts)
    ahead = rows[:, None] + np.arange(horizon)  # (W, H)
    return Rehearsal(
        forecast=forecast,
        cutoffs=Cutoffs(series, rows),
        horizons=_stretches(ahead, forecast),
        spans=_stretches(forecast.time, forecast),
    )


def _folds_to_make(fitting: Fitting) -> int:
    """How many more fits it takes for enough horizons; none where a fit takes its time."""
    parts, horizon = fitting.parts, fitting.plan.horizon
    if len(prep.supervised_cutoffs(parts, fitting.of_fitted)[0]) >= SHORT:
        return 0
    there = int(((parts.validation_end - parts.train_end) // horizon).sum())
    return min(-(-max(ENOUGH - there, 0) // len(parts.start)), FOLDS)


def _stretches(ahead: Ints | Times, forecast: Forecast) -> float:
    """Different steps (W, H) that were forecast and are known, in horizons."""
    if forecast.actual is None:
        return 0.0
    return float(len(np.unique(ahead[~np.isnan(forecast.actual)])) / ahead.shape[1])


def _joined(parts: list[Forecast]) -> Forecast:
    """One after the other."""
    first = parts[0]
    nothing = np.full(first.values.shape[1:2], np.nan)
    actual = [
        np.tile(nothing, (len(each.ids), 1)) if each.actual is None else each.actual
        for each in parts
    ]
    return dataclasses.replace(
        first,
        values=np.concatenate([each.values for each in parts]),
        time=np.concatenate([each.time for each in parts]),
        ids=np.concatenate([each.ids for each in parts]),
        cutoff=np.concatenate([each.cutoff for each in parts]),
        actual=np.concatenate(actual),
    )
