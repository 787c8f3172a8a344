"""The report of a backtest: a verdict, the folds, and the parts that a training's report has."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from forecast import judge, prep, store
from forecast.flows.backtest import Backtest
from forecast.flows.backtest_report import write_report
from forecast.flows.rolled import windows_of
from forecast.spec import BacktestSpec, DataSpec, RunSpec
from forecast.types import Forecast, Panel
from tests.flows.test_report import loaded_of
from tests.show.made import FAN, panel_of
from tests.show.test_page import HOSTILE
from tests.show.walked import Walked, walked

HORIZON = 6


def backtest_of(folder: Path, panel: Panel, folds: int = 3, error: float | None = 1.0) -> Backtest:
    """Simple methods, and a network that is off by `error` everywhere; None: without it."""
    made = prep.make_folds(panel, folds, HORIZON, 0, HORIZON, 2)
    rows = made.windows.row[:, None] + np.arange(HORIZON)
    actual = panel.values[rows, 0]
    cutoff = panel.time[made.windows.row - 1]
    names = panel.ids[made.windows.series]
    like = Forecast(actual[:, :, None], (0.5,), panel.time[rows], names, cutoff, actual)
    said: dict[str, Forecast] = {}
    if error is not None:
        values = actual[:, :, None] + error + 8 * (np.array(FAN) - 0.5)
        said[judge.LSTM] = dataclasses.replace(like, values=values, levels=FAN)
    for name in judge.BASELINES:
        said[name] = judge.baseline(name, panel, like, made.windows.row, 12)
    scores = judge.score_all(said, panel, made.windows.row, 12)
    parts = [made.of_window == fold for fold in range(folds)]
    by_fold = {
        name: tuple(
            judge.score(windows_of(each, part), panel, made.windows.row[part], 12) for part in parts
        )
        for name, each in said.items()
    }
    return Backtest(
        place=store.Rolled(folder),
        spec=RunSpec(DataSpec("sales <b>.csv")),
        test=BacktestSpec(folds=folds),
        model=None,
        loaded=loaded_of(panel),
        folds=made,
        fold=made.of_window,
        forecasts=said,
        scores=scores,
        by_fold=by_fold,
        verdict=judge.standing(scores, by_fold),
        failures=("the forecast lags <behind>",),
        notes=("CES is left out",),
        seconds=3.0,
    )


def read(made: Backtest) -> Walked:
    """The page that is written."""
    write_report(made)
    page = walked(made.place.report.read_text(encoding="utf-8"))
    assert page.problems == []
    return page


def test_it_tells_the_verdict_what_is_wrong_and_every_fold(tmp_path: Path) -> None:
    made = backtest_of(tmp_path, panel_of())
    page = read(made)
    assert page.text("h2") == [
        "Test on rows it had not seen", "Fold by fold", "How sure it may be", "Residuals",
        "Data", "How it was made",
    ]  # fmt: skip
    said = page.text("p")
    assert said[0].startswith("Worth having: on 3 folds")
    assert said[1:4] == [made.verdict, "the forecast lags <behind>", "CES is left out"]
    for cutoff in ("2023-06-01", "2023-12-01", "2024-06-01"):
        assert cutoff in page.text("th")
    mase = [fold.overall["mase"] for fold in made.by_fold[judge.LSTM]]
    cells = page.text("td")
    assert all(any(cell.startswith(f"{value:.3f}") for cell in cells) for value in mase)


def test_one_fold_is_not_told_fold_by_fold(tmp_path: Path) -> None:
    page = read(backtest_of(tmp_path, panel_of(), folds=1))
    assert "Fold by fold" not in page.text("h2")
    assert page.text("p")[0].startswith("Worth having: on one fold")


@pytest.mark.parametrize(("error", "words"), [(50.0, "Not worth having"), (None, "The ")])
def test_a_network_that_lost_or_was_not_there_is_not_praised(
    error: float | None, words: str, tmp_path: Path
) -> None:
    made = backtest_of(tmp_path, panel_of(), error=error)
    page = read(made)
    assert page.text("p")[0].startswith(words)
    if error is None:
        assert page.text("p")[0] == made.verdict
        assert "How sure it may be" not in page.text("h2")


def test_a_panel_with_hostile_names_is_whole_and_small(tmp_path: Path) -> None:
    names = [f"{place} {HOSTILE[place % len(HOSTILE)]}" for place in range(60)]
    made = backtest_of(tmp_path, panel_of(60, column=HOSTILE[0], ids=names))
    page = read(made)
    assert "Worst series" in page.text("h2")
    assert made.place.report.stat().st_size < 1_000_000
