"""Read a run back: what `predict` needs to know of the training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from forecast import judge, store
from forecast.errors import ForecastError, RunError
from forecast.flows.finish import Finish
from forecast.judge import Calibration
from forecast.prep import Plan, Units
from forecast.spec import TRANSFORMS, RunSpec, typed
from forecast.types import Ints, Panel, Scale, Schema

__all__ = ["Recalled", "group_freqs", "recall", "recall_groups", "seen_rows"]


@dataclass(frozen=True, slots=True)
class Recalled:
    """A run as it was written.

    Attributes:
        spec: the resolved settings.
        plan: the sizes.
        schema: how the training file was understood.
        ids: the series that were trained on.
        units: the transform, the bounds, the training extremes in the order of `ids`.
        path: the training file, "-" for standard input.
        finish: what is done to what the network says.
        ends: the last time that was seen of each of `ids`, as JSON has it; () in runs of before
            there were backtests.
    """

    spec: RunSpec
    plan: Plan
    schema: Schema
    ids: tuple[str, ...]
    units: Units
    path: str
    finish: Finish
    ends: tuple[str | int, ...] = ()


def recall(run: store.Run) -> Recalled:
    """The run's document, understood.

    Raises:
        RunError: a part is missing or not what it should be.
    """
    document = store.open_run(run)
    if document.get("groups"):
        raise RunError(
            f"{run.folder} holds a network for each of several frequencies, not one",
            hint=f"name one of them: --model {run.group(group_freqs(document)[0]).folder}",
        )
    try:
        scale = document["scale"]
        low, high = (np.array(scale[key], dtype=np.float64) for key in ("low", "high"))
        if low.ndim != 2 or low.shape != high.shape or len(low) != len(scale["ids"]):
            raise ValueError("the scale does not fit the ids")
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            raise ValueError("the scale is no numbers")
        spec, plan = RunSpec.from_json(document["spec"]), _plan(document["plan"])
        if document["transform"] not in TRANSFORMS:
            raise ValueError("no transform is called so")
        return Recalled(
            spec=spec,
            plan=plan,
            schema=typed(Schema, document["schema"]),
            ids=tuple(map(str, scale["ids"])),
            units=Units.of(spec.data, Scale(low, high), document["transform"], plan.season),
            path=str(document["data"]["path"]),
            finish=_finish(document["finish"], plan),
            ends=tuple(document["data"].get("ends", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ForecastError) as error:
        raise RunError(
            f"{run.document} has been changed or cut short: {error!r}",
            hint="train again, or name another run with --model",
        ) from error


def group_freqs(document: dict[str, Any]) -> tuple[str, ...]:
    """The frequencies that a run has networks for; () for a run of one.

    Raises:
        RunError: the list is not what it should be.

    Example:
        >>> group_freqs({"groups": [{"freq": "MS"}, {"freq": "D"}]}), group_freqs({})
        (('MS', 'D'), ())
    """
    try:
        return tuple(str(group["freq"]) for group in document.get("groups", ()))
    except (KeyError, TypeError) as error:
        raise RunError("the run's groups have been changed or cut short") from error


def recall_groups(run: store.Run) -> dict[str, Recalled]:
    """The documents of a run's groups by frequency; {} for a run of one network.

    Raises:
        RunError: as in `recall`.
    """
    return {freq: recall(run.group(freq)) for freq in group_freqs(store.open_run(run))}


def _finish(document: dict[str, Any], plan: Plan) -> Finish:
    """Weights of methods that there are, factors of the fan that the plan has."""
    weights = {str(name): float(weight) for name, weight in document["weights"].items()}
    if not weights or not weights.keys() <= {judge.LSTM, *judge.BASELINES}:
        raise ValueError("the weights are of methods that there are not")
    found = document["calibration"]
    if found is None:
        return Finish(weights)
    factors = np.array(found["factors"], dtype=np.float64)
    widths = np.array(found.get("widths", [0.0] * plan.horizon), dtype=np.float64)
    shapes = factors.shape, widths.shape
    fits = shapes == ((plan.horizon, len(plan.levels)), (plan.horizon,))
    if not fits or not (factors >= 0).all() or not (widths >= 0).all():
        raise ValueError("the calibration does not fit the plan")
    return Finish(weights, Calibration(plan.levels, factors, float(found["horizons"]), widths))


def _plan(document: dict[str, Any]) -> Plan:
    """The sizes, none of them nothing."""
    plan = typed(Plan, document)
    sizes = (plan.horizon, plan.window, plan.fold, plan.season, plan.chunks, plan.year + 1)
    if min(sizes) < 1 or 0.5 not in plan.levels:
        raise ValueError("the sizes of the plan do not fit each other")
    return plan


def seen_rows(made: Recalled, panel: Panel) -> Ints:
    """(N,) the row of the panel after the last that the run has seen of the series."""
    ends: Any = np.array(made.ends, dtype=panel.time.dtype)
    place = {name: i for i, name in enumerate(made.ids)}
    seen = panel.bounds[:-1].copy()
    for series, name in enumerate(panel.ids.tolist()):
        if name in place:
            time = panel.time[panel.bounds[series] : panel.bounds[series + 1]]
            seen[series] += np.searchsorted(time, ends[place[name]], side="right")
    return seen
