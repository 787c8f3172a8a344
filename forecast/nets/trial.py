"""Whether TensorFlow runs here: a product of matrices through XLA, and which GPUs it sees."""

from __future__ import annotations

import numpy as np

from forecast.errors import InstallError
from forecast.nets.backend import kept_back

__all__ = ["try_training"]

SIDE, TOLERANCE = 64, 1e-3


def try_training() -> tuple[str, tuple[str, ...]]:
    """TensorFlow's version, and the names of the GPUs that it would train on.

    Raises:
        InstallError: it does not compute, or computes wrongly.
    """
    import tensorflow as tf

    matrix = np.random.default_rng(1).normal(size=(SIDE, SIDE)).astype(np.float32)
    try:
        with kept_back():
            product = tf.function(tf.matmul, jit_compile=True)(matrix, matrix).numpy()
            gpus = tuple(gpu.name for gpu in tf.config.list_physical_devices("GPU"))
    except Exception as error:  # TensorFlow's own, of which there are many
        raise InstallError(
            f"TensorFlow does not run: {str(error).splitlines()[0]}",
            hint="install it again: pip install --force-reinstall tensorflow",
        ) from error
    worst = float(np.max(np.abs(product - matrix @ matrix)))
    if not worst <= TOLERANCE * SIDE:
        raise InstallError(
            f"TensorFlow multiplies wrongly, by {worst:.1e}",
            hint="install it again: pip install --force-reinstall tensorflow",
        )
    return str(tf.__version__), gpus
