"""The network for other programs: as Keras, TensorFlow and LiteRT read it, and how each says it.

Every file takes the inputs `x`, `known` where there is any, and `static`, float32, any number of
windows at once, and gives `forecast` (B, H, Q).
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from forecast.errors import ForecastError, RunError
from forecast.nets.backend import kept_back
from forecast.nets.convert import predict
from forecast.types import Floats, Windows

__all__ = ["ask_export", "export", "load", "some_windows"]

SOME = 4  # windows


def load(path: Path) -> keras.Model:
    """The network as the training saved it.

    Raises:
        RunError: the file holds no network.
    """
    try:
        with kept_back():
            network: keras.Model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # Keras, h5py, zipfile and json each have several of their own
        raise RunError(
            f"{path} is not a network that can be loaded: {error}",
            hint="train again, or name another run with --model",
        ) from error
    return network


def some_windows(network: keras.Model) -> Windows:
    """Windows that the network takes, of noise from one seed; ones where nothing ever changes."""
    random = np.random.default_rng(1)
    sizes = {part.name: part.shape[1:] for part in network.inputs}
    parts: dict[str, Floats] = {
        name: random.uniform(-1, 1, (SOME, *sizes.get(name, (0,)))) for name in ("x", "known")
    }
    static = np.ones((SOME, *sizes["static"]))
    places = np.arange(SOME)
    nothing = np.empty((SOME, 0))
    return Windows(**parts, y=nothing, static=static, series=places, cutoff=places)


def export(network: keras.Model, kind: str, path: Path) -> None:
    """Write the network as "savedmodel", "litert" or "keras".

    Raises:
        ForecastError: this network cannot be written so.
    """
    try:
        with kept_back(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what TensorFlow will take out some day
            _WRITERS[kind](network, path)
    except Exception as error:  # the converters raise classes of their own
        raise ForecastError(
            f"this network cannot be written as {kind}: {str(error).splitlines()[0][:200]}",
            hint="take --to onnx, which every network can be written as",
        ) from error


def ask_export(kind: str, path: Path, windows: Windows) -> Floats:
    """(B, H, Q) what a file that `export` wrote says, by the runtime that it is made for."""
    with kept_back(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tf.lite is to become a package of its own
        return _READERS[kind](path, windows)


def _signature(network: keras.Model) -> list[tf.TensorSpec]:
    return [tf.TensorSpec(part.shape, tf.float32, part.name) for part in network.inputs]


def _answer(network: keras.Model) -> Any:
    """A TensorFlow function of the inputs in their order, with a name for what it gives."""
    return tf.function(
        lambda *parts: {"forecast": network(list(parts), training=False)},
        input_signature=_signature(network),
    )


def _write_savedmodel(network: keras.Model, path: Path) -> None:
    holder = tf.Module()
    holder.network = network  # what the function needs has to hang on what is saved
    holder.answer = _answer(network)
    tf.saved_model.save(holder, str(path), signatures={"serving_default": holder.answer})


def _write_keras(network: keras.Model, path: Path) -> None:
    network.save(path)


def _write_litert(network: keras.Model, path: Path) -> None:
    """Unrolled, as loops need operations that the plain interpreter does not have.

    The weights become constants: the interpreter would read rubbish from variables. By way of a
    SavedModel, which keeps the inputs' names.
    """
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    straight = keras.Model.from_config(_unrolled(network.get_config()))
    straight.set_weights(network.get_weights())
    frozen = convert_variables_to_constants_v2(_answer(straight).get_concrete_function())
    holder = tf.Module()
    holder.answer = tf.function(
        lambda *parts: {"forecast": tf.nest.flatten(frozen(*parts))[0]},
        input_signature=_signature(network),
    )
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(holder, folder, signatures={"serving_default": holder.answer})
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]  # no select ops
        path.write_bytes(converter.convert())


def _unrolled(config: Any) -> Any:
    """A network's configuration with every recurrent layer, inner ones too, without its loop."""
    if isinstance(config, dict):
        return {key: True if key == "unroll" else _unrolled(each) for key, each in config.items()}
    return [_unrolled(each) for each in config] if isinstance(config, list) else config


def _ask_savedmodel(path: Path, windows: Windows) -> Floats:
    loaded = tf.saved_model.load(str(path))
    answer = loaded.signatures["serving_default"]
    names = answer.structured_input_signature[1]
    said = answer(**{name: tf.constant(_part(windows, name)) for name in names})
    return np.asarray(said["forecast"], dtype=np.float64)


def _ask_keras(path: Path, windows: Windows) -> Floats:
    return predict(load(path), windows)


def _ask_litert(path: Path, windows: Windows) -> Floats:
    interpreter = tf.lite.Interpreter(model_content=path.read_bytes(), num_threads=1)
    answer = interpreter.get_signature_runner("serving_default")
    said = answer(**{name: _part(windows, name) for name in answer.get_input_details()})
    return np.asarray(said["forecast"], dtype=np.float64)


def _part(windows: Windows, name: str) -> Any:
    """One input, as every runtime takes it."""
    return getattr(windows, name).astype(np.float32)


_WRITERS: dict[str, Callable[[keras.Model, Path], None]] = {
    "savedmodel": _write_savedmodel,
    "litert": _write_litert,
    "keras": _write_keras,
}
_READERS: dict[str, Callable[[Path, Windows], Floats]] = {
    "savedmodel": _ask_savedmodel,
    "litert": _ask_litert,
    "keras": _ask_keras,
}
