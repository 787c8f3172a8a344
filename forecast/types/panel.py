"""Series side by side, and the extremes that scale them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forecast.types.arrays import Floats, Ints, Times

__all__ = ["Panel", "Scale"]


def _empty(*shape: int) -> Floats:
    return np.empty(shape, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Panel:
    """Series on regular time steps, one after the other, in original units.

    One series is a panel with N = 1. Rows of one series are contiguous, sorted and without
    gaps: a step that the file lacks is a row whose value was filled, or NaN.

    Attributes:
        values: (R, C) the target, then past covariates, then the K covariates known ahead.
        time: (R,) datetime64[us] (UTC instants where `tz` is set, else wall-clock) or int64.
        bounds: (N + 1,) series i is the rows bounds[i]:bounds[i + 1].
        ids: (N,) the series' names as text; a single series without an id column is "".
        columns: (C,) the user's names of the columns.
        freq: a pandas offset alias ("MS", "ME", "B", "h", "30min"), or a whole number as text
            ("1") where time is an integer.
        tz: IANA name of the time zone of `time`, or None for wall-clock time.
        observed: (R, C) False where a value was missing and has been filled, or None if none was.
        known: K, how many of the last columns are known ahead.
        future: (F, K) values of the known-ahead columns after each series' last row.
        future_bounds: (N + 1,) rows of `future` that belong to series i; they follow its last
            row step by step.
        static: (N, S) one value per series and static column.
        static_columns: (S,) their names.
        texts: (C,) how many texts the values 1, 2, ... of a column stand for, 0 for a column of
            numbers; () where all are. The value 0 is a text that is not among them.

    Example:
        >>> panel = Panel.single([1.0, 2.0, 3.0], freq="MS", start="2024-01")
        >>> panel.values.shape, len(panel), panel.series(0).tolist()
        ((3, 1), 1, [1.0, 2.0, 3.0])
    """

    values: Floats
    time: Times
    bounds: Ints
    ids: NDArray[np.str_]
    columns: tuple[str, ...]
    freq: str
    tz: str | None = None
    observed: NDArray[np.bool_] | None = None
    known: int = 0
    future: Floats = field(default_factory=lambda: _empty(0, 0))
    future_bounds: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    static: Floats = field(default_factory=lambda: _empty(0, 0))
    static_columns: tuple[str, ...] = ()
    texts: tuple[int, ...] = ()

    def __len__(self) -> int:
        """N, the number of series."""
        return len(self.bounds) - 1

    @property
    def lengths(self) -> Ints:
        """(N,) rows of each series."""
        return np.diff(self.bounds)

    def series(self, index: int) -> Floats:
        """(n,) the target of one series."""
        return self.values[self.bounds[index] : self.bounds[index + 1], 0]

    def owners(self, cutoff_rows: Ints) -> Ints:
        """(W,) rows just after some history -> (W,) the series that the history belongs to."""
        owners: Ints = np.searchsorted(self.bounds, cutoff_rows - 1, side="right") - 1
        return owners

    @staticmethod
    def single(values: list[float] | Floats, *, freq: str, start: str) -> Panel:
        """One series of a target alone, on the steps of `freq` from `start` on."""
        import pandas as pd

        column = np.asarray(values, dtype=np.float64)[:, None]
        time = pd.date_range(start, periods=len(column), freq=freq).to_numpy("datetime64[us]")
        return Panel(
            values=column,
            time=time,
            bounds=np.array([0, len(column)]),
            ids=np.array([""]),
            columns=("y",),
            freq=freq,
        )


@dataclass(frozen=True, slots=True)
class Scale:
    """Training extremes of each series and column; maps them to [-1, 1] and back.

    Linear beyond the extremes (nothing is clipped); a constant column maps to -1, as
    scikit-learn's MinMaxScaler(feature_range=(-1, 1)) does.

    Attributes:
        low: (N, C) smallest training value, original units.
        high: (N, C) largest training value, original units.

    Example:
        >>> import numpy as np
        >>> scale = Scale(low=np.array([[10.0]]), high=np.array([[30.0]]))
        >>> scale.apply(np.array([[10.0], [25.0]]), np.array([0, 0])).ravel().tolist()
        [-1.0, 0.5]
        >>> scale.invert(np.array([[0.5]]), np.array([0])).tolist()
        [[25.0]]
    """

    low: Floats
    high: Floats

    @property
    def width(self) -> Floats:
        """(N, C) high - low, and 1 where a column is constant (or too narrow to divide by)."""
        span = self.high - self.low
        # scikit-learn's rule: under 10 units in the last place a span is rounding noise.
        return np.where(span < 10 * np.finfo(np.float64).eps, 1.0, span)

    def apply(self, values: Floats, series: Ints) -> Floats:
        """(R, C) original units of the given series (R,) -> (R, C) scaled."""
        scaled: Floats = values - self.low[series]
        scaled *= 2.0  # in place: of a large panel, every array is a fifth of a second
        scaled /= self.width[series]
        scaled -= 1.0
        return scaled

    def invert(self, scaled: Floats, series: Ints) -> Floats:
        """(B, ...) scaled targets of the given series (B,) -> (B, ...) original units."""
        shape = (-1,) + (1,) * (scaled.ndim - 1)
        low, width = (part[series, 0].reshape(shape) for part in (self.low, self.width))
        values: Floats = (scaled + 1.0) / 2.0 * width + low
        return values
