"""What training makes small, and the gradient of it, against NumPy."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from forecast import nets
from forecast.nets.residual import LOSSES, residual
from forecast.spec import LOSSES as NAMES
from forecast.spec import OPTIMIZERS, FitSpec, NetSpec
from forecast.types import Floats, Windows
from tests.nets.made import SHAPE, awake, course_of, ignore, noise, told, windows_of

pytestmark = pytest.mark.slow

LEVELS = (0.1, 0.5, 0.9)
SMALL = NetSpec(units=4)


def by_hand(loss: str, said: Floats, windows: Windows) -> Floats:
    """(B, H, 2) the loss, and that of the fan, in units of each window's own spread.

    One of the middle alone counts by the root of the spread; both are 0 where y is not known.
    """
    x = windows.x[:, :, 0]
    spread = np.maximum(np.abs(x - x.mean(axis=1, keepdims=True)).mean(axis=1), 1e-3)
    off = (windows.y[:, :, None] - said) / spread[:, None, None]
    off = np.where(np.isnan(off), 0, off)
    levels = np.array(LEVELS)
    middle = off[:, :, 1]
    pinball = np.where(off > 0, levels, levels - 1) * off
    values = {
        "mae": np.abs(middle),
        "mse": middle**2,
        "huber": np.where(np.abs(middle) < 1, middle**2 / 2, np.abs(middle) - 0.5),
        "pinball": pinball.mean(axis=2),
    }
    fan = pinball[:, :, 0] + pinball[:, :, 2]
    fan = np.zeros_like(fan) if loss == "pinball" else fan
    weight = 1.0 if loss == "pinball" else np.sqrt(spread)[:, None]
    return np.stack([values[loss] * weight, fan], axis=2)


def shape_for(loss: str) -> nets.Shape:
    fan = "through" if loss == "pinball" else "beside"
    return dataclasses.replace(SHAPE, levels=LEVELS, fan=fan)


def fit_for(loss: str, **more: Any) -> FitSpec:
    return FitSpec(loss=loss, levels=LEVELS, batch=16, **more)


def given(count: int = 16) -> Windows:
    """Noise, and some of what came after is not known."""
    y = noise(count, 5, seed=8) * 2
    y[::3, 1] = np.nan
    return windows_of(noise(count, seed=7), y)


def test_every_loss_of_the_spec_is_there() -> None:
    assert set(LOSSES) == set(NAMES)


@pytest.mark.parametrize("loss", NAMES)
def test_the_loss_is_the_one_of_the_textbook_in_spreads_of_the_window(loss: str) -> None:
    nets.start(1)
    network, windows = awake(nets.build(shape_for(loss), SMALL)), given()
    asked = residual(network, shape_for(loss), fit_for(loss))
    parts = [windows.x, windows.static, windows.y]
    measured = told(asked.predict_on_batch([part.astype(np.float32) for part in parts]))
    expected = by_hand(loss, nets.predict(network, windows), windows)
    np.testing.assert_allclose(measured, expected, rtol=1e-4, atol=1e-5)


def test_a_window_a_hundred_times_as_loud_counts_ten_times_and_once_for_the_fan() -> None:
    nets.start(1)
    network, windows = awake(nets.build(SHAPE, SMALL)), given()
    asked = residual(network, SHAPE, fit_for("mae"))
    losses = []
    for times in (1.0, 0.01):
        parts = [windows.x * times, windows.static, windows.y * times]
        losses.append(told(asked.predict_on_batch([part.astype(np.float32) for part in parts])))
    np.testing.assert_allclose(losses[0][:, :, 0], losses[1][:, :, 0] * 10, rtol=2e-3, atol=1e-4)
    np.testing.assert_allclose(losses[0][:, :, 1], losses[1][:, :, 1], rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("loss", "optimizer"),
    [
        ("mae", "adam"),
        ("mse", "adamw"),
        ("huber", "nadam"),
        ("pinball", "rmsprop"),
        ("mae", "sgd"),
    ],
)
def test_the_first_loss_of_a_fit_is_that_of_the_simple_forecast_and_then_it_falls(
    loss: str, optimizer: str
) -> None:
    assert optimizer in OPTIMIZERS
    windows, shape = given(), shape_for(loss)
    windows = dataclasses.replace(windows, y=windows.y / 2 + 1)
    fit = fit_for(loss, optimizer=optimizer, learning_rate=0.1 if optimizer == "sgd" else 0.02)
    nets.start(1)
    trainer = nets.Trainer(shape, SMALL, fit)
    untrained = nets.predict(nets.build(shape, SMALL), windows)
    _, first = trainer.fit(course_of(windows, 1), ignore)
    expected = by_hand(loss, untrained, windows)[:, :, 0].mean()
    assert first.loss == pytest.approx([expected], rel=1e-4)
    _, later = trainer.fit(course_of(windows, 60), ignore)
    assert later.loss[-1] < 0.9 * first.loss[0]


@pytest.mark.parametrize("loss", ["mae", "mse"])
def test_a_fan_beside_the_middle_leaves_the_forecast_and_the_stop_as_they_are(loss: str) -> None:
    windows, said = given(), []
    for levels in ((0.5,), LEVELS):
        nets.start(1)
        shape = dataclasses.replace(SHAPE, levels=levels)
        trainer = nets.Trainer(shape, SMALL, fit_for(loss, learning_rate=0.02))
        course = dataclasses.replace(course_of(windows, 60), validation=given(8))
        _, history = trainer.fit(course, ignore)
        said.append(nets.predict(trainer.network, windows))
        said.append(np.array(history.val_loss))
    np.testing.assert_allclose(said[0][:, :, 0], said[2][:, :, 1], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(said[1], said[3], rtol=1e-4)
    assert (np.ptp(said[2][:, :, 2] - said[2][:, :, 1]) > 0.01).all()  # and the fan has learnt


def stepped(clip: float, loss: str = "mse", l2: float = 0.0) -> tuple[list[Floats], float, float]:
    """What one step of gradient descent at rate 1 changes, the norm and the loss it tells of."""
    nets.start(1)
    spec = NetSpec(units=4, l2=l2)
    fit = fit_for(loss, optimizer="sgd", learning_rate=1.0, clip=clip)
    trainer = nets.Trainer(SHAPE, spec, fit)
    before = trainer._first_weights(1)
    after, history = trainer.fit(course_of(given(), 1), ignore)
    changes = [told(b) - told(a) for a, b in zip(after, before, strict=True)]
    return changes, history.gradient_norm[0], history.loss[0]


def test_the_norm_that_is_told_is_that_of_the_whole_gradient_before_it_is_clipped() -> None:
    free, norm, _ = stepped(clip=1e9)
    assert norm == pytest.approx(np.sqrt(sum((each**2).sum() for each in free)), rel=1e-3)
    held, same, _ = stepped(clip=1e-3)
    assert same == pytest.approx(norm, rel=1e-4)
    assert all(np.sqrt((each**2).sum()) < 1.01e-3 for each in held)


def test_the_penalty_on_large_weights_is_in_the_gradient_and_not_in_the_loss_that_is_told() -> None:
    (plain, _, loss), (punished, _, same) = stepped(1e9), stepped(1e9, l2=0.1)
    assert loss == pytest.approx(same, rel=1e-6)
    nets.start(1)
    kernel = nets.Trainer(SHAPE, SMALL, fit_for("mse"))._first_weights(1)[0]
    np.testing.assert_allclose(punished[0] - plain[0], 2 * 0.1 * kernel, atol=1e-5)


def test_what_is_not_known_does_not_pull_at_the_weights() -> None:
    nets.start(1)
    trainer = nets.Trainer(SHAPE, SMALL, fit_for("mae"))
    first = trainer._first_weights(1)
    windows = windows_of(noise(8), np.full((8, 5), np.nan))
    weights, history = trainer.fit(course_of(windows, 10), ignore)
    assert history.loss == [0.0]
    assert history.gradient_norm == [0.0]
    for one, other in zip(first, weights, strict=True):
        np.testing.assert_array_equal(one, other)
