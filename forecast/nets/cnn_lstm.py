"""A convolution over neighbouring steps, then an LSTM over what it found.

The convolution is causal: no step sees a later one.

Source: Shi et al., "Convolutional LSTM Network", NeurIPS 2015, for the idea; here the simpler
chain of the two, as in Sainath et al., "Convolutional, Long Short-Term Memory, Fully Connected
Deep Neural Networks", ICASSP 2015.
"""

from __future__ import annotations

import keras

from forecast.nets.body import Story, Told
from forecast.nets.cells import read
from forecast.spec import NetSpec

__all__ = ["cnn_lstm"]

WIDTH = 3  # steps that one filter sees


def cnn_lstm(story: Story, spec: NetSpec) -> Told:
    """history (B, T, F) -> patterns (B, T, U) -> state (B, U)."""
    patterns = keras.layers.Conv1D(spec.units, WIDTH, padding="causal", activation="relu")(
        story.history
    )
    return Told(read(patterns, spec, "lstm"))
