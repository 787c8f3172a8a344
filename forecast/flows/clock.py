"""A time limit, shared out among the fits of a training."""

from __future__ import annotations

import time
from dataclasses import dataclass

__all__ = ["NO_LIMIT", "Clock"]

FITS = 0.85  # of the time limit; export, forecasts and plots come after
FIRST = 0.4  # of the time left, for the first fit, that says how long the others will take


@dataclass(frozen=True, slots=True)
class Clock:
    """When the fits have to be done.

    Attributes:
        end: time.monotonic(), or None for no limit.
        last: when the whole has to be done, with what comes after the fits; None for no limit.
    """

    end: float | None = None
    last: float | None = None

    @staticmethod
    def of(began: float, limit: float | None) -> Clock:
        """A limit in seconds for what began at this time.monotonic()."""
        return NO_LIMIT if limit is None else Clock(began + limit * FITS, began + limit)

    @property
    def over(self) -> bool:
        """Whether there is no time left at all."""
        return self.last is not None and time.monotonic() >= self.last

    def share(self, left: int) -> float | None:
        """When the next of so many fits has to be done, or None."""
        if self.end is None:
            return None
        now = time.monotonic()
        return now + max(self.end - now, 0.0) / left

    def first(self) -> float | None:
        """When the first fit has to be done: it may take more, others are dropped for it."""
        if self.end is None:
            return None
        now = time.monotonic()
        return now + max(self.end - now, 0.0) * FIRST

    def affordable(self, each: float) -> int | None:
        """How many members can be fitted twice, the first once more, if a fit takes so long.

        Few that are trained well beat many that are not; None for as many as planned.
        """
        if self.end is None:
            return None
        fits = (self.end - time.monotonic()) / max(each, 1e-3)
        return max(int((fits + 1) / 2), 1)


NO_LIMIT = Clock()
