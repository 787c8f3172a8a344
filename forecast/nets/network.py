"""One network around every body: normalise, fold, body, head, add to the seasonal naive, undo.

    x (B, L, C) ──┬─ normalise by its own season ── fold (B, L/p, p·C) ── body ── head ──┐
                  └─ seasonal naive of the window ─────────────────────────── + ─────────┴─ undo
                                                                                  (B, H, 1)

Only stock Keras layers and `keras.ops` stand in the graph, so that the saved file loads in any
Keras and exports to ONNX without code of ours.

Sources: the network predicts the difference from a seasonal naive and starts at it, as a
residual connection (He et al. 2016); each window is normalised by its own level and spread, as
in ES-RNN (Smyl 2020) and RevIN (Kim et al. 2022).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from forecast.errors import SpecError
from forecast.nets.vanilla import vanilla
from forecast.spec import NetSpec

__all__ = ["BODIES", "Shape", "build"]

BODIES: dict[str, Callable[[Any, NetSpec], Any]] = {"vanilla": vanilla}

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
        known: K, columns known ahead, the last of the C.
    """

    window: int
    horizon: int
    fold: int
    season: int
    columns: int = 1
    known: int = 0


def build(shape: Shape, spec: NetSpec) -> keras.Model:
    """The network x (B, L, C), known (B, L + H, K) where K > 0 -> forecast (B, H, 1), scaled.

    Its kernel of the head is zero, so that an untrained network is the seasonal naive.

    Raises:
        SpecError: no body has the name `spec.arch`.
    """
    if spec.arch not in BODIES:
        raise SpecError(
            f"no network is called {spec.arch!r}", hint=f"--arch takes {', '.join(BODIES)}"
        )
    x = keras.Input((shape.window, shape.columns), name="x")
    inputs = [x]
    target = x[:, :, 0]  # (B, L)
    level, spread = _level_and_spread(target, shape.season)  # (B, 1) each
    normal = (target - level) / spread  # (B, L)
    steps = ops.concatenate([ops.expand_dims(normal, -1), x[:, :, 1:]], axis=-1)
    folded = (shape.window // shape.fold, shape.fold * shape.columns)
    state = BODIES[spec.arch](keras.layers.Reshape(folded)(steps), spec)  # (B, U)
    if shape.known:
        known = keras.Input((shape.window + shape.horizon, shape.known), name="known")
        inputs.append(known)
        state = _beside(state, known[:, shape.window :, :], shape.horizon)
    change = keras.layers.Dense(shape.horizon, kernel_initializer="zeros", name="head")(state)
    forecast = (_seasonal_naive(normal, shape) + change) * spread + level
    return keras.Model(inputs, ops.expand_dims(forecast, -1), name=spec.arch)


def _level_and_spread(target: Any, season: int) -> tuple[Any, Any]:
    """(B, L) -> mean of the last season, mean absolute deviation of the window from it."""
    level = ops.mean(target[:, -season:], axis=1, keepdims=True)
    spread = ops.mean(ops.abs(target - level), axis=1, keepdims=True)
    return level, ops.maximum(spread, SPREAD_FLOOR)


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


def _beside(state: Any, ahead: Any, horizon: int) -> Any:
    """The state (B, U) with what is known of each step ahead (B, H, K), (B, U + 32)."""
    flat = keras.layers.Flatten()(ahead)
    return ops.concatenate([state, keras.layers.Dense(32, activation="relu")(flat)], axis=-1)
