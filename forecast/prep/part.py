"""Some neighbouring series of a panel, as a panel of their own; nothing is copied."""

from __future__ import annotations

import dataclasses

from forecast.types import Panel

__all__ = ["part_of"]


def part_of(panel: Panel, first: int, last: int) -> Panel:
    """The series from `first` to just before `last`.

    Example:
        >>> import numpy as np
        >>> pair = Panel.single([1.0, 2.0, 3.0], freq="D", start="2024-01-01")
        >>> pair = dataclasses.replace(pair, bounds=np.array([0, 1, 3]), ids=np.array(["a", "b"]))
        >>> part = part_of(pair, 1, 2)
        >>> part.ids.tolist(), part.series(0).tolist(), part.bounds.tolist()
        (['b'], [2.0, 3.0], [0, 2])
    """
    rows = slice(panel.bounds[first], panel.bounds[last])
    has_future = len(panel.future_bounds) > 1
    future = panel.future_bounds[first : last + 1] if has_future else panel.future_bounds
    return dataclasses.replace(
        panel,
        values=panel.values[rows],
        time=panel.time[rows],
        bounds=panel.bounds[first : last + 1] - panel.bounds[first],
        ids=panel.ids[first:last],
        observed=None if panel.observed is None else panel.observed[rows],
        future=panel.future[future[0] : future[-1]],
        future_bounds=future - future[0],
        static=panel.static[first:last],
    )
