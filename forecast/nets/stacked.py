"""LSTMs one over the other, each reading the sum of what the one below read and said.

The sum is a residual connection, so that a second layer can only add to the first.

Sources: Graves, Mohamed & Hinton, "Speech Recognition with Deep Recurrent Neural Networks",
ICASSP 2013; the residual connections as in Wu et al., "Google's Neural Machine Translation
System", 2016, section 3.1.
"""

from __future__ import annotations

from forecast.nets.body import Story, Told
from forecast.nets.cells import cell, normed
from forecast.spec import NetSpec

__all__ = ["stacked"]


def stacked(story: Story, spec: NetSpec) -> Told:
    """history (B, T, F) -> state (B, U) of the highest layer after the last step."""
    states = normed(cell("lstm", spec, "all")(story.history), spec)
    for _ in range(spec.depth - 1):
        states = states + normed(cell("lstm", spec, "all")(states), spec)
    return Told(states[:, -1, :])
