"""Choose what was left open: horizon, window, fold, holdout, validation, steps."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from forecast.errors import DataError
from forecast.spec import FitSpec, RunSpec
from forecast.types import Loaded

__all__ = ["Plan", "count_steps", "make_plan", "resolve"]

FOLD_SEASONS_TO = 48  # longer seasons are folded by the horizon: one step of 52 weeks is too coarse
FOLDS = 8  # LSTM steps in an automatic window where the data allow it
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
    """

    horizon: int
    window: int
    fold: int
    season: int
    holdout: int
    validation: int
    least: int
    marked: bool = False


def make_plan(spec: RunSpec, loaded: Loaded, usual_horizon: int) -> Plan:
    """The sizes for these data: what the spec says, and else what suits them.

    Args:
        spec: the settings; None in it is a size to choose.
        loaded: the data.
        usual_horizon: what people ask of data of this frequency.

    Raises:
        DataError: no series is long enough for one window, a horizon and the holdout.
    """
    lengths = loaded.panel.lengths
    longest, usual = int(lengths.max(initial=0)), int(np.median(lengths)) if len(lengths) else 0
    horizon = spec.net.horizon or max(1, min(usual_horizon, usual // 6))
    holdout = horizon if spec.fit.holdout is None else spec.fit.holdout
    validation = _validation(horizon, usual - holdout, len(lengths))
    room = usual - holdout - validation - horizon  # rows that windows can be cut from
    window, fold = _window(spec, horizon, loaded.season, room)
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
    return Plan(horizon, window, fold, season, holdout, validation, least, marked)


def resolve(spec: RunSpec, plan: Plan, season: int) -> RunSpec:
    """The spec with every choice written down, so that it repeats the run."""
    return dataclasses.replace(
        spec,
        data=dataclasses.replace(spec.data, season=season),
        net=dataclasses.replace(spec.net, horizon=plan.horizon, window=plan.window, fold=plan.fold),
        fit=dataclasses.replace(spec.fit, holdout=plan.holdout),
    )


def count_steps(fit: FitSpec, windows: int) -> int:
    """Gradient steps for so many training windows.

    What the spec says, else 300 for a short series up to 2,000 for a large panel. Measured: too
    few steps hurt more than too many, and the validation windows stop a fit that has had enough.

    Example:
        >>> count_steps(FitSpec(), 60), count_steps(FitSpec(), 1_000_000)
        (300, 2000)
        >>> count_steps(FitSpec(epochs=3, batch=100), 250)
        9
    """
    if fit.steps:
        return fit.steps
    if fit.epochs:
        return fit.epochs * -(-windows // min(fit.batch, max(windows, 1)))
    return int(np.clip(300 * (max(windows, 1) / 256) ** 0.36, 300, 2000))


def _validation(horizon: int, rows: int, series: int) -> int:
    """Rows to validate on: one horizon of a panel, up to a fifth of the rows of few series."""
    wanted = horizon - 1 + -(-VALIDATION_WINDOWS // max(series, 1))
    return max(horizon, min(wanted, rows // 5))


def _window(spec: RunSpec, horizon: int, season: int, room: int) -> tuple[int, int]:
    """(L, fold): at most half of the room, in whole folds, so that windows can still slide."""
    net = spec.net
    if net.window and not net.fold:
        wanted = season if 1 < season <= FOLD_SEASONS_TO else min(horizon, FOLD_SEASONS_TO)
        return net.window, _divisor(net.window, wanted)
    fold = net.fold or (season if 1 < season <= FOLD_SEASONS_TO else min(horizon, FOLD_SEASONS_TO))
    folds = min(max(room // 2 // fold, 1), FOLDS)
    return net.window or fold * folds, fold


def _divisor(window: int, wanted: int) -> int:
    """The largest divisor of the window that is not larger than the wanted fold."""
    return next(fold for fold in range(min(wanted, window), 0, -1) if window % fold == 0)


def _remedy(spec: RunSpec, rows: int) -> str:
    """Flags that would make it fit."""
    fit = max(rows // 5, 1)
    if spec.net.window:
        return f"take a smaller --window, or --horizon {fit} --holdout {fit}"
    return f"take --horizon {fit}, or --season 1, or --holdout 0 to train without a test"
