"""What a network is shown, and what is forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.types.arrays import Floats, Ints, Times

__all__ = ["Forecast", "Windows"]


@dataclass(frozen=True, slots=True)
class Windows:
    """Supervised pairs, scaled: a stretch of history and what came after it.

    Attributes:
        x: (B, L, C) history up to the cutoff; (B, L, 2 C) where gaps are marked, the second
            half 1 for a value that was observed and 0 for one that stands in.
        y: (B, H) the target after the cutoff; NaN where it was not observed.
        known: (B, L + H, K) the covariates known ahead, over history and horizon.
        static: (B, S) the covariates that never change.
        series: (B,) which series of the panel.
        cutoff: (B,) row of the panel that comes just after the history.
    """

    x: Floats
    y: Floats
    known: Floats
    static: Floats
    series: Ints
    cutoff: Ints


@dataclass(frozen=True, slots=True)
class Forecast:
    """Forecasts in original units; `predict` makes one window per series, a backtest many.

    Attributes:
        values: (W, H, Q) original units.
        levels: (Q,) quantile levels; (0.5,) for a point forecast.
        time: (W, H) the time stamps of the steps, dtype as in `Panel.time`.
        ids: (W,) the series' names.
        cutoff: (W,) time stamp of the last row that was seen.
        actual: (W, H) what happened, NaN where not known; or None in the future.
    """

    values: Floats
    levels: tuple[float, ...]
    time: Times
    ids: NDArray[np.str_]
    cutoff: Times
    actual: Floats | None = None

    @property
    def point(self) -> Floats:
        """(W, H) the median, the forecast in one number."""
        return self.values[:, :, self.levels.index(0.5)]

    def head(self, windows: int) -> Forecast:
        """The first windows."""
        kept = slice(windows)
        actual = None if self.actual is None else self.actual[kept]
        values, time = self.values[kept], self.time[kept]
        return Forecast(values, self.levels, time, self.ids[kept], self.cutoff[kept], actual)
