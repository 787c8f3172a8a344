"""Out of Keras: arrays now, an ONNX graph for every day after."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from forecast.nets.backend import kept_back
from forecast.types import Floats, Ints, Windows

__all__ = ["OnnxGraph", "predict"]

# What stands in the graph for the weight at place 0, 1, ...: whole numbers that float32 holds
# exactly, and that no constant of a graph has.
FIRST, BEYOND = 1 << 20, 1 << 24


def predict(network: keras.Model, windows: Windows) -> Floats:
    """(B, H, Q) scaled forecasts, by Keras itself."""
    parts = [windows.x, windows.known, windows.static]
    answer = network.predict_on_batch([p.astype(np.float32) for p in parts if p.shape[-1]])
    return np.asarray(answer, dtype=np.float64)


class OnnxGraph:
    """A network as an ONNX graph: inputs `x`, `known` where there is any, `static`; any batch size.

    To make the graph takes seconds, so it is made once, with the place of each weight written in
    its stead. To write it with the weights of the day is then a matter of looking them up,
    wherever the export has put them, and however it has turned and packed them.
    """

    def __init__(self, network: keras.Model) -> None:
        self.network = network
        self.graph: Any = None
        self.places: dict[int, Ints] = {}

    def write(self, path: Path) -> None:
        """Write the graph with the weights that the network has now."""
        if self.graph is None and not self._make(path):
            _export(self.network, path)  # its weights are not all in the graph one by one
            return
        from onnx import numpy_helper, save

        weights = _flat(self.network)
        for place, found in self.places.items():
            tensor = self.graph.graph.initializer[place]
            values = numpy_helper.to_array(tensor)
            filled = np.where(found < 0, values, weights[found]).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(filled.reshape(values.shape), tensor.name))
        save(self.graph, str(path))

    def _make(self, path: Path) -> bool:
        """Export the graph with places in place of weights; False where it does not hold all."""
        from onnx import load, numpy_helper

        weights = self.network.get_weights()
        count = sum(each.size for each in weights)
        if count > BEYOND - FIRST:
            return False
        _fill(self.network, np.arange(FIRST, FIRST + count, dtype=np.float32))
        try:
            _export(self.network, path)
        finally:
            self.network.set_weights(weights)
        graph = load(str(path))
        for place, tensor in enumerate(graph.graph.initializer):
            values = numpy_helper.to_array(tensor)
            if values.dtype == np.float32 and values.size and values.max() >= FIRST:
                # -1 where a constant stands beside weights, as the zeros of an LSTM's second bias.
                found = np.where(values >= FIRST, values.astype(np.int64) - FIRST, -1)
                self.places[place] = found
        seen = [np.array([-1]), *(found.ravel() for found in self.places.values())]
        whole = bool(len(np.unique(np.concatenate(seen))) == count + 1)
        self.graph = graph if whole else None
        return whole


def _flat(network: keras.Model) -> Floats:
    """(all weights,) in the network's order."""
    flat: Floats = np.concatenate([each.ravel() for each in network.get_weights()])
    return flat


def _fill(network: keras.Model, flat: Floats) -> None:
    """The inverse."""
    weights = network.get_weights()
    ends = np.cumsum([each.size for each in weights])
    parts = np.split(flat, ends[:-1])
    pairs = zip(parts, weights, strict=True)
    network.set_weights([part.reshape(each.shape) for part, each in pairs])


def _export(network: keras.Model, path: Path) -> None:
    """By tf2onnx, straight: through `Model.export` every layer is traced once more, a second."""
    signature = [tf.TensorSpec(part.shape, tf.float32, part.name) for part in network.inputs]
    with kept_back(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tf2onnx's own, about NumPy names
        import tf2onnx

        answer = tf.function(lambda *parts: {"forecast": network(list(parts))})
        tf2onnx.convert.from_function(answer, signature, output_path=str(path))
