"""Rows in order to a panel: one frequency, every step, no gaps, the season; and what was mended."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast.data.apart import one_frequency
from forecast.data.drift import drift_notes
from forecast.data.features import feature_names, features_of
from forecast.data.fill import cut_ends, fill
from forecast.data.frame import Frame
from forecast.data.regular import FILLED, regular
from forecast.data.remarks import remarks_on
from forecast.data.rows import Rows, without_repeats
from forecast.data.season import season_of
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Floats, Ints, Loaded, Panel, Repair, Schema

__all__ = ["Read", "check_strict", "finished"]


@dataclass(frozen=True, slots=True)
class Read:
    """The file: its name for messages, its hash, its rows, and what was found while reading."""

    source: str
    sha256: str
    rows: int
    unused: tuple[str, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[str, ...]


def finished(frame: Frame, spec: DataSpec, schema: Schema | None, read: Read) -> Loaded:
    """The panel made of sorted rows, and what was done to them.

    Args:
        frame: the rows, in order.
        spec: how to repair them.
        schema: of the file that a model was trained on, or None.
        read: what is known of the file.

    Raises:
        DataError: repeated time stamps, no frequency or several, no value, or another frequency
            than before.
    """
    rows, repeats = without_repeats(frame.rows, spec, read.source)
    expected = schema.freq if schema is not None else None
    rows, other_freq = one_frequency(rows, spec, frame.names, expected)
    rows, freq, gaps = regular(rows, spec, frame.names, read.source, expected)
    rows, after, ends = cut_ends(rows)
    target = frame.schema.target
    if not len(rows.time):
        raise DataError(f"{read.source}: {target!r} has no value", hint="choose another --target")
    bounds = rows.bounds
    present = rows.series[bounds[:-1]]
    season, strength = season_of(rows.values[:, 0], bounds, freq, spec.season)
    repairs = (
        *read.repairs, *repeats, *other_freq, *gaps, *ends,
        *_missing(rows, frame.schema, spec.fill),
    )  # fmt: skip
    check_strict(repairs, spec, read.source)
    notes = (
        *read.notes,
        *([] if frame.schema.time else ["no time column: rows are numbered 1, 2, 3 ..."]),
        *remarks_on(rows, target),
        *(drift_notes(frame.schema, schema) if schema is not None else ()),
    )
    layout = _usual_format(frame, present) or frame.schema.time_format
    final = replace(
        frame.schema, freq=freq, time_format=layout, calendar=spec.calendar, holidays=spec.holidays
    )
    return Loaded(
        panel=_panel(rows, after, frame, final, _Steps(present, bounds, season, spec.fill)),
        schema=final,
        rows=read.rows,
        sha256=read.sha256,
        season=season,
        season_strength=strength,
        unused=read.unused,
        repairs=repairs,
        notes=notes,
    )


def _usual_format(frame: Frame, present: Ints) -> str:
    """How the time stamps of most of these series are written, "" where all are alike."""
    formats = [frame.formats[each] for each in present.tolist()] if frame.formats else [""]
    return max(set(formats), key=lambda each: (formats.count(each), each))


@dataclass(frozen=True, slots=True)
class _Steps:
    """The series that are left (N,), their bounds (N + 1,), and how gaps are filled."""

    present: Ints
    bounds: Ints
    season: int
    fill: str


def _panel(rows: Rows, after: Rows, frame: Frame, schema: Schema, steps: _Steps) -> Panel:
    rows, observed = fill(rows, steps.fill, steps.season)
    made = features_of(rows.time, schema)
    given = len(schema.future)
    if observed is not None:
        observed = np.hstack([observed, np.ones((len(observed), made.shape[1]), dtype=bool)])
    future, future_bounds = _future(after, steps.present, schema, given)
    columns = (
        schema.target, *schema.past, *schema.future,
        *feature_names(schema.calendar, schema.holidays),
    )  # fmt: skip
    texts = tuple(len(schema.categories.get(name, ())) for name in columns)
    return Panel(
        values=np.hstack([rows.values, made]),
        time=rows.time,
        bounds=steps.bounds,
        ids=frame.names[steps.present],
        columns=columns,
        freq=schema.freq,
        tz=schema.tz,
        observed=observed,
        known=given + made.shape[1],
        future=future,
        future_bounds=future_bounds,
        static=frame.static[steps.present],
        static_columns=schema.static,
        texts=texts if any(texts) else (),
    )  # fmt: skip


def _future(after: Rows, present: Ints, schema: Schema, given: int) -> tuple[Floats, Ints]:
    """(F, K) the rows after each series' last target, if there are covariates known ahead."""
    count = len(present)
    if not given or not len(after.time):
        width = given + len(feature_names(schema.calendar, schema.holidays))
        return np.empty((0, width)), np.zeros(count + 1, dtype=np.int64)
    made = features_of(after.time, schema)
    known = np.hstack([after.values[:, after.values.shape[1] - given :], made])
    return known, _bounds(np.searchsorted(present, after.series), count)


def _bounds(series: NDArray[np.int64], count: int) -> Ints:
    sizes = np.bincount(series.ravel(), minlength=count)
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _missing(rows: Rows, schema: Schema, how: str) -> tuple[Repair, ...]:
    """Cells that are empty in rows that the file has, column by column."""
    repairs = []
    for place, name in enumerate((schema.target, *schema.past, *schema.future)):
        gone = np.isnan(rows.values[:, place]) & (rows.lines > 0)
        if gone.any():
            lines = tuple(rows.lines[gone][:5].tolist())
            what = f"missing values of {name}"
            repairs.append(Repair(what, int(gone.sum()), FILLED[how], lines, "--fill"))
    return tuple(repairs)


def check_strict(repairs: tuple[Repair, ...], spec: DataSpec, source: str) -> None:
    """Nothing was repaired where --strict allows no repair.

    Raises:
        DataError: something was; with the first.
    """
    if spec.repairs != "forbid" or not repairs:
        return
    first = repairs[0]
    where = f", first on line {first.lines[0]}" if first.lines else ""
    more = f"; and {len(repairs) - 1} more kinds of repair" if len(repairs) > 1 else ""
    raise DataError(
        f"{source}: --strict allows no repair, and {first.count:,} {first.what} would be "
        f"{first.action}{where}{more}",
        hint="mend the file, or leave out --strict",
    )
