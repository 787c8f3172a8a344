"""Say in plain words which method a backtest speaks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forecast.judge.metrics import Scores
from forecast.judge.verdict import OURS, REFERENCE

__all__ = ["ranked", "shipped", "standing"]


def ranked(scores: Mapping[str, Scores]) -> tuple[list[str], str]:
    """The methods, the best first, and the metric that says so; ours first of equals.

    By MASE, which counts every series alike; by MAE where MASE is not defined for any.
    """
    defined = any(np.isfinite(each.overall["mase"]) for each in scores.values())
    metric = "mase" if defined else "mae"

    def place(name: str) -> float:
        return float(np.nan_to_num(scores[name].overall[metric], nan=np.inf))

    return sorted(scores, key=lambda name: (place(name), name != shipped(scores))), metric


def standing(scores: Mapping[str, Scores], by_fold: Mapping[str, Sequence[Scores]]) -> str:
    """Which method was best, and in how many folds it was better than the one it is held against.

    That is ours (the blend, or the LSTM) where it is among them and not the best itself, else the
    second best.

    Args:
        scores: method -> its errors over all folds.
        by_fold: method -> its errors in each fold.
    """
    order, metric = ranked(scores)
    best = order[0]
    if len(order) == 1:
        return f"{_named(best)} alone was tried: {_told(scores[best], metric)}."
    ours = shipped(scores)
    rival = ours if ours and best != ours else order[1]
    own, other = scores[best].overall[metric], scores[rival].overall[metric]
    folds = list(zip(by_fold[best], by_fold[rival], strict=True))
    won = sum(a.overall[metric] < b.overall[metric] for a, b in folds)
    against = f"{metric.upper()} {own:.3g} against {other:.3g} of {_named(rival, 'the')}"
    if own == other:
        return f"{_named(best)} and {_named(rival, 'the')} were equally good ({against})."
    counted = f"{against}; better in {won} of {len(folds)} folds"
    advice = "" if best in OURS or not ours else ": trust that method more here"
    return f"{_named(best)} was the best ({counted}){advice}."


def shipped(scores: Mapping[str, Scores]) -> str:
    """What is shipped, "" where it was not tried."""
    return next((name for name in OURS if name in scores), "")


def _told(scores: Scores, metric: str) -> str:
    return f"{metric.upper()} {scores.overall[metric]:.3g}"


def _named(name: str, article: str = "The") -> str:
    """A method within a sentence, or at its beginning."""
    if name in (*OURS, REFERENCE, "naive"):
        return f"{article} {name}"
    return name if article == "the" else name[0].upper() + name[1:]
