"""How to train."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.errors import SpecError
from forecast.spec.rules import positive

__all__ = ["FitSpec"]


@dataclass(frozen=True, slots=True)
class FitSpec:
    """The training.

    Attributes:
        steps: gradient steps at most; None: from `epochs`, or the number of windows.
        epochs: the same as passes over the training windows; None: from `steps`.
        holdout: last rows of each series, never trained on, that the scores come from; None: H.
        batch: windows in one gradient step.
        learning_rate: of Adam at the start; it falls to 0 along a cosine.
        clip: largest norm of the gradient.
        patience: share of the steps without a better validation loss after which to stop.
    """

    steps: int | None = None
    epochs: int | None = None
    holdout: int | None = None
    batch: int = 256
    learning_rate: float = 3e-3
    clip: float = 1.0
    patience: float = 0.3

    def __post_init__(self) -> None:
        positive("steps", self.steps)
        positive("epochs", self.epochs)
        if self.steps and self.epochs:
            raise SpecError(
                f"--steps {self.steps} and --epochs {self.epochs} say the same thing twice",
                hint="leave one of them out",
            )
        positive("batch", self.batch)
        if self.holdout is not None and self.holdout < 0:
            raise SpecError(
                f"--holdout must be 0 or more, got {self.holdout}", hint="0 trains without a test"
            )
