"""Say in plain words whether the network is worth having."""

from __future__ import annotations

import numpy as np

from forecast.judge.baselines import BASELINES
from forecast.judge.metrics import Scores

__all__ = ["BEFORE", "BLEND", "LSTM", "REFERENCE", "best_simple", "verdict"]

LSTM = "LSTM"
BLEND = "blend"  # of the LSTM and a simple method
BEFORE = "before"  # an update; what the network was that went on
# The network alone is no rival of the blend that it is a part of, nor is what it was before.
OURS = (BLEND, LSTM, BEFORE)
REFERENCE = "seasonal naive"  # what skill is measured against


def best_simple(scores: dict[str, Scores]) -> str:
    """The name of the simple method with the smallest error; the first of equals."""
    simple = {name: scores[name] for name in BASELINES}
    metric = _telling(simple)
    return min(simple, key=lambda name: np.nan_to_num(simple[name].overall[metric], nan=np.inf))


def verdict(scores: dict[str, Scores]) -> str:
    """A sentence where a simple method did better, "" where we did or nothing was scored.

    Args:
        scores: of what is shipped, first, of the LSTM and of every simple method, by name.
    """
    if not scores:
        return ""
    name, metric, shipped = best_simple(scores), _telling(scores), next(iter(scores))
    own, other = scores[shipped].overall[metric], scores[name].overall[metric]
    if not own > other:
        return ""
    return (
        f"The {shipped} is worse than the {name} method on the holdout "
        f"({metric.upper()} {own:.3g} against {other:.3g}): trust that method more here."
    )


def _telling(scores: dict[str, Scores]) -> str:
    """MASE, which counts every series alike; MAE where MASE is not defined for any."""
    defined = any(np.isfinite(each.overall["mase"]) for each in scores.values())
    return "mase" if defined else "mae"
