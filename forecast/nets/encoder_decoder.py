"""An LSTM reads the history and hands its state to another, which goes through the horizon.

Source: Sutskever, Vinyals & Le, "Sequence to Sequence Learning with Neural Networks", NeurIPS
2014. The decoder is fed what is known of each step, not its own last answer, so that all steps
come in one pass and no error is fed back.
"""

from __future__ import annotations

from typing import Any

from forecast.nets.body import Story, Told
from forecast.nets.cells import cell, normed
from forecast.spec import NetSpec

__all__ = ["decode", "encoder_decoder"]


def encoder_decoder(story: Story, spec: NetSpec) -> Told:
    """history (B, T, F), ahead (B, D, G) -> state (B, U), steps (B, D, U)."""
    states, decoded = decode(story, spec)
    return Told(states[:, -1, :], decoded)


def decode(story: Story, spec: NetSpec) -> tuple[Any, Any]:
    """Encoder states (B, T, U) and decoder states (B, D, U); each layer hands its own state on."""
    states, decoded = story.history, story.ahead
    for _ in range(spec.depth):
        states, hidden, memory = cell("lstm", spec, "all and state")(states)
        decoded = cell("lstm", spec, "all")(decoded, initial_state=[hidden, memory])
        states, decoded = normed(states, spec), normed(decoded, spec)
    return states, decoded
