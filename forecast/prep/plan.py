"""Choose what was left open: horizon, window, fold, holdout, validation, steps."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from forecast.errors import DataError
from forecast.prep.year import rows_to_last_year
from forecast.spec import PRESETS, FitSpec, RunSpec, Season
from forecast.types import Loaded

__all__ = ["Plan", "count_steps", "make_plan", "resolve", "usual_horizon"]

FOLD_SEASONS_TO = 48  # longer seasons are folded by the horizon: one step of 52 weeks is too coarse
MANY_FOLDS = 6  # in a window so long that half of it is one too
FOLDS = 8  # LSTM steps in an automatic window where the data allow it
CHUNKS = 8  # windows that a carried state is warmed up on before a forecast, at most
FEW, HUNDREDS = 10, 500  # series
LARGE = 10_000  # series; so many teach a network longer windows than most of them fill
FEWEST = 8  # training windows; fewer teach a network nothing
VALIDATION_WINDOWS = 64  # at least, over all series, before an early stop can be trusted


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of everything, in rows.

    Attributes:
        horizon: H, steps ahead.
        window: L, history that the network sees.
        fold: rows in one LSTM step; divides `window`.
        season: rows in a season, 1 for none; at most `window`.
        holdout: last rows of each series that the scores come from.
        validation: rows before the holdout that the training is stopped by.
        least: history below which a window is not trained on.
        marked: whether the network is told which values were observed.
        windows: history that each member of an ensemble sees; the longest is `window`.
        forms: "additive" or "multiplicative", of each member.
        levels: (Q,) quantiles that the network forecasts.
        chunks: stretches that `window` is read in, the state carried from one to the next.
        year: rows from last year's value to this one, 0 to look no farther back than the window.
    """

    horizon: int
    window: int
    fold: int
    season: int
    holdout: int
    validation: int
    least: int
    marked: bool = False
    windows: tuple[int, ...] = ()
    forms: tuple[str, ...] = ()
    levels: tuple[float, ...] = (0.5,)
    chunks: int = 1
    year: int = 0

    def of_member(self, place: int) -> Plan:
        """The plan as one member has it: with its own window."""
        return dataclasses.replace(self, window=self.windows[place] * self.chunks)

    @property
    def one_step(self) -> Plan:
        """The plan for a network that makes one step at a time."""
        return dataclasses.replace(self, horizon=1)


def make_plan(spec: RunSpec, loaded: Loaded, calendar: Season) -> Plan:
    """The sizes for these data: what the spec says, and else what suits them.

    Args:
        spec: the settings; None in it is a size to choose.
        loaded: the data.
        calendar: what is usual for data of this frequency.

    Raises:
        DataError: no series is long enough for one window, a horizon and the holdout.
    """
    lengths = loaded.panel.lengths
    longest, usual = int(lengths.max(initial=0)), int(np.median(lengths)) if len(lengths) else 0
    horizon = usual_horizon(spec, loaded, calendar)
    holdout = horizon if spec.fit.holdout is None else spec.fit.holdout
    validation = _validation(horizon, usual - holdout, len(lengths))
    room = usual - holdout - validation - horizon  # rows that windows can be cut from
    share = 0.75 if len(lengths) >= LARGE else 0.5
    window, fold = _window(spec, horizon, loaded.season, int(room * share))
    season = loaded.season if loaded.season <= window else 1
    least = min(window, max(season, fold, 1))
    history = window if spec.net.window else least
    more = max(FEWEST - len(lengths), 0)  # a row more is a window more
    need = history + horizon + holdout + more
    if longest < need:
        raise DataError(
            f"too few rows: history {history} + horizon {horizon} + holdout {holdout} and {more} "
            f"more to learn from are {need} rows, the longest series has {longest}",
            hint=_remedy(spec, longest),
        )
    marked = loaded.panel.observed is not None or bool(np.isnan(loaded.panel.values).any())
    chunks = 1 if spec.net.state == "fresh" else max(min(longest // window - 1, CHUNKS), 1)
    windows, forms = _members(spec, window, fold, season)
    ends = loaded.panel.bounds[1:] - holdout  # what is scored decides nothing
    year = rows_to_last_year(spec.net, loaded.panel, ends, calendar.year, (season, horizon))
    return Plan(
        horizon=horizon,
        window=max(windows) * chunks,
        fold=fold,
        season=season,
        holdout=holdout,
        validation=validation,
        least=least,
        marked=marked,
        windows=windows,
        forms=forms,
        levels=spec.fit.levels,
        chunks=chunks,
        year=year,
    )


def usual_horizon(spec: RunSpec, loaded: Loaded, calendar: Season) -> int:
    """H: as asked for, or as usual for the frequency, a sixth of the rows at most."""
    lengths = loaded.panel.lengths
    usual = int(np.median(lengths)) if len(lengths) else 0
    return spec.net.horizon or max(1, min(calendar.horizon, usual // 6))


def resolve(spec: RunSpec, plan: Plan, season: int) -> RunSpec:
    """The spec with every choice written down, so that it repeats the run."""
    window = max(plan.windows) if spec.net.window else None  # None: members differ in it
    return dataclasses.replace(
        spec,
        data=dataclasses.replace(spec.data, season=season),
        net=dataclasses.replace(
            spec.net,
            horizon=plan.horizon,
            window=window,
            fold=plan.fold,
            last_year="yes" if plan.year else "no",
        ),
        fit=dataclasses.replace(spec.fit, holdout=plan.holdout),
    )


def count_steps(fit: FitSpec, windows: int, series: int = 1) -> int:
    """Gradient steps for so many training windows.

    What the spec says, else 300 for a short series up to 2,000 for a large panel. Measured: too
    few steps hurt more than too many, and the validation windows stop a fit that has had enough.
    Hundreds of short series have much to tell in few windows: on held-out windows 2,000 steps in
    place of 900 gain 1.5 per cent on M3 yearly and quarterly. The many windows of a few series are
    much alike: on rows before the test, 1,000 steps are as good as 2,000 for six years of hourly
    load (MASE 0.316 and 0.323), in half the time.

    Example:
        >>> [count_steps(FitSpec(), windows, 100) for windows in (60, 1_000_000)]
        [300, 2000]
        >>> count_steps(FitSpec(), 1_000_000, series=1)
        1000
        >>> count_steps(FitSpec(epochs=3, batch=100), 250)
        9
    """
    if fit.steps:
        return fit.steps
    if fit.epochs:
        return fit.epochs * -(-windows // min(fit.batch, max(windows, 1)))
    fewest = 1500 if series >= HUNDREDS else 300
    most = 1000 if series < FEW else 2000
    usual = np.clip(300 * (max(windows, 1) / 256) ** 0.36, fewest, most)
    return int(usual * PRESETS[fit.preset].steps)


def _validation(horizon: int, rows: int, series: int) -> int:
    """Rows to validate on: one horizon of a panel, up to a fifth of the rows of few series."""
    wanted = horizon - 1 + -(-VALIDATION_WINDOWS // max(series, 1))
    longer = min(horizon * -(-40 // max(series, 1)), rows // 10)
    return max(horizon, min(wanted, rows // 5), longer)


def _window(spec: RunSpec, horizon: int, season: int, room: int) -> tuple[int, int]:
    """(L, fold): at most `room` rows, in whole folds, so that windows can still slide."""
    net = spec.net
    if net.window and not net.fold:
        wanted = season if 1 < season <= FOLD_SEASONS_TO else min(horizon, FOLD_SEASONS_TO)
        return net.window, _divisor(net.window, wanted)
    fold = net.fold or (season if 1 < season <= FOLD_SEASONS_TO else min(horizon, FOLD_SEASONS_TO))
    folds = min(max(room // fold, 1), FOLDS)
    return net.window or fold * folds, fold


def _members(
    spec: RunSpec, window: int, fold: int, season: int
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The window and the form of every member of the ensemble.

    Every second one sees another length of history, and sees it in logarithms. Measured on
    held-out windows with two to five members: two lengths gain 1.3 per cent (M3 monthly, Tourism
    monthly), two forms 0.5 to 1, other seeds alone 0.3. Half the length where the window is long,
    half as much again where it is short. Two shapes only, because each has to be compiled.
    """
    folds = window // fold
    other = (folds // 2 if folds >= MANY_FOLDS else folds + -(-folds // 2)) * fold
    other = window if spec.net.window or other < season else other
    pairs = [((window, "additive"), (other, "multiplicative"))[k % 2] for k in range(spec.fit.size)]
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def _divisor(window: int, wanted: int) -> int:
    """The largest divisor of the window that is not larger than the wanted fold."""
    return next(fold for fold in range(min(wanted, window), 0, -1) if window % fold == 0)


def _remedy(spec: RunSpec, rows: int) -> str:
    """Flags that would make it fit."""
    fit = max(rows // 5, 1)
    if spec.net.window:
        return f"take a smaller --window, or --horizon {fit} --holdout {fit}"
    return f"take --horizon {fit}, or --season 1, or --holdout 0 to train without a test"
