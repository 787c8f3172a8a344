"""What goes into the network and what comes out of it, for who calls it from outside."""

from __future__ import annotations

from dataclasses import dataclass

from forecast import data
from forecast.flows.recall import Recalled

__all__ = ["Port", "layout"]


@dataclass(frozen=True, slots=True)
class Port:
    """An input or the output of the network; float32.

    Attributes:
        name: of the tensor.
        shape: sizes, None for the number of windows.
        columns: what the last axis holds, in its order.
        meaning: of the rows, and what was done to the values.
    """

    name: str
    shape: tuple[int | None, ...]
    columns: tuple[str, ...]
    meaning: str


def layout(made: Recalled) -> tuple[Port, ...]:
    """The inputs in their order, then the output.

    x and known are transformed and scaled as run.json says, series by series:
    2 (value - low) / (high - low) - 1, with 1 for the width of a column that is constant.
    """
    schema, plan = made.schema, made.plan
    ahead = (*schema.future, *data.feature_names(schema.calendar, schema.holidays))
    columns = (schema.target, *schema.past, *ahead)
    marks = tuple(f"{name} observed" for name in columns) if plan.marked else ()
    year = (f"{schema.target} {plan.year} rows earlier",) if plan.year else ()
    static = (*schema.static, *(("series",) if made.spec.net.identity == "embedded" else ()))
    horizon = 1 if made.spec.net.strategy == "recursive" else plan.horizon
    ports = [_port("x", plan.window, (*columns, *marks), "the newest rows, scaled, oldest first")]
    if ahead or year:
        text = f"the {plan.window} rows of x and the {horizon} after them, scaled"
        ports.append(_port("known", plan.window + horizon, (*ahead, *year), text))
    names = (*static, "zero")
    text = "what never changes; last the depth of zero, see README"
    ports.append(Port("static", (None, len(names)), names, text))
    levels = tuple(f"quantile {level:g}" for level in plan.levels)
    steps = "the next step" if horizon < plan.horizon else f"the next {horizon} steps"
    return (*ports, _port("forecast", horizon, levels, f"{steps}, scaled as the target"))


def _port(name: str, rows: int, columns: tuple[str, ...], meaning: str) -> Port:
    return Port(name, (None, rows, len(columns)), columns, meaning)
