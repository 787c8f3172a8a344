"""The values that travel through the house; every array carries its shape here.

R rows of all series together   N series   C columns, target first   K of them known ahead
L window length   H horizon   Q quantile levels   B windows in a batch   W forecast windows
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Engine",
    "Floats",
    "Forecast",
    "History",
    "Ints",
    "Lines",
    "Loaded",
    "Observer",
    "Panel",
    "Repair",
    "Scale",
    "Schema",
    "Step",
    "Times",
    "Weights",
    "Windows",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Lines = NDArray[np.int32]  # of a file: half the memory of Ints, beside every row
Weights = list[NDArray[np.float32]]  # of one network, in Keras' order
Times = NDArray[np.datetime64] | NDArray[np.int64]

Task = TypeVar("Task")
Result = TypeVar("Result")


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
class Schema:
    """How a file was understood; stored with the model so that the next file is read alike.

    Every field is JSON. `roles` of columns carry the user's own names.

    Attributes:
        target: name of the target column.
        time: names of the columns that make up the time stamp; () where rows are only numbered.
        ids: names of the columns that make up the series id; () for a single series.
        past: covariates known up to now.
        future: covariates known ahead.
        static: covariates that never change within a series.
        freq: as in `Panel`.
        time_format: strptime format in which the file writes its time stamps, or "" if it is
            not one format; forecasts are written in it.
        tz: as in `Panel`.
        dialect: delimiter, decimal, encoding and what else it took to read the file.
        categories: for each text covariate its values in the order of their codes.
        calendar: features made from the time stamps, after `future` in the panel's columns.
        holidays: country whose holidays are the last column, or None.
    """

    target: str
    time: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    static: tuple[str, ...] = ()
    freq: str = "1"
    time_format: str = ""
    tz: str | None = None
    dialect: dict[str, str] = field(default_factory=dict)
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    calendar: tuple[str, ...] = ()
    holidays: str | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was wrong with the data and what was done about it.

    Attributes:
        what: a short name, the same for all of its kind ("duplicated time stamps").
        count: how many rows or cells.
        action: what was done ("kept the last of each").
        lines: the first places, 1-based line numbers in the file.
        flag: the flag that changes what is done.
    """

    what: str
    count: int
    action: str
    lines: tuple[int, ...] = ()
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that was read: the panel, how it was understood, what was mended.

    Attributes:
        panel: the series.
        schema: how the file was understood.
        rows: data rows in the file, before any repair.
        sha256: of the file's bytes, in hex.
        season: rows in a season, 1 for none.
        season_strength: 0 (no season) to 1 (nothing but season).
        unused: columns that no role took.
        repairs: what was mended, in the order in which it was done.
        notes: what was found and left alone (outliers, a weak season).
    """

    panel: Panel
    schema: Schema
    rows: int
    sha256: str
    season: int
    season_strength: float = 0.0
    unused: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Step:
    """How far a training is.

    Attributes:
        step: gradient steps done.
        steps: steps in all.
        loss: mean training loss since the step told before.
        val_loss: loss on the validation windows, NaN where there are none.
    """

    step: int
    steps: int
    loss: float
    val_loss: float


@dataclass(slots=True)
class History:
    """What happened in a fit.

    Attributes:
        step: steps done at each look.
        loss: mean training loss since the look before.
        val_loss: loss on the validation windows, NaN where there are none.
        gradient_norm: mean norm of the gradient since the look before, before clipping.
        best_step: the step whose weights were kept, the last that was nearly the best.
        rate: the learning rate it began with; a tenth of the one asked for after a failure.
    """

    step: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    best_step: int = 0
    rate: float = 0.0

    def add(self, step: int, loss: float, val_loss: float, norm: float) -> None:
        """One more look."""
        self.step.append(step)
        self.loss.append(loss)
        self.val_loss.append(val_loss)
        self.gradient_norm.append(norm)


Observer = Callable[[Step], None]


class Engine(Protocol):
    """Who does many tasks that do not know of each other; `forecast.engine` has some."""

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results in the order of the tasks."""
