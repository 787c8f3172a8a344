"""Backtest of a saved run: on rows that came after its training, without TensorFlow."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import numpy as np

from forecast import data, prep, store
from forecast.errors import RunError, SpecError
from forecast.flows import backtest_record as record
from forecast.flows.answer import network_of
from forecast.flows.asking import Asked
from forecast.flows.backtest import Backtest, rolled, see_installed
from forecast.flows.events import Read, Watch
from forecast.flows.recall import Recalled, recall, seen_rows
from forecast.flows.record import short_name
from forecast.flows.rolled import Field, field_of
from forecast.prep import Folds
from forecast.spec import BacktestSpec, FitSpec, NetSpec, RunSpec
from forecast.types import Loaded

__all__ = ["backtest_run"]


def backtest_run(
    run: store.Run, spec: RunSpec, test: BacktestSpec, output: Path, name: str, watch: Watch,
    wait: float = 0.0,
) -> Backtest:  # fmt: skip
    """Test a run on folds that begin after the last row that it was trained on.

    Args:
        run: from `store.find_run`.
        spec: names the file; of the network and its training it may say nothing.
        test: as in `backtest`.
        output: as in `backtest`.
        name: as in `backtest`.
        watch: as in `backtest`.
        wait: as in `backtest`.

    Raises:
        RunError: the run cannot be used, or has seen rows of a fold.
        DataError: the file cannot be read, is not like the one trained on, or has too few rows.
        SpecError: a setting of the training, or methods without the LSTM.
    """
    began = time.monotonic()
    see_installed(test, trains=False)
    made = recall(run)
    _refuse_settings(spec, test, made)
    source = dataclasses.replace(made.spec.data, source=spec.data.source)
    if spec.data.future_data:
        source = dataclasses.replace(source, future_data=spec.data.future_data)
    loaded = data.load(source, made.schema)
    watch(Read(loaded))
    field = _field(made, test, loaded, run)
    network = network_of(run, made.spec, made.plan)
    asked = Asked(
        network=network,
        plan=made.plan,
        units=made.units,
        ids=made.ids,
        identity=made.spec.net.identity,
        season=made.spec.data.season or field.loaded.season,
        finish=made.finish,
    )
    fit = dataclasses.replace(made.spec.fit, time_limit=spec.fit.time_limit)
    told = dataclasses.replace(made.spec, data=source, fit=fit)
    digest = record.digest(told, test, loaded)
    with store.new_backtest(output, name or short_name(told), digest, wait) as (draft, place):
        tested = rolled(
            draft, told, test, field, lambda fold, known: asked, watch, began, model=run
        )
        record.write(tested)
    seconds = time.monotonic() - began
    return dataclasses.replace(tested, place=store.Rolled(place), seconds=seconds)


def _refuse_settings(spec: RunSpec, test: BacktestSpec, made: Recalled) -> None:
    """With --model everything about the training, and about how to read the file, is settled."""
    plain = RunSpec(dataclasses.replace(spec.data, future_data=None))
    given = dataclasses.replace(spec.fit, time_limit=None)
    alone = (NetSpec(horizon=spec.net.horizon), FitSpec())
    if plain.data != type(spec.data)(spec.data.source) or (spec.net, given) != alone:
        raise SpecError(
            "--model tests a network that is trained: how to read the data and how to train is "
            "settled by its run",
            hint="leave out the flags of data, network and training, or leave out --model",
        )
    horizon, asked = made.plan.horizon - test.gap, spec.net.horizon
    if horizon < 1:
        raise SpecError(
            f"the run forecasts {made.plan.horizon} steps, --gap {test.gap} leaves none to score",
            hint=f"take a --gap below {made.plan.horizon}",
        )
    if asked not in (None, horizon):
        raise SpecError(
            f"the run forecasts {made.plan.horizon} steps, after the gap {horizon} are scored: "
            f"--horizon {asked} is another",
            hint="leave out --horizon, or leave out --model",
        )
    if "lstm" not in test.asked:
        raise SpecError(
            "--model names a network, --methods leaves it out", hint="add lstm to --methods"
        )


def _field(made: Recalled, test: BacktestSpec, loaded: Loaded, run: store.Run) -> Field:
    """The folds, none of them seen by the run."""
    horizon = made.plan.horizon - test.gap
    step = test.step or horizon
    folds = prep.make_folds(loaded.panel, test.folds, step, test.gap, horizon, max(horizon, 2))
    _refuse_seen(made, loaded, folds, run)
    return field_of(loaded, folds, made.spec.data.fill, made.spec.data.season)


def _refuse_seen(made: Recalled, loaded: Loaded, folds: Folds, run: store.Run) -> None:
    """No fold may score a row that the run was trained on.

    Raises:
        RunError: one does; with the folds that it does not spoil.
    """
    if not made.ends:
        raise RunError(
            f"{run.folder} does not say up to when it was trained: it is of an earlier version",
            hint="train again with this version, on the rows before those to be tested",
        )
    panel, windows = loaded.panel, folds.windows
    seen = seen_rows(made, panel)
    spoilt = windows.row < seen[windows.series]
    if not spoilt.any():
        return
    fresh = int((panel.bounds[1:] - seen).max())
    clean = len(folds) - 1 - int(folds.of_window[spoilt].max())
    first = int(np.flatnonzero(spoilt)[0])
    last = panel.time[seen[windows.series[first]] - 1]
    told, cutoff = data.render_time(
        np.array([last, panel.time[windows.row[first] - 1]]), loaded.schema
    )
    raise RunError(
        f"{run.folder} has been trained on rows up to {told}, fold 1 starts from {cutoff}: "
        f"the file has {fresh:,} newer rows, {len(folds)} folds take "
        f"{folds.ahead + folds.step * (len(folds) - 1):,}",
        hint=f"take --folds {clean}"
        if clean
        else "give newer rows, or leave out --model to train before the first fold",
    )
