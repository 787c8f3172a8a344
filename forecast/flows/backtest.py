"""Backtest: how good would the forecasts have been, had they been made in time?"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forecast import data, judge, prep, store
from forecast.engine import processes
from forecast.errors import DataError, SpecError
from forecast.flows import backtest_record as record
from forecast.flows.asking import Asked, Trainer
from forecast.flows.events import Event, Read, Stage, Training, Watch
from forecast.flows.grouped import share
from forecast.flows.needs import TO_REPORT, TO_ROLL, TO_TRAIN, need
from forecast.flows.record import short_name
from forecast.flows.rolled import NAMES, Field, Network, field_of, forecast_folds, windows_of
from forecast.judge import Scores
from forecast.prep import Folds
from forecast.spec import BacktestSpec, RunSpec
from forecast.types import Forecast, Ints, Loaded

__all__ = ["Backtest", "backtest", "rolled", "run_folds", "see_installed"]

CLASSICAL_SHARE = 0.3  # of a time limit, for the methods of statsforecast beside a network
ALL_BUT_PLOTS = 0.85  # of a time limit


@dataclass(frozen=True, slots=True)
class Backtest:
    """A finished backtest; windows are those of all folds, one fold after the other.

    Attributes:
        place: the published folder.
        spec: the settings of the network, every choice written down where one was trained.
        test: the settings of the backtest.
        model: the run that was tested in place of a training, or None.
        loaded: the data; the season is what could be seen before the first cutoff.
        folds: the cutoffs, K of them.
        fold: (W,) which fold each window belongs to.
        forecasts: method -> (W, H, Q) with actual values, the LSTM first.
        scores: method -> its errors over all folds.
        by_fold: method -> its errors in each fold.
        verdict: a sentence: which method was best.
        failures: what is wrong with the forecasts of the LSTM, a sentence each.
        notes: what else there is to know: methods left out, series not scored.
        seconds: of the whole backtest.
    """

    place: store.Rolled
    spec: RunSpec
    test: BacktestSpec
    model: store.Run | None
    loaded: Loaded
    folds: Folds
    fold: Ints
    forecasts: dict[str, Forecast]
    scores: dict[str, Scores]
    by_fold: dict[str, tuple[Scores, ...]]
    verdict: str
    failures: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float


def backtest(
    spec: RunSpec, test: BacktestSpec, output: Path, name: str, watch: Watch, wait: float = 0.0
) -> Backtest:
    """Test the methods on a file with rolling origins and publish what came of it.

    Args:
        spec: the settings; None in it is chosen from the rows before the first cutoff.
        test: the folds and the methods.
        output: the output folder; made if it is not there.
        name: of the backtest; "" takes the file's.
        watch: is told what happens.
        wait: seconds to wait for another backtest of this folder.

    Raises:
        DataError: the file cannot be read, or has too few rows.
        SpecError: settings that contradict each other or the data.
        BusyError: another backtest writes to the output folder.
        InstallError: only what predicting needs is installed.
        OutputError: the output cannot be written.
    """
    began = time.monotonic()
    see_installed(test, "lstm" in test.asked)
    if spec.data.frequencies == "by-series" and spec.data.freq is None:
        raise SpecError(
            "a backtest is of series of one frequency", hint="name it with --freq beside the others"
        )
    loaded = data.load(spec.data)
    watch(Read(loaded))
    digest = record.digest(spec, test, loaded)
    with store.new_backtest(output, name or short_name(spec), digest, wait) as (draft, place):
        made = run_folds(draft, spec, test, loaded, watch, began)
        watch(Stage("writing"))
        record.write(made)
    seconds = time.monotonic() - began
    return dataclasses.replace(made, place=store.Rolled(place), seconds=seconds)


def run_folds(
    draft: store.Rolled, spec: RunSpec, test: BacktestSpec, loaded: Loaded, watch: Watch,
    began: float,
) -> Backtest:  # fmt: skip
    """Test the methods on loaded data; nothing is written.

    Args:
        draft: where it is going to be written.
        spec: as in `backtest`.
        test: as in `backtest`.
        loaded: the data, whole.
        watch: as in `backtest`.
        began: time.monotonic() from which a time limit counts.
    """
    field = _field(spec, test, loaded)
    if "lstm" not in test.asked:
        return rolled(draft, spec, test, field, None, watch, began)
    trainer = _trainer(spec, test, field)
    limit = (began, spec.fit.time_limit)
    networks = _trained(trainer, test, field.folds, watch, limit)
    return rolled(draft, trainer.spec, test, field, networks, watch, began)


def rolled(
    draft: store.Rolled, spec: RunSpec, test: BacktestSpec, field: Field,
    networks: Network | None, watch: Watch, began: float, model: store.Run | None = None,
) -> Backtest:  # fmt: skip
    """Forecast every fold with every method, and score what they said."""
    folds, loaded = field.folds, field.loaded
    patience = _patience(began, spec.fit.time_limit, test.patience, networks is None)
    with processes() as engine:
        said, notes = forecast_folds(field, test, networks, engine, watch, patience)
    watch(Stage("scoring"))
    panel, season, rows, fold = loaded.panel, loaded.season, folds.windows.row, folds.of_window
    scores = judge.score_all(said, panel, rows, season, folds.gap)
    parts = [fold == each for each in range(len(folds))]
    each_fold = [
        judge.score_all(
            {name: windows_of(each, part) for name, each in said.items()},
            panel, rows[part], season, folds.gap,
        )
        for part in parts
    ]  # fmt: skip
    by_fold = {name: tuple(each[name] for each in each_fold) for name in said}
    ours = said.get(judge.BLEND, said.get(judge.LSTM))
    return Backtest(
        place=draft,
        spec=spec,
        test=test,
        model=model,
        loaded=loaded,
        folds=folds,
        fold=fold,
        forecasts=said,
        scores=scores,
        by_fold=by_fold,
        verdict=judge.standing(scores, by_fold),
        failures=judge.failures(ours, panel, rows, season, folds.gap) if ours is not None else (),
        notes=(*notes, *_remarks(folds)),
        seconds=time.monotonic() - began,
    )


def see_installed(test: BacktestSpec, trains: bool) -> None:
    """See that everything is there before anything begins.

    Raises:
        InstallError: something is not.
    """
    classical = any(NAMES[method] in judge.CLASSICAL for method in test.asked)
    packages = (*TO_REPORT, *(TO_TRAIN if trains else ()), *(TO_ROLL if classical else ()))
    need(tuple(dict.fromkeys(packages)), "forecast backtest")


def _field(spec: RunSpec, test: BacktestSpec, loaded: Loaded) -> Field:
    """The folds, and what is known at each."""
    horizon = prep.usual_horizon(spec, loaded, data.calendar(loaded.panel.freq))
    step, least = test.step or horizon, max(horizon, 2)
    folds = prep.make_folds(loaded.panel, test.folds, step, test.gap, horizon, least)
    return field_of(loaded, folds, spec.data.fill, spec.data.season)


def _trainer(spec: RunSpec, test: BacktestSpec, field: Field) -> Trainer:
    """The plan for what is known at the first cutoff.

    Raises:
        DataError: that is too little; with the number of folds that it is enough for.
    """
    try:
        return Trainer(spec, field.known_at(0), field.folds.ahead)
    except DataError as error:
        for count in range(test.folds - 1, 0, -1):
            fewer = dataclasses.replace(test, folds=count)
            try:
                other = _field(spec, fewer, field.loaded)
                Trainer(spec, other.known_at(0), other.folds.ahead)
            except DataError:
                continue
            hint = f"take --folds {count}, or a smaller --step, --horizon or --gap"
            raise DataError(error.message, hint=hint) from error
        raise


def _trained(
    trainer: Trainer, test: BacktestSpec, folds: Folds, watch: Watch,
    limit: tuple[float, float | None],
) -> Network:  # fmt: skip
    """A network for every fold, or the first one for all of them."""
    kept: list[Asked] = []

    def network(fold: int, known: Loaded) -> Asked:
        if kept and test.refit == "never":
            return kept[0]
        left = len(folds) - fold if test.refit == "every" else 1
        words = f"fold {fold + 1}/{len(folds)} " if test.refit == "every" else ""

        def named(event: Event) -> None:
            if isinstance(event, Training):
                event = dataclasses.replace(event, what=words + event.what)
            watch(event)

        watch(Stage(f"{words}starting the network"))
        kept[:] = [trainer.train(known, named, share(*limit, left))]
        return kept[0]

    return network


def _patience(
    began: float, limit: float | None, patience: float, alone: bool
) -> Callable[[int], float]:
    """How many methods are left -> until when, in time.monotonic(), the next may take."""
    end = None if limit is None else began + limit * (ALL_BUT_PLOTS if alone else CLASSICAL_SHARE)

    def until(left: int) -> float:
        now = time.monotonic()
        return now + (patience if end is None else max(end - now, 0.0) / left)

    return until


def _remarks(folds: Folds) -> list[str]:
    """What a reader of the scores should know of the series behind them."""
    found, never = [], int((~folds.scored.any(axis=0)).sum())
    if folds.aligned == "rows":
        found.append(
            "the series end at different times: folds are counted back from the end of each"
        )
    if never:
        found.append(f"{never:,} series are in no fold: too short, or ended before the first")
    return found
