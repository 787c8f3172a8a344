"""Covariates beyond the last row: from the file, and from the calendar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.data.features import features_of
from forecast.data.naming import render_time
from forecast.data.steps import future_time
from forecast.errors import DataError
from forecast.types import Floats, Panel, Schema, Times

__all__ = ["with_future"]


def with_future(panel: Panel, horizon: int, schema: Schema) -> Panel:
    """The panel with exactly `horizon` future rows for each series.

    Args:
        panel: with the future rows that the file had.
        horizon: H, steps to be forecast.
        schema: of the panel.

    Raises:
        DataError: covariates known ahead are missing; with the series and the time stamps.

    Example:
        >>> panel = Panel.single([1.0, 2.0], freq="D", start="2024-01-01")
        >>> with_future(panel, 3, Schema(target="y")).future.shape
        (3, 0)
    """
    count, given = len(panel), len(schema.future)
    future = np.full((count, horizon, given), np.nan)
    for series in range(count if given else 0):
        rows = panel.future[panel.future_bounds[series] : panel.future_bounds[series + 1], :given]
        future[series, : len(rows)] = rows[:horizon]
    time = future_time(panel, horizon)
    _check_known(future, panel, time, schema)
    made = features_of(time.ravel(), schema)
    joined = np.concatenate([future.reshape(count * horizon, given), made], axis=1)
    return replace(panel, future=joined, future_bounds=np.arange(count + 1) * horizon)


def _check_known(future: Floats, panel: Panel, time: Times, schema: Schema) -> None:
    gone = np.isnan(future)
    if not gone.any():
        return
    series, _, column = (int(part[0]) for part in np.nonzero(gone))
    steps = np.flatnonzero(gone[series].any(axis=1))
    shown = render_time(time[series, steps], schema)
    stamps = shown[0] if len(shown) == 1 else f"{shown[0]} to {shown[-1]}"
    where = f" of series {str(panel.ids[series])!r}" if panel.ids[series] else ""
    others = len(np.unique(np.nonzero(gone)[0])) - 1
    share = f"{len(steps)} of {future.shape[1]}"
    raise DataError(
        f"{schema.future[column]!r} is known ahead but missing for {share} steps to "
        f"forecast{where}: {stamps}" + (f" (and {others} more series)" if others else ""),
        hint="add rows with those time stamps to the data, or give them with --future-data",
    )
