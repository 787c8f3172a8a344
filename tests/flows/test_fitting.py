"""The members of an ensemble: what they are built for, how often they are fitted."""

from __future__ import annotations

import dataclasses
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast import store
from forecast.errors import SpecError
from forecast.flows.checkpoint import Progress
from forecast.flows.clock import NO_LIMIT, Clock
from forecast.flows.events import Event, Training
from forecast.flows.fitting import Fitting, last_step
from forecast.flows.shaping import refuse_what_cannot_be
from forecast.prep import gather, identify, last_cutoffs, make_plan, supervised_cutoffs
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec, Season
from forecast.types import History, Loaded, Panel, Schema, Weights

# --- what the data rule out


def panel(series: int = 1, known: int = 0, past: int = 0) -> Panel:
    """Series with a trend and a season of four, and so many covariates."""
    steps, rows = np.arange(60), 60 * series
    target = np.concatenate([steps + 9.0 * (steps % 4 == i % 4) + 50 * i for i in range(series)])
    beside = np.random.default_rng(0).normal(size=(rows, past + known))
    return Panel(
        values=np.concatenate([target[:, None], beside], axis=1),
        time=np.tile(steps, series),
        bounds=np.arange(series + 1) * 60,
        ids=np.array([f"s{i}" for i in range(series)]),
        columns=("y", *(f"c{i}" for i in range(past + known))),
        freq="1",
        known=known,
        future=np.empty((0, known)),
        future_bounds=np.zeros(series + 1, dtype=np.int64),
    )


def settings(net: NetSpec, fit: FitSpec | None = None) -> RunSpec:
    return RunSpec(DataSpec("data.csv"), net, fit or FitSpec())


RECURSIVE, CARRIED = NetSpec(strategy="recursive"), NetSpec(state="carried")


@pytest.mark.parametrize(
    ("spec", "data", "words"),
    [
        (settings(RECURSIVE), panel(past=2, known=1), "2 --past"),
        (settings(CARRIED), panel(series=3), "the data hold 3"),
    ],
)
def test_what_these_data_rule_out_is_said_with_what_to_do(
    spec: RunSpec, data: Panel, words: str
) -> None:
    with pytest.raises(SpecError) as caught:
        refuse_what_cannot_be(spec, data)
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("spec", "data"),
    [
        (settings(RECURSIVE, FitSpec(loss="pinball")), panel(series=3, known=2)),
        (settings(CARRIED, FitSpec(loss="pinball")), panel(past=2)),
        (settings(NetSpec(), FitSpec(loss="pinball")), panel(series=3, past=1, known=1)),
    ],
)
def test_everything_else_goes_together(spec: RunSpec, data: Panel) -> None:
    refuse_what_cannot_be(spec, data)


def test_a_training_ends_with_its_last_loss_and_its_best_validation_loss() -> None:
    history = History()
    for look in ((10, 0.5, 0.7, 1.0), (20, 0.4, 0.6, 1.0), (30, 0.3, 0.9, 1.0)):
        history.add(*look)
    step = last_step(history, 100)
    assert (step.step, step.steps, step.loss, step.val_loss) == (30, 100, 0.3, 0.6)
    alone = History()
    alone.add(10, 0.5, math.nan, 1.0)
    assert math.isnan(last_step(alone, 10).val_loss)


# --- the fits


def loaded(data: Panel, **schema: Any) -> Loaded:
    return Loaded(data, Schema("y", **schema), len(data.values), "", season=4)


def fitting_of(
    data: Loaded, fit: FitSpec, clock: Clock = NO_LIMIT, **net: Any
) -> tuple[Fitting, list[Training]]:
    told: list[Training] = []

    def watch(event: Event) -> None:
        assert isinstance(event, Training)
        told.append(event)

    spec = settings(NetSpec(horizon=4, units=4, **net), fit)
    plan = make_plan(spec, data, calendar=Season("", 1, 4))
    return Fitting(spec, plan, data, watch, clock, Progress(Path("nowhere"), {})), told


def names(told: list[Training]) -> list[str]:
    """What was fitted, in the order in which it was."""
    return list(dict.fromkeys(event.what for event in told))


def equal(one: Weights, other: Weights) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.slow
def test_every_member_is_fitted_to_be_judged_and_then_on_everything() -> None:
    fitting, told = fitting_of(loaded(panel()), FitSpec(members=2, steps=20))
    histories = fitting.on_training_rows()
    judged = fitting.weights
    assert len(histories) == len(judged) == 2
    assert fitting.parts.validation_end.tolist() == [56]
    assert fitting.units.scale.high[0, 0] < fitting.panel.values[:, 0].max()
    fitting.on_all_rows()
    assert names(told) == ["training 1/2", "training 2/2", "refit 1/2", "refit 2/2"]
    assert fitting.units.scale.high[0, 0] == fitting.panel.values[:, 0].max()
    assert fitting.refit_steps == [history.best_step for history in histories]
    ends = [event.step.step for event in told if event.what.startswith("refit")]
    assert set(fitting.refit_steps) <= set(ends)
    assert not equal(judged[0], fitting.weights[0])


@pytest.mark.slow
def test_without_a_holdout_one_member_shows_how_many_steps_are_best() -> None:
    fitting, told = fitting_of(loaded(panel()), FitSpec(members=3, steps=10, holdout=0))
    histories = fitting.on_training_rows()
    fitting.on_all_rows()
    assert names(told) == ["training 1/3", "refit 1/3", "refit 2/3", "refit 3/3"]
    assert fitting.refit_steps == [histories[0].best_step] * 3
    assert len(fitting.weights) == 3
    shapes = fitting.shapes
    for one, other in ((0, 1), (0, 2), (1, 2)):  # of one shape they differ by their seeds
        if shapes[one] == shapes[other]:
            assert not equal(fitting.weights[one], fitting.weights[other])


@pytest.mark.slow
def test_without_time_one_member_is_fitted_as_far_as_its_first_look(tmp_path: Path) -> None:
    late = Clock(end=time.monotonic() - 1)
    data = loaded(panel())
    fitting, told = fitting_of(data, FitSpec(members=4, steps=600), late)
    (history,) = fitting.on_training_rows()
    assert len(history.step) == 1
    fitting.on_all_rows()
    assert len(fitting.weights) == len(fitting.shapes) == 1
    assert fitting.refit_steps == [history.best_step]
    assert told[-1].step.step <= history.best_step
    # What is asked of the network is what this one member was built for.
    assert fitting.plan.windows == (fitting.shapes[0].window,)
    network = fitting.export(store.Run(tmp_path))
    scaled = fitting.units.to_network(data.panel)
    windows = gather(scaled, last_cutoffs(data.panel), fitting.plan)
    assert np.isfinite(network(windows)).all()


@pytest.mark.slow
def test_static_columns_are_numbers_categories_or_the_names_of_the_series() -> None:
    from forecast import nets

    data = dataclasses.replace(
        panel(series=3, past=1),
        static=np.array([[1.0, 2.0], [2.0, 1.0], [6.0, 2.0]]),
        static_columns=("size", "kind"),
    )
    data = identify(data, data.ids.tolist())
    fitting, _ = fitting_of(
        loaded(data, categories={"kind": ("big", "small")}),
        FitSpec(members=1),
        identity="embedded",
    )
    (shape,) = fitting.shapes
    assert shape.static == (
        nets.Static(mean=3.0, spread=float(np.std([1, 2, 6]))),
        nets.Static(categories=2),
        nets.Static(categories=3),
    )
    assert (shape.columns, shape.known, shape.marked) == (2, 0, False)
    assert fitting.units.to_network(data).static.shape == (3, 4)  # and where zero lies


@pytest.mark.slow
def test_a_recursive_network_is_built_and_fitted_for_one_step() -> None:
    fitting, _ = fitting_of(
        loaded(panel(known=1)), FitSpec(members=1, steps=10), strategy="recursive"
    )
    (shape,) = fitting.shapes
    assert (shape.horizon, fitting.plan.horizon) == (1, 4)
    (history,) = fitting.on_training_rows()
    assert np.isfinite(history.val_loss).all()
    _, validation = supervised_cutoffs(fitting.parts, fitting.plan)
    assert fitting.ask(validation).values.shape == (len(validation), 4, 5)


@pytest.mark.slow
def test_a_carried_state_is_fitted_window_by_window_and_read_in_one_go() -> None:
    fitting, _ = fitting_of(
        loaded(panel(past=1)), FitSpec(members=1, steps=12, batch=4), state="carried", window=8
    )
    (shape,) = fitting.shapes
    assert shape.chunks == fitting.plan.chunks > 1
    assert (shape.chunk, shape.window) == (8, 8 * shape.chunks)
    (history,) = fitting.on_training_rows()
    assert np.isfinite(history.val_loss).all()
    assert history.loss[-1] < 10
