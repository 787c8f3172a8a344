"""Small networks and windows whose every number is known."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from forecast import nets
from forecast.types import Floats, Observer, Step, Windows

__all__ = [
    "ALL",
    "DEEP",
    "KINDS",
    "SHAPE",
    "Looks",
    "awake",
    "course_of",
    "ignore",
    "mixed",
    "noise",
    "part",
    "sigmoid",
    "softmax",
    "told",
    "windows_for",
    "windows_of",
]

SHAPE = nets.Shape(window=12, horizon=5, fold=4, season=4)
DEEP = 20.0  # half ranges from the scaled 0 down to zero: as far as zero is ever put

# What may stand beside the target.
KINDS: dict[str, dict[str, Any]] = {
    "target only": {},
    "known ahead": {"columns": 4, "known": 2},
    "texts": {"columns": 4, "known": 2, "texts": (0, 7, 0, 3)},
    "gaps marked": {"columns": 2, "marked": True},
    "static": {"static": (nets.Static(5.0, 2.0), nets.Static(categories=3))},
    "all": {
        "columns": 4,
        "known": 3,
        "last_year": True,
        "marked": True,
        "texts": (0, 7, 0, 3),
        "static": (nets.Static(5.0, 2.0), nets.Static(categories=3)),
    },
}
ALL = dataclasses.replace(SHAPE, **KINDS["all"])


def sigmoid(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-z)))


def softmax(z: Floats) -> Floats:
    """Over the last axis."""
    raised = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def told(tensor: Any) -> Floats:
    """A tensor's numbers."""
    return np.asarray(tensor, dtype=np.float64)


def noise(count: int, rows: int = SHAPE.window, seed: int = 0) -> Floats:
    """(count, rows) within the scaled range."""
    return np.random.default_rng(seed).uniform(-1, 1, (count, rows))


def windows_of(x: Floats, y: Floats | None = None, static: Floats | None = None) -> Windows:
    """Windows of (B, L) or (B, L, C) histories, nothing known ahead, zero far below."""
    x = x[:, :, None] if x.ndim == 2 else x
    count = len(x)
    return Windows(
        x=x,
        y=np.zeros((count, SHAPE.horizon)) if y is None else y,
        known=np.empty((count, x.shape[1] + SHAPE.horizon, 0)),
        static=np.full((count, 1), DEEP) if static is None else static,
        series=np.zeros(count, dtype=np.int64),
        cutoff=np.arange(count),
    )


def windows_for(shape: nets.Shape, count: int, seed: int = 0) -> Windows:
    """Random windows that a network of this shape takes."""
    random = np.random.default_rng(seed)
    rows = shape.window + shape.horizon
    values = random.uniform(-1, 1, (count, rows, shape.columns))
    for column, texts in enumerate(shape.texts):
        if texts:
            values[:, :, column] = random.integers(0, texts + 1, (count, rows)) * 2 / texts - 1
    x = values[:, : shape.window]
    if shape.marked:
        x = np.concatenate([x, random.integers(0, 2, x.shape)], axis=2)
    static = [
        random.integers(1, each.categories + 1, count) if each.categories else random.normal(5, 2)
        for each in shape.static
    ]
    known = values[:, :, shape.columns - shape.known + shape.last_year :]
    if shape.last_year:
        known = np.concatenate([known, random.uniform(-1, 1, (count, rows, 1))], axis=2)
    columns = [np.broadcast_to(column, count) for column in [*static, np.full(count, 3.0)]]
    return dataclasses.replace(
        windows_of(x, values[:, shape.window :, 0], np.stack(columns, axis=1)),
        known=known,
    )


def awake(network: Any, seed: int = 0, size: float = 0.25) -> Any:
    """The network with random weights, so that no part of it is silent."""
    random = np.random.default_rng(seed)
    network.set_weights([random.normal(size=w.shape) * size for w in network.get_weights()])
    return network


def part(windows: Windows, places: Any) -> Windows:
    """The windows at these places."""
    names = [field.name for field in dataclasses.fields(Windows)]
    return Windows(**{name: getattr(windows, name)[places] for name in names})


def course_of(
    windows: Windows,
    steps: int,
    *,
    held: Windows | None = None,
    seed: int = 1,
    until: float | None = None,
) -> nets.Course:
    """A fit on these windows."""

    return nets.Course(
        lambda places: part(windows, places), len(windows.x), held, steps, seed, until
    )


class Looks(list[Step]):
    """An observer that remembers."""

    def __call__(self, step: Step) -> None:
        """One more."""
        self.append(step)


ignore: Observer = Looks()


def mixed(x: Floats, shape: nets.Shape = SHAPE) -> Floats:
    """(B, L) -> (B, H) what an untrained network says, method by method, step by step."""
    forecasts = np.array([_methods(row, shape.season, shape.horizon) for row in x])  # (B, M, H)
    odds = np.zeros(forecasts.shape[1])
    odds[0] = 2.0
    return np.asarray(np.einsum("m,bmh->bh", softmax(odds), forecasts))


def _methods(row: Floats, season: int, horizon: int) -> list[list[float]]:
    """The forecasts of each simple method, by its definition."""
    steps = range(horizon)
    last, rows = row[-1], len(row)
    if season == 1:
        back = min(4, rows - 1)
        slope = (row[-1] - row[-1 - back]) / back
        return [
            [last] * horizon,
            [last + slope * (h + 1) for h in steps],
            [row[-back:].mean()] * horizon,
        ]
    newest, level = row[-season:], row[-season:].mean()
    flat = [[last] * horizon, [level] * horizon]
    if rows < 2 * season:
        return [[newest[h % season] for h in steps], *flat]
    older = row[-2 * season : -season]
    apart = (newest - level + older - older.mean()) / 2
    drifts = [(newest - older)[-k:].mean() for k in sorted({1, max(season // 4, 1), season})]
    return [
        [level + apart[h % season] for h in steps],
        *flat,
        *[[newest[h % season] + drift for h in steps] for drift in drifts],
    ]
