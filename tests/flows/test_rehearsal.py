"""The rows that intervals and weights are chosen by: new to the fits, and before the holdout."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from forecast.flows.clock import NO_LIMIT
from forecast.flows.fitting import Fitting
from forecast.flows.rehearsal import FOLDS, Rehearsal, rehearse
from forecast.prep import make_plan, supervised_cutoffs
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec, Season
from forecast.types import Loaded, Panel, Schema

pytestmark = pytest.mark.slow

HORIZON, SEASON = 4, 4


def loaded(rows: int = 60, series: int = 1, changed_from: int | None = None) -> Loaded:
    """Series with a trend, a season and noise; from a row on they are something else."""
    random = np.random.default_rng(1)
    steps = np.arange(rows)
    target = np.concatenate([steps + 9.0 * (steps % 4 == i % 4) for i in range(series)])
    target += random.normal(size=len(target))
    if changed_from is not None:
        target[changed_from:] = 500 - 3 * target[changed_from:]
    panel = Panel(
        values=target[:, None],
        time=np.tile(steps, series),
        bounds=np.arange(series + 1) * rows,
        ids=np.array([f"s{i}" for i in range(series)]),
        columns=("y",),
        freq="1",
    )
    return Loaded(panel, Schema(target="y"), rows, "", season=SEASON)


def fitted(data: Loaded, net: NetSpec | None = None, members: int = 2) -> Fitting:
    net = dataclasses.replace(net or NetSpec(), horizon=HORIZON, units=4, window=8)
    spec = RunSpec(DataSpec("x.csv"), net, FitSpec(steps=10, members=members), seed=2)
    plan = make_plan(spec, data, Season("", SEASON, HORIZON))
    fitting = Fitting(spec, plan, data, lambda event: None, NO_LIMIT)
    fitting.on_training_rows()
    return fitting


def made(data: Loaded, **more: object) -> tuple[Fitting, Rehearsal]:
    fitting = fitted(data, **more)  # type: ignore[arg-type]
    rehearsal = rehearse(fitting)
    assert rehearsal is not None
    return fitting, rehearsal


@pytest.fixture(scope="module")
def honest() -> tuple[Fitting, Rehearsal]:
    """Of the short series as it is."""
    return made(loaded())


def test_a_short_series_is_forecast_from_the_validation_rows_and_from_folds_before_them(
    honest: tuple[Fitting, Rehearsal],
) -> None:
    fitting, rehearsal = honest
    end = int(fitting.parts.train_end[0])
    _, validation = supervised_cutoffs(fitting.parts, fitting.plan)
    folds = [end - k * HORIZON for k in range(1, FOLDS + 1)]
    assert rehearsal.cutoffs.row.tolist() == [*validation.row.tolist(), *folds]
    assert rehearsal.forecast.values.shape[1:] == (HORIZON, 5)
    # Rows from the oldest fold to the end of the validation rows, each counted once.
    different = int(fitting.parts.validation_end[0]) - folds[-1]
    assert rehearsal.horizons == rehearsal.spans == different / HORIZON


def test_no_row_of_the_holdout_is_forecast_and_every_actual_is_what_happened(
    honest: tuple[Fitting, Rehearsal],
) -> None:
    fitting, rehearsal = honest
    ahead = rehearsal.cutoffs.row[:, None] + np.arange(HORIZON)
    assert ahead.max() < fitting.parts.validation_end[0]
    np.testing.assert_array_equal(rehearsal.forecast.actual, loaded().panel.values[ahead, 0])


def test_a_fold_knows_nothing_of_the_rows_it_forecasts(
    honest: tuple[Fitting, Rehearsal],
) -> None:
    """Its scale, its network and its windows come from the rows before it alone."""
    _, one = honest
    oldest = int(one.cutoffs.row[-1])
    _, other = made(loaded(changed_from=oldest))
    assert one.cutoffs.row[-1] == other.cutoffs.row[-1] == oldest
    np.testing.assert_array_equal(one.forecast.values[-1], other.forecast.values[-1])
    assert (one.forecast.values[0] != other.forecast.values[0]).any()


def test_a_panel_of_many_series_needs_no_fold() -> None:
    fitting, rehearsal = made(loaded(rows=40, series=30), members=1)
    assert (rehearsal.cutoffs.row >= fitting.parts.train_end[rehearsal.cutoffs.series]).all()
    assert len(np.unique(rehearsal.cutoffs.series)) == 30
    assert rehearsal.horizons >= 30
    # All of them of the same days: what they say of these counts once.
    assert rehearsal.spans == rehearsal.horizons / 30


def test_what_keras_is_asked_is_what_the_exported_network_says(tmp_path: object) -> None:
    from pathlib import Path

    from forecast import store
    from forecast.flows.answer import answer

    fitting = fitted(loaded(), members=2)
    _, cutoffs = supervised_cutoffs(fitting.parts, fitting.of_fitted)
    run = store.Run(Path(str(tmp_path)))
    exported = answer(fitting.export(run), fitting.panel, fitting.units, cutoffs, fitting.of_fitted)
    np.testing.assert_allclose(fitting.ask(cutoffs).values, exported.values, rtol=1e-5)


def test_a_network_of_one_step_is_rehearsed_over_the_whole_horizon() -> None:
    _, rehearsal = made(loaded(), net=NetSpec(strategy="recursive"), members=1)
    assert rehearsal.forecast.values.shape[1:] == (HORIZON, 5)
    assert np.isfinite(rehearsal.forecast.values).all()
