"""A state carried along one long series, against a loop and against one long pass."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast import infer, nets
from forecast.nets.order import passes, streams
from forecast.prep import Cutoffs, Plan, gather
from forecast.spec import FitSpec, NetSpec
from forecast.types import Floats, Ints, Panel, Windows
from tests.nets.made import DEEP, Looks, awake, ignore

pytestmark = pytest.mark.slow

CHUNK, CHUNKS, HORIZON = 4, 5, 3
SHAPE = nets.Shape(
    window=CHUNK * CHUNKS, horizon=HORIZON, fold=2, season=2, columns=2, chunks=CHUNKS
)
PLAN = Plan(horizon=HORIZON, window=CHUNK, fold=2, season=2, holdout=0, validation=0, least=1)
CARRYING = ["vanilla", "stacked", "gru", "rnn"]


def river(rows: int = 60) -> Panel:
    """One series with a covariate, scaled."""
    random = np.random.default_rng(0)
    panel = Panel.single(np.sin(np.arange(rows) / 3), freq="D", start="2024-01-01")
    values = np.concatenate([panel.values, random.uniform(-1, 1, (rows, 1))], axis=1)
    return dataclasses.replace(
        panel, values=values, columns=("y", "rain"), static=np.array([[DEEP]])
    )


def windows_at(rows: Ints, plan: Plan = PLAN) -> Windows:
    return gather(river(), Cutoffs(np.zeros(len(rows), dtype=np.int64), rows), plan)


@given(
    count=st.integers(1, 200),
    chunk=st.integers(1, 20),
    batch=st.integers(1, 20),
    steps=st.integers(1, 60),
)
def test_each_stream_goes_on_chunk_by_chunk_and_all_begin_again_together(
    count: int, chunk: int, batch: int, steps: int
) -> None:
    places = streams(count, chunk, batch, steps).reshape(steps, batch)
    length = passes(count, chunk, batch)
    assert places.min() >= 0
    assert places.max() < count
    for step in range(steps):
        if step % length == 0:
            np.testing.assert_array_equal(places[step], places[0])
        else:
            np.testing.assert_array_equal(places[step], places[step - 1] + chunk)
    # A stream is as long as the series allows, give or take the rows in which they all begin.
    assert length <= -(-count // chunk)
    assert places[0].max() < max(chunk, 1)
    assert (np.diff(places[0]) >= 0).all()
    if batch <= chunk and length > 1:
        assert places[0, 0] + length * chunk + chunk > count - chunk


def test_streams_are_those_of_the_table() -> None:
    # 20 windows, chunks of 6, three streams: they begin two rows apart and go on by six.
    table = [[0, 2, 4], [6, 8, 10], [12, 14, 16], [0, 2, 4], [6, 8, 10]]
    assert streams(20, chunk=6, batch=3, steps=5).reshape(5, 3).tolist() == table


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("arch", CARRYING)
def test_a_state_handed_from_chunk_to_chunk_is_that_of_one_long_pass(
    arch: str, layers: int
) -> None:
    nets.start(1)
    spec = NetSpec(arch=arch, units=5, layers=layers, state="carried")
    trainer = nets.Trainer(SHAPE, spec, FitSpec(batch=3))
    awake(trainer.trained)
    network = nets.join([SHAPE], [trainer.trained.get_weights()], spec)
    ends = np.array([CHUNK * CHUNKS, CHUNK * CHUNKS + 3, CHUNK * CHUNKS + 17])
    whole = nets.predict(
        network, windows_at(ends, dataclasses.replace(PLAN, window=CHUNK * CHUNKS))
    )
    said = chunk_by_chunk(trainer.trained, ends)
    np.testing.assert_allclose(said[-1], whole, atol=1e-5)
    assert abs(chunk_by_chunk(trainer.trained, ends, fresh=True)[-1] - whole).max() > 1e-3


def chunk_by_chunk(network: Any, ends: Ints, *, fresh: bool = False) -> list[Floats]:
    """What the training network says after each chunk; afresh: it forgets before each."""
    said = []
    recurrent = [layer for layer in network.layers if hasattr(layer, "reset_state")]
    for place in range(CHUNKS):
        if fresh or place == 0:
            for layer in recurrent:
                layer.reset_state()
        said.append(nets.predict(network, windows_at(ends - CHUNK * (CHUNKS - 1 - place))))
    return said


def test_a_training_pass_begins_without_a_state_and_ends_where_the_series_does() -> None:
    """The rows that the network is shown, call by call."""
    nets.start(1)
    shown: list[Ints] = []
    rows = np.arange(CHUNK, 60 - HORIZON + 1)

    def batch(places: Ints) -> Windows:
        shown.append(rows[places])
        states = [told for layer in recurrent for told in layer.states]
        left.append(max(float(np.abs(np.asarray(state.value)).max()) for state in states))
        return windows_at(rows[places])

    spec = NetSpec(units=5, state="carried")
    trainer, left = nets.Trainer(SHAPE, spec, FitSpec(batch=4)), list[float]()
    recurrent = [layer for layer in trainer.trained.layers if hasattr(layer, "states")]
    looks = Looks()
    _, history = trainer.fit(nets.Course(batch, len(rows), None, 30, seed=1), looks)
    length = passes(len(rows), CHUNK, 4)
    assert history.step == [length, 2 * length, 30]
    np.testing.assert_array_equal(shown[0], shown[1])
    np.testing.assert_array_equal(shown[0][: len(shown[2])], shown[2])
    assert left[0] == 0
    assert left[1] > 0  # of the pass before; it is put back to zero when the next begins
    assert 60 - HORIZON - shown[0].max() < CHUNK


def test_two_passes_over_the_same_rows_do_not_see_each_others_state() -> None:
    """At a rate of nearly zero both passes have the same loss."""
    nets.start(1)
    rows = np.arange(CHUNK, 60 - HORIZON + 1)
    fit = FitSpec(batch=4, optimizer="sgd", learning_rate=1e-12)
    trainer = nets.Trainer(SHAPE, NetSpec(units=5, state="carried"), fit)
    first = [np.asarray(w) for w in awake(trainer.network).get_weights()]
    trainer._first_weights = lambda seed: first  # type: ignore[method-assign]
    length = passes(len(rows), CHUNK, 4)
    course = nets.Course(lambda p: windows_at(rows[p]), len(rows), None, 2 * length, seed=1)
    _, history = trainer.fit(course, ignore)
    assert history.loss[0] == pytest.approx(history.loss[1], rel=1e-5)


@pytest.mark.parametrize("arch", CARRYING)
def test_a_carried_state_is_trained_validated_and_saved(arch: str, tmp_path: Any) -> None:
    nets.start(1)
    rows = np.arange(CHUNK, 60 - HORIZON + 1)
    long = dataclasses.replace(PLAN, window=CHUNK * CHUNKS)
    spec = NetSpec(arch=arch, units=6, state="carried")
    trainer = nets.Trainer(SHAPE, spec, FitSpec(batch=8, learning_rate=0.02))
    held = windows_at(np.arange(40, 57), long)
    course = nets.Course(lambda p: windows_at(rows[p]), len(rows), held, 40, seed=1)
    weights, history = trainer.fit(course, ignore)
    assert history.loss[-1] < history.loss[0]
    assert np.isfinite(history.val_loss).all()
    network = nets.join([SHAPE], [weights], spec)
    nets.OnnxGraph(network).write(tmp_path / "model.onnx")
    light = infer.load_network(tmp_path / "model.onnx")
    np.testing.assert_allclose(light(held), nets.predict(network, held), atol=1e-5)
