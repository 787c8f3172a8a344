"""A learning rate that falls along a cosine, whose length can change without compiling again.

Source: Loshchilov & Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017,
without the restarts.
"""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

__all__ = ["Cosine"]


class Cosine(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """From `rate` at the first step to 0 at the last; both are variables of the compiled graph."""

    def __init__(self) -> None:
        self.rate = keras.Variable(0.0, dtype="float32", trainable=False, name="rate")
        self.steps = keras.Variable(1.0, dtype="float32", trainable=False, name="steps")

    def __call__(self, step: Any) -> Any:
        """The rate at a step."""
        done = ops.minimum(ops.cast(step, "float32") / self.steps, 1.0)
        return self.rate * (1.0 + ops.cos(math.pi * done)) / 2.0

    def plan(self, rate: float, steps: int) -> None:
        """Start at this rate, be at 0 after these steps."""
        self.rate.assign(rate)
        self.steps.assign(float(steps))

    def get_config(self) -> dict[str, Any]:
        """Nothing to set."""
        return {}
