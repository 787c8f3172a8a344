"""The network against its equations, worked out in NumPy."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast import infer
from forecast.errors import DataError, SpecError
from forecast.spec import ARCHS, FitSpec, NetSpec
from forecast.types import Step, Windows

pytestmark = pytest.mark.slow

nets = pytest.importorskip("forecast.nets")

SHAPE = nets.Shape(window=12, horizon=5, fold=4, season=4)


def windows_of(
    x: np.ndarray,
    y: np.ndarray | None = None,
    known: np.ndarray | None = None,
    static: np.ndarray | None = None,
) -> Windows:
    """(B, L) or (B, L, C) histories."""
    x = x[:, :, None] if x.ndim == 2 else x
    count = len(x)
    return Windows(
        x=x,
        y=np.zeros((count, SHAPE.horizon)) if y is None else y,
        known=np.empty((count, SHAPE.window + SHAPE.horizon, 0)) if known is None else known,
        static=np.empty((count, 0)) if static is None else static,
        series=np.zeros(count, dtype=np.int64),
        cutoff=np.arange(count),
    )


def noise(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (count, SHAPE.window))


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


def test_the_gates_are_those_of_the_equations() -> None:
    """One layer with constant weights; gates i, f, c, o as in Hochreiter & Schmidhuber."""
    import keras

    from forecast.nets.vanilla import vanilla

    units, features = 3, 2
    steps = keras.Input((4, features))
    model = keras.Model(steps, vanilla(steps, NetSpec(units=units)))
    kernel = np.full((features, 4 * units), 0.3, np.float32)
    recurrent = np.full((units, 4 * units), -0.2, np.float32)
    bias = np.repeat([0.1, 1.0, 0.0, -0.1], units).astype(np.float32)
    model.set_weights([kernel, recurrent, bias])
    x = np.random.default_rng(1).normal(size=(2, 4, features)).astype(np.float32)

    h, c = np.zeros((2, units)), np.zeros((2, units))
    for t in range(4):
        i, f, g, o = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)

    np.testing.assert_allclose(model.predict_on_batch(x), h, atol=1e-6)


def test_an_untrained_network_is_nearly_the_mean_shape_of_two_seasons() -> None:
    nets.start(1)
    network = nets.build(SHAPE, NetSpec(units=4))
    x = noise(3)
    last, before = x[:, -4:], x[:, -8:-4]
    level = last.mean(axis=1, keepdims=True)
    shape = (last - level + before - before.mean(axis=1, keepdims=True)) / 2 + level
    seasonal = np.concatenate([shape, shape], axis=1)[:, :5]
    gate = sigmoid(np.array(2.0))  # 0.88 of the season, the rest of the last value
    expected = gate * seasonal + (1 - gate) * x[:, -1:]
    np.testing.assert_allclose(nets.predict(network, windows_of(x))[:, :, 0], expected, atol=1e-5)


def test_without_a_season_an_untrained_network_repeats_the_last_value() -> None:
    nets.start(1)
    network = nets.build(nets.Shape(window=12, horizon=5, fold=4, season=1), NetSpec(units=4))
    x = noise(3)
    expected = np.repeat(x[:, -1:], 5, axis=1)
    np.testing.assert_allclose(nets.predict(network, windows_of(x))[:, :, 0], expected, atol=1e-5)


def trained(seed: int = 1, shape: Any = SHAPE, count: int = 64) -> tuple[Any, Any]:
    """A small network after a few steps on noise."""
    nets.start(seed)
    network = nets.build(shape, NetSpec(units=8))
    trainer = nets.Trainer(network, FitSpec(batch=16), steps=20, seed=seed)
    x = noise(count)
    y = np.random.default_rng(2).uniform(-1, 1, (count, 5))
    history = trainer.fit(lambda p: windows_of(x[p], y[p]), count, None, lambda step: None)
    return network, history


def test_shifting_and_stretching_a_window_shifts_and_stretches_its_forecast() -> None:
    network, _ = trained()
    x = noise(4, seed=3)
    plain = nets.predict(network, windows_of(x))
    moved = nets.predict(network, windows_of(3 * x + 10))
    np.testing.assert_allclose(moved, 3 * plain + 10, atol=2e-4)


def test_the_same_seed_gives_the_same_weights_bit_for_bit() -> None:
    first, second = trained(seed=5)[0], trained(seed=5)[0]
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    other_seed = trained(seed=6)[0]
    assert not np.array_equal(first.get_weights()[0], other_seed.get_weights()[0])


def test_a_second_fit_starts_afresh() -> None:
    nets.start(1)
    network = nets.build(SHAPE, NetSpec(units=8))
    trainer = nets.Trainer(network, FitSpec(batch=16), steps=20, seed=1)
    x, y = noise(64), noise(64, seed=9)[:, :5]
    results = []
    for _ in range(2):
        trainer.fit(lambda p: windows_of(x[p], y[p]), 64, None, lambda step: None)
        results.append(network.get_weights())
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


def test_training_finds_what_the_seasonal_naive_cannot() -> None:
    """y continues a line: the naive start is wrong, the trained network is not."""
    random = np.random.default_rng(0)
    slope, level = random.uniform(-1, 1, (2, 512, 1))
    line = level + slope * np.arange(17) / 17
    x, y = line[:, :12], line[:, 12:]
    nets.start(1)
    network = nets.build(nets.Shape(12, 5, 4, 1), NetSpec(units=16))
    before = np.abs(nets.predict(network, windows_of(x))[:, :, 0] - y).mean()
    looks: list[Step] = []
    trainer = nets.Trainer(network, FitSpec(batch=64), steps=300, seed=1)
    history = trainer.fit(
        lambda p: windows_of(x[p], y[p]), 512, windows_of(x[:64], y[:64]), looks.append
    )
    after = np.abs(nets.predict(network, windows_of(x))[:, :, 0] - y).mean()
    assert after < before / 5
    assert [look.step for look in looks] == history.step == list(range(20, 301, 20))
    assert history.best_step in history.step
    assert min(history.val_loss) == history.val_loss[history.step.index(history.best_step)]


def test_a_fit_that_only_gets_worse_stops_early_and_keeps_the_best_weights() -> None:
    nets.start(1)
    network = nets.build(SHAPE, NetSpec(units=8))
    trainer = nets.Trainer(network, FitSpec(batch=16, patience=0.1), steps=1000, seed=1)
    x, y = noise(32), noise(32, seed=4)[:, :5]
    held = windows_of(noise(32, seed=7), noise(32, seed=8)[:, :5])
    history = trainer.fit(lambda p: windows_of(x[p], y[p]), 32, held, lambda step: None)
    assert history.step[-1] < 1000
    assert history.best_step < history.step[-1]
    kept = nets.predict(network, held)
    again = nets.Trainer(network, FitSpec(batch=16, patience=0.1), steps=1000, seed=1)
    again.first, again.until = trainer.first, history.best_step
    again.fit(lambda p: windows_of(x[p], y[p]), 32, None, lambda step: None)
    np.testing.assert_allclose(nets.predict(network, held), kept, atol=1e-6)


@pytest.mark.parametrize(("asked", "done"), [(1, 1), (7, 7), (10, 10), (19, 10), (57, 50)])
def test_no_more_steps_are_done_than_asked_for(asked: int, done: int) -> None:
    nets.start(1)
    trainer = nets.Trainer(nets.build(SHAPE, NetSpec(units=2)), FitSpec(batch=4), asked, seed=1)
    x = noise(8)
    history = trainer.fit(lambda p: windows_of(x[p]), 8, None, lambda step: None)
    assert history.step[-1] == trainer.steps == done
    assert int(trainer.residual.optimizer.iterations.numpy()) == done


def test_missing_targets_do_not_pull_at_the_weights() -> None:
    nets.start(1)
    network = nets.build(SHAPE, NetSpec(units=4))
    before = network.get_weights()
    trainer = nets.Trainer(network, FitSpec(batch=8), steps=10, seed=1)
    x, y = noise(8), np.full((8, 5), np.nan)
    history = trainer.fit(lambda p: windows_of(x[p], y[p]), 8, None, lambda step: None)
    assert history.loss == [0.0]
    for one, other in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_loss_that_is_no_number_is_tried_again_and_then_explained() -> None:
    nets.start(1)
    network = nets.build(SHAPE, NetSpec(units=4))
    trainer = nets.Trainer(network, FitSpec(batch=8), steps=10, seed=1)
    x = np.full((8, 12), np.inf)
    looks: list[Step] = []
    with pytest.raises(DataError, match="not a number"):
        trainer.fit(lambda p: windows_of(x[p]), 8, None, looks.append)
    assert len(looks) == 2
    assert all(math.isnan(look.loss) for look in looks)


def test_every_name_of_the_spec_is_a_network_and_every_network_has_a_name() -> None:
    assert set(nets.BODIES) == set(ARCHS)


def test_an_unknown_network_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(SpecError) as caught:
        NetSpec(arch="transformer")
    assert "vanilla" in caught.value.hint


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"columns": 3, "known": 2},
        {"columns": 2, "marked": True},
        {"static": ((5.0, 2.0), (0.0, 1.0))},
        {"columns": 3, "known": 1, "marked": True, "static": ((1.0, 1.0),)},
    ],
    ids=["target", "known ahead", "gaps marked", "static", "all"],
)
def test_the_exported_graph_says_what_keras_says(tmp_path: Path, more: dict[str, Any]) -> None:
    shape = nets.Shape(window=12, horizon=5, fold=4, season=4, **more)
    nets.start(1)
    network = nets.build(shape, NetSpec(units=8, layers=2))
    random = np.random.default_rng(0)
    network.set_weights([random.normal(size=w.shape) / 4 for w in network.get_weights()])
    windows = windows_of(
        random.uniform(-1, 1, (9, 12, shape.width)),
        known=random.uniform(-1, 1, (9, 17, shape.known)),
        static=random.uniform(0, 5, (9, len(shape.static))),
    )
    nets.export_onnx(network, tmp_path / "model.onnx")
    light = infer.load_network(tmp_path / "model.onnx")
    said = nets.predict(network, windows)
    np.testing.assert_allclose(light(windows), said, atol=1e-5)
    # Every input counts: another value of it gives another forecast.
    for name in ("x", "known", "static"):
        if getattr(windows, name).shape[-1]:
            other = dataclasses.replace(windows, **{name: getattr(windows, name) * 2 + 1})
            assert not np.allclose(light(other), said, atol=1e-3), name


def test_the_saved_network_loads_in_plain_keras(tmp_path: Path) -> None:
    import keras

    network, _ = trained()
    network.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True, compile=False)
    windows = windows_of(noise(4))
    np.testing.assert_array_equal(nets.predict(again, windows), nets.predict(network, windows))
