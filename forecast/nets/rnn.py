"""The plain recurrent network: the state is a tanh of the step and the state before.

Source: Elman, "Finding Structure in Time", Cognitive Science 14(2), 1990.
"""

from __future__ import annotations

from forecast.nets.body import Story, Told
from forecast.nets.cells import read
from forecast.spec import NetSpec

__all__ = ["rnn"]


def rnn(story: Story, spec: NetSpec) -> Told:
    """history (B, T, F) -> state (B, U) after the last step."""
    return Told(read(story.history, spec, "rnn"))
