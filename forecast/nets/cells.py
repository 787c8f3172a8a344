"""The recurrent layers that the bodies are made of, as the settings want them."""

from __future__ import annotations

from typing import Any

import keras

from forecast.spec import NetSpec

__all__ = ["cell", "normed", "read"]

CELLS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}


def cell(kind: str, spec: NetSpec, gives: str) -> keras.layers.Layer:
    """One recurrent layer.

    Args:
        kind: "lstm", "gru" or "rnn".
        spec: units, dropout, penalty, whether the state is kept from batch to batch.
        gives: "last" (B, U), "all" (B, T, U), or "all and state" to get the last states too.
    """
    # NVIDIA's own kernels would put an operation into the graph that no other runtime has.
    portable = {} if kind == "rnn" else {"use_cudnn": False}
    layer: keras.layers.Layer = CELLS[kind](
        spec.units,
        **portable,
        return_sequences=gives != "last",
        return_state=gives == "all and state",
        stateful=spec.state == "carried",
        dropout=spec.dropout,
        recurrent_dropout=spec.recurrent_dropout,
        kernel_regularizer=keras.regularizers.L2(spec.l2) if spec.l2 else None,
    )
    return layer


def normed(states: Any, spec: NetSpec) -> Any:
    """The states as they are, or normalised over the batch or over the units."""
    if spec.norm == "batch":
        return keras.layers.BatchNormalization()(states)
    if spec.norm == "layer":
        return keras.layers.LayerNormalization()(states)
    return states


def read(history: Any, spec: NetSpec, kind: str) -> Any:
    """(B, T, F) -> (B, U) the last state of `spec.depth` layers, one over the other."""
    for _ in range(spec.depth - 1):
        history = normed(cell(kind, spec, "all")(history), spec)
    return normed(cell(kind, spec, "last")(history), spec)
