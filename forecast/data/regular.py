"""Rows onto regular steps, with an empty row for every step that the file lacks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.freq import Freq, describe_freq, parse_freq
from forecast.data.groups import common_freq, rhythms_of
from forecast.data.rows import Rows, shown, without_repeats
from forecast.data.steps import advance, distance, to_local, to_utc
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Ints, Lines, Repair

__all__ = ["FILLED", "regular"]

# A stamp this close to a step (in parts of a step) is a late clock, not another rhythm.
_NEAR = 0.1
# More steps without a row than with one: the frequency is wrong, or zeros were left out.
_MOSTLY_GAPS = 2.0
# Fewer rows have too few steps to see a rhythm in.
_TELLING = 4


def regular(
    rows: Rows, spec: DataSpec, names: NDArray[np.str_], source: str, expected: str | None = None
) -> tuple[Rows, str, tuple[Repair, ...]]:
    """The rows on the steps of one frequency, NaN in the steps that lack a row.

    Args:
        rows: sorted; one row for each time stamp of a series.
        spec: with the frequency, if it is given.
        names: (N,) of the series, for messages.
        source: the file's name, for messages.
        expected: the frequency of the file that the model was trained on.

    Raises:
        DataError: no frequency, several, stamps that keep none, mostly gaps.
    """
    one = rows[: len(rows.grid)] if rows.grid is not None else rows
    if _TELLING <= len(one.time) < len(rows.time):  # what one keeps, all of the same stamps keep
        with suppress(DataError):  # said of all of them, further down
            kept, alias, mended = regular(one, spec, names, source, expected)
            if not mended and len(kept.time) == len(one.time):
                return rows, alias, ()
    freq = parse_freq(expected or spec.freq or common_freq(rows, names, source))
    is_later = expected is not None and spec.freq is None
    if (freq.unit == "step") == rows.is_dated:
        if is_later:
            now = "dates" if rows.is_dated else "whole numbers"
            raise _drifted(source, freq, f"now they are {now}")
        raise DataError(
            f"{source}: --freq {freq.alias} does not fit time stamps that are "
            + ("dates" if rows.is_dated else "whole numbers"),
            hint="leave --freq out to let it be found",
        )
    steps, off = _steps_of(rows, freq)
    if is_later:
        _check_expected(rows, freq, names, source, (steps, off))
    repairs: tuple[Repair, ...] = ()
    if off.any():
        rows, repairs = _on_steps(rows, off, freq, spec, source)
        steps, _ = _steps_of(rows, freq)
    rows, gaps = _with_gaps(rows, steps, freq, spec, source)
    return rows, freq.alias, (*repairs, *gaps)


def _steps_of(rows: Rows, freq: Freq) -> tuple[Ints, NDArray[np.bool_]]:
    """(R,) steps from the first row of each series, and whether a stamp lies off the steps."""
    return distance(rows.time[_first_of_each(rows)], rows.time, freq, rows.tz)


def _check_expected(
    rows: Rows,
    freq: Freq,
    names: NDArray[np.str_],
    source: str,
    found_at: tuple[Ints, NDArray[np.bool_]],
) -> None:
    """The rows of a later file keep the steps of the file that the model was trained on."""
    steps, off = found_at
    if len(rows.time) - np.count_nonzero(rows.starts) < _TELLING - 1:
        return
    usual, mixed = rhythms_of(rows, names, source)
    if mixed:
        raise _drifted(source, freq, f"now they are of {mixed}")
    found = parse_freq(usual)
    if off.any() and found.alias != freq.alias and _nearest(rows, freq) is None:
        raise _drifted(source, freq, f"now they are {describe_freq(found.alias)}")
    again = (steps[1:] == steps[:-1]) & ~rows.starts[1:]
    ends = rows.bounds
    total = int((steps[ends[1:] - 1] - steps[ends[:-1]]).sum())  # from first to last of each
    if again.any() or total > _MOSTLY_GAPS * len(rows.time) + 20:
        raise _drifted(source, freq, f"now they are {describe_freq(found.alias)}")


def _drifted(source: str, freq: Freq, now: str) -> DataError:
    return DataError(
        f"{source} has changed since the training: its rows were {describe_freq(freq.alias)}, "
        + now,
        hint="give rows of the same frequency, or train again",
    )


def _first_of_each(rows: Rows) -> Ints:
    """(R,) the row that starts the series of each row."""
    bounds = rows.bounds
    return np.repeat(bounds[:-1], np.diff(bounds))


def _on_steps(
    rows: Rows, off: NDArray[np.bool_], freq: Freq, spec: DataSpec, source: str
) -> tuple[Rows, tuple[Repair, ...]]:
    """Stamps beside the steps moved onto them."""
    if spec.freq is not None:
        return _gathered(rows, freq, spec, source)
    moved = _nearest(rows, freq)
    if moved is None:
        row = int(np.argmax(off))
        raise DataError(
            f"{source} line {rows.lines[row]}: {shown(rows.time[row])} lies beside the steps of a "
            f"series that is {describe_freq(freq.alias)}",
            hint=f"gather rows with --freq {freq.alias} --duplicates mean, or give another --freq",
        )
    changed = moved != rows.time
    repair = Repair(
        "time stamps beside the steps",
        int(changed.sum()),
        "moved to the nearest step",
        tuple(rows.lines[changed][:5].tolist()),
        "--freq",
    )
    rows, more = without_repeats(replace(rows, time=moved), spec, source)
    return rows, (repair, *more)


def _nearest(rows: Rows, freq: Freq) -> Any:
    """(R,) the nearest steps, None where some stamp is near none."""
    if freq.unit == "us":
        micro = rows.time.astype("datetime64[us]").astype(np.int64)
        rest = micro % freq.count
        values, counts = np.unique(rest, return_counts=True)
        phase = values[counts.argmax()]
        beside = (micro - phase + freq.count // 2) % freq.count - freq.count // 2
        if (np.abs(beside) > _NEAR * freq.count).any():
            return None
        return (micro - beside).astype("datetime64[us]")
    first = rows.time[_first_of_each(rows)]
    steps, _ = distance(first, rows.time, freq, rows.tz)
    moved = advance(first, steps, freq, rows.tz)
    beside_us = np.abs((moved - rows.time).astype(np.int64))
    # A monthly report may be some days early, a daily one some hours.
    near = 5 * 86_400_000_000 if freq.unit == "month" else 86_400_000_000 // 2
    return moved if (beside_us <= near).all() else None


def _gathered(
    rows: Rows, freq: Freq, spec: DataSpec, source: str
) -> tuple[Rows, tuple[Repair, ...]]:
    """Stamps put to the step of --freq that they fall into, rows of one step merged."""
    first = _floor(rows.time, freq, rows.tz)[_first_of_each(rows)]
    steps, _ = distance(first, rows.time, freq, rows.tz)
    moved = advance(first, steps, freq, rows.tz)
    changed = moved != rows.time
    repair = Repair(
        f"time stamps inside a step of {freq.alias}",
        int(changed.sum()),
        "gathered",
        tuple(rows.lines[changed][:5].tolist()),
        "--freq",
    )
    rows, more = without_repeats(replace(rows, time=moved), spec, source)
    return rows, (repair, *more)


def _floor(time: Any, freq: Freq, tz: str | None) -> Any:
    """(R,) the start of the step of the calendar that each stamp falls into."""
    if freq.unit == "step":
        return time - time % freq.count
    if freq.unit == "us":
        micro = time.astype("datetime64[us]").astype(np.int64)
        return (micro - micro % freq.count).astype("datetime64[us]")
    date = to_local(time, tz).astype("datetime64[D]")
    if freq.unit == "business":
        date = np.busday_offset(date, 0, roll="backward")
    elif freq.unit == "month":
        month = date.astype("datetime64[M]")
        number = month.astype(np.int64)
        month = month - number % freq.count
        date = advance(month.astype("datetime64[us]"), np.zeros(len(date), np.int64), freq).astype(
            "datetime64[D]"
        )
    elif freq.base == "W":
        # A week named after a day begins on it.
        names = ["THU", "FRI", "SAT", "SUN", "MON", "TUE", "WED"]
        anchor = names.index(freq.anchor or "MON")
        date = date - (date.astype(np.int64) - anchor) % 7
    return to_utc(date.astype("datetime64[us]"), tz)


def _with_gaps(
    rows: Rows, steps: Ints, freq: Freq, spec: DataSpec, source: str
) -> tuple[Rows, tuple[Repair, ...]]:
    """Every step from each series' first row to its last."""
    bounds = rows.bounds
    lengths = steps[bounds[1:] - 1] + 1
    total = int(lengths.sum())
    lacking = total - len(rows.time)
    if not lacking:
        return rows, ()
    if spec.freq is None and spec.fill != "zero" and total > _MOSTLY_GAPS * len(rows.time) + 20:
        raise _mostly_gaps(rows, freq, total, source)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    place = np.repeat(starts[:-1], np.diff(bounds)) + steps
    values = np.full((total, rows.values.shape[1]), np.nan)
    values[place] = rows.values
    lines = np.zeros(total, dtype=np.int32)
    lines[place] = rows.lines
    step = np.arange(total) - np.repeat(starts[:-1], lengths)
    time = advance(np.repeat(rows.time[bounds[:-1]], lengths), step, freq, rows.tz)
    series = np.repeat(rows.series[bounds[:-1]], lengths)
    whole = replace(rows, series=series, time=time, values=values, lines=lines)
    return whole, (_gap_repair(lines, lacking, spec),)


def _gap_repair(lines: Lines, lacking: int, spec: DataSpec) -> Repair:
    before = np.flatnonzero((lines[1:] == 0) & (lines[:-1] > 0))
    return Repair(
        "steps without a row",
        lacking,
        FILLED[spec.fill],
        tuple(lines[before][:5].tolist()),
        "--fill",
    )


FILLED = {
    "none": "left missing",
    "linear": "filled along a straight line",
    "forward": "filled with the value before",
    "seasonal": "filled with the value a season before",
    "zero": "filled with 0",
}


def _mostly_gaps(rows: Rows, freq: Freq, total: int, source: str) -> DataError:
    return DataError(
        f"{source}: taken as {describe_freq(freq.alias)}, {total - len(rows.time):,} of "
        f"{total:,} steps have no row",
        hint=f"if those are zeros: --fill zero; else say the step with --freq {freq.alias}",
    )
