"""Out of Keras: arrays now, an ONNX graph for every day after."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from forecast.nets.backend import forget_frozen, kept_back
from forecast.types import Floats, Ints, Windows

__all__ = ["OnnxGraph", "predict"]

# What stands in the graph for the weight at place 0, 1, ...: whole numbers that float32 holds
# exactly, and that no constant of a graph has.
FIRST, BEYOND = 1 << 20, 1 << 24


def predict(network: keras.Model, windows: Windows) -> Floats:
    """(B, H, Q) scaled forecasts, by Keras itself."""
    return np.asarray(network.predict_on_batch(_parts(windows)), dtype=np.float64)


def _parts(windows: Windows) -> list[NDArray[np.float32]]:
    """The inputs that there are, in their order."""
    parts = (windows.x, windows.known, windows.static)
    return [part.astype(np.float32) for part in parts if part.shape[-1]]


class OnnxGraph:
    """A network as an ONNX graph: inputs `x`, `known` where there is any, `static`; any batch size.

    To make the graph takes seconds, so it is made once, with the place of each weight written in
    its stead. To write it with the weights of the day is then a matter of looking them up,
    wherever the export has put them, and however it has turned and packed them.
    """

    def __init__(self, network: keras.Model) -> None:
        self.network = network
        signature = [tf.TensorSpec(part.shape, tf.float32, part.name) for part in network.inputs]
        self.answer = tf.function(
            lambda *parts: {"forecast": network(list(parts))}, input_signature=signature
        )
        self.graph: Any = None
        self.places: dict[int, Ints] = {}

    def write(self, path: Path) -> None:
        """Write the graph with the weights that the network has now."""
        if self.graph is None and not self._make(path):
            self._export(path)  # its weights are not all in the graph one by one
            return
        from onnx import numpy_helper, save

        weights = _flat(self.network)
        for place, found in self.places.items():
            tensor = self.graph.graph.initializer[place]
            values = numpy_helper.to_array(tensor)
            filled = np.where(found < 0, values, weights[found]).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(filled.reshape(values.shape), tensor.name))
        save(self.graph, str(path))

    def ask(self, windows: Windows) -> Floats:
        """(B, H, Q) what the network says by TensorFlow, traced once for this and the export."""
        return np.asarray(self.answer(*_parts(windows))["forecast"], dtype=np.float64)

    def _make(self, path: Path) -> bool:
        """Export the graph with places in place of weights; False where it does not hold all."""
        from onnx import load, numpy_helper

        weights = self.network.get_weights()
        count = sum(each.size for each in weights)
        if count > BEYOND - FIRST:
            return False
        _fill(self.network, np.arange(FIRST, FIRST + count, dtype=np.float32))
        try:
            self._export(path)
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

    def _export(self, path: Path) -> None:
        """By tf2onnx, straight: through `Model.export` every layer is traced once more, a second.

        tf2onnx keeps a copy of the graph before every pass, in case that fails; on the airline
        file that was half of its time. Here a failed pass is an error, and then it shall copy.
        """
        with kept_back(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tf2onnx's own, about NumPy names
            try:
                with _setting("TF2ONNX_CATCH_ERRORS", "FALSE"):
                    _convert(self.answer, path)
            except Exception:  # of whichever pass
                _convert(self.answer, path)


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


def _convert(answer: Any, path: Path) -> None:
    import tf2onnx

    signature = answer.input_signature
    try:
        tf2onnx.convert.from_function(answer, signature, output_path=str(path))
    finally:
        forget_frozen()


@contextmanager
def _setting(name: str, value: str) -> Iterator[None]:
    """A variable of the environment, for as long as this lasts."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
