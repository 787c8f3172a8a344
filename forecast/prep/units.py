"""From original units to the network's and back: transform, gaps, scale, bounds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from forecast.errors import SpecError
from forecast.prep.scale import scale_panel
from forecast.prep.transform import KINDS, restore, transform_panel
from forecast.prep.windows import Cutoffs
from forecast.spec import DataSpec
from forecast.types import Floats, Panel, Scale

__all__ = ["ZERO", "Units", "carry", "zero_depth"]

ZERO = "(zero)"  # the static column that Units adds; no file has one of this name
NEAR_ZERO = 0.01  # of the highest training value: as good as zero
SHALLOWEST = 1.021  # half ranges; a training value of 0 keeps a logarithm of its own
DEEPEST = 20.0  # half ranges; a logarithm that far from zero is straight


@dataclass(frozen=True, slots=True)
class Units:
    """What was done to the target, so that it can be undone.

    Attributes:
        scale: extremes of the training rows, after the transform.
        transform: "none", "log", "diff" or "seasonal-diff".
        season: rows in a season, for the last of these.
        low: no forecast goes below, original units, or None.
        high: no forecast goes above, or None.
        whole: whether forecasts are rounded to whole numbers.
    """

    scale: Scale
    transform: str = "none"
    season: int = 1
    low: float | None = None
    high: float | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        if self.transform not in KINDS:
            raise SpecError(
                f"no transform is called {self.transform!r}", hint=f"one of {', '.join(KINDS)}"
            )

    @staticmethod
    def of(spec: DataSpec, scale: Scale, transform: str, season: int) -> Units:
        """The units that the spec asks for."""
        whole = spec.whole == "numbers"
        return Units(scale, transform, season, spec.low, spec.high, whole)

    def part(self, first: int, last: int) -> Units:
        """Those of the series from `first` to just before `last`."""
        scale = Scale(self.scale.low[first:last], self.scale.high[first:last])
        return dataclasses.replace(self, scale=scale)

    def to_network(self, panel: Panel) -> Panel:
        """The panel transformed and scaled, every gap carried over and marked as not observed.

        One more static column says where zero lies on each series' scaled axis.
        """
        changed = transform_panel(panel, self.transform, self.season)
        scaled = carry(scale_panel(changed, self.scale))
        static = scaled.static if len(scaled.static) else np.empty((len(scaled), 0))
        return dataclasses.replace(
            scaled,
            static=np.concatenate([static, zero_depth(self.scale)[:, None]], axis=1),
            static_columns=(*scaled.static_columns, ZERO),
        )

    def to_original(self, values: Floats, panel: Panel, cutoffs: Cutoffs) -> Floats:
        """(W, H, Q) scaled forecasts at the given cutoffs -> original units."""
        values = self.scale.invert(values, cutoffs.series)
        return restore(values, panel, cutoffs, self.transform, self.season)

    def within(self, values: Floats) -> Floats:
        """Values in original units, of any shape, within the bounds; whole where asked for."""
        values = np.clip(values, self.low, self.high) if self._bounded else values
        return np.rint(values) if self.whole else values

    @property
    def _bounded(self) -> bool:
        return self.low is not None or self.high is not None


def zero_depth(scale: Scale) -> Floats:
    """(N,) how far below the scaled 0 a forecast may fall before it is near the original 0.

    Below by the way from the middle of the training range to zero, and a hundredth of the top
    of the range more, so that zeros in the data have a logarithm. Where values go below zero,
    zero is no floor, and it is put so far down that a logarithm is nearly straight.

    Example:
        >>> import numpy as np
        >>> scale = Scale(np.array([[0.0], [80.0], [-1.0]]), np.array([[100.0], [120.0], [1.0]]))
        >>> zero_depth(scale).round(2).tolist()
        [1.02, 5.06, 20.0]
    """
    low, high, width = scale.low[:, 0], scale.high[:, 0], scale.width[:, 0]
    depth = 1.0 + 2.0 * (low + NEAR_ZERO * high) / width
    return np.where(low < 0, DEEPEST, np.clip(depth, SHALLOWEST, DEEPEST))


def carry(panel: Panel) -> Panel:
    """The panel with each NaN replaced by the value before it (at the front, the first one).

    Known rows after the last one likewise: no forecast is made from a gap there, but a network is
    tried on all rows that there are.

    Example:
        >>> nan = float("nan")
        >>> panel = carry(Panel.single([nan, 2.0, nan, 4.0], freq="D", start="2024-01-01"))
        >>> panel.series(0).tolist(), panel.observed.ravel().tolist()
        ([2.0, 2.0, 2.0, 4.0], [False, True, False, True])
    """
    panel = _carried_over(panel)
    return dataclasses.replace(panel, future=_carried_on(panel))


def _carried_over(panel: Panel) -> Panel:
    """The panel without NaN in its rows."""
    seen = ~np.isnan(panel.values)  # (R, C)
    if seen.all():
        return panel
    rows = np.arange(len(panel.values))[:, None]
    first = np.repeat(panel.bounds[:-1], panel.lengths)[:, None]
    last = np.repeat(panel.bounds[1:], panel.lengths)[:, None] - 1
    # The row of the last value seen before each row; where a series has none yet, of the next.
    before = np.maximum.accumulate(np.where(seen, rows, -1), axis=0)
    after = np.minimum.accumulate(np.where(seen, rows, len(rows))[::-1], axis=0)[::-1]
    place = np.where(before >= first, before, after)
    values = np.take_along_axis(panel.values, np.minimum(place, last), axis=0)
    values = np.where(place > last, 0.0, values)  # a column with nothing observed at all
    observed = seen if panel.observed is None else seen & panel.observed
    return dataclasses.replace(panel, values=values, observed=observed)


def _carried_on(panel: Panel) -> Floats:
    """(F, K) the known rows after each series' last, none of them a gap."""
    if not np.isnan(panel.future).any():
        return panel.future
    counts = np.diff(panel.future_bounds)
    rows = np.arange(len(panel.future))[:, None]
    first = np.repeat(panel.future_bounds[:-1], counts)[:, None]
    before = np.maximum.accumulate(np.where(np.isnan(panel.future), -1, rows), axis=0)
    last = np.repeat(panel.values[panel.bounds[1:] - 1, -panel.known :], counts, axis=0)
    inside = np.take_along_axis(panel.future, np.maximum(before, 0), axis=0)
    return np.where(before >= first, inside, last)
