"""How much of what was forecast is kept, and when its errors are called a drift."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DriftSpec", "LedgerSpec"]


@dataclass(frozen=True, slots=True)
class LedgerSpec:
    """The bounds of the ledger; the oldest forecasts go first, the newest stays in any case.

    Attributes:
        forecasts: kept at most; thirteen years of nights.
        size: bytes kept at most; fifty nights of 100,000 series, twelve steps and five quantiles.
    """

    forecasts: int = 5_000
    size: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class DriftSpec:
    """When the newest errors are clearly above those before.

    Attributes:
        false_alarm: chance of an alarm in one look at errors that have not changed.
        rise: the newest errors are at least so many times those before; less is no matter.
        newest: cutoffs that are compared, at least; a bad day alone is no drift.
        earlier: blocks of cutoffs to compare with, at least.
        blocks: into which the cutoffs fall at most. So many cutoffs, too, have to be there for
            each step of the horizon that is looked at: few tell more by their first steps.
    """

    false_alarm: float = 0.001
    rise: float = 1.2
    newest: int = 6
    earlier: int = 16
    blocks: int = 50
