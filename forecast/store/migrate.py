"""Bring the document of an older run up to what this version writes, in memory.

    format 1    0.1.0
    format 2    plan.year and spec.net.last_year, which some documents of format 1 have already;
                the folder has golden.npz and SHA256SUMS
    format 3    finish: the weights of the methods and the calibration of the intervals

A new format adds a function here and a small run of it to the tests; none is ever taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["FORMAT", "migrated"]

Document = dict[str, Any]


def migrated(document: Document) -> Document:
    """The document as this version would have written it; the one given stays as it is.

    Args:
        document: of any format up to FORMAT.

    Raises:
        KeyError, TypeError: it lacks what its own format has, or holds something else there.

    Example:
        >>> old = {"format": 1, "spec": {"net": {}}, "plan": {}}
        >>> migrated(old)["plan"], migrated(old)["format"], old["plan"]
        ({'year': 0}, 3, {})
    """
    for step in _STEPS[document["format"] - 1 :]:
        document = step(document)
    return document


def _to_2(document: Document) -> Document:
    """A network that was trained before there was last year to look at does not look at it."""
    spec = document["spec"]
    net = {"last_year": "no", **spec["net"]}
    changed = {**document, "format": 2, "spec": {**spec, "net": net}}
    if "plan" in document:  # a run of several groups has none
        changed["plan"] = {"year": 0, **document["plan"]}
    return changed


def _to_3(document: Document) -> Document:
    """A forecast from before was the network's alone, and its intervals as the network said."""
    finish = {"weights": {"LSTM": 1.0}, "calibration": None}
    changed = {**document, "format": 3}
    if "plan" in document:
        changed["finish"] = finish
    return changed


_STEPS: list[Callable[[Document], Document]] = [_to_2, _to_3]

FORMAT = 1 + len(_STEPS)  # of run.json; a reader refuses what is newer
