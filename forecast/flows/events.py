"""What a flow tells whoever watches it, in the order in which it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forecast.prep import Plan
from forecast.spec import RunSpec
from forecast.types import Loaded, Step

__all__ = [
    "Changed",
    "Event",
    "LeftOut",
    "NotKept",
    "Planned",
    "Published",
    "Read",
    "Resumed",
    "Stage",
    "Training",
    "Watch",
]


@dataclass(frozen=True, slots=True)
class Read:
    """The data are in."""

    loaded: Loaded


@dataclass(frozen=True, slots=True)
class Planned:
    """The sizes are chosen."""

    spec: RunSpec
    plan: Plan


@dataclass(frozen=True, slots=True)
class Training:
    """A fit goes on; `what` is "training" or "refit"."""

    what: str
    step: Step


@dataclass(frozen=True, slots=True)
class Stage:
    """Something that takes a moment has begun."""

    name: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A group of series is not trained.

    Attributes:
        freq: their frequency.
        ids: their names.
        why: a sentence.
    """

    freq: str
    ids: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Changed:
    """There is a need to train.

    Attributes:
        why: what is not as it was in the latest run.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Published:
    """A run is in its place, and the latest.

    Attributes:
        run: its folder.
    """

    run: str


@dataclass(frozen=True, slots=True)
class NotKept:
    """A forecast is not in the ledger, where `score` would look for it.

    Attributes:
        why: a sentence.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """A training goes on that was stopped.

    Attributes:
        done: how far it was.
    """

    done: str


Event = Changed | LeftOut | NotKept | Read | Planned | Published | Resumed | Training | Stage
Watch = Callable[[Event], None]
