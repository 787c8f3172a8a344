"""A later file beside the one that a model was trained on: read alike, or refused."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from forecast.data.table import Table
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Schema

__all__ = ["as_before", "check_roles", "drift_notes"]


def as_before(spec: DataSpec, schema: Schema) -> DataSpec:
    """The settings with the roles that the earlier file had."""
    layout = schema.dialect.get("layout", "")
    is_made = layout in ("wide", "dates as columns")
    return replace(
        spec,
        target=None if is_made else schema.target,
        time=None if layout == "dates as columns" else schema.time,
        ids=None if layout == "wide" else schema.ids,
        past=schema.past,
        future=schema.future,
        static=schema.static,
        calendar=schema.calendar,
        holidays=schema.holidays,
        tz=schema.tz if spec.tz is None and schema.tz != "UTC" else spec.tz,
        day_order=spec.day_order or _order(schema),
        sheet=spec.sheet or schema.dialect.get("sheet"),
        layout="wide" if layout == "wide" else spec.layout,
    )


def _order(schema: Schema) -> str | None:
    """Day or month first, where the earlier file's format says it and a new one may not."""
    layout = schema.time_format.replace("%-", "%")
    if "%b" in layout or "%B" in layout or "%d" not in layout or layout.startswith("%Y"):
        return None
    return "dayfirst" if layout.index("%d") < layout.index("%m") else "monthfirst"


def check_roles(table: Table, schema: Schema, source: str) -> None:
    """Every column that the model needs is there.

    Raises:
        DataError: one is not; with its role and the closest name.
    """
    if schema.dialect.get("layout") == "wide":
        return
    roles = {"target": (schema.target,), "time": schema.time, "id": schema.ids}
    roles |= {"past covariate": schema.past, "static covariate": schema.static}
    for role, names in roles.items():
        for name in names:
            if name not in table.names:
                close = get_close_matches(name, table.names, n=1, cutoff=0.5)
                renamed = f"; was it renamed to {close[0]!r}?" if close else ""
                raise DataError(
                    f"{source} has changed since the training: its column {name!r} ({role}) is "
                    f"gone{renamed}",
                    hint="give the file its columns back, or train again",
                )


def drift_notes(now: Schema, before: Schema) -> tuple[str, ...]:
    """What is written differently from the training file, though it could be read.

    Example:
        >>> old, new = Schema("y", time_format="%Y-%m-%d"), Schema("y", time_format="%d.%m.%Y")
        >>> drift_notes(new, old)
        ('time stamps are written %d.%m.%Y, in training they were %Y-%m-%d',)
    """
    notes = []
    if now.time_format != before.time_format and now.time_format and before.time_format:
        notes.append(
            f"time stamps are written {now.time_format}, in training they were {before.time_format}"
        )
    for key in ("delimiter", "decimal", "encoding"):
        was, is_now = before.dialect.get(key), now.dialect.get(key)
        if was is not None and is_now is not None and was != is_now:
            notes.append(f"the {key} is {is_now!r}, in training it was {was!r}")
    return tuple(notes)
