"""The ONNX graph that is made once and filled with the weights of the day."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from forecast import infer, nets
from forecast.nets import convert
from forecast.spec import NetSpec
from tests.nets.made import SHAPE, awake, noise, windows_of

pytestmark = pytest.mark.slow


def test_to_make_the_graph_leaves_the_weights_as_they_were(tmp_path: Path) -> None:
    network = awake(nets.build(SHAPE, NetSpec(units=4)), 1)
    before = network.get_weights()
    nets.OnnxGraph(network).write(tmp_path / "model.onnx")
    for ours, theirs in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_every_weight_bears_on_what_the_graph_says(tmp_path: Path) -> None:
    network = awake(nets.build(SHAPE, NetSpec(units=3)), 1)
    graph, windows = nets.OnnxGraph(network), windows_of(noise(5))
    weights = network.get_weights()
    for place in range(len(weights)):
        moved = [each + np.float32(0.3) * (k == place) for k, each in enumerate(weights)]
        network.set_weights(moved)
        graph.write(tmp_path / "model.onnx")
        said = infer.load_network(tmp_path / "model.onnx")(windows)
        np.testing.assert_allclose(said, nets.predict(network, windows), atol=1e-5)
        np.testing.assert_allclose(graph.ask(windows), nets.predict(network, windows), atol=1e-6)


@pytest.mark.parametrize("before", [None, "TRUE"])
def test_where_a_pass_of_the_export_fails_it_is_done_once_more_with_copies(
    before: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, tried, convert_once = "TF2ONNX_CATCH_ERRORS", list[str | None](), convert._convert

    def failing(answer: object, path: Path) -> None:
        tried.append(os.environ.get(name))
        if tried[-1] == "FALSE":
            raise ValueError("a pass failed")
        convert_once(answer, path)

    monkeypatch.delenv(name, raising=False)
    if before:
        monkeypatch.setenv(name, before)
    monkeypatch.setattr(convert, "_convert", failing)
    network, windows = awake(nets.build(SHAPE, NetSpec(units=3)), 1), windows_of(noise(5))
    nets.OnnxGraph(network).write(tmp_path / "model.onnx")
    assert tried == ["FALSE", before]
    said = infer.load_network(tmp_path / "model.onnx")(windows)
    np.testing.assert_allclose(said, nets.predict(network, windows), atol=1e-5)


@pytest.mark.parametrize("fault", ["too many weights", "a weight that is not in the graph"])
def test_a_graph_that_cannot_be_filled_is_exported_again_and_again(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "too many weights":
        monkeypatch.setattr(convert, "BEYOND", convert.FIRST + 10)
    else:
        monkeypatch.setattr(convert, "_fill", lambda network, flat: None)
    network, windows = awake(nets.build(SHAPE, NetSpec(units=3)), 1), windows_of(noise(5))
    graph = nets.OnnxGraph(network)
    for seed in (1, 2):
        awake(network, seed)
        graph.write(tmp_path / "model.onnx")
        said = infer.load_network(tmp_path / "model.onnx")(windows)
        np.testing.assert_allclose(said, nets.predict(network, windows), atol=1e-5)


def test_an_export_leaves_no_function_behind_in_tensorflow(tmp_path: Path) -> None:
    from tensorflow.python.eager import context

    network, windows = awake(nets.build(SHAPE, NetSpec(units=3)), 1), windows_of(noise(5))
    graph = nets.OnnxGraph(network)
    before = graph.ask(windows)
    graph.write(tmp_path / "model.onnx")
    names = [str(name) for name in context.context().list_function_names()]
    assert names  # those of the network that is still there
    assert [name for name in names if "_frozen_" in name] == []
    np.testing.assert_array_equal(graph.ask(windows), before)
