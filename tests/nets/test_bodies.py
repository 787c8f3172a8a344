"""The bodies against their equations in NumPy; and each one trains, is saved, is exported."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from forecast import infer, nets
from forecast.errors import SpecError
from forecast.nets.body import Story
from forecast.spec import ARCHS, FitSpec, NetSpec
from forecast.types import Floats
from tests.nets.made import (
    KINDS,
    SHAPE,
    Looks,
    awake,
    course_of,
    ignore,
    noise,
    sigmoid,
    softmax,
    told,
    windows_for,
    windows_of,
)

pytestmark = pytest.mark.slow

UNITS = 3
HISTORY, AHEAD = (4, 2), (3, 5)  # steps and features
Gate = tuple[Floats, Floats, Floats]  # kernel, recurrent kernel, bias


def lstm(x: Floats, weights: Gate, state: tuple[Floats, Floats] | None = None) -> Any:
    """(B, T, F) -> states (B, T, U) and the last memory, gates i, f, c, o in this order."""
    kernel, recurrent, bias = weights
    h, c = state if state else (np.zeros((len(x), UNITS)), np.zeros((len(x), UNITS)))
    states = []
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1), c


def gru(x: Floats, weights: Gate) -> Floats:
    """(B, T, F) -> states (B, T, U); the reset gate works on the recurrent sum, with its bias."""
    kernel, recurrent, bias = weights
    h, states = np.zeros((len(x), UNITS)), []
    for t in range(x.shape[1]):
        xz, xr, xh = np.split(x[:, t] @ kernel + bias[0], 3, axis=1)
        hz, hr, hh = np.split(h @ recurrent + bias[1], 3, axis=1)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        h = z * h + (1 - z) * np.tanh(xh + r * hh)
        states.append(h)
    return np.stack(states, axis=1)


def rnn(x: Floats, weights: Gate) -> Floats:
    """(B, T, F) -> states (B, T, U)."""
    kernel, recurrent, bias = weights
    h, states = np.zeros((len(x), UNITS)), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent + bias)
        states.append(h)
    return np.stack(states, axis=1)


def heard(arch: str, **more: Any) -> tuple[Floats, Floats, list[Floats], Floats, Floats | None]:
    """A body with random weights: history, ahead, the weights, its state and its steps."""
    spec = NetSpec(arch=arch, units=UNITS, **more)
    story = Story(keras.Input(HISTORY), keras.Input(AHEAD))
    body = nets.BODIES[arch](story, spec)
    outputs = [body.state] if body.steps is None else [body.state, body.steps]
    model = awake(keras.Model([story.history, story.ahead], outputs), seed=1, size=0.7)
    random = np.random.default_rng(2)
    history, ahead = random.normal(size=(2, *HISTORY)), random.normal(size=(2, *AHEAD))
    said = model.predict_on_batch([history, ahead])
    said = [told(each) for each in (said if isinstance(said, list) else [said])]
    weights = [told(weight) for weight in model.get_weights()]
    return history, ahead, weights, said[0], said[1] if len(said) > 1 else None


def gate(weights: list[Floats], place: int) -> Gate:
    """The three weights of one recurrent layer."""
    kernel, recurrent, bias = weights[3 * place : 3 * place + 3]
    return kernel, recurrent, bias


def same(said: Floats | None, expected: Floats) -> None:
    assert said is not None
    np.testing.assert_allclose(said, expected, atol=2e-6)


def test_vanilla_is_the_last_state_of_the_equations() -> None:
    x, _, weights, state, steps = heard("vanilla")
    assert steps is None
    same(state, lstm(x, gate(weights, 0))[0][:, -1])


def test_layers_of_vanilla_read_the_states_of_the_layer_below() -> None:
    x, _, weights, state, _ = heard("vanilla", layers=2)
    below, _ = lstm(x, gate(weights, 0))
    same(state, lstm(below, gate(weights, 1))[0][:, -1])


def test_stacked_adds_to_each_layer_what_it_read() -> None:
    x, _, weights, state, _ = heard("stacked", layers=3)
    states, _ = lstm(x, gate(weights, 0))
    for layer in (1, 2):
        states = states + lstm(states, gate(weights, layer))[0]
    same(state, states[:, -1])


def test_stacked_has_two_layers_where_none_are_asked_for() -> None:
    assert len(heard("stacked")[2]) == 6
    assert len(heard("vanilla")[2]) == 3


def test_bidirectional_reads_forwards_and_backwards() -> None:
    x, _, weights, state, _ = heard("bidirectional")
    forwards = lstm(x, gate(weights, 0))[0][:, -1]
    backwards = lstm(x[:, ::-1], gate(weights, 1))[0][:, -1]
    same(state, np.concatenate([forwards, backwards], axis=1))


def test_cnn_lstm_finds_patterns_of_three_steps_and_none_of_the_future() -> None:
    x, _, weights, state, _ = heard("cnn-lstm")
    kernel, bias = weights[:2]  # (3, F, U), (U,)
    before = np.concatenate([np.zeros((2, 2, x.shape[2])), x], axis=1)
    patterns = [
        np.maximum(np.einsum("bwf,wfu->bu", before[:, t : t + 3], kernel) + bias, 0)
        for t in range(x.shape[1])
    ]
    kernel, recurrent, bias = weights[2:]
    same(state, lstm(np.stack(patterns, axis=1), (kernel, recurrent, bias))[0][:, -1])


def test_the_decoder_starts_from_the_encoders_state_and_memory() -> None:
    x, ahead, weights, state, steps = heard("encoder-decoder")
    states, memory = lstm(x, gate(weights, 0))
    same(state, states[:, -1])
    same(steps, lstm(ahead, gate(weights, 1), (states[:, -1], memory))[0])


def test_each_layer_of_the_encoder_hands_its_own_state_to_its_decoder() -> None:
    x, ahead, weights, state, steps = heard("encoder-decoder", layers=2)
    states, decoded = x, ahead
    for encoder, decoder in ((0, 2), (1, 3)):  # Keras lists the encoder's layers first
        states, memory = lstm(states, gate(weights, encoder))
        decoded, _ = lstm(decoded, gate(weights, decoder), (states[:, -1], memory))
    same(state, states[:, -1])
    same(steps, decoded)


def test_attention_weighs_the_history_by_its_likeness_to_each_step() -> None:
    x, ahead, weights, state, steps = heard("attention")
    states, memory = lstm(x, gate(weights, 0))
    decoded, _ = lstm(ahead, gate(weights, 1), (states[:, -1], memory))
    kernel, bias = weights[6:]
    expected = np.zeros_like(decoded)
    for b in range(len(x)):
        for d in range(AHEAD[0]):
            scores = np.array([decoded[b, d] @ each for each in states[b]]) / np.sqrt(UNITS)
            attended = softmax(scores)
            assert attended.sum() == pytest.approx(1)
            context = sum(w * each for w, each in zip(attended, states[b], strict=True))
            expected[b, d] = np.tanh(np.concatenate([context, decoded[b, d]]) @ kernel + bias)
    same(state, states[:, -1])
    same(steps, expected)


def test_the_gru_has_an_update_and_a_reset_gate() -> None:
    x, _, weights, state, _ = heard("gru")
    same(state, gru(x, gate(weights, 0))[:, -1])


def test_the_gru_has_a_quarter_fewer_recurrent_weights_than_the_lstm() -> None:
    sizes = {arch: heard(arch)[2][1].size for arch in ("gru", "vanilla")}
    assert sizes["gru"] * 4 == sizes["vanilla"] * 3


def test_the_plain_network_is_a_tanh_of_the_step_and_the_state_before() -> None:
    x, _, weights, state, _ = heard("rnn", layers=2)
    same(state, rnn(rnn(x, gate(weights, 0)), gate(weights, 1))[:, -1])


def test_layer_norm_makes_the_states_mean_nothing_and_spread_one() -> None:
    x, _, weights, state, _ = heard("vanilla", norm="layer")
    gamma, beta = weights[3:]
    raw = lstm(x, gate(weights, 0))[0][:, -1]
    center, spread = raw.mean(axis=1, keepdims=True), raw.var(axis=1, keepdims=True)
    np.testing.assert_allclose(
        state, (raw - center) / np.sqrt(spread + 1e-3) * gamma + beta, atol=1e-5
    )


def test_every_name_of_the_spec_is_a_network_and_every_network_has_a_name() -> None:
    assert list(nets.BODIES) == list(ARCHS)


def test_an_unknown_network_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(SpecError) as caught:
        NetSpec(arch="transformer")
    assert all(name in caught.value.hint for name in ARCHS)


def lines(count: int = 64) -> Any:
    """Windows of straight lines: a simple method knows half of it, a network all."""
    random = np.random.default_rng(0)
    slope, level = random.uniform(-1, 1, (2, count, 1))
    line = level + slope * np.arange(17) / 17
    return windows_of(line[:, :12], line[:, 12:])


@pytest.mark.parametrize("arch", ARCHS)
def test_every_network_learns_and_is_loaded_by_plain_keras_as_it_was(
    arch: str, tmp_path: Path
) -> None:
    nets.start(1)
    windows = lines()
    spec, shape = NetSpec(arch=arch, units=8), dataclasses.replace(SHAPE, season=1)
    looks = Looks()
    weights, history = nets.Trainer(shape, spec, FitSpec(batch=16)).fit(
        course_of(windows, 60), looks
    )
    assert history.loss[-1] < 0.75 * history.loss[0]
    network = nets.join([shape], [weights], spec)
    network.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True, compile=False)
    np.testing.assert_array_equal(nets.predict(again, windows), nets.predict(network, windows))


def exported(network: Any, path: Path) -> infer.Network:
    nets.OnnxGraph(network).write(path)
    return infer.load_network(path)


def what_is_exported() -> list[Any]:
    """Every body with everything that may stand beside the target.

    A body sees no more of the latter than its number of features, so that one without steps of
    its own and one with stand for all, and every one has nothing and everything beside it; the
    others are left to `make test-grid`.
    """
    ends = ("target only", "all")
    return [
        pytest.param(arch, kind, marks=[] if told_apart else [pytest.mark.grid])
        for arch in ARCHS
        for kind in KINDS
        for told_apart in [kind in ends or arch in ("vanilla", "attention")]
    ]


@pytest.mark.parametrize(("arch", "kind"), what_is_exported())
def test_the_exported_graph_says_what_keras_says(arch: str, kind: str, tmp_path: Path) -> None:
    nets.start(1)
    shape = dataclasses.replace(SHAPE, **KINDS[kind])
    network = awake(nets.build(shape, NetSpec(arch=arch, units=8)))
    windows = windows_for(shape, 9)
    light = exported(network, tmp_path / "model.onnx")
    said = nets.predict(network, windows)
    np.testing.assert_allclose(light(windows), said, atol=1e-5)
    # Every input counts: another value of it gives another forecast.
    for name in ("x", "known") if shape.known else ("x",):
        other = dataclasses.replace(windows, **{name: getattr(windows, name) * 2 + 1})
        assert not np.allclose(light(other), said, atol=1e-3), name
    for column in range(len(shape.static)):
        static = windows.static.copy()
        static[:, column] = (static[:, column] + 1) % 4
        assert not np.allclose(light(dataclasses.replace(windows, static=static)), said, atol=1e-4)


DRESSED: list[dict[str, Any]] = [
    {"dropout": 0.2, "recurrent_dropout": 0.1, "l2": 1e-4, "norm": "layer", "layers": 2},
    {"dropout": 0.2, "norm": "batch", "arch": "encoder-decoder"},
]


@pytest.mark.parametrize("settings", DRESSED, ids=["layer norm", "batch norm"])
def test_what_only_a_training_does_is_not_in_the_exported_graph(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    nets.start(1)
    windows = lines(32)
    spec = NetSpec(units=8, **settings)
    weights, _ = nets.Trainer(SHAPE, spec, FitSpec(batch=16)).fit(course_of(windows, 20), ignore)
    network = nets.join([SHAPE], [weights], spec)
    light = exported(network, tmp_path / "model.onnx")
    other = windows_of(noise(5))
    np.testing.assert_allclose(light(other), nets.predict(network, other), atol=1e-5)
    np.testing.assert_array_equal(nets.predict(network, other), nets.predict(network, other))
