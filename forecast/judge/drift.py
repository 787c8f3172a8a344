"""Whether forecasts have become worse than they were.

The question is Giacomini & Rossi's ("Detecting and predicting forecast breakdowns", 2009): is the
newest loss above the mean of the loss before by more than chance? Forecasts of many steps overlap,
so their errors depend on one another: they are averaged in blocks as long as the overlap (batch
means: Schmeiser, "Batch size effects in the analysis of simulation output", 1982), and what
dependence is left between blocks widens the bounds as that of an AR(1) process. Ever more
of the newest blocks are each held against those before by Student's t, Bonferroni's share of
the chance for each, so that a large change is seen soon and a small one in time. Errors have heavy
tails; what is averaged are their normal scores (van der Waerden, 1952), which have none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from forecast.judge.live import SCALED, Live
from forecast.spec import DriftSpec
from forecast.types import Floats, Ints

__all__ = ["Drift", "find_drift"]

GROWTH = 1.5  # from one number of newest blocks to the next
CLOSEST = 0.9  # correlation of neighbours beyond which nothing is to be learnt from more of them


@dataclass(frozen=True, slots=True)
class Drift:
    """What the newest errors say.

    Attributes:
        found: they are clearly above those before.
        ratio: the newest errors / those before; NaN where nothing can be said.
        chance: of so high a ratio where nothing changed.
        newest: how many cutoffs are the newest.
        since: place of the first of them among the cutoffs.
        steps: of the horizon that were looked at.
        lacking: why nothing can be said, "" where something can.
    """

    found: bool = False
    ratio: float = math.nan
    chance: float = math.nan
    newest: int = 0
    since: int = 0
    steps: int = 0
    lacking: str = ""


def find_drift(tally: Live, rows: Ints, last: int, spec: DriftSpec) -> Drift:
    """Hold the newest errors against those before.

    Args:
        tally: of errors, with T cutoffs.
        rows: (T,) where each cutoff stands among the data's time stamps.
        last: where the newest time stamp stands.
        spec: the bounds.
    """
    if len(rows) < 2:
        return Drift(lacking="too few forecasts have been overtaken by their actuals")
    apart = float(np.median(np.diff(rows)))  # rows between two cutoffs; farther steps overlap
    steps = int(np.clip(apart * max(len(rows) // spec.blocks, 1), 1, tally.horizon))
    total, counts = (table[:, :steps].sum(axis=1) for table in tally.table(SCALED))
    whole = np.flatnonzero((rows + steps <= last) & (counts > 0))
    each = max(math.ceil(steps / apart), math.ceil(len(whole) / spec.blocks))
    whole = whole[len(whole) % each :]
    blocks, least = len(whole) // each, math.ceil(spec.newest / each)
    if blocks < spec.earlier + least:
        needed = (spec.earlier + least) * each
        return Drift(lacking=f"{len(whole)} cutoffs to compare, it takes {needed}")
    error = (total[whole] / counts[whole]).reshape(blocks, each)
    loss = _normal_scores(error.ravel()).reshape(blocks, each).mean(axis=1)
    sizes = (math.ceil(least * GROWTH**k) for k in range(blocks))
    spans = sorted({size for size in sizes if blocks - size >= spec.earlier})
    tried = [(_chance(loss, span), _ratio(error.mean(axis=1), span), span) for span in spans]
    # Both have to be so: with very many series every difference is more than chance.
    risen = [each for each in tried if each[1] >= spec.rise]
    chance, ratio, span = min(risen or tried)
    return Drift(
        found=bool(risen) and chance < spec.false_alarm / len(spans),
        ratio=ratio,
        chance=min(1.0, chance * len(spans)),
        newest=span * each,
        since=int(whole[-span * each]),
        steps=steps,
    )


def _ratio(error: Floats, span: int) -> float:
    before = float(error[:-span].mean())
    return float(error[-span:].mean()) / before if before > 0 else math.nan


def _chance(loss: Floats, span: int) -> float:
    """Of the mean of the newest blocks to be so far above the others', where nothing changed."""
    before, newest = loss[:-span], loss[-span:]
    near = _neighbours(before)
    spread = float(before.std(ddof=1))
    error = spread * math.sqrt(_of_mean(len(before), near) + _of_mean(span, near))
    rise = float(newest.mean() - before.mean())
    if not error > 0:
        return 0.0 if rise > 0 else 1.0
    freedom = (len(before) - 1) * (1 - near) / (1 + near)
    return student_tail(rise / error, freedom)


def _normal_scores(values: Floats) -> Floats:
    """(n,) what values of these ranks would be, were they normal; equals share their rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    rank = np.cumsum(counts) - counts / 2  # (distinct,) from 0 to n
    quantile = NormalDist().inv_cdf
    scores = np.array([quantile(each / len(values)) for each in rank.tolist()])
    return scores[place]


def _neighbours(values: Floats) -> float:
    """First autocorrelation, none below 0: what swings to and fro shall not narrow the bounds.

    As measured it is too low by (1 + 4 r) / n (Marriott & Pope, 1954).
    """
    off = values - values.mean()
    total = float(off @ off)
    if not total > 0:
        return 0.0
    seen = float(off[1:] @ off[:-1]) / total
    return min(max(seen + (1 + 4 * seen) / len(values), 0.0), CLOSEST)


def _of_mean(count: int, near: float) -> float:
    """Variance of the mean of so many values of an AR(1) process of variance 1."""
    lags = np.arange(1, count)
    return float(count + 2 * np.sum((count - lags) * near**lags)) / count**2


def student_tail(t: float, freedom: float) -> float:
    """P(T > t), by Wallace's approximation (1959): scipy is not everywhere where this runs.

    Example:
        >>> round(student_tail(3.55, 20), 4)
        0.001
    """
    size = math.sqrt(freedom * math.log1p(t * t / freedom))
    size *= (8 * freedom + 1) / (8 * freedom + 3)
    return NormalDist().cdf(-math.copysign(size, t))
