"""Bring TensorFlow up: without its start-up noise, with a seed, the same result every time."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from forecast.threads import cores

__all__ = ["forget_frozen", "kept_back", "on_gpu", "silence", "start"]

ENTRIES = 4  # of one function in TensorFlow, at most; it has been seen to make two


def silence() -> None:
    """Import Keras on TensorFlow and keep what it says to itself, unless the import fails.

    TF_CPP_MIN_LOG_LEVEL does not reach the lines that TensorFlow's C++ writes before its
    logging is set up, so the file descriptor itself is turned away while it imports.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    with kept_back(), uncollected(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras  # noqa: F401
        import tensorflow as tf
    tf.get_logger().setLevel("ERROR")  # it warns of graphs that are traced, one for each network
    # What was imported stays. Not to look through it for garbage again and again, nor through all
    # graphs once more at the very end, takes a tenth off a short training.
    gc.freeze()
    atexit.register(gc.freeze)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage is looked for: four thousand modules make none, and are a fifth sooner there."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@contextmanager
def kept_back() -> Iterator[None]:
    """What the block writes to descriptor 2 is said only if it raises."""
    sys.stderr.flush()
    real = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            kept.seek(0)
            os.write(real, kept.read())
            raise
        finally:
            os.dup2(real, 2)
            os.close(real)


def start(seed: int) -> None:
    """Seed Python, NumPy and TensorFlow: the same data then give the same weights, bit for bit.

    On a CPU the seed alone does it, and XLA stays on. On a GPU TensorFlow's deterministic
    kernels are asked for, and Keras then leaves XLA out.
    """
    import keras
    import tensorflow as tf

    _use_all_cores()
    keras.backend.clear_session()
    _forget_gradients()
    keras.utils.set_random_seed(seed)
    if on_gpu():
        tf.config.experimental.enable_op_determinism()


def on_gpu() -> bool:
    """Whether TensorFlow computes on a GPU."""
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


def _forget_gradients() -> None:
    """Let go of the graphs that were trained before.

    TensorFlow keeps the gradient of every function that it traced, and all of its graph with it,
    for as long as the process lives: 7 MB for each training of the smallest network.
    """
    from tensorflow.python.framework import ops

    kept = getattr(ops.gradient_registry, "_registry", {})
    for name in [name for name in kept if name.startswith("CustomGradient-")]:
        del kept[name]


def forget_frozen() -> None:
    """Let go of the loops of networks that were frozen for an export.

    TensorFlow enters the body and the condition of each twice, under a new name every time, and
    takes them out never: 60 kB for each export of the smallest network.
    """
    from tensorflow.python.eager import context

    entered = context.context()
    for name in getattr(entered, "list_function_names", tuple)():
        text = name.decode() if isinstance(name, bytes) else name
        for _ in range(ENTRIES if "_frozen_" in text else 0):
            if entered.has_function(text):
                entered.remove_function(text)


def _use_all_cores() -> None:
    """As many threads as this process may use cores."""
    import tensorflow as tf

    if tf.config.threading.get_intra_op_parallelism_threads() == cores():
        return  # set once, before TensorFlow's first operation
    try:
        tf.config.threading.set_intra_op_parallelism_threads(cores())
        tf.config.threading.set_inter_op_parallelism_threads(2)
    except RuntimeError:
        return  # somebody used TensorFlow in this process before us; its threads stay
