"""What one fit is to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forecast.nets.paused import Paused
from forecast.types import Ints, Weights, Windows

__all__ = ["Batches", "Course"]

Batches = Callable[[Ints], Windows]


@dataclass(frozen=True, slots=True)
class Course:
    """What one fit is to do.

    Attributes:
        train: gives the windows at the places asked for.
        count: how many windows there are to train on.
        validation: windows to stop by, or None to do all the steps.
        steps: gradient steps; the learning rate is 0 after the last.
        seed: of the first weights and of the order of the windows.
        until: time.monotonic() at which to be done, or None.
        first: weights to begin with; None for those of a new network.
        paused: where an earlier fit of the same course was left, to go on from there.
        keep: is given the fit at each look after which it goes on, and when a signal stops it.
    """

    train: Batches
    count: int
    validation: Windows | None
    steps: int
    seed: int
    until: float | None = None
    first: Weights | None = None
    paused: Paused | None = None
    keep: Callable[[Paused], None] | None = None
