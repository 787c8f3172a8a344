"""Encoder and decoder, and each step of the horizon looks back at the history it needs.

Source: Luong, Pham & Manning, "Effective Approaches to Attention-based Neural Machine
Translation", EMNLP 2015 (global attention with the dot product as the score).
"""

from __future__ import annotations

import keras
from keras import ops

from forecast.nets.body import Story, Told
from forecast.nets.encoder_decoder import decode
from forecast.spec import NetSpec

__all__ = ["attention"]


def attention(story: Story, spec: NetSpec) -> Told:
    """history (B, T, F), ahead (B, D, G) -> state (B, U), steps (B, D, U)."""
    states, decoded = decode(story, spec)  # (B, T, U), (B, D, U)
    scores = ops.matmul(decoded, ops.transpose(states, (0, 2, 1))) / spec.units**0.5
    # One step of history gets all the attention; Keras warns of a softmax over it.
    attended = ops.softmax(scores, axis=-1) if states.shape[1] > 1 else ops.ones_like(scores)
    context = ops.matmul(attended, states)  # (B, D, U)
    steps = keras.layers.Dense(spec.units, activation="tanh")(
        ops.concatenate([context, decoded], axis=-1)
    )
    return Told(states[:, -1, :], steps)
