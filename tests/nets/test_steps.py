"""Gradient steps in parts, beside the same steps in one piece and beside Keras' own."""

from __future__ import annotations

import dataclasses
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from forecast import nets
from forecast.nets.network import build
from forecast.nets.residual import Residual, residual
from forecast.nets.steps import Steps, parts_of
from forecast.spec import FitSpec, NetSpec
from forecast.types import Weights
from tests.nets.made import KINDS, SHAPE, windows_for

WAYS = {"in one piece": (1, True), "in two": (2, True), "in four": (4, True), "plain": (1, False)}
SPECS = {"plain": NetSpec(units=4), "a penalty on the weights": NetSpec(units=4, l2=0.01)}
BATCH, STEPS = 8, 6


@pytest.mark.parametrize(
    ("net", "batch", "parts"),
    [
        (NetSpec(), 32, 1),
        (NetSpec(), 63, 1),
        (NetSpec(), 64, 2),
        (NetSpec(), 101, 1),
        (NetSpec(), 256, 2),
        (NetSpec(), 1024, 8),
        (NetSpec(), 390, 3),
        (NetSpec(), 398, 2),
        (NetSpec(norm="layer"), 256, 2),
        (NetSpec(norm="batch"), 256, 1),
        (NetSpec(dropout=0.1), 256, 1),
        (NetSpec(recurrent_dropout=0.1), 256, 1),
    ],
)
def test_large_steps_are_taken_in_parts_of_one_size(net: NetSpec, batch: int, parts: int) -> None:
    assert parts_of(net, batch) == parts
    assert batch % parts_of(net, batch) == 0


def learner(spec: NetSpec) -> tuple[Residual, list[Any]]:
    """A network with an embedding, from one seed; and windows for it, some without a truth."""
    nets.start(1)
    shape = dataclasses.replace(SHAPE, **KINDS["static"])
    made = residual(build(shape, spec), shape, FitSpec())
    made.compile(optimizer=keras.optimizers.Adam(0.01, clipnorm=1.0))
    made.optimizer.build(made.trainable_variables)
    windows = windows_for(shape, BATCH * STEPS)
    windows.y[3, 1] = np.nan
    return made, [part.astype(np.float32) for part in (windows.x, windows.static, windows.y)]


def after(spec: NetSpec, way: str) -> tuple[Weights, list[float]]:
    made, inputs = learner(spec)
    steps = Steps(made, BATCH, *WAYS[way])
    steps(steps.ready(inputs))
    return made.get_weights(), [float(metric.result()) for metric in made.metrics]


def step_of_the_whole_batch(made: Residual, batch: list[Any]) -> float:
    """One loss of all windows, its gradient, the optimizer; its loss."""
    with tf.GradientTape() as tape:
        losses = tf.reduce_mean(made(batch, training=True), axis=(0, 1))
        both = tf.reduce_sum(losses) + sum(made.losses)
    gradient = tape.gradient(both, made.trainable_variables)
    made.optimizer.apply(gradient, made.trainable_variables)
    return float(losses[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spec", "ways"), [("plain", list(WAYS)), ("a penalty on the weights", ["in two"])]
)
def test_steps_in_parts_are_the_steps_of_the_whole_batch(spec: str, ways: list[str]) -> None:
    made, inputs = learner(SPECS[spec])
    first = made.get_weights()
    losses = [
        step_of_the_whole_batch(made, [part[place : place + BATCH] for part in inputs])
        for place in range(0, BATCH * STEPS, BATCH)
    ]
    assert max(abs(a - b).max() for a, b in zip(first, made.get_weights(), strict=True)) > 0.01
    for way in ways:
        weights, told = after(SPECS[spec], way)
        for mine, whole in zip(weights, made.get_weights(), strict=True):
            np.testing.assert_allclose(mine, whole, atol=2e-5, err_msg=way)
        np.testing.assert_allclose(told[0], np.mean(losses), rtol=1e-5, err_msg=way)


@pytest.mark.slow
def test_parts_computed_side_by_side_give_the_same_weights_every_time() -> None:
    first, told = after(SPECS["plain"], "in four")
    again, said = after(SPECS["plain"], "in four")
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert said == told
