"""How far off forecasts were that somebody relied on, by step and by cutoff.

Windows come in as they were forecast and are summed up, so that years of them need little memory.
"""

from __future__ import annotations

import numpy as np

from forecast.judge.baselines import carried_rows
from forecast.judge.change import mean_change
from forecast.types import Floats, Forecast, Ints, Panel, Times

__all__ = ["SCALED", "Live", "live_errors", "scale_at", "seasonal_at"]

SCALED, ROOTED = "mase", "rmse"


def seasonal_at(panel: Panel, cutoff_rows: Ints, season: int, horizon: int) -> Floats:
    """(W, H) the seasonal naive at every cutoff: `baseline`, for very many windows at once.

    Args:
        panel: the series, in original units.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        season: rows in a season; of a shorter history the last value stands in.
        horizon: H.
    """
    first = panel.bounds[panel.owners(cutoff_rows)]
    length = np.where(cutoff_rows - first < season, 1, season)[:, None]
    rows = cutoff_rows[:, None] - length + np.arange(horizon) % length
    values: Floats = carried_rows(panel)[rows]
    return values


def scale_at(panel: Panel, cutoff_rows: Ints, season: int) -> Floats:
    """(W,) what the seasonal naive got wrong on average before each cutoff: MASE's unit.

    NaN where nothing can be said, as where the history repeats itself exactly.
    """
    scale = mean_change(panel, cutoff_rows, season)
    short = cutoff_rows - panel.bounds[panel.owners(cutoff_rows)] <= season
    return np.where(short, mean_change(panel, cutoff_rows, 1), scale) if short.any() else scale


def live_errors(forecast: Forecast, seasonal: Floats, scale: Floats) -> dict[str, Floats]:
    """The errors of forecasts whose actuals are known, (W, H) each, NaN where there is none.

    MAE and bias (forecast less actual) in the data's units, squares for RMSE, MASE as a ratio,
    sMAPE in per cent, the seasonal naive's MAE and MASE on the same steps, and for each interval
    of w per cent whether the actual lies inside: 100 or 0.

    Args:
        forecast: with actuals.
        seasonal: (W, H) what the seasonal naive said.
        scale: (W,) MASE's unit.
    """
    point = forecast.point
    actual = np.full_like(point, np.nan) if forecast.actual is None else forecast.actual
    signed, other = point - actual, np.where(np.isnan(point), np.nan, seasonal - actual)
    size = np.abs(actual) + np.abs(point)
    nothing = np.where(np.isnan(signed), np.nan, 0.0)
    found = {
        "mae": np.abs(signed),
        ROOTED: signed**2,
        SCALED: np.abs(signed) / scale[:, None],
        "smape": np.divide(200 * np.abs(signed), size, out=nothing, where=size > 0),
        "bias": signed,
        "naive_mae": np.abs(other),
        "naive_mase": np.abs(other) / scale[:, None],
    }
    for place, level in enumerate(forecast.levels):
        if level < 0.5 and 1 - level in forecast.levels:
            low, high = forecast.values[:, :, place], _at(forecast, 1 - level)
            inside = 100.0 * ((low <= actual) & (actual <= high))
            found[f"in{_width(level):g}"] = np.where(np.isnan(actual - low - high), np.nan, inside)
    return found


class Live:
    """Sums of errors of each step at each cutoff, over series."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[int, Floats]] = {}
        self._counts: dict[str, dict[int, Floats]] = {}

    def add(self, cutoff: Times, errors: dict[str, Floats]) -> None:
        """Windows (W,) with their errors, name -> (W, H)."""
        times, place = np.unique(cutoff.astype(np.int64), return_inverse=True)
        for name, values in errors.items():
            seen = ~np.isnan(values)
            for into, part in (
                (self._sums, np.where(seen, values, 0.0)),
                (self._counts, seen.astype(np.float64)),
            ):
                total = np.zeros((len(times), values.shape[1]))
                np.add.at(total, place, part)
                kept = into.setdefault(name, {})
                for time, row in zip(times.tolist(), total, strict=True):
                    kept[time] = _sum(kept[time], row) if time in kept else row

    @property
    def cutoffs(self) -> Ints:
        """(T,) in order, as whole numbers."""
        return np.array(sorted(self._sums.get(SCALED, {})), dtype=np.int64)

    @property
    def names(self) -> list[str]:
        """Of the errors."""
        return list(self._sums)

    def table(self, name: str) -> tuple[Floats, Floats]:
        """(T, H) sums of an error and of how many it is the sum, at each cutoff and step."""
        place = {time: row for row, time in enumerate(self.cutoffs.tolist())}
        sums, counts = np.zeros((2, len(place), self.horizon))
        for into, each in ((sums, self._sums[name]), (counts, self._counts[name])):
            for time, row in each.items():
                into[place[time], : len(row)] = row
        return sums, counts

    @property
    def horizon(self) -> int:
        """H, of the longest forecast."""
        return max((len(row) for row in self._sums.get(SCALED, {}).values()), default=0)

    def means(self, axis: int | None = None, within: Ints | None = None) -> dict[str, Floats]:
        """Each error: (H,) by step with axis 0, (T,) by cutoff with axis 1, () over everything.

        Args:
            axis: over which to sum, None for both.
            within: places of the cutoffs that count, None for all.
        """
        rows = slice(None) if within is None else within
        tables = {name: self.table(name) for name in self.names}
        return {n: _mean(n, sums[rows], counts[rows], axis) for n, (sums, counts) in tables.items()}


def _mean(name: str, sums: Floats, counts: Floats, axis: int | None) -> Floats:
    total, count = np.sum(sums, axis=axis), np.sum(counts, axis=axis)
    nothing = np.full(np.shape(total), np.nan)
    mean: Floats = np.divide(total, count, out=nothing, where=count > 0)
    return np.sqrt(mean) if name == ROOTED else mean


def _sum(one: Floats, other: Floats) -> Floats:
    """Of rows, the shorter as if it ended in zeros."""
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    total = long.copy()
    total[: len(short)] += short
    return total


def _at(forecast: Forecast, level: float) -> Floats:
    """(W, H) at a quantile level."""
    return forecast.values[:, :, forecast.levels.index(level)]


def _width(level: float) -> float:
    """Per cent between a quantile and its opposite."""
    return round(200 * (0.5 - level), 4)
