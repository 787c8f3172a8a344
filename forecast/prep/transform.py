"""Make the target steadier before it is scaled, and undo it on the way out.

Source: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., sections 3.1
(logarithm) and 9.1 (differences).
"""

from __future__ import annotations

import dataclasses

import numpy as np

from forecast.errors import DataError
from forecast.prep.windows import Cutoffs
from forecast.types import Floats, Ints, Panel

__all__ = ["KINDS", "choose_transform", "restore", "transform_panel"]

KINDS = ("none", "log", "diff", "seasonal-diff")


def choose_transform(asked: str, panel: Panel, end: Ints) -> str:
    """ "none", "log", "diff" or "seasonal-diff"; "auto" is decided by the training rows.

    Args:
        asked: what the spec says.
        panel: the series, in original units.
        end: (N,) row after the last training row of each series.

    Raises:
        DataError: a logarithm is asked for and a value is not above 0.
    """
    if asked not in ("auto", "log"):
        return asked
    if asked == "log":
        _refuse_logarithm(panel)
        return "log"
    positive = np.nanmin(panel.values[:, 0], initial=np.inf) > 0
    return "log" if positive and _grows(panel, end) else "none"


def _refuse_logarithm(panel: Panel) -> None:
    smallest = np.nanmin(panel.values[:, 0], initial=np.inf)
    if smallest <= 0:
        raise DataError(
            f"a logarithm needs values above 0, {panel.columns[0]} goes down to {smallest:g}",
            hint="train with --transform none or diff",
        )


def _grows(panel: Panel, end: Ints) -> bool:
    """Whether most series more than double between their smallest and their largest value."""
    ratios = []
    for first, last in zip(panel.bounds[:-1], end, strict=True):
        seen = panel.values[first:last, 0]
        seen = seen[~np.isnan(seen)]
        if len(seen):
            ratios.append(seen.max() / seen.min())
    return bool(ratios) and float(np.median(ratios)) > 2


def transform_panel(panel: Panel, kind: str, season: int) -> Panel:
    """The panel with its target transformed; its first rows are NaN where a difference has none.

    Raises:
        DataError: a logarithm is to be taken of a value that is not above 0.

    Example:
        >>> panel = Panel.single([1.0, 4.0, 9.0, 16.0], freq="D", start="2024-01-01")
        >>> transform_panel(panel, "diff", season=1).series(0).tolist()
        [nan, 3.0, 5.0, 7.0]
    """
    if kind == "none":
        return panel
    target = panel.values[:, 0]
    if kind == "log":
        _refuse_logarithm(panel)
        changed = np.log(target)
    else:
        lag = _lag(kind, season)
        place = np.arange(len(target)) - np.repeat(panel.bounds[:-1], panel.lengths)
        changed = np.full(len(target), np.nan)
        changed[lag:] = target[lag:] - target[:-lag]
        changed[place < lag] = np.nan
    values = panel.values.copy()
    values[:, 0] = changed
    return dataclasses.replace(panel, values=values)


def restore(values: Floats, panel: Panel, cutoffs: Cutoffs, kind: str, season: int) -> Floats:
    """(W, H, Q) transformed forecasts -> original units.

    Args:
        values: of the windows at `cutoffs`.
        panel: in original units; a difference is added to what it holds before each cutoff.
        cutoffs: (W,) of them.
        kind: as `transform_panel` took it.
        season: likewise.
    """
    if kind == "none":
        return values
    if kind == "log":
        return np.exp(values)
    lag, horizon = _lag(kind, season), values.shape[1]
    first = panel.bounds[cutoffs.series][:, None]
    rows = np.maximum(cutoffs.row[:, None] + np.arange(-lag, 0), first)
    built = np.concatenate(
        [np.repeat(panel.values[rows, 0][:, :, None], values.shape[2], axis=2), values], axis=1
    )
    for step in range(lag, lag + horizon):
        built[:, step] += built[:, step - lag]
    return built[:, lag:]


def _lag(kind: str, season: int) -> int:
    return season if kind == "seasonal-diff" else 1
