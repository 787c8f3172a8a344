"""Look at a file: what was understood, what was mended, whether it is enough to train on."""

from __future__ import annotations

import dataclasses
import shlex
from dataclasses import dataclass
from pathlib import Path

from forecast import data, prep
from forecast.errors import DataError, OutputError
from forecast.flows.needs import TO_DRAW, need
from forecast.prep import Plan
from forecast.spec import DataSpec, RunSpec
from forecast.types import Loaded

__all__ = ["Checked", "check", "checked", "draw_history", "train_command"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found.

    Attributes:
        loaded: the data, how they were understood, what was mended.
        plan: the sizes that a training would take, None where the rows are too few.
        lacking: why there is no plan, "" where there is one.
        command: the `forecast train` that would do the same, with nothing left to infer.
    """

    loaded: Loaded
    plan: Plan | None
    lacking: str
    command: str


def check(spec: RunSpec, plot: Path | None = None) -> Checked:
    """Load a file as a training would, and say how it went.

    Args:
        spec: the settings; None in it is chosen from the data.
        plot: where to draw the history, None for no picture.

    Raises:
        DataError: the file cannot be read.
        OutputError: the picture cannot be written.
    """
    loaded = data.load(spec.data)
    if plot is not None:
        draw_history(loaded, plot)
    return checked(spec, loaded)


def checked(spec: RunSpec, loaded: Loaded) -> Checked:
    """Whether loaded data are enough, and the command for them."""
    plan, lacking = None, ""
    try:
        plan = prep.make_plan(spec, loaded, data.calendar(loaded.panel.freq))
    except DataError as error:
        lacking = f"{error.message}; {error.hint}" if error.hint else error.message
    return Checked(loaded, plan, lacking, train_command(spec, loaded))


def draw_history(loaded: Loaded, plot: Path) -> None:
    """A picture of the data.

    Raises:
        OutputError: it cannot be written.
        InstallError: only what predicting needs is installed.
    """
    need(TO_DRAW, "--plot")
    from forecast.show import save
    from forecast.show.history import history_figure

    try:
        save(history_figure(loaded.panel), plot)
    except (OSError, ValueError) as error:
        raise OutputError(
            f"cannot write {plot}: {error}", hint="give another file with --plot, such as data.png"
        ) from error


# The flag of each setting of the data; a setting that stands at its default needs none.
_FLAGS: dict[str, str] = {
    "target": "--target",
    "time": "--time",
    "ids": "--id",
    "past": "--past",
    "future": "--future",
    "static": "--static",
    "future_data": "--future-data",
    "calendar": "--calendar",
    "holidays": "--holidays",
    "freq": "--freq",
    "season": "--season",
    "tz": "--tz",
    "delimiter": "--delimiter",
    "decimal": "--decimal",
    "encoding": "--encoding",
    "sheet": "--sheet",
    "duplicates": "--duplicates",
    "fill": "--fill",
    "low": "--min",
    "high": "--max",
    "transform": "--transform",
}
_WORDS: dict[tuple[str, str], str] = {
    ("day_order", "dayfirst"): "--dayfirst",
    ("day_order", "monthfirst"): "--monthfirst",
    ("layout", "wide"): "--wide",
    ("frequencies", "by-series"): "--by-frequency",
    ("repairs", "forbid"): "--strict",
    ("whole", "numbers"): "--integer",
}


def train_command(spec: RunSpec, loaded: Loaded) -> str:
    """The command to type, with the roles that were found written out.

    Example:
        >>> from forecast.types import Panel, Schema
        >>> panel = Panel.single([1.0, 2.0], freq="MS", start="2024-01")
        >>> loaded = Loaded(panel, Schema("y", time=("month",)), 2, "", 1)
        >>> train_command(RunSpec(DataSpec("my data.csv", fill="zero")), loaded)
        "forecast train 'my data.csv' --target y --time month --fill zero"
    """
    schema, default = loaded.schema, DataSpec("")
    found = spec.data
    if schema.dialect.get("layout") is None:
        found = dataclasses.replace(
            found, target=schema.target, time=schema.time or None, ids=schema.ids or None
        )
    words = ["forecast", "train", spec.data.source]
    for name, flag in _FLAGS.items():
        value = getattr(found, name)
        if value != getattr(default, name):
            words += [flag, _written(value)]
    for text in found.na:
        words += [f"--na={text}"]
    words += [flag for (name, value), flag in _WORDS.items() if getattr(found, name) == value]
    sizes = {"--horizon": spec.net.horizon, "--window": spec.net.window}
    sizes["--holdout"] = spec.fit.holdout
    for flag, size in sizes.items():
        words += [flag, str(size)] if size is not None else []
    return shlex.join(words)


def _written(value: object) -> str:
    """A value as its flag takes it; commas within a column's name are marked."""
    if isinstance(value, tuple):
        return ",".join(str(name).replace(",", "\\,") for name in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
