"""The gated recurrent unit: an LSTM with two gates and no separate memory.

Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical
Machine Translation", EMNLP 2014.
"""

from __future__ import annotations

from forecast.nets.body import Story, Told
from forecast.nets.cells import read
from forecast.spec import NetSpec

__all__ = ["gru"]


def gru(story: Story, spec: NetSpec) -> Told:
    """history (B, T, F) -> state (B, U) after the last step."""
    return Told(read(story.history, spec, "gru"))
