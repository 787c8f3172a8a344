"""The folds of a backtest, each forecast by every method from what was known at its cutoff."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast import data, judge
from forecast.errors import DataError
from forecast.flows.asking import Asked, ask
from forecast.flows.events import Stage, Watch
from forecast.prep import Folds
from forecast.spec import BacktestSpec
from forecast.types import Engine, Floats, Forecast, Ints, Loaded, Panel

__all__ = ["NAMES", "Field", "field_of", "forecast_folds", "windows_of"]

NAMES = {
    "lstm": judge.LSTM,
    "seasonal-naive": "seasonal naive",
    "naive": "naive",
    "drift": "drift",
    "ets": "ETS",
    "theta": "theta",
    "ces": "CES",
    "arima": "ARIMA",
}
Network = Callable[[int, Loaded], Asked]
Method = Callable[[int, Loaded, Forecast, Ints], Forecast]


@dataclass(frozen=True, slots=True)
class Field:
    """What every method is tested on, alike.

    Attributes:
        loaded: the data; their season is the one that was to be seen before the first cutoff.
        folds: the cutoffs.
        fill: how missing values are filled, again for each fold.
        like: (W, gap + H) times and actual values of all windows; its values are NaN.
    """

    loaded: Loaded
    folds: Folds
    fill: str
    like: Forecast

    def known_at(self, fold: int) -> Loaded:
        """The data as they were at the cutoff of a fold, with what is known ahead."""
        rows, season = self.folds.row[fold], self.loaded.season
        panel = data.before(self.loaded.panel, rows, self.folds.ahead, self.fill, season)
        return dataclasses.replace(self.loaded, panel=panel)


def field_of(loaded: Loaded, folds: Folds, fill: str, season: int | None) -> Field:
    """The field; nothing in it but the actual values depends on rows after the first cutoff.

    Args:
        loaded: the data, whole.
        folds: the cutoffs.
        fill: how missing values are filled.
        season: rows in a season, None to find it in the rows before the first cutoff.
    """
    first = data.before(loaded.panel, folds.row[0], 0, fill, loaded.season)
    found, strength = data.season_of(first.values[:, 0], first.bounds, first.freq, season)
    loaded = dataclasses.replace(loaded, season=found, season_strength=strength)
    return Field(loaded, folds, fill, _blank(loaded.panel, folds))


def _blank(panel: Panel, folds: Folds) -> Forecast:
    """(W, gap + H) steps without forecasts."""
    windows = folds.windows
    rows = windows.row[:, None] + np.arange(folds.ahead)
    actual = panel.values[rows, 0]
    if panel.observed is not None:
        actual = np.where(panel.observed[rows, 0], actual, np.nan)
    if np.isnan(actual[:, folds.gap :]).all():
        raise DataError(
            "no step of any fold has a value to score against",
            hint="take another --step or --horizon, or fill the file",
        )
    return Forecast(
        values=np.full((*rows.shape, 1), np.nan),
        levels=(0.5,),
        time=panel.time[rows],
        ids=panel.ids[windows.series],
        cutoff=panel.time[windows.row - 1],
        actual=actual,
    )


def forecast_folds(
    field: Field, test: BacktestSpec, network: Network | None, engine: Engine, watch: Watch,
    patience: Callable[[int], float],
) -> tuple[dict[str, Forecast], tuple[str, ...]]:  # fmt: skip
    """What every method says, by its name, and sentences about those that could not.

    Args:
        field: what they are tested on.
        test: which methods.
        network: fold, what is known at it -> the network to ask; None where none is wanted.
        engine: does the windows of the methods of statsforecast.
        watch: is told which method is at work.
        patience: how many of these are left -> time.monotonic() until which the next may take.

    Returns:
        (W, H, Q) forecasts of the scored steps, the LSTM first; and the sentences.
    """
    made, notes = dict[str, Forecast](), list[str]()
    names = [NAMES[method] for method in test.asked]
    left = sum(name in judge.CLASSICAL for name in names)
    for name in names:
        watch(Stage(name))
        if name in judge.BASELINES:
            made[name] = _by_fold(field, _simple(name, field))
        elif name in judge.CLASSICAL:
            until, left = patience(left), left - 1
            said, note = _classical(field, name, engine, until)
            made |= {} if said is None else {name: said}
            notes += [note] if note else []
    if network is not None:
        made = _of_network(field, network) | made
    return {name: _scored_steps(each, field.folds.gap) for name, each in made.items()}, tuple(notes)


def _folds(field: Field) -> Iterator[tuple[int, Loaded, Forecast, Ints]]:
    """Each fold: what is known, its blank windows, and the rows where what is known ends."""
    for fold in range(len(field.folds)):
        known = field.known_at(fold)
        like = windows_of(field.like, field.folds.of_window == fold)
        place = {name: series for series, name in enumerate(known.panel.ids.tolist())}
        series = np.array([place[name] for name in like.ids.tolist()], dtype=np.int64)
        yield fold, known, like, known.panel.bounds[series + 1]


def _by_fold(field: Field, method: Method) -> Forecast:
    """All windows, one fold after the other."""
    made = [method(*each) for each in _folds(field)]
    values: Floats = np.concatenate([each.values for each in made])
    return dataclasses.replace(field.like, values=values, levels=made[0].levels)


def _simple(name: str, field: Field) -> Method:
    season = field.loaded.season
    return lambda fold, known, like, rows: judge.baseline(name, known.panel, like, rows, season)


def _of_network(field: Field, network: Network) -> dict[str, Forecast]:
    """What is shipped, and the network's part alone where a simple method has one too."""
    alone, mixed = list[Forecast](), False

    def shipped(fold: int, known: Loaded, like: Forecast, rows: Ints) -> Forecast:
        nonlocal mixed
        asked = network(fold, known)
        mixed |= not asked.finish.is_network_alone
        made, of_network = ask(asked, known.panel, rows)
        alone.append(of_network)
        return made

    made = _by_fold(field, shipped)
    if not mixed:
        return {judge.LSTM: made}
    values: Floats = np.concatenate([each.values for each in alone])
    part = dataclasses.replace(made, values=values, levels=alone[0].levels)
    return {judge.BLEND: made, judge.LSTM: part}


def _classical(
    field: Field, name: str, engine: Engine, until: float
) -> tuple[Forecast | None, str]:
    """A method of statsforecast, or why it is left out; a note where something stands in."""
    stood_in = 0

    def method(fold: int, known: Loaded, like: Forecast, rows: Ints) -> Forecast:
        nonlocal stood_in
        season = field.loaded.season
        said, count = judge.classical(name, known.panel, like, rows, season, engine, until)
        stood_in += count
        return said

    made = _by_fold(field, method)
    windows = len(field.like.ids)
    if stood_in and time.monotonic() > until:
        return None, (
            f"{name} is left out: it was not done with {windows:,} windows in its time; "
            "--time-limit SECONDS gives it more"
        )
    if stood_in:
        return made, (
            f"{name} could not forecast {stood_in:,} of {windows:,} windows: "
            "the seasonal naive stands in"
        )
    return made, ""


def _scored_steps(forecast: Forecast, gap: int) -> Forecast:
    """Without the steps of the gap, which nobody waits for."""
    actual = forecast.actual
    return dataclasses.replace(
        forecast,
        values=forecast.values[:, gap:],
        time=forecast.time[:, gap:],
        actual=None if actual is None else actual[:, gap:],
    )


def windows_of(forecast: Forecast, chosen: NDArray[np.bool_]) -> Forecast:
    """Some of the windows."""
    actual = forecast.actual
    return dataclasses.replace(
        forecast,
        values=forecast.values[chosen],
        time=forecast.time[chosen],
        ids=forecast.ids[chosen],
        cutoff=forecast.cutoff[chosen],
        actual=None if actual is None else actual[chosen],
    )
