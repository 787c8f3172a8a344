"""How to train."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.errors import SpecError
from forecast.spec.rules import one_of, positive

__all__ = ["IF_WORSE", "LOSSES", "OPTIMIZERS", "PRESETS", "FitSpec", "Preset"]

LOSSES = ("mae", "mse", "huber", "pinball")
IF_WORSE = ("warn", "fail", "fallback", "blend")
OPTIMIZERS = ("adam", "adamw", "nadam", "rmsprop", "sgd")


@dataclass(frozen=True, slots=True)
class Preset:
    """A place on the curve from fast to accurate.

    Attributes:
        members: networks whose median is the forecast.
        steps: share of the gradient steps that the data would get.
    """

    members: int
    steps: float


PRESETS = {"fast": Preset(1, 0.5), "balanced": Preset(4, 1.0), "best": Preset(10, 1.0)}


@dataclass(frozen=True, slots=True)
class FitSpec:
    """The training.

    Attributes:
        preset: one of PRESETS; says `members` and `steps` where they are None.
        members: networks trained, each with its own seed; the median is the forecast.
        steps: gradient steps at most; None: from `epochs`, or the number of windows.
        epochs: the same as passes over the training windows; None: from `steps`.
        time_limit: seconds for the whole command, None for as long as it takes.
        holdout: last rows of each series, never trained on, that the scores come from; None: H.
        batch: windows in one gradient step.
        optimizer: one of OPTIMIZERS.
        learning_rate: at the start; it falls to 0 along a cosine.
        loss: one of LOSSES, of errors in units of each window's own spread; a window counts by
            the root of that, but for pinball, where all count alike.
        levels: quantiles to forecast. They are learnt beside the loss; "pinball" lets them shape
            what the network makes of the history too.
        if_worse: what to do where simple methods do better, one of IF_WORSE: say so, publish
            nothing, take the best of them, or mix it in as far as it helps.
        clip: largest norm of the gradient.
        patience: share of the steps without a better validation loss after which to stop.
    """

    preset: str = "balanced"
    members: int | None = None
    steps: int | None = None
    epochs: int | None = None
    time_limit: float | None = None
    holdout: int | None = None
    batch: int = 256
    optimizer: str = "adam"
    learning_rate: float = 3e-3
    loss: str = "mae"
    levels: tuple[float, ...] = (0.025, 0.1, 0.5, 0.9, 0.975)
    if_worse: str = "blend"
    clip: float = 1.0
    patience: float = 0.3

    def __post_init__(self) -> None:
        one_of("preset", self.preset, tuple(PRESETS))
        one_of("optimizer", self.optimizer, OPTIMIZERS)
        one_of("loss", self.loss, LOSSES)
        one_of("if-worse", self.if_worse, IF_WORSE)
        for name in ("members", "steps", "epochs", "batch"):
            positive(name, getattr(self, name))
        if self.steps and self.epochs:
            raise SpecError(
                f"--steps {self.steps} and --epochs {self.epochs} say the same thing twice",
                hint="leave one of them out",
            )
        if self.holdout is not None and self.holdout < 0:
            raise SpecError(
                f"--holdout must be 0 or more, got {self.holdout}", hint="0 trains without a test"
            )
        if not self.learning_rate > 0:
            raise SpecError(
                f"--learning-rate must be above 0, got {self.learning_rate:g}",
                hint="such as --learning-rate 0.001",
            )
        if self.time_limit is not None and not self.time_limit > 0:
            raise SpecError(
                f"--time-limit is in seconds, above 0, got {self.time_limit:g}",
                hint="such as --time-limit 60",
            )
        rising = list(self.levels) == sorted(set(self.levels))
        if not rising or 0.5 not in self.levels or not 0 < self.levels[0] <= self.levels[-1] < 1:
            raise SpecError(
                f"quantile levels rise from above 0 to below 1 and hold 0.5, got {self.levels}",
                hint="such as --quantiles 0.1,0.5,0.9",
            )

    @property
    def size(self) -> int:
        """Networks to train."""
        return self.members or PRESETS[self.preset].members
