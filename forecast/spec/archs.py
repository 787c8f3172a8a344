"""The networks by name, known here without waking Keras; `nets.BODIES` builds them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ARCHS", "Arch"]


@dataclass(frozen=True, slots=True)
class Arch:
    """What a person needs to choose a network.

    Attributes:
        line: what it is.
        diagram: how the folded history flows through it, in text.
        when: to take it.
    """

    line: str
    diagram: str
    when: str


ARCHS: dict[str, Arch] = {
    "vanilla": Arch(
        "One LSTM reads the history; its last state makes all steps at once.",
        "history ─ LSTM ─ last state ─ all steps",
        "Start here; it wins or ties on most data, and is the fastest to train.",
    ),
    "stacked": Arch(
        "Two LSTMs, the second reads the states of the first.",
        "history ─ LSTM ─ LSTM ─ last state ─ all steps",
        "Many long series with patterns inside patterns: hours, days and weeks.",
    ),
    "bidirectional": Arch(
        "One LSTM reads the history forwards, one backwards.",
        "history ─┬─ LSTM →─┬─ both last states ─ all steps\n         └─ LSTM ←─┘",
        "The shape of the whole window matters more than its newest end.",
    ),
    "cnn-lstm": Arch(
        "A convolution finds short patterns, an LSTM orders them.",
        "history ─ convolution ─ LSTM ─ last state ─ all steps",
        "Noisy data of high frequency, where short bursts repeat.",
    ),
    "encoder-decoder": Arch(
        "An LSTM reads the history and hands its state to another, which writes the steps.",
        "history ─ LSTM ── state ──→ LSTM ─ step after step\n                known ahead ─┘",
        "Covariates known ahead decide the steps: prices, holidays, weather forecasts.",
    ),
    "attention": Arch(
        "As encoder-decoder, and each step looks back at the part of the history it needs.",
        "history ─ LSTM ── state ──→ LSTM ─┬─ step after step\n"
        "            └── all states ─ attention ─┘",
        "Long windows in which the telling moment may be far back.",
    ),
    "gru": Arch(
        "A GRU in the place of the LSTM: two gates instead of three, a quarter fewer weights.",
        "history ─ GRU ─ last state ─ all steps",
        "Little data, or a smaller model file.",
    ),
    "rnn": Arch(
        "The plain recurrent network without gates, from before the LSTM.",
        "history ─ RNN ─ last state ─ all steps",
        "For comparison: to see what the gates are good for.",
    ),
}
