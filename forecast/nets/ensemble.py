"""Several networks as one: each sees its own length of history, the median of all is the forecast.

Source: the median of many networks is what N-BEATS (Oreshkin et al., ICLR 2020) submits; windows
of several lengths and forms are there for the diversity that makes a median pay.
"""

from __future__ import annotations

from dataclasses import replace

import keras
from keras import ops

from forecast.nets.network import build, inputs_of
from forecast.nets.shape import Shape
from forecast.spec import NetSpec
from forecast.types import Weights

__all__ = ["join", "members_of", "refill"]

MEMBER = "member"  # and its number, is what a member is called


def join(shapes: list[Shape], weights: list[Weights], spec: NetSpec) -> keras.Model:
    """The network whose answer is the median of its members' answers.

    Args:
        shapes: of each member; equal but for window, form and seed.
        weights: of each member, as `Model.get_weights` gives them.
        spec: the body of all.

    Returns:
        inputs as of the member with the longest window, forecast (B, H, Q).
    """
    members = []
    for place, (shape, values) in enumerate(zip(shapes, weights, strict=True)):
        member = build(shape, replace(spec, state="fresh"))
        member.set_weights(values)
        member.name = f"{MEMBER}{place + 1}"
        members.append(member)
    if len(members) == 1:
        return members[0]
    longest = max(shape.window for shape in shapes)
    inputs = inputs_of(replace(shapes[0], window=longest))
    answers = []
    for member, shape in zip(members, shapes, strict=True):
        cut = longest - shape.window
        parts = [part if part.name == "static" else part[:, cut:, :] for part in inputs]
        answers.append(member(parts))
    return keras.Model(inputs, _median(ops.stack(answers, axis=-1)), name="ensemble")


def members_of(network: keras.Model) -> list[keras.Model]:
    """The networks that `join` joined, in their order; each shares its weights with the whole."""
    members = [layer for layer in network.layers if isinstance(layer, keras.Model)]
    return sorted(members, key=lambda each: int(each.name.removeprefix(MEMBER))) or [network]


def refill(network: keras.Model, weights: list[Weights]) -> None:
    """Give the network of `join` other weights, those of each member as they were given there."""
    network.set_weights([value for member in weights for value in member])


def _median(answers: keras.KerasTensor) -> keras.KerasTensor:
    """(B, H, Q, E) -> (B, H, Q)"""
    count = answers.shape[-1]
    ordered = ops.sort(answers, axis=-1)
    return (ordered[..., (count - 1) // 2] + ordered[..., count // 2]) / 2.0
