"""Errors added up by series and step: all that any metric is made of."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from forecast.judge.naive2 import naive2
from forecast.types import Floats, Forecast, Ints, Panel

__all__ = ["Interval", "Tally", "Yardstick", "intervals_of", "tally", "yardstick"]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What every method's errors are held against: it depends on the data and cutoffs alone.

    Attributes:
        owners: (W,) the series of each window.
        scale: (N,) mean absolute error of the seasonal naive before the first cutoff of the
            series, NaN where that is 0 or unknown.
        square: (N,) its mean square error, likewise.
        simple: (W, H) what naive 2 says at each cutoff.
    """

    owners: Ints
    scale: Floats
    square: Floats
    simple: Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """A central interval between two levels.

    Attributes:
        name: per cent that should lie inside, as text ("80").
        outside: share that should lie outside.
        low: place of the lower level.
        high: place of the upper one.
    """

    name: str
    outside: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over the windows of each series, step by step; a metric is a ratio of two of them.

    Attributes:
        sums: quantity -> (S, H).
        steps: quantity -> (S, H) how many steps were added up.
        spread: (S, H) of the actual values, sum of squares around their mean.
        scale: (S, 1) as in `Yardstick`.
        square: (S, 1) likewise.
    """

    sums: dict[str, Floats]
    steps: dict[str, Ints]
    spread: Floats
    scale: Floats
    square: Floats

    def mean(self, name: str) -> Floats:
        """Of a quantity; NaN of nothing."""
        return divided(self.sums[name], self.steps[name])

    def over_steps(self) -> Tally:
        """(S, 1) all steps of a series together."""
        return self._added(1)

    def over_series(self) -> Tally:
        """(1, H) all series together; scales are of one series, so there is none."""
        nothing = np.full((1, 1), np.nan)
        return dataclasses.replace(self._added(0), scale=nothing, square=nothing)

    def _added(self, axis: int) -> Tally:
        return dataclasses.replace(
            self,
            sums={name: each.sum(axis=axis, keepdims=True) for name, each in self.sums.items()},
            steps={name: each.sum(axis=axis, keepdims=True) for name, each in self.steps.items()},
            spread=self._spread(axis),
        )

    def _spread(self, axis: int) -> Floats:
        """What lies within the parts, and what lies between their means.

        A difference of large sums, which is shorter, would lose the digits of nearly equal values.
        """
        count, total = self.steps["centred"], self.sums["centred"]
        mean = divided(total.sum(axis=axis, keepdims=True), count.sum(axis=axis, keepdims=True))
        between = np.where(count > 0, count * (divided(total, count) - mean) ** 2, 0.0)
        spread: Floats = (self.spread + between).sum(axis=axis, keepdims=True)
        return spread


def divided(above: Floats | Ints, below: Floats | Ints) -> Floats:
    """NaN where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / below, np.nan)


def yardstick(
    panel: Panel, cutoff_rows: Ints, season: int, horizon: int, gap: int = 0
) -> Yardstick:
    """The yardstick at these cutoffs.

    Args:
        panel: gives the history before each cutoff; NaN counts for nothing.
        cutoff_rows: (W,) row of the panel just after the history of each window.
        season: rows in a season.
        horizon: H, steps that are scored.
        gap: steps between the cutoff and the first of them.
    """
    owners = panel.owners(cutoff_rows)
    first = np.full(len(panel), -1, dtype=np.int64)
    order = np.argsort(-cutoff_rows, kind="stable")
    first[owners[order]] = cutoff_rows[order]  # the smallest row is written last
    scale, square = _scales(panel, first, season)
    simple = naive2(panel, cutoff_rows, season, gap + horizon)[:, gap:]
    return Yardstick(owners, scale, square, simple)


def _scales(panel: Panel, first: Ints, season: int) -> tuple[Floats, Floats]:
    """(N,) means over the seasonal differences before a row, absolute and squared."""
    rows = np.where(first < 0, 0, first - panel.bounds[:-1])  # (N,) of history
    lag = np.repeat(np.where(rows > season, season, 1), panel.lengths)
    place = np.arange(len(panel.values)) - np.repeat(panel.bounds[:-1], panel.lengths)
    target = panel.values[:, 0]
    inside = (place >= lag) & (place < np.repeat(rows, panel.lengths))
    at = np.flatnonzero(inside)
    off = target[at] - target[at - lag[at]]
    series = np.repeat(np.arange(len(panel)), panel.lengths)[at]
    seen = ~np.isnan(off)
    count = np.bincount(series[seen], minlength=len(panel))
    absolute = np.bincount(series[seen], np.abs(off[seen]), minlength=len(panel))
    squares = np.bincount(series[seen], off[seen] ** 2, minlength=len(panel))
    scale, square = divided(absolute, count), divided(squares, count)
    return np.where(scale > 0, scale, np.nan), np.where(square > 0, square, np.nan)


def intervals_of(levels: tuple[float, ...]) -> list[Interval]:
    """The central intervals that the levels have both ends of, the narrowest first.

    Example:
        >>> [each.name for each in intervals_of((0.025, 0.1, 0.5, 0.9, 0.975))]
        ['80', '95']
    """
    found = []
    for low, level in enumerate(levels):
        highs = [i for i, other in enumerate(levels) if abs(level + other - 1) < 1e-9]
        if level < 0.5 and highs:
            found.append(Interval(f"{round(100 - 200 * level, 4):g}", 2 * level, low, highs[0]))
    return sorted(found, key=lambda each: -each.outside)


def tally(forecast: Forecast, rule: Yardstick) -> tuple[Ints, Tally]:
    """(S,) the series that could be scored, and what their windows add up to.

    Args:
        forecast: (W, H, Q) with actuals; a step whose actual or forecast is NaN does not count.
        rule: at the cutoffs of the forecast.
    """
    quantities = _quantities(forecast, rule)
    seen = ~np.isnan(quantities["absolute"])
    present, place = np.unique(rule.owners[seen.any(axis=1)], return_inverse=True)
    kept = seen.any(axis=1)
    cell = (place[:, None] * seen.shape[1] + np.arange(seen.shape[1])).ravel()
    shape = (len(present), seen.shape[1])
    sums: dict[str, Floats] = {}
    steps: dict[str, Ints] = {}
    for name, values in quantities.items():
        flat = values[kept].ravel()
        there = ~np.isnan(flat)
        size = shape[0] * shape[1]
        added = np.bincount(cell[there], flat[there], minlength=size)
        sums[name] = added.reshape(shape).astype(np.float64)
        steps[name] = np.bincount(cell[there], minlength=size).reshape(shape)
    means = divided(sums["centred"], steps["centred"]).ravel()[cell]
    within = np.nan_to_num((quantities["centred"][kept].ravel() - means) ** 2)
    spread = np.bincount(cell, within, minlength=shape[0] * shape[1]).reshape(shape)
    scale, square = rule.scale[present, None], rule.square[present, None]
    return present, Tally(sums, steps, spread.astype(np.float64), scale, square)


def _quantities(forecast: Forecast, rule: Yardstick) -> dict[str, Floats]:
    """(W, H) each: what can be said of a single step; NaN where nothing can."""
    said = forecast.point
    actual = np.full_like(said, np.nan) if forecast.actual is None else forecast.actual
    actual = np.where(np.isnan(said), np.nan, actual)
    size = np.where(np.isnan(actual), np.nan, np.abs(actual))
    centre = actual - _first_seen(actual, rule.owners)
    made = {
        "absolute": np.abs(actual - said),
        "square": (actual - said) ** 2,
        "error": said - actual,
        "size": size,
        "percent": _percent(actual, said),
        "share": divided(100 * np.abs(actual - said), size),
        "centred": centre,
        "centred square": centre**2,
        "naive2 absolute": np.abs(actual - rule.simple),
        "naive2 percent": _percent(actual, rule.simple),
        "pinball": _pinball(forecast, actual),
    }
    for each in intervals_of(forecast.levels):
        made |= _of_interval(forecast, actual, each)
    return made


def _percent(actual: Floats, said: Floats) -> Floats:
    """(W, H) symmetric, 0 to 200; 0 where both are 0."""
    size = np.abs(actual) + np.abs(said)
    return np.where(size == 0, 0.0, divided(200 * np.abs(actual - said), size))


def _pinball(forecast: Forecast, actual: Floats) -> Floats:
    """(W, H) twice the pinball loss, its mean over the levels: the absolute error of a point."""
    total = np.zeros_like(actual)
    for place, level in enumerate(forecast.levels):
        off = actual - forecast.values[:, :, place]
        total += 2 * np.maximum(level * off, (level - 1) * off)
    return total / len(forecast.levels)


def _of_interval(forecast: Forecast, actual: Floats, each: Interval) -> dict[str, Floats]:
    """(W, H) inside or not, width, and the interval score of Gneiting and Raftery (2007)."""
    low, high = forecast.values[:, :, each.low], forecast.values[:, :, each.high]
    width = np.where(np.isnan(actual), np.nan, high - low)
    missed = np.maximum(low - actual, 0.0) + np.maximum(actual - high, 0.0)
    inside = np.where(np.isnan(actual), np.nan, (low <= actual) & (actual <= high))
    return {
        f"inside{each.name}": inside,
        f"width{each.name}": width,
        f"winkler{each.name}": width + 2 / each.outside * missed,
    }


def _first_seen(actual: Floats, owners: Ints) -> Floats:
    """(W, 1) an actual value of the window's series, so that a constant is 0 everywhere."""
    seen = ~np.isnan(actual)
    place = seen.argmax(axis=1)
    value = np.full(int(owners.max(initial=-1)) + 1, np.nan)
    rows = np.flatnonzero(seen.any(axis=1))[::-1]
    value[owners[rows]] = actual[rows, place[rows]]
    return value[owners][:, None]
