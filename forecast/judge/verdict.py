"""Say in plain words whether the network is worth having."""

from __future__ import annotations

import numpy as np

from forecast.judge.metrics import Scores

__all__ = ["best_simple", "verdict"]


def best_simple(scores: dict[str, Scores], metric: str = "mase") -> str:
    """The name of the simple method with the smallest error; the first of equals."""
    if not any(np.isfinite(each.overall[metric]) for each in scores.values()):
        metric = "mae"
    return min(scores, key=lambda name: np.nan_to_num(scores[name].overall[metric], nan=np.inf))


def verdict(network: Scores, simple: dict[str, Scores]) -> str:
    """A sentence where a simple method did better, "" where the network did."""
    if not simple or not network.ids:
        return ""
    name = best_simple(simple)
    metric = "mase" if np.isfinite(network.overall["mase"]) else "mae"
    own, other = network.overall[metric], simple[name].overall[metric]
    if not own > other:
        return ""
    return (
        f"The LSTM is worse than the {name} method on the holdout "
        f"({metric.upper()} {own:.3g} against {other:.3g}): use the simple method, "
        f"or give it more data."
    )
