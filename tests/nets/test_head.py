"""The last layers against NumPy."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest

from forecast import nets
from forecast.nets.body import Told
from forecast.nets.head import change, fan
from forecast.spec import FitSpec, NetSpec
from tests.nets.made import ALL, SHAPE, awake, course_of, ignore, told, windows_for, windows_of

pytestmark = pytest.mark.slow

STATE = 3


def test_every_step_is_read_from_the_covariates_around_it_by_the_same_network() -> None:
    shape = nets.Shape(window=8, horizon=4, fold=2, season=1, columns=3, known=2)
    state, known = keras.Input((STATE,)), keras.Input((12, 2))
    model = awake(keras.Model([state, known], change(Told(state), state, known, shape)))
    place = model.get_layer("place").get_weights()
    for name in ("head", "place"):  # what differs from step to step by itself
        layer = model.get_layer(name)
        layer.set_weights([weight * 0 for weight in layer.get_weights()])
    random = np.random.default_rng(1)
    s, k = random.normal(size=(2, STATE)), random.normal(size=(2, 12, 2))
    first, later = (told(model.predict_on_batch([s, np.roll(k, n, axis=1)])) for n in (0, 1))
    np.testing.assert_allclose(later[:, 1:], first[:, :-1], atol=1e-6)
    assert abs(np.diff(first)).min() > 1e-4
    # The same covariates bear otherwise on another step.
    model.get_layer("place").set_weights(place)
    same = [s, np.ones_like(k)]
    assert abs(np.diff(told(model.predict_on_batch(same)))).min() > 1e-4


def test_the_steps_of_a_decoder_are_unfolded_and_the_surplus_is_cut() -> None:
    shape = nets.Shape(window=8, horizon=5, fold=2, season=1)
    state, steps = keras.Input((STATE,)), keras.Input((3, 4))  # three steps of two rows
    model = awake(keras.Model([state, steps], change(Told(state, steps), state, None, shape)))
    random = np.random.default_rng(1)
    s, d = random.normal(size=(2, STATE)), random.normal(size=(2, 3, 4))
    weights = {len(w): told(w) for w in model.get_weights() if w.ndim == 2}
    bias = {len(w): told(w) for w in model.get_weights() if w.ndim == 1}
    rows = (d @ weights[4] + bias[2]).reshape(2, 6)
    expected = s @ weights[STATE] + bias[5] + rows[:, :5]
    np.testing.assert_allclose(told(model.predict_on_batch([s, d])), expected, atol=1e-5)


FANS = [(0.1, 0.5, 0.9), (0.025, 0.1, 0.5, 0.9, 0.975), (0.5, 0.9), (0.1, 0.2, 0.5)]


@pytest.mark.parametrize("way", ["beside", "through"])
@pytest.mark.parametrize("levels", FANS)
def test_each_quantile_is_the_one_nearer_the_middle_and_a_positive_step_more(
    levels: tuple[float, ...], way: str
) -> None:
    shape = dataclasses.replace(SHAPE, levels=levels, fan=way)
    middle, state = keras.Input((5,)), keras.Input((STATE,))
    model = awake(keras.Model([middle, state], fan(middle, state, shape)), size=1.0)
    random = np.random.default_rng(2)
    m, s = random.normal(size=(4, 5)), random.normal(size=(4, STATE))
    said = told(model.predict_on_batch([m, s]))
    assert said.shape == (4, 5, len(levels))
    place = levels.index(0.5)
    np.testing.assert_allclose(said[:, :, place], m, atol=1e-6)
    (dense,) = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    kernel, bias = map(told, dense.get_weights())
    steps = np.log1p(np.exp(s @ kernel + bias)).reshape(4, 5, len(levels) - 1)
    np.testing.assert_allclose(np.diff(said, axis=2), steps, atol=1e-5)


@pytest.mark.parametrize("size", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("form", ["additive", "multiplicative"])
def test_quantiles_never_cross_whatever_the_weights(form: str, size: float) -> None:
    nets.start(1)
    shape = dataclasses.replace(ALL, form=form, levels=FANS[1])
    network = nets.build(shape, NetSpec(units=8))
    for seed in range(5):
        said = nets.predict(awake(network, seed, size), windows_for(shape, 50, seed))
        assert np.isfinite(said).all()
        # Where a logarithm has reached its bounds the last bit of a float32 may differ.
        assert (np.diff(said, axis=2) >= -1e-6 * np.abs(said).max()).all()


def test_trained_quantiles_hold_as_much_as_they_promise() -> None:
    """What comes is noise around the level of each window and in its spread."""
    levels, random = (0.1, 0.5, 0.9), np.random.default_rng(0)
    shape = dataclasses.replace(SHAPE, levels=levels)
    x = random.normal(size=(2, 1000, 12))
    level = x[:, :, -4:].mean(axis=2, keepdims=True)
    spread = abs(x - level).mean(axis=2, keepdims=True)
    y = level + spread * random.normal(size=(2, 1000, 5))
    nets.start(1)
    fit = FitSpec(loss="pinball", levels=levels, batch=128, learning_rate=0.01)
    trainer = nets.Trainer(shape, NetSpec(units=2), fit)
    trainer.fit(course_of(windows_of(x[0], y[0]), 150), ignore)
    said = nets.predict(trainer.network, windows_of(x[1]))
    below = y[1][:, :, None] < said
    np.testing.assert_allclose(below.mean(axis=(0, 1)), levels, atol=0.05)
