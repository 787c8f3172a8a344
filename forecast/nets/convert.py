"""Out of Keras: arrays now, an ONNX graph for every day after."""

from __future__ import annotations

import warnings
from pathlib import Path

import keras
import numpy as np

from forecast.nets.backend import kept_back
from forecast.types import Floats, Windows

__all__ = ["export_onnx", "predict"]


def predict(network: keras.Model, windows: Windows) -> Floats:
    """(B, H, Q) scaled forecasts, by Keras itself."""
    parts = [windows.x, windows.known, windows.static]
    answer = network.predict_on_batch([p.astype(np.float32) for p in parts if p.shape[-1]])
    return np.asarray(answer, dtype=np.float64)


def export_onnx(network: keras.Model, path: Path) -> None:
    """Write the network as an ONNX graph, inputs `x` (and `known`), any batch size."""
    inputs = [keras.InputSpec("float32", shape=n.shape, name=n.name) for n in network.inputs]
    signature = inputs if len(inputs) == 1 else [inputs]
    with kept_back(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tf2onnx's own, about NumPy names
        network.export(path, format="onnx", verbose=False, input_signature=signature)
