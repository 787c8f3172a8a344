"""Tell the network which series it looks at."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from forecast.types import Panel

__all__ = ["IDENTITY", "identify"]

IDENTITY = "(series)"  # the static column that is added; no file has one of this name


def identify(panel: Panel, known: Sequence[str]) -> Panel:
    """The panel with a static column more: 1 for the first of the known series, 2 for the next.

    0 is for a series that the training did not have.

    Example:
        >>> import dataclasses, numpy as np
        >>> panel = Panel.single([1.0, 2.0], freq="D", start="2024-01-01")
        >>> panel = dataclasses.replace(panel, ids=np.array(["b"]))
        >>> identify(panel, ["a", "b"]).static.tolist(), identify(panel, ["a"]).static.tolist()
        ([[2.0]], [[0.0]])
    """
    place = {name: number for number, name in enumerate(known, start=1)}
    codes = np.array([place.get(name, 0) for name in panel.ids.tolist()], dtype=np.float64)
    static = panel.static if len(panel.static) else np.empty((len(panel), 0))
    return dataclasses.replace(
        panel,
        static=np.concatenate([static, codes[:, None]], axis=1),
        static_columns=(*panel.static_columns, IDENTITY),
    )
