"""Settings as a person gave them or would: those that are not defaults, and the command to type."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterator
from typing import Any

from forecast.flows.check import train_command
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec, UpdateSpec
from forecast.types import Loaded

__all__ = ["changed", "repeat_command", "update_command"]

# Settings whose flag is not their name, and those that none sets.
_WORDS = {
    ("norm", "batch"): ["--batch-norm"],
    ("norm", "layer"): ["--layer-norm"],
    ("state", "carried"): ["--stateful"],
    ("identity", "embedded"): ["--embed-series"],
}
_NAMES = {"levels": "--quantiles"}
_WITHOUT = {"horizon", "window", "holdout", "clip", "patience"}  # or `train_command` has it


def changed(spec: RunSpec) -> Iterator[tuple[str, str, str]]:
    """Name, value and default of every setting of a network and its training that is not one."""
    for part, default in ((spec.net, NetSpec()), (spec.fit, FitSpec())):
        for field in dataclasses.fields(part):
            value, usual = getattr(part, field.name), getattr(default, field.name)
            if value != usual:
                yield field.name.replace("_", " "), _said(value), _said(usual)


def _said(value: Any) -> str:
    if value is None:
        return "from the data"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def repeat_command(spec: RunSpec, loaded: Loaded) -> str:
    """The `forecast train` that makes the same run, with nothing left to choose.

    Example:
        >>> from forecast.types import Panel, Schema
        >>> panel = Panel.single([1.0, 2.0], freq="MS", start="2024-01")
        >>> loaded = Loaded(panel, Schema("y", time=("month",)), 2, "", 1)
        >>> spec = RunSpec(DataSpec("a.csv"), NetSpec(arch="gru", norm="layer"), seed=7)
        >>> repeat_command(spec, loaded)
        'forecast train a.csv --target y --time month --arch gru --layer-norm --seed 7'
    """
    if spec.data.frequencies == "by-series" and spec.data.freq is None:
        spec = dataclasses.replace(
            spec, data=dataclasses.replace(spec.data, freq=loaded.panel.freq)
        )
    words = []
    for part, default in ((spec.net, NetSpec()), (spec.fit, FitSpec())):
        for field in dataclasses.fields(part):
            value = getattr(part, field.name)
            if value != getattr(default, field.name) and field.name not in _WITHOUT:
                flag = _NAMES.get(field.name, f"--{field.name.replace('_', '-')}")
                text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
                words += _WORDS.get((field.name, value), [flag, text])
    words += ["--seed", str(spec.seed)] if spec.seed != RunSpec(DataSpec("")).seed else []
    return " ".join(filter(None, [train_command(spec, loaded), shlex.join(words)]))


def update_command(before: str, source: str | None, how: UpdateSpec) -> str:
    """The commands that make the same update of the same run.

    Args:
        before: the name of the run that was the latest.
        source: as it was given.
        how: how far and how fast it went on.

    Example:
        >>> update_command("20260101T000000Z-sales-3f2a", "new sales.csv", UpdateSpec(steps=20))
        "forecast runs rollback 20260101T000000Z-sales-3f2a && forecast update 'new sales.csv' \
--steps 20"
    """
    words = ["forecast", "update", *([source] if source is not None else [])]
    flags = {"--steps": how.steps, "--learning-rate": how.learning_rate}
    for flag, value in flags.items():
        words += [flag, str(value)] if value is not None else []
    return f"{shlex.join(['forecast', 'runs', 'rollback', before])} && {shlex.join(words)}"
