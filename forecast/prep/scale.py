"""Fit the scale; applying it is `Scale`'s own, so that `predict` needs no scikit-learn."""

from __future__ import annotations

import dataclasses

import numpy as np

from forecast.types import Floats, Ints, Panel, Scale

__all__ = ["fit_scale", "match_scale", "scale_panel"]

CELLS = 4_000_000  # of one block that scikit-learn sees at once: 32 MB


def fit_scale(panel: Panel, end: Ints) -> Scale:
    """The extremes of every series and column over its rows before `end`, training rows only.

    scikit-learn's `MinMaxScaler(feature_range=(-1, 1))` finds them, a block of series at a time.
    Values that were filled in are not seen; a column with nothing observed gets 0 to 0. Codes of
    texts have the same scale in every series: 0 to how many there are.

    Args:
        panel: the series.
        end: (N,) row after the last training row of each series.

    Returns:
        low and high (N, C), original units.

    Example:
        >>> panel = Panel.single([5.0, 1.0, 3.0, 99.0], freq="D", start="2024-01-01")
        >>> scale = fit_scale(panel, panel.bounds[1:] - 1)
        >>> scale.low.tolist(), scale.high.tolist()
        ([[1.0]], [[5.0]])
    """
    from sklearn.preprocessing import MinMaxScaler

    columns = panel.values.shape[1]
    low, high = np.zeros((len(panel), columns)), np.zeros((len(panel), columns))
    longest = max(int(panel.lengths.max(initial=1)), 1)
    size = max(CELLS // (longest * columns), 1)
    for first in range(0, len(panel), size):
        block = slice(first, min(first + size, len(panel)))
        rows = _side_by_side(panel, end, block)
        scaler = MinMaxScaler(feature_range=(-1, 1)).fit(rows)
        low[block] = scaler.data_min_.reshape(-1, columns)
        high[block] = scaler.data_max_.reshape(-1, columns)
    for column, count in enumerate(panel.texts):
        if count:
            low[:, column], high[:, column] = 0.0, count
    return Scale(low, high)


def _side_by_side(panel: Panel, end: Ints, block: slice) -> Floats:
    """(n, S * C) the series of a block next to each other, NaN below the shorter ones."""
    first, last = panel.bounds[:-1][block], end[block]
    tallest = max(int((last - first).max()), 1)
    rows = np.full((tallest, len(first), panel.values.shape[1]), np.nan)
    for i, (a, b) in enumerate(zip(first, last, strict=True)):
        rows[: b - a, i] = panel.values[a:b]
        if panel.observed is not None:
            rows[: b - a, i][~panel.observed[a:b]] = np.nan
    flat = rows.reshape(tallest, -1)
    flat[0, np.isnan(flat).all(axis=0)] = 0.0
    return flat


def scale_panel(panel: Panel, scale: Scale) -> Panel:
    """The panel with its values and its known future scaled, series by series.

    Example:
        >>> panel = Panel.single([5.0, 1.0, 3.0], freq="D", start="2024-01-01")
        >>> scale_panel(panel, fit_scale(panel, panel.bounds[1:])).series(0).tolist()
        [1.0, -1.0, 0.0]
    """
    series = np.repeat(np.arange(len(panel)), panel.lengths)
    values = scale.apply(panel.values, series)
    if panel.known == 0:
        return dataclasses.replace(panel, values=values)
    ahead = Scale(scale.low[:, -panel.known :], scale.high[:, -panel.known :])
    rows = np.repeat(np.arange(len(panel)), np.diff(panel.future_bounds))
    return dataclasses.replace(panel, values=values, future=ahead.apply(panel.future, rows))


def match_scale(panel: Panel, ids: tuple[str, ...], scale: Scale) -> tuple[Scale, tuple[str, ...]]:
    """The stored scale in the order of the panel's series.

    Args:
        panel: the series to forecast.
        ids: the series that the scale was fitted on.
        scale: in the order of `ids`.

    Returns:
        The scale, (N, C), and the ids that it does not know. Those are scaled by the extremes of
        their own rows: nothing of a holdout is in them, they are all history.

    Example:
        >>> panel = Panel.single([5.0, 1.0], freq="D", start="2024-01-01")
        >>> stored = Scale(np.array([[0.0]]), np.array([[9.0]]))
        >>> match_scale(panel, ("",), stored)[0].high.tolist()
        [[9.0]]
    """
    place = {name: i for i, name in enumerate(ids)}
    rows = np.array([place.get(name, -1) for name in panel.ids.tolist()], dtype=np.int64)
    low, high = scale.low[rows], scale.high[rows]
    new = np.flatnonzero(rows < 0)
    if len(new):
        # fmin and fmax pass over NaN; of nothing but NaN they are NaN.
        first = panel.bounds[:-1]
        low[new] = np.nan_to_num(np.fmin.reduceat(panel.values, first, axis=0)[new])
        high[new] = np.nan_to_num(np.fmax.reduceat(panel.values, first, axis=0)[new])
        for column, count in enumerate(panel.texts):
            # Runs of before there were vectors for texts have codes, from 1, scaled as numbers are.
            if count and (scale.low[:, column] == 0).all():
                low[new, column], high[new, column] = 0.0, count
    return Scale(low, high), tuple(panel.ids[new].tolist())
