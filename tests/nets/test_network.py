"""The network around every body: what it starts from, what it is blind to, what it reads."""

from __future__ import annotations

import dataclasses
from typing import Any

import keras
import numpy as np
import pytest

from forecast import nets
from forecast.prep.units import zero_depth
from forecast.spec import ARCHS, FitSpec, NetSpec
from forecast.types import Floats, Scale, Windows
from tests.nets.made import (
    ALL,
    DEEP,
    KINDS,
    SHAPE,
    awake,
    course_of,
    ignore,
    mixed,
    noise,
    part,
    windows_for,
    windows_of,
)

pytestmark = pytest.mark.slow

MULTIPLICATIVE = dataclasses.replace(SHAPE, form="multiplicative")
SMALL = NetSpec(units=8)


def built(shape: nets.Shape, spec: NetSpec = SMALL) -> Any:
    """A network with random weights."""
    nets.start(1)
    return awake(nets.build(shape, spec))


def point(network: Any, x: Floats, zero: float = DEEP) -> Floats:
    """(B, L) histories of series whose zero lies so deep -> (B, H)."""
    static = np.full((len(x), 1), zero)
    return nets.predict(network, windows_of(x, static=static))[:, :, 0]


# --- before training


@pytest.mark.parametrize("arch", ARCHS)
def test_an_untrained_network_says_what_the_simple_methods_say(arch: str) -> None:
    nets.start(1)
    x = noise(3)
    network = nets.build(SHAPE, NetSpec(arch=arch, units=4))
    np.testing.assert_allclose(point(network, x), mixed(x), atol=1e-5)


@pytest.mark.parametrize(("season", "horizon", "fold"), [(1, 5, 4), (3, 7, 6), (12, 3, 2)])
def test_horizon_fold_and_season_need_not_fit_each_other(
    season: int, horizon: int, fold: int
) -> None:
    nets.start(1)
    shape = nets.Shape(window=12, horizon=horizon, fold=fold, season=season)
    x = noise(3)
    network = nets.build(shape, NetSpec(arch="encoder-decoder", units=4))
    np.testing.assert_allclose(point(network, x), mixed(x, shape), atol=1e-5)


@pytest.mark.parametrize("arch", ARCHS)
def test_a_history_of_one_step_is_enough(arch: str) -> None:
    nets.start(1)
    for rows in (1, 4):
        shape = nets.Shape(window=rows, horizon=3, fold=rows, season=1)
        x = noise(5, rows)
        network = nets.build(shape, NetSpec(arch=arch, units=4))
        expected = mixed(x, shape) if rows > 1 else np.repeat(x, 3, axis=1)
        np.testing.assert_allclose(point(network, x), expected, atol=1e-5)
        assert np.isfinite(point(awake(network), x)).all()


# --- the two forms


@pytest.mark.parametrize("arch", ["vanilla", "attention"])
def test_shifting_and_stretching_a_window_shifts_and_stretches_its_forecast(arch: str) -> None:
    network, x = built(SHAPE, NetSpec(arch=arch, units=8)), noise(4, seed=3)
    np.testing.assert_allclose(point(network, 3 * x + 10), 3 * point(network, x) + 10, atol=2e-4)


@pytest.mark.parametrize("times", [0.5, 1.3])
def test_a_multiplicative_network_stretches_its_forecast_as_the_data_around_zero(
    times: float,
) -> None:
    network, zero = built(MULTIPLICATIVE), 1.4  # zero lies a little below the lowest value
    x = noise(4, seed=3)
    stretched = times * (x + zero) - zero
    expected = times * (point(network, x, zero) + zero) - zero
    np.testing.assert_allclose(point(network, stretched, zero), expected, atol=2e-4)
    # The additive one does not: its forecast depends on the size of the ups and downs alone.
    assert abs(point(network, x + 0.2, zero) - point(network, x, zero) - 0.2).max() > 1e-3


def test_an_untrained_multiplicative_network_forecasts_the_logarithm() -> None:
    nets.start(1)
    network, x, zero = nets.build(MULTIPLICATIVE, SMALL), noise(4, seed=5), 1.2
    logarithm = np.log((x + zero) / zero)
    np.testing.assert_allclose(
        point(network, x, zero), zero * np.exp(mixed(logarithm)) - zero, atol=1e-5
    )


def test_where_zero_is_no_floor_a_logarithm_is_nearly_straight() -> None:
    nets.start(1)
    x = noise(20, seed=6)
    forms = [point(nets.build(shape, SMALL), x) for shape in (SHAPE, MULTIPLICATIVE)]
    assert abs(forms[0] - forms[1]).max() < 0.03  # of a scaled range of 2


def test_values_at_zero_and_below_it_have_a_forecast_all_the_same() -> None:
    network = built(MULTIPLICATIVE)
    x = noise(4)
    x[:, -3:] = [-1.2, -1.5, -1e6]
    assert np.isfinite(point(network, x, zero=1.2)).all()


def test_a_logarithm_forecasts_no_more_than_e_squared_times_the_highest_training_value() -> None:
    network, zero = built(MULTIPLICATIVE), 1.5
    head = network.get_layer("head")
    kernel, bias = head.get_weights()
    head.set_weights([kernel * 0, bias + 1e4])
    np.testing.assert_allclose(point(network, noise(3), zero) + zero, np.exp(2) * (1 + zero))


# --- what else may not matter


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["additive", "multiplicative"])
def test_a_forecast_does_not_depend_on_the_windows_beside_it(form: str, kind: str) -> None:
    """Keras adds a (B, 1) as if it were a bias where B is the size of the last axis."""
    shape = dataclasses.replace(SHAPE, form=form, levels=(0.1, 0.5, 0.9), **KINDS[kind])
    network, windows = built(shape), windows_for(shape, 12)
    whole = nets.predict(network, windows)
    for count in range(1, 12):  # horizon, season, fold, levels and what lies between
        first = nets.predict(network, part(windows, slice(count)))
        np.testing.assert_allclose(first, whole[:count], atol=1e-5)


def test_what_is_to_come_is_no_input() -> None:
    network, windows = built(ALL), windows_for(ALL, 4)
    assert [each.name for each in network.inputs] == ["x", "known", "static"]
    other = dataclasses.replace(windows, y=windows.y * 100)
    np.testing.assert_array_equal(nets.predict(network, other), nets.predict(network, windows))


def test_a_flat_window_is_forecast_flat() -> None:
    nets.start(1)
    for shape in (SHAPE, MULTIPLICATIVE):
        flat = point(nets.build(shape, SMALL), np.full((2, 12), 0.3))
        np.testing.assert_allclose(flat, 0.3, atol=1e-5)


def test_a_series_of_nothing_but_zeros_is_forecast_to_be_zero() -> None:
    nets.start(1)
    scale = Scale(np.array([[0.0]]), np.array([[0.0]]))
    x = scale.apply(np.zeros((12, 1)), np.zeros(12, dtype=np.int64)).T
    for shape in (SHAPE, MULTIPLICATIVE):
        scaled = point(nets.build(shape, SMALL), x, zero=float(zero_depth(scale)[0]))
        np.testing.assert_allclose(scale.invert(scaled, np.array([0])), 0, atol=1e-6)


# --- what is known ahead


def test_a_covariate_known_ahead_moves_its_own_step_and_the_next_five() -> None:
    shape = nets.Shape(window=12, horizon=10, fold=4, season=4, columns=2, known=1)
    network, windows = built(shape), windows_for(shape, 3)
    before = nets.predict(network, windows)
    for step in range(10):
        known = windows.known.copy()
        known[:, 12 + step] += 1
        after = nets.predict(network, dataclasses.replace(windows, known=known))
        moved = np.flatnonzero(np.abs(after - before).max(axis=(0, 2)) > 1e-6)
        assert set(moved) <= set(range(step, min(step + 6, 10)))
        assert step in moved


def test_the_decoder_sees_a_covariate_at_its_step_and_goes_on_from_it() -> None:
    shape = nets.Shape(window=12, horizon=10, fold=2, season=4, columns=2, known=1)
    network, windows = built(shape, NetSpec(arch="encoder-decoder", units=8)), windows_for(shape, 3)
    before = nets.predict(network, windows)
    known = windows.known.copy()
    known[:, 12 + 4] += 1
    after = nets.predict(network, dataclasses.replace(windows, known=known))
    moved = np.flatnonzero(np.abs(after - before).max(axis=(0, 2)) > 1e-6)
    assert set(moved) == set(range(4, 10))  # row 4 begins the third step of two rows


def test_the_far_past_of_a_covariate_known_ahead_is_read_as_a_channel() -> None:
    shape = dataclasses.replace(SHAPE, **KINDS["known ahead"])
    network, windows = built(shape), windows_for(shape, 3)
    known = windows.known.copy()
    known[:, :7] = 100  # six rows before the first step and farther: x has them
    other = dataclasses.replace(windows, known=known)
    np.testing.assert_array_equal(nets.predict(network, other), nets.predict(network, windows))


# --- what never changes


def static_windows(codes: list[float]) -> Any:
    """The same history for each of these values of one static column."""
    x = np.repeat(noise(1), len(codes), axis=0)
    static = np.stack([codes, np.full(len(codes), DEEP)], axis=1)
    return windows_of(x, np.tile(np.arange(5.0), (len(codes), 1)), static)


def test_a_static_number_is_read_by_its_distance_from_the_mean_in_spreads() -> None:
    wide = dataclasses.replace(SHAPE, static=(nets.Static(mean=5, spread=2),))
    plain = dataclasses.replace(SHAPE, static=(nets.Static(),))
    said = nets.predict(built(wide), static_windows([1, 5, 9]))
    expected = nets.predict(built(plain), static_windows([-2, 0, 2]))
    np.testing.assert_allclose(said, expected, atol=1e-6)
    assert abs(said[0] - said[2]).max() > 1e-3


def test_a_category_that_the_training_never_saw_has_a_vector_of_zeros() -> None:
    network = built(dataclasses.replace(SHAPE, static=(nets.Static(categories=3),)))
    said = nets.predict(network, static_windows([0, 1, 2, 3]))
    assert all(abs(said[0] - each).max() > 1e-3 for each in said[1:])
    weights = [w * ("embeddings" not in v.path) for v, w in paired(network)]
    network.set_weights(weights)
    nameless = nets.predict(network, static_windows([0, 1, 2, 3]))
    np.testing.assert_allclose(nameless, np.repeat(said[:1], 4, axis=0), atol=1e-6)


def paired(network: Any) -> list[tuple[Any, Any]]:
    """Each weight as Keras' variable and as numbers."""
    return list(zip(network.weights, network.get_weights(), strict=True))


def test_the_vector_of_a_category_is_learnt() -> None:
    """What comes depends on nothing but the category."""
    shape = dataclasses.replace(SHAPE, static=(nets.Static(categories=3),))
    nets.start(1)
    windows = static_windows([1, 2, 3] * 8)
    windows = dataclasses.replace(windows, y=windows.static[:, :1] + np.zeros(5))
    trainer = nets.Trainer(shape, SMALL, FitSpec(batch=8, learning_rate=0.03))
    trainer.fit(course_of(windows, 200), ignore)
    off = nets.predict(trainer.network, windows)[:, :, 0] - windows.y
    assert abs(off).max() < 0.25


TEXTS = dataclasses.replace(SHAPE, columns=3, known=1, texts=(0, 0, 4))


def with_events(codes: Any) -> Windows:
    """Windows of one history, beside which one of four texts stands on each row (B, L + H)."""
    events = np.asarray(codes)[:, :, None] * 2 / 4 - 1
    others = np.zeros((len(events), SHAPE.window, 2)) + noise(1)[0][:, None]
    x = np.concatenate([others, events[:, : SHAPE.window]], axis=2)
    return dataclasses.replace(windows_of(x), known=events)


def test_a_text_is_neither_more_nor_less_than_another() -> None:
    """With the vectors of two texts exchanged, each says what the other said."""
    network = built(TEXTS)
    codes = np.random.default_rng(0).integers(0, 5, (6, 17))
    swapped = np.array([0, 3, 2, 1, 4])
    said, theirs = (nets.predict(network, with_events(each)) for each in (codes, swapped[codes]))
    assert abs(said - theirs).max() > 1e-2
    tables = ["embeddings" in variable.path for variable, _ in paired(network)]
    assert sum(tables) == 1  # the same vectors for what was and for what is known ahead
    network.set_weights(
        [w[swapped] if table else w for (_, w), table in zip(paired(network), tables, strict=True)]
    )
    np.testing.assert_allclose(nets.predict(network, with_events(swapped[codes])), said, atol=1e-6)


def test_a_text_that_the_training_never_saw_says_nothing() -> None:
    network = built(TEXTS)
    codes = np.random.default_rng(0).integers(0, 5, (6, 17))
    said = nets.predict(network, with_events(np.zeros_like(codes)))
    assert abs(nets.predict(network, with_events(codes)) - said).max() > 1e-2
    network.set_weights([w * ("embeddings" not in v.path) for v, w in paired(network)])
    np.testing.assert_allclose(nets.predict(network, with_events(codes)), said, atol=1e-6)


def test_what_a_text_does_is_learnt_whatever_its_code() -> None:
    """Each step is raised or lowered by the text that is known of it, in no order of the codes."""
    nets.start(1)
    effect = np.array([0.0, 0.5, -0.5, 0.4, -0.3])
    codes = np.random.default_rng(0).integers(1, 5, (256, 17))
    windows = with_events(codes)
    level = nets.predict(nets.build(TEXTS, SMALL), windows)[:, :, 0]  # the simple forecast
    windows = dataclasses.replace(windows, y=level + effect[codes[:, SHAPE.window :]])
    trainer = nets.Trainer(TEXTS, SMALL, FitSpec(batch=64, learning_rate=0.01))
    trainer.fit(course_of(windows, 400), ignore)
    off = nets.predict(trainer.network, windows)[:, :, 0] - windows.y
    assert abs(off).mean() < 0.1 * abs(windows.y - level).mean()


def test_the_saved_network_asks_for_no_code_of_ours(tmp_path: Any) -> None:
    network = built(dataclasses.replace(ALL, form="multiplicative", levels=(0.1, 0.5, 0.9)))
    network.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True, compile=False)
    windows = windows_for(ALL, 4)
    np.testing.assert_array_equal(nets.predict(again, windows), nets.predict(network, windows))
    modules = {type(layer).__module__.split(".")[0] for layer in again.layers}
    assert modules == {"keras"}
