"""A fit in the middle, in plain arrays: taken from a compiled graph, and put back into one."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import keras
from numpy.typing import NDArray

from forecast.types import History, Weights

__all__ = ["Mean", "Paused", "dropout_states", "pause", "unpause"]


@dataclass(frozen=True, slots=True)
class Mean:
    """What a stretch of gradient steps came to.

    Attributes:
        steps: gradient steps.
        loss: their mean loss.
        norm: the mean norm of the gradient.

    Example:
        >>> Mean(1, 4.0, 1.0).and_then(Mean(3, 8.0, 1.0))
        Mean(steps=4, loss=7.0, norm=1.0)
    """

    steps: int = 0
    loss: float = 0.0
    norm: float = 0.0

    def and_then(self, more: Mean) -> Mean:
        """Both stretches as one; the other as it is where this one has no steps."""
        steps = self.steps + more.steps
        if not self.steps or not more.steps:
            return more if more.steps else self
        loss, norm = (
            (mine * self.steps + its * more.steps) / steps
            for mine, its in ((self.loss, more.loss), (self.norm, more.norm))
        )
        return Mean(steps, loss, norm)


@dataclass(frozen=True, slots=True)
class Paused:
    """A fit between two steps: what it takes to go on as if it had never been left.

    The order of the windows and the fall of the learning rate follow from the course and from the
    number of steps done.

    Attributes:
        history: the looks so far, the learning rate of this attempt, the step that is kept.
        kept: the weights of that step.
        weights: of the network now.
        optimizer: its variables, the number of steps among them.
        dropout: the random numbers to come of every layer that drops something.
        since: the steps since the last look.
    """

    history: History
    kept: Weights
    weights: Weights
    optimizer: list[NDArray[Any]]
    dropout: list[NDArray[Any]]
    since: Mean = Mean()

    @property
    def step(self) -> int:
        """Gradient steps done."""
        return max(self.history.step, default=0) + self.since.steps


def pause(
    learner: keras.Model,
    trained: keras.Model,
    kept: Weights,
    history: History,
    since: Mean = Mean(),
) -> Paused:
    """A fit as it is now.

    Args:
        learner: the network with its loss, compiled.
        trained: the network inside of it.
        kept: the weights that the fit would end with if it ended now.
        history: of the fit; copied.
        since: the steps since the last look.
    """
    return Paused(
        history=copy.deepcopy(history),
        kept=kept,
        weights=trained.get_weights(),
        optimizer=_values(learner.optimizer.variables),
        dropout=_values(dropout_states(trained)),
        since=since,
    )


def unpause(learner: keras.Model, trained: keras.Model, paused: Paused) -> None:
    """Put a fit back where it was."""
    trained.set_weights(paused.weights)
    pairs = [
        *zip(learner.optimizer.variables, paused.optimizer, strict=True),
        *zip(dropout_states(trained), paused.dropout, strict=True),
    ]
    for variable, value in pairs:
        variable.assign(value)


def dropout_states(network: keras.Model) -> list[Any]:
    """The random numbers to come of every layer that drops something, (2,) each."""
    own = {id(weight) for weight in network.weights}
    return [each for each in network.non_trainable_variables if id(each) not in own]


def _values(variables: list[Any]) -> list[NDArray[Any]]:
    return [variable.value.numpy() for variable in variables]
