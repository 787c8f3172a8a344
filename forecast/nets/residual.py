"""The network with the truth beside it: what `fit` makes small.

A second Keras model around the network takes the truth as one more input and gives the loss of
each step. It tells the gradient of a part of a step, and makes a step of the parts.

An error is counted in units of the window's own spread, as the network sees it, and a window by
the root of its spread: between an equal say for every window, where those that hardly move shout
down the others with errors of many spreads, and one by size alone, where the loudest rule. For
quantiles every window has an equal say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from forecast.nets.network import SPREAD_FLOOR
from forecast.nets.shape import Shape
from forecast.spec import FitSpec

__all__ = ["Residual", "residual"]

# Power of its spread that a window counts by in the forecast of one number. Measured on rows before
# the test with 0, 1/2 and 1: sMAPE of M3 quarterly 10.22, 9.79, 9.52, yearly 19.46, 19.26, 18.93,
# monthly 14.34, 14.22, 14.20; MASE of the hospital 0.796, 0.791, 0.787, of NN5 weekly (two seeds)
# 0.730, 0.728, 0.733; OWA of M4 weekly (two seeds) 0.719, 0.725, 0.729; NSE of a daily river a week
# ahead 0.394, 0.400, 0.403, a day ahead 0.924, 0.926, 0.920, a week ahead with its weather known
# 0.773, 0.794, -; MASE of 14 classics as a share of the seasonal naive's 0.726, 0.717, -.
LOUDNESS = 0.5
HUBER = 1.0  # spreads; beyond, an error counts by its size and not by its square

Loss = Callable[[Any, tuple[float, ...]], Any]

LOSSES: dict[str, Loss] = {
    "mae": lambda off, levels: ops.abs(off),
    "mse": lambda off, levels: ops.square(off),
    "huber": lambda off, levels: ops.where(
        ops.abs(off) < HUBER, off * off / 2.0, HUBER * (ops.abs(off) - HUBER / 2.0)
    ),
    "pinball": lambda off, levels: ops.maximum(
        off * np.array(levels, np.float32), off * (np.array(levels, np.float32) - 1.0)
    ),
}


class Residual(keras.Model):  # type: ignore[misc]
    """Inputs of the network and y (B, H) -> losses of each step (B, H, 2), 0 where y is NaN.

    The first is the one that was asked for, that is told and that a fit is stopped by; the second
    is what the quantiles around the middle learn from.
    """

    @property
    def metrics(self) -> list[Any]:
        """The mean loss and the mean norm of the gradient before clipping."""
        if not hasattr(self, "_loss"):
            self._loss = keras.metrics.Mean("loss")
            self._norm = keras.metrics.Mean("gradient_norm")
        return [self._loss, self._norm]

    def gradient(self, inputs: list[Any], share: float) -> tuple[Any, list[Any]]:
        """Of the windows that are a share of a step: what they add to its loss and its gradient."""
        with tf.GradientTape() as tape:
            losses = ops.mean(self(inputs, training=True), axis=(0, 1)) * share
            whole = ops.sum([ops.sum(losses), *(penalty * share for penalty in self.losses)])
        return losses[0], tape.gradient(whole, self.trainable_weights)

    def update(self, parts: list[tuple[Any, list[Any]]]) -> None:
        """One step along the sum of what the parts found."""
        loss = sum(part[0] for part in parts)
        gradient = [_sum(of_one) for of_one in zip(*(part[1] for part in parts), strict=True)]
        self.optimizer.apply_gradients(zip(gradient, self.trainable_weights, strict=True))
        self.metrics[0].update_state(loss)
        self.metrics[1].update_state(tf.linalg.global_norm(gradient))


def _sum(gradients: tuple[Any, ...]) -> Any:
    """Of one variable; of a table of categories only the rows that were looked up are there."""
    if len(gradients) == 1:
        return gradients[0]
    if isinstance(gradients[0], tf.IndexedSlices):
        values, rows = (
            tf.concat([getattr(each, name) for each in gradients], axis=0)
            for name in ("values", "indices")
        )
        return tf.IndexedSlices(values, rows, gradients[0].dense_shape)
    return tf.add_n(gradients)


def residual(network: keras.Model, shape: Shape, spec: FitSpec) -> Residual:
    """The network with its loss."""
    y = keras.Input((shape.horizon,), shape.batch, name="y")
    target = network.inputs[0][:, -shape.chunk :, 0]
    center = ops.mean(target, axis=1, keepdims=True)
    spread = ops.mean(ops.abs(target - center), axis=1, keepdims=True)
    spread = ops.maximum(spread, SPREAD_FLOOR)
    off = (ops.expand_dims(y, -1) - network.output) / ops.expand_dims(spread, -1)  # (B, H, Q)
    # What is not known counts for nothing; a forecast that is no number shall be noticed.
    off = ops.where(ops.expand_dims(ops.isnan(y), -1), 0.0, off)
    pinball = LOSSES["pinball"](off, shape.levels)  # (B, H, Q)
    if spec.loss == "pinball":
        asked = ops.mean(pinball, axis=-1)  # a quantile holds its share of all windows alike
        fan = ops.zeros_like(asked)
    else:
        middle = shape.levels.index(0.5)
        asked = LOSSES[spec.loss](off[:, :, middle], (0.5,)) * spread**LOUDNESS
        fan = ops.sum(pinball, axis=-1) - pinball[:, :, middle]
    return Residual([*network.inputs, y], ops.stack([asked, fan], axis=-1))
