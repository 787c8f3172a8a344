"""Supervised windows: which cutoffs there are, and the rows around each.

A cutoff is a row of the panel: the history is the L rows before it, the target the H rows from
it on. Only cutoffs are kept for the whole panel; the windows themselves are gathered a few
thousand at a time, so that memory does not grow with window length times rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from forecast.prep.plan import Plan
from forecast.prep.split import Split
from forecast.types import Floats, Ints, Panel, Windows

__all__ = ["Cutoffs", "gather", "last_cutoffs", "origins", "supervised_cutoffs"]

Rows = TypeVar("Rows", Floats, NDArray[np.bool_])
OF_A_SERIES, FEWEST_LOOKED_AT, MOST_LOOKED_AT = 4, 256, 2048  # validation windows


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Windows not yet gathered.

    Attributes:
        series: (B,) which series of the panel.
        row: (B,) row of the panel just after the history.
    """

    series: Ints
    row: Ints

    def __len__(self) -> int:
        """B."""
        return len(self.row)

    def take(self, order: Ints) -> Cutoffs:
        """The cutoffs at the given places, (B',)."""
        return Cutoffs(self.series[order], self.row[order])

    def spread_out(self, series: int) -> Cutoffs:
        """As many of them, evenly, as are worth asking a network about.

        A few of each of so many series are enough, since each window shares most of its rows with
        the next; but at least, and at most, so many of all together.

        Example:
            >>> every = Cutoffs(np.zeros(1000, dtype=np.int64), np.arange(1000))
            >>> len(every.spread_out(series=1)), len(every.spread_out(series=1000))
            (256, 1000)
        """
        count = min(len(self), max(FEWEST_LOOKED_AT, OF_A_SERIES * series), MOST_LOOKED_AT)
        return self.take(np.linspace(0, len(self) - 1, count).astype(np.int64))


def supervised_cutoffs(split: Split, plan: Plan) -> tuple[Cutoffs, Cutoffs]:
    """Every cutoff to train on, and every one to validate on.

    A training window's target ends before the validation rows begin, a validation window's
    target lies inside them, and neither reaches the holdout.
    """
    rows = split.train_end - split.start
    # A series shorter than window + horizon is not left out: it gives windows with less
    # history, whose missing front `gather` fills with the first value.
    history = np.minimum(plan.window, np.maximum((rows - plan.horizon) // 2, plan.least))
    # A window is worth more with last year before it, where there are enough of those.
    reach = plan.year + plan.season if plan.year else 0
    history = np.where(rows - plan.horizon >= 2 * reach, np.maximum(history, reach), history)
    train = _between(split.start + history, split.train_end - plan.horizon)
    validation = _between(
        np.where(split.validation_end > split.train_end, split.train_end, split.end + 1),
        split.validation_end - plan.horizon,
    )
    return train, validation


def origins(split: Split, plan: Plan) -> Cutoffs:
    """The cutoffs that the holdout is scored from: its first row, then every H rows."""
    rows = np.maximum(split.end - split.validation_end, 0)
    count = -(-rows // plan.horizon)  # the last one may reach past the end
    series = np.repeat(np.arange(len(rows)), count)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return Cutoffs(series, split.validation_end[series] + step * plan.horizon)


def last_cutoffs(panel: Panel) -> Cutoffs:
    """One cutoff per series, after its last row: the forecast of the future."""
    return Cutoffs(np.arange(len(panel)), panel.bounds[1:].copy())


def gather(scaled: Panel, cutoffs: Cutoffs, plan: Plan) -> Windows:
    """The windows at the given cutoffs.

    Args:
        scaled: the panel in the network's units, without NaN (`Units.to_network`).
        cutoffs: (B,) of them.
        plan: L and H.

    Returns:
        x (B, L, C), twice as wide where the plan marks gaps; y (B, H) with NaN where nothing was
        observed; known (B, L + H, K), and one column more where the plan looks back a year;
        static (B, S). Where a series begins inside the window, its first value stands in for what
        was before.

    Example:
        >>> import numpy as np
        >>> panel = Panel.single(np.arange(6.0), freq="D", start="2024-01-01")
        >>> plan = Plan(horizon=2, window=3, fold=1, season=1, holdout=0, validation=0, least=1)
        >>> w = gather(panel, Cutoffs(np.array([0, 0]), np.array([3, 5])), plan)
        >>> w.x[:, :, 0].tolist(), w.y.tolist()
        ([[0.0, 1.0, 2.0], [2.0, 3.0, 4.0]], [[3.0, 4.0], [5.0, nan]])
    """
    values, seen = scaled.values, scaled.observed
    end = scaled.bounds[cutoffs.series + 1][:, None]
    ahead = cutoffs.row[:, None] + np.arange(plan.horizon)  # (B, H)
    rows = np.minimum(ahead, end - 1)
    there = (ahead < end) if seen is None else (ahead < end) & seen[rows, 0]
    x = _past(values, scaled, cutoffs, plan)
    if plan.marked:
        marks = np.ones_like(x) if seen is None else _past(seen, scaled, cutoffs, plan)
        x = np.concatenate([x, marks], axis=2)
    return Windows(
        x=x,
        y=np.where(there, values[rows, 0], np.nan),
        known=np.concatenate(
            [_known(scaled, cutoffs, plan), _last_year(scaled, cutoffs, plan)], axis=2
        ),
        static=scaled.static[cutoffs.series] if len(scaled.static) else np.empty((len(x), 0)),
        series=cutoffs.series,
        cutoff=cutoffs.row,
    )


def _past(rows: Rows, scaled: Panel, cutoffs: Cutoffs, plan: Plan) -> Rows:
    """(B, L, C) the rows before each cutoff; the first of its series for those before that.

    Args:
        rows: (R, C) of the panel.

    Whole stretches are copied, in a quarter of the time that a look at each row takes.
    """
    first, begin = scaled.bounds[cutoffs.series], cutoffs.row - plan.window
    if len(rows) < plan.window:
        every: Rows = rows[np.maximum(begin[:, None] + np.arange(plan.window), first[:, None])]
        return every
    stretches = np.lib.stride_tricks.sliding_window_view(rows, plan.window, axis=0)  # (_, C, L)
    x: Rows = stretches.swapaxes(1, 2)[np.maximum(begin, 0)]
    young = np.flatnonzero(begin < first)
    past = np.maximum(begin[young, None] + np.arange(plan.window), first[young, None])
    x[young] = rows[past]
    return x


def _known(scaled: Panel, cutoffs: Cutoffs, plan: Plan) -> Floats:
    """(B, L + H, K): from the panel's rows while they last, then from its future rows."""
    ahead = cutoffs.row[:, None] + np.arange(plan.horizon)  # (B, H)
    if scaled.known == 0:
        return np.empty((len(cutoffs), plan.window + plan.horizon, 0))
    columns = scaled.values[:, -scaled.known :]
    steps = columns[np.minimum(ahead, len(columns) - 1)]
    end = scaled.bounds[cutoffs.series + 1][:, None]
    if len(scaled.future):
        row = scaled.future_bounds[cutoffs.series][:, None] + ahead - end
        beyond = scaled.future[np.clip(row, 0, len(scaled.future) - 1)]
        steps = np.where((ahead >= end)[:, :, None], beyond, steps)
    return np.concatenate([_past(columns, scaled, cutoffs, plan), steps], axis=1)


def _last_year(scaled: Panel, cutoffs: Cutoffs, plan: Plan) -> Floats:
    """(B, L + H, 1) the target a year before each row of the window and each step ahead.

    Where a series is not old enough, its first season stands in, again and again. (B, L + H, 0)
    if the plan does not look back so far.
    """
    steps = np.arange(-plan.window, plan.horizon)
    if not plan.year:
        return np.empty((len(cutoffs), len(steps), 0))
    first = scaled.bounds[cutoffs.series][:, None]
    age = cutoffs.row[:, None] + steps - plan.year - first  # (B, L + H) rows from the first one
    age = np.where(age < 0, age % plan.season, age)
    rows = np.minimum(first + age, cutoffs.row[:, None] - 1)
    before: Floats = scaled.values[rows, 0][:, :, None]
    return before


def _between(first: Ints, last: Ints) -> Cutoffs:
    """Every row from first to last, both included, of every series."""
    count = np.maximum(last - first + 1, 0)
    series = np.repeat(np.arange(len(first)), count)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return Cutoffs(series, first[series] + offset)
