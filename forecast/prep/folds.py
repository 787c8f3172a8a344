"""Rolling origins: the cutoffs of a backtest, the same for every method.

Source: Tashman, "Out-of-sample tests of forecasting accuracy: an analysis and review", 2000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.errors import DataError
from forecast.prep.windows import Cutoffs
from forecast.types import Ints, Panel

__all__ = ["Folds", "make_folds"]

TOGETHER = 0.5  # share of the series that end at the same time; with fewer, each has its own end


@dataclass(frozen=True, slots=True)
class Folds:
    """K cutoffs of every series, oldest first.

    Attributes:
        row: (K, N) row of the panel just after the last that may be seen.
        scored: (K, N) whether the series is forecast and scored in the fold.
        horizon: H, steps that are scored.
        gap: steps before them that are not.
        step: rows between two cutoffs.
        aligned: "time" where a fold has one date for all series, "rows" where it is counted back
            from the end of each.
    """

    row: Ints
    scored: NDArray[np.bool_]
    horizon: int
    gap: int
    step: int
    aligned: str

    def __len__(self) -> int:
        """K."""
        return len(self.row)

    @property
    def ahead(self) -> int:
        """Steps from a cutoff to the last that is scored."""
        return self.gap + self.horizon

    def cutoffs(self, fold: int) -> Cutoffs:
        """The windows of one fold."""
        series = np.flatnonzero(self.scored[fold])
        return Cutoffs(series, self.row[fold, series])

    @property
    def windows(self) -> Cutoffs:
        """(W,) the windows of all folds, one fold after the other."""
        folds, series = np.nonzero(self.scored)
        return Cutoffs(series, self.row[folds, series])

    @property
    def of_window(self) -> Ints:
        """(W,) which fold each window belongs to."""
        return np.nonzero(self.scored)[0]


def make_folds(panel: Panel, count: int, step: int, gap: int, horizon: int, least: int) -> Folds:
    """The folds whose last one ends with the data.

    Where most series end at the same time, a fold has one date, and what one series knows of the
    future of another is nothing. Collections of series that end here and there have no such date.

    Args:
        panel: the series.
        count: K.
        step: rows between two cutoffs.
        gap: rows between a cutoff and the first scored step.
        horizon: H.
        least: rows before the cutoff that a series needs to be scored.

    Raises:
        DataError: no series is long enough for the first fold.

    Example:
        >>> panel = Panel.single(np.arange(10.0), freq="D", start="2024-01-01")
        >>> make_folds(panel, 3, 2, gap=1, horizon=2, least=2).row.ravel().tolist()
        [3, 5, 7]
    """
    ahead = gap + horizon
    back = ahead + step * np.arange(count)[::-1, None]  # (K, 1) rows from the cutoff to the end
    first, end = panel.bounds[:-1], panel.bounds[1:]
    ends = panel.time[end - 1]
    aligned = "time" if np.mean(ends == ends.max()) >= TOGETHER else "rows"
    row = _at_dates(panel, back[:, 0]) if aligned == "time" else np.maximum(end - back, first)
    scored = (row - first >= least) & (end - row >= ahead)
    if not scored.any(axis=1).all():
        raise _too_few(panel, count, step, ahead, least)
    return Folds(row, scored, horizon, gap, step, aligned)


def _at_dates(panel: Panel, back: Ints) -> Ints:
    """(K, N) the first row of each series from the dates on that lie so many rows back."""
    grid = np.unique(panel.time)
    rows = []
    for place in np.maximum(len(grid) - back, 0):
        seen = panel.time < grid[place]
        rows.append(panel.bounds[:-1] + np.add.reduceat(seen, panel.bounds[:-1], dtype=np.int64))
    return np.stack(rows)


def _too_few(panel: Panel, count: int, step: int, ahead: int, least: int) -> DataError:
    longest = int(panel.lengths.max(initial=0))
    need = least + ahead + step * (count - 1)
    fit = (longest - least - ahead) // step + 1
    if fit >= 1 and fit < count:
        hint = f"take --folds {fit}, or a smaller --step or --horizon"
    else:
        hint = "take a smaller --horizon, --step or --gap, or give more rows"
    return DataError(
        f"too few rows: {count} folds, {step} rows apart, of {ahead} steps and {least} rows "
        f"before the first are {need} rows, the longest series has {longest}",
        hint=hint,
    )
