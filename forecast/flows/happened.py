"""What happened: the rows of a panel, found by series and time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.types import Floats, Forecast, Ints, Panel, Times

__all__ = ["Shelf", "is_after"]


class Shelf:
    """Where the rows of a panel are.

    Attributes:
        taken: (R,) whether a forecast from this row has been counted.
    """

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.taken = np.zeros(len(panel.time), dtype=np.bool_)
        self._stamps, rank = np.unique(panel.time, return_inverse=True)
        self._places = {name: place for place, name in enumerate(panel.ids.tolist())}
        owner = np.repeat(np.arange(len(panel)), panel.lengths)
        self._keys = owner * len(self._stamps) + rank  # rises: series by series, in time

    def rows(self, ids: NDArray[np.str_], time: Times) -> Ints:
        """(n,) names and time stamps -> (n,) rows, -1 where there is none."""
        series = np.array([self._places.get(name, -1) for name in ids.tolist()], dtype=np.int64)
        rank = np.minimum(np.searchsorted(self._stamps, time), len(self._stamps) - 1)
        key = series * len(self._stamps) + rank
        row = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        found = (series >= 0) & (self._stamps[rank] == time) & (self._keys[row] == key)
        return np.where(found, row, -1)

    def actual(self, forecast: Forecast) -> Floats:
        """(W, H) what happened, NaN where it was filled in or is still to come."""
        horizon = forecast.time.shape[1]
        rows = self.rows(np.repeat(forecast.ids, horizon), forecast.time.ravel())
        there = rows >= 0
        if self.panel.observed is not None:
            there &= self.panel.observed[rows, 0]
        return np.where(there, self.panel.values[rows, 0], np.nan).reshape(-1, horizon)


def is_after(time: Times, known: str) -> NDArray[np.bool_]:
    """(W, H) whether the training had not seen the step's time yet."""
    if not known:
        return np.ones(time.shape, dtype=np.bool_)
    last = np.datetime64(known) if time.dtype.kind == "M" else np.int64(known)
    return np.asarray(time > last)
