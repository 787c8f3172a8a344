"""The plain LSTM: it reads the history, its last state goes on.

Source: Hochreiter & Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997.
"""

from __future__ import annotations

from forecast.nets.body import Story, Told
from forecast.nets.cells import read
from forecast.spec import NetSpec

__all__ = ["vanilla"]


def vanilla(story: Story, spec: NetSpec) -> Told:
    """history (B, T, F) -> state (B, U) after the last step."""
    return Told(read(story.history, spec, "lstm"))
