"""Several networks as one, against the median of what each says alone."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from forecast import infer, nets
from forecast.spec import NetSpec
from forecast.types import Floats, Windows
from tests.nets.made import ALL, SHAPE, awake, noise, windows_for, windows_of

pytestmark = pytest.mark.slow

SPEC = NetSpec(units=6)


def members(shapes: list[nets.Shape]) -> list[Any]:
    nets.start(1)
    return [awake(nets.build(shape, SPEC), seed) for seed, shape in enumerate(shapes)]


def shown(windows: Windows, shape: nets.Shape) -> Windows:
    """The windows as a member with a shorter one sees them."""
    rows = slice(windows.x.shape[1] - shape.window, None)
    return dataclasses.replace(windows, x=windows.x[:, rows], known=windows.known[:, rows])


def median(networks: list[Any], shapes: list[nets.Shape], windows: Windows) -> Floats:
    said = [
        nets.predict(network, shown(windows, shape))
        for network, shape in zip(networks, shapes, strict=True)
    ]
    return np.asarray(np.median(said, axis=0))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_an_ensemble_says_the_median_of_its_members(count: int) -> None:
    kinds = [(12, "additive"), (8, "multiplicative"), (16, "additive"), (4, "multiplicative")]
    shapes = [
        dataclasses.replace(ALL, window=window, form=form, levels=(0.1, 0.5, 0.9))
        for window, form in [kinds[place % 4] for place in range(count)]
    ]
    networks = members(shapes)
    longest = dataclasses.replace(ALL, window=max(shape.window for shape in shapes))
    windows = windows_for(longest, 6)
    whole = nets.join(shapes, [network.get_weights() for network in networks], SPEC)
    said = nets.predict(whole, windows)
    np.testing.assert_allclose(said, median(networks, shapes, windows), atol=1e-6)
    assert (np.diff(said, axis=2) >= 0).all()


def test_the_order_of_the_members_does_not_matter() -> None:
    shapes = [dataclasses.replace(SHAPE, window=window) for window in (12, 4, 8)]
    weights = [network.get_weights() for network in members(shapes)]
    windows = windows_of(noise(4))
    one = nets.predict(nets.join(shapes, weights, SPEC), windows)
    other = nets.predict(nets.join(shapes[::-1], weights[::-1], SPEC), windows)
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("arch", ["vanilla", "attention"])
def test_a_whole_ensemble_is_one_graph_and_one_file(arch: str, tmp_path: Path) -> None:
    nets.start(1)
    spec = NetSpec(arch=arch, units=6)
    forms = ((12, "additive"), (8, "multiplicative"), (12, "additive"))
    shapes = [
        dataclasses.replace(ALL, window=window, form=form, levels=(0.1, 0.5, 0.9))
        for window, form in forms
    ]
    weights = [awake(nets.build(s, spec), k).get_weights() for k, s in enumerate(shapes)]
    whole, windows = nets.join(shapes, weights, spec), windows_for(ALL, 7)
    said = nets.predict(whole, windows)
    graph = nets.OnnxGraph(whole)
    graph.write(tmp_path / "model.onnx")
    light = infer.load_network(tmp_path / "model.onnx")
    np.testing.assert_allclose(light(windows), said, atol=1e-5)
    whole.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True, compile=False)
    np.testing.assert_array_equal(nets.predict(again, windows), said)
    # The refit: other weights in the same network and the same graph.
    other = [[value + np.float32(0.01) for value in values] for values in weights]
    nets.refill(whole, other)
    fresh = nets.predict(nets.join(shapes, other, spec), windows)
    np.testing.assert_array_equal(nets.predict(whole, windows), fresh)
    graph.write(tmp_path / "refit.onnx")
    np.testing.assert_allclose(
        infer.load_network(tmp_path / "refit.onnx")(windows), fresh, atol=1e-5
    )
    assert np.abs(fresh - said).max() > 1e-3
