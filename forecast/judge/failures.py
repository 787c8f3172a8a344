"""The classic failures of a network, each by its cause: a flat line, a copy, a runaway.

Every function takes windows with actuals and the panel that they were cut from, and gives a
sentence, or "" where there is nothing to say.
"""

from __future__ import annotations

import numpy as np

from forecast.judge.baselines import baseline, carried
from forecast.types import Floats, Forecast, Ints, Panel

__all__ = ["failures", "flat_line", "late_copy", "runaway"]

FLAT = 0.05  # of the spread of the actual values
CLEARLY = 0.9  # of the error: what a method with a shape has to stay below
CERTAIN = 3.0  # standard errors
STEPS = 3  # of a horizon that can be called flat
COPY = 0.2  # of the way to the actual value
PAIRS = 20  # windows; fewer may agree by chance
BEYOND = 1.0  # widths of the range of the history


def failures(
    forecast: Forecast, panel: Panel, cutoff_rows: Ints, season: int, gap: int = 0
) -> tuple[str, ...]:
    """What is wrong with a forecast, a sentence for each failure.

    Args:
        forecast: (W, H, Q) with actuals.
        panel: gives the history before each cutoff.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        season: rows in a season.
        gap: steps between the cutoff and the first of the forecast.
    """
    if forecast.actual is None or not len(cutoff_rows):
        return ()
    found = [
        flat_line(forecast, panel, cutoff_rows, season),
        late_copy(forecast, panel, cutoff_rows) if gap == 0 else "",
        runaway(forecast, panel, cutoff_rows),
    ]
    return tuple(sentence for sentence in found if sentence)


def flat_line(forecast: Forecast, panel: Panel, cutoff_rows: Ints, season: int) -> str:
    """Most windows are flat, what happened is not, and a simple method with a shape knew better.

    Without the last of these it is no failure: of a random walk the best forecast is flat.
    """
    actual, said = _known(forecast)
    if actual.shape[1] < STEPS:
        return ""
    spread, ours = _spread(actual), _spread(said)
    moving = spread > 0
    if not moving.any():
        return ""
    share = float(np.median(ours[moving] / spread[moving]))
    if not share < FLAT:
        return ""
    own = _relative_error(said, actual, spread)
    shaped = ["seasonal naive"] if season > 1 else []
    shaped += ["drift"] if _trends(panel, cutoff_rows) else []
    for name in shaped:
        simple = baseline(name, panel, forecast, cutoff_rows, season)
        other = _relative_error(_known(simple)[1], actual, spread)
        if other < CLEARLY * own:
            return (
                f"the forecast is a flat line (it varies by {share:.0%} of what the data do), and "
                f"the {name} method, which is not, has {1 - other / own:.0%} less error: the "
                "network has learnt no shape; give it more steps, a longer window or more rows"
            )
    return ""


def late_copy(forecast: Forecast, panel: Panel, cutoff_rows: Ints) -> str:
    """The first step repeats the last value, so that the forecast runs one step behind the data.

    Asked of the changes from the last value: a forecast that copies it has next to none, whatever
    the level. In a plot of one-step forecasts this looks like a good fit.
    """
    actual, said = _known(forecast)
    first = panel.bounds[panel.owners(cutoff_rows)]
    last = np.array([_last(panel.values[a:b, 0]) for a, b in zip(first, cutoff_rows, strict=True)])
    there = ~np.isnan(actual[:, 0]) & ~np.isnan(last)
    change, ours = np.abs(actual[there, 0] - last[there]), np.abs(said[there, 0] - last[there])
    unit = np.where(change > 0, change, np.nan)
    if np.count_nonzero(change) < PAIRS:
        return ""
    share = float(np.nanmedian(ours / unit))
    if not share < COPY:
        return ""
    return (
        f"the first step repeats the last value (it moves by {share:.0%} of what the data do, over "
        f"{there.sum():,} windows): the forecast follows the data one step late and knows next to "
        "nothing of the next change; the naive method says nearly the same"
    )


def runaway(forecast: Forecast, panel: Panel, cutoff_rows: Ints) -> str:
    """A step is farther from anything seen before than the history is wide, and none such came."""
    actual, said = _known(forecast)
    first = panel.bounds[panel.owners(cutoff_rows)]
    worst, told = BEYOND, ""
    for window, (start, row) in enumerate(zip(first, cutoff_rows, strict=True)):
        low, high, width = _range(panel.values[start:row, 0])
        off = np.maximum(said[window] - high, low - said[window]) / width
        real = np.maximum(actual[window] - high, low - actual[window]) / width
        if np.isnan(off).all() or not np.nanmax(off) > worst:
            continue
        if np.isnan(real).all() or np.nanmax(real) > BEYOND / 2:
            continue  # the data ran away too, or nobody knows
        worst = float(np.nanmax(off))
        value, name = said[window, np.nanargmax(off)], str(forecast.ids[window])
        told = (
            f"the forecast{f' of {name}' if name else ''} goes to {value:.4g}, the history before "
            f"it lies between {low:.4g} and {high:.4g}: try --transform log or diff, bound it with "
            "--min and --max, or look for outliers in the data"
        )
    return told


def _known(forecast: Forecast) -> tuple[Floats, Floats]:
    """(W, H) actual values and forecasts, NaN in both where one of them is."""
    said = forecast.point
    actual = np.full_like(said, np.nan) if forecast.actual is None else forecast.actual
    gone = np.isnan(said) | np.isnan(actual)
    return np.where(gone, np.nan, actual), np.where(gone, np.nan, said)


def _trends(panel: Panel, cutoff_rows: Ints) -> bool:
    """Whether most histories go one way, by more than the steps of a random walk add up to."""
    first = panel.bounds[panel.owners(cutoff_rows)]
    found = []
    for start, row in zip(first, cutoff_rows, strict=True):
        steps = np.diff(carried(panel.values[start:row, 0]))
        error = np.std(steps) / np.sqrt(max(len(steps), 1)) if len(steps) else 0.0
        found.append(len(steps) > 0 and abs(float(steps.mean())) > CERTAIN * error)
    return bool(np.median(found) == 1)


def _last(history: Floats) -> float:
    """The last value that was seen, NaN of nothing."""
    seen = carried(history)
    return float(seen[-1]) if len(seen) else float("nan")


def _spread(values: Floats) -> Floats:
    """(W, H) -> (W,) from the lowest to the highest, 0 of nothing."""
    high = np.where(np.isnan(values), -np.inf, values).max(axis=1)
    low = np.where(np.isnan(values), np.inf, values).min(axis=1)
    return np.where(np.isfinite(high), high - np.where(np.isfinite(low), low, 0.0), 0.0)


def _relative_error(said: Floats, actual: Floats, spread: Floats) -> float:
    """The mean absolute error in units of each window's spread."""
    unit = np.where(spread > 0, spread, np.nan)[:, None]
    errors = np.abs(said - actual) / unit
    return float(np.nanmean(errors)) if np.isfinite(errors).any() else float("nan")


def _range(history: Floats) -> tuple[float, float, float]:
    """Lowest, highest, and the width that counts as far: of a constant its size."""
    seen = history[~np.isnan(history)]
    if not len(seen):
        return float("nan"), float("nan"), float("nan")
    low, high = float(seen.min()), float(seen.max())
    return low, high, (high - low) or max(abs(high), 1e-12)
