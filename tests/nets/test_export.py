"""Every network says the same in every format: Keras is the oracle."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from forecast import nets
from forecast.errors import ForecastError, RunError
from forecast.spec import EXPORTS, NetSpec
from forecast.types import Windows
from tests.nets.made import ALL, SHAPE, awake, windows_for

pytestmark = pytest.mark.slow

# Everything that can stand in a graph: logarithms, gaps, categories, quantiles, last year.
FULL = dataclasses.replace(ALL, levels=(0.1, 0.5, 0.9), form="multiplicative")


def ensemble(arch: str, members: int, shape: nets.Shape) -> tuple[Any, Windows]:
    """A network of members with windows of two lengths, and windows for it."""
    spec = NetSpec(arch=arch, units=4)
    shapes = [dataclasses.replace(shape, window=(1 + k % 2) * 12) for k in range(members)]
    weights = [awake(nets.build(s, spec), k).get_weights() for k, s in enumerate(shapes)]
    longest = max(shapes, key=lambda each: each.window)
    return nets.join(shapes, weights, spec), windows_for(longest, 5)


def same(network: Any, kind: str, path: Path, windows: Windows) -> None:
    nets.export(network, kind, path)
    said, expected = nets.ask_export(kind, path, windows), nets.predict(network, windows)
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(said, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("arch", nets.BODIES)
def test_litert_says_what_keras_says(arch: str, tmp_path: Path) -> None:
    network, windows = ensemble(arch, 1, FULL)
    same(network, "litert", tmp_path / "model.tflite", windows)


@pytest.mark.parametrize("kind", EXPORTS[1:])
@pytest.mark.parametrize("members", [1, 3])
def test_every_format_says_what_keras_says(kind: str, members: int, tmp_path: Path) -> None:
    network, windows = ensemble("vanilla", members, SHAPE)
    same(network, kind, tmp_path / ("model.keras" if kind == "keras" else "model"), windows)


def test_litert_runs_without_select_ops(tmp_path: Path) -> None:
    import tensorflow as tf

    network, _ = ensemble("bidirectional", 2, FULL)
    nets.export(network, "litert", tmp_path / "model.tflite")
    with pytest.warns(UserWarning, match="deprecated"):
        interpreter = tf.lite.Interpreter(str(tmp_path / "model.tflite"))
    operations = {each["op_name"] for each in interpreter._get_ops_details()}
    assert "FULLY_CONNECTED" in operations
    assert not {name for name in operations if name.startswith("Flex") or name == "WHILE"}


def test_a_network_that_has_no_such_operations_is_refused_in_words(tmp_path: Path) -> None:
    part = keras.Input((4, 4))
    network = keras.Model(part, keras.ops.inv(part))
    with pytest.raises(ForecastError, match="cannot be written as litert") as caught:
        nets.export(network, "litert", tmp_path / "model.tflite")
    assert "--to onnx" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"not a network", b"PK\x03\x04 not an archive"])
def test_what_is_no_network_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.keras").write_bytes(content)
    with pytest.raises(RunError, match=r"model\.keras"):
        nets.load(tmp_path / "model.keras")


def test_some_windows_are_what_the_network_takes() -> None:
    network, windows = ensemble("vanilla", 1, ALL)
    some = nets.some_windows(network)
    for name in ("x", "known", "static"):
        assert getattr(some, name).shape[1:] == getattr(windows, name).shape[1:]
    assert np.isfinite(nets.predict(network, some)).all()
