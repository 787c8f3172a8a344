"""What is to be forecast: the past of every series, and what came next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Case", "Floats", "last_rows", "rolling", "seasonal_naive"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """N series (or N origins of one series) to be forecast H steps ahead.

    Attributes:
        ids: (N,) names of the series, or of the origins.
        past: N arrays, all that is known at the cutoff.
        actual: (N, H) what came next.
        season: rows in a season, as the set's metric counts them.
    """

    ids: tuple[str, ...]
    past: tuple[Floats, ...]
    actual: Floats
    season: int

    @property
    def horizon(self) -> int:
        """Steps ahead."""
        return int(self.actual.shape[1])

    def recent(self, rows: int | None) -> Case:
        """The same with so many rows of the past at most; None: all."""
        return replace(self, past=tuple(past[-rows:] for past in self.past)) if rows else self


def last_rows(table: pd.DataFrame, horizon: int, season: int) -> Case:
    """The last H rows of every series are the test."""
    groups: Any = table.groupby("unique_id", sort=False)["y"]
    series = {str(name): rows.to_numpy(np.float64) for name, rows in groups}
    return Case(
        ids=tuple(series),
        past=tuple(values[:-horizon] for values in series.values()),
        actual=np.stack([values[-horizon:] for values in series.values()]),
        season=season,
    )


def rolling(table: pd.DataFrame, horizon: int, season: int, origins: int) -> Case:
    """Origins H rows apart at the end of one series, each with all that came before it."""
    values = table["y"].to_numpy(np.float64)
    cutoffs = [len(values) - horizon * left for left in range(origins, 0, -1)]
    return Case(
        ids=tuple(f"origin {i}" for i in range(1, origins + 1)),
        past=tuple(values[:cutoff] for cutoff in cutoffs),
        actual=np.stack([values[cutoff : cutoff + horizon] for cutoff in cutoffs]),
        season=season,
    )


def seasonal_naive(case: Case) -> Floats:
    """(N, H) the last season again and again."""
    return np.stack([np.resize(past[-case.season :], case.horizon) for past in case.past])
