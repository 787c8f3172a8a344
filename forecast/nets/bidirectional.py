"""One LSTM forwards in time, one backwards, their last states side by side.

Source: Schuster & Paliwal, "Bidirectional Recurrent Neural Networks", IEEE Transactions on Signal
Processing 45(11), 1997. Both read the window alone: nothing after the cutoff is seen.
"""

from __future__ import annotations

import keras

from forecast.nets.body import Story, Told
from forecast.nets.cells import cell, normed
from forecast.spec import NetSpec

__all__ = ["bidirectional"]


def bidirectional(story: Story, spec: NetSpec) -> Told:
    """history (B, T, F) -> state (B, 2 U), the state forwards, then the state backwards."""
    states = story.history
    for layer in range(spec.depth):
        gives = "last" if layer == spec.depth - 1 else "all"
        states = normed(keras.layers.Bidirectional(cell("lstm", spec, gives))(states), spec)
    return Told(states)
