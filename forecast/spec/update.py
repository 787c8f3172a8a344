"""How to go on with a trained network when new rows have come."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.errors import SpecError
from forecast.spec.rules import positive

__all__ = ["UpdateSpec"]


@dataclass(frozen=True, slots=True)
class UpdateSpec:
    """The going on.

    Attributes:
        steps: gradient steps of every network; None: a share of those it was trained for.
        learning_rate: at the start; None: a share of that of the training.
        share_of_steps: that share.
        share_of_rate: that share.
        recent: share of the windows that end in new rows; the others are any.
    """

    steps: int | None = None
    learning_rate: float | None = None
    share_of_steps: float = 0.5
    share_of_rate: float = 0.3
    recent: float = 0.5

    def __post_init__(self) -> None:
        positive("steps", self.steps)
        if self.learning_rate is not None and not self.learning_rate > 0:
            raise SpecError(
                f"--learning-rate must be above 0, got {self.learning_rate:g}",
                hint="such as --learning-rate 0.001",
            )
