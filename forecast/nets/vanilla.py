"""The plain LSTM: one recurrent layer over another, the last state goes on.

Source: Hochreiter & Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997.
"""

from __future__ import annotations

from typing import Any

import keras

from forecast.spec import NetSpec

__all__ = ["vanilla"]


def vanilla(steps: Any, spec: NetSpec) -> Any:
    """(B, T, F) folded steps -> (B, U) the state after the last one."""
    for _ in range(spec.layers - 1):
        steps = keras.layers.LSTM(spec.units, return_sequences=True)(steps)
    return keras.layers.LSTM(spec.units)(steps)
