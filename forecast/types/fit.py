"""A fit as it goes, and who does many tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

__all__ = ["Engine", "History", "Observer", "Step"]

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Step:
    """How far a training is.

    Attributes:
        step: gradient steps done.
        steps: steps in all.
        loss: mean training loss since the step told before.
        val_loss: loss on the validation windows, NaN where there are none.
    """

    step: int
    steps: int
    loss: float
    val_loss: float


@dataclass(slots=True)
class History:
    """What happened in a fit.

    Attributes:
        step: steps done at each look.
        loss: mean training loss since the look before.
        val_loss: loss on the validation windows, NaN where there are none.
        gradient_norm: mean norm of the gradient since the look before, before clipping.
        best_step: the step whose weights were kept, the last that was nearly the best.
        rate: the learning rate it began with; a tenth of the one asked for after a failure.
    """

    step: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    best_step: int = 0
    rate: float = 0.0

    def add(self, step: int, loss: float, val_loss: float, norm: float) -> None:
        """One more look."""
        self.step.append(step)
        self.loss.append(loss)
        self.val_loss.append(val_loss)
        self.gradient_norm.append(norm)


Observer = Callable[[Step], None]


class Engine(Protocol):
    """Who does many tasks that do not know of each other; `forecast.engine` has some."""

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results in the order of the tasks."""
