"""What every body takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forecast.spec import NetSpec

__all__ = ["Body", "Story", "Told"]


@dataclass(frozen=True, slots=True)
class Story:
    """What a body reads, folded.

    Attributes:
        history: (B, T, F) the window, normalised, p rows in each step.
        ahead: (B, D, G) what is known of the horizon, p rows in each step: the simple forecasts
            to start from, and the covariates known ahead.
    """

    history: Any
    ahead: Any


@dataclass(frozen=True, slots=True)
class Told:
    """What a body makes of it.

    Attributes:
        state: (B, U) the history in short.
        steps: (B, D, U) something for each step of the horizon, or None.
    """

    state: Any
    steps: Any = None


Body = Callable[[Story, NetSpec], Told]
