"""One network around every body: normalise, fold, body, head, add to the seasonal naive, undo.

    x (B, L, C) ── normalise ──┬── fold (B, L/p, p·C) ── body ──┬── head ──┐
                               ├── newest values ───────────────┤          + ── undo (B, H, 1)
                               └── seasonal naive, last value ──┴── gate ──┘

Only stock Keras layers and `keras.ops` stand in the graph, so that the saved file loads in any
Keras and exports to ONNX without code of ours.

Sources: the network predicts the difference from a simple forecast and starts at it, as a
residual connection (He et al. 2016); the newest values go past the body, as the linear part of
LSTNet (Lai et al. 2018); each window is normalised by its own level and spread, as in ES-RNN
(Smyl 2020) and RevIN (Kim et al. 2022).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from forecast.nets.vanilla import vanilla
from forecast.spec import NetSpec

__all__ = ["BODIES", "Shape", "build"]

BODIES: dict[str, Callable[[Any, NetSpec], Any]] = {"vanilla": vanilla}

GATE = 2.0  # bias: at first 0.88 of the seasonal naive, 0.12 of the last value
BESIDE = 32  # units for what is known beside the history
SPREAD_FLOOR = 1e-3  # of the scaled range of 2; a flat window is not blown up beyond this


@dataclass(frozen=True, slots=True)
class Shape:
    """What the network is built for, in rows and columns.

    Attributes:
        window: L.
        horizon: H.
        fold: rows in one step of the body; divides `window`.
        season: rows in a season, 1 for none; at most `window`.
        columns: C, the target first.
        marked: whether C more columns say which values were observed.
        known: K, columns known ahead, the last of the C.
        static: mean and standard deviation of each of the S columns that never change.
    """

    window: int
    horizon: int
    fold: int
    season: int
    columns: int = 1
    marked: bool = False
    known: int = 0
    static: tuple[tuple[float, float], ...] = ()

    @property
    def width(self) -> int:
        """Columns of x."""
        return self.columns * (2 if self.marked else 1)


def build(shape: Shape, spec: NetSpec) -> keras.Model:
    """The network x (B, L, C), known (B, L + H, K), static (B, S) -> forecast (B, H, 1), scaled.

    Inputs without columns are left out. The head's kernel is zero, so that an untrained network
    says what `_start` says.
    """
    x = keras.Input((shape.window, shape.width), name="x")
    inputs = [x]
    target = x[:, :, 0]  # (B, L)
    level, spread = _level_and_spread(target, shape.season)  # (B, 1) each
    normal = (target - level) / spread  # (B, L)
    steps = ops.concatenate([ops.expand_dims(normal, -1), x[:, :, 1:]], axis=-1)
    folded = (shape.window // shape.fold, shape.fold * shape.width)
    state = BODIES[spec.arch](keras.layers.Reshape(folded)(steps), spec)  # (B, U)
    # The newest values reach the head directly too: what is linear need not pass the gates.
    state = ops.concatenate([state, normal[:, -max(shape.season, shape.fold) :]], axis=-1)
    if shape.known:
        inputs.append(keras.Input((shape.window + shape.horizon, shape.known), name="known"))
        ahead = keras.layers.Flatten()(inputs[-1][:, shape.window :, :])  # (B, H * K)
        state = _beside(state, ahead)
    if shape.static:
        inputs.append(keras.Input((len(shape.static),), name="static"))
        mean, spread_of = (np.array(part, np.float32) for part in zip(*shape.static, strict=True))
        state = _beside(state, (inputs[-1] - mean) / spread_of)
    change = keras.layers.Dense(shape.horizon, kernel_initializer="zeros", name="head")(state)
    forecast = (_start(normal, state, shape) + change) * spread + level
    return keras.Model(inputs, ops.expand_dims(forecast, -1), name=spec.arch)


def _level_and_spread(target: Any, season: int) -> tuple[Any, Any]:
    """(B, L) -> mean of the last season, mean absolute deviation of the window from it."""
    level = ops.mean(target[:, -season:], axis=1, keepdims=True)
    spread = ops.mean(ops.abs(target - level), axis=1, keepdims=True)
    return level, ops.maximum(spread, SPREAD_FLOOR)


def _start(normal: Any, state: Any, shape: Shape) -> Any:
    """(B, L) -> (B, H) between the seasonal naive and the last value, as the state decides.

    For each step ahead a gate, at first nearly open for the season. Measured on validation
    windows: a daily river, whose season of 7 means nothing, and an hourly load both gain.
    """
    seasonal = _seasonal_naive(normal, shape)
    if shape.season == 1:
        return seasonal
    gate = keras.layers.Dense(
        shape.horizon,
        activation="sigmoid",
        kernel_initializer="zeros",
        bias_initializer=keras.initializers.Constant(GATE),
        name="gate",
    )(state)
    last = normal[:, -1:]
    return last + gate * (seasonal - last)


def _seasonal_naive(normal: Any, shape: Shape) -> Any:
    """(B, L) -> (B, H) the last season over and over; of two seasons their mean shape.

    The shape of two seasons, each around its own mean, is calmer than the last one alone.
    """
    m = shape.season
    last = normal[:, -m:]
    if m > 1 and 2 * m <= shape.window:
        before = normal[:, -2 * m : -m]
        apart = ops.mean(last, axis=1, keepdims=True) - ops.mean(before, axis=1, keepdims=True)
        last = (last + before + apart) / 2.0
    times = -(-shape.horizon // m)
    return ops.tile(last, (1, times))[:, : shape.horizon]


def _beside(state: Any, more: Any) -> Any:
    """The state (B, U) with more that is known (B, F), as (B, U + BESIDE)."""
    return ops.concatenate([state, keras.layers.Dense(BESIDE, activation="relu")(more)], axis=-1)
