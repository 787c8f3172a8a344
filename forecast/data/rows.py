"""Rows of several series: in order, and one for each time stamp."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.zones import looks_like_clock_change
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Floats, Ints, Lines, Repair, Times

__all__ = ["Rows", "shown", "sort_rows", "without_repeats"]

FEW_ROWS = 16  # of a block on average


@dataclass(frozen=True)
class Rows:
    """Rows on their way to a panel.

    Attributes:
        series: (R,) which series.
        time: (R,) datetime64[us] or int64.
        values: (R, C) original units, NaN where missing.
        lines: (R,) lines of the file, 0 for a row that was put in.
        tz: zone of `time`, if they are UTC instants.
        coded: the columns that hold codes of texts, which have no mean and no sum.
    """

    series: Ints
    time: Times
    values: Floats
    lines: Lines
    tz: str | None = None
    coded: tuple[int, ...] = ()

    def __getitem__(self, rows: Any) -> Rows:
        """Some of the rows."""
        return replace(
            self,
            series=self.series[rows],
            time=self.time[rows],
            values=self.values[rows],
            lines=self.lines[rows],
        )

    def in_blocks(self, order: Ints) -> Rows:
        """The rows block by block, as `bounds` has them, the blocks in another order.

        Copied as blocks: an index of 20 million rows takes three times as long. Where the blocks
        are of a few rows it is the other way round.
        """
        sizes = np.diff(self.bounds)
        if (sizes == sizes[0]).all():
            return self._in_equal_blocks(order)
        if len(order) * FEW_ROWS > self.bounds[-1]:
            sizes = sizes[order]
            moved = self.bounds[:-1][order] - np.concatenate([[0], np.cumsum(sizes)[:-1]])
            return self[np.arange(self.bounds[-1]) + np.repeat(moved, sizes)]
        pairs = np.column_stack([self.bounds[:-1], self.bounds[1:]])[order]
        cuts = [slice(*pair) for pair in pairs.tolist()]

        def moved_as_blocks(part: Any) -> Any:
            return np.concatenate([part[cut] for cut in cuts])

        return replace(
            self,
            series=moved_as_blocks(self.series),
            time=moved_as_blocks(self.time),
            values=moved_as_blocks(self.values),
            lines=moved_as_blocks(self.lines),
        )

    def _in_equal_blocks(self, order: Ints) -> Rows:
        def moved(part: Any) -> Any:
            blocks = part.reshape(len(order), -1, *part.shape[1:])
            return np.take(blocks, order, axis=0).reshape(part.shape)

        owners = self.owners[order]
        time = moved(self.time) if self.grid is None else self.time
        with ThreadPoolExecutor(2) as both:
            values, lines = both.map(moved, (self.values, self.lines))
        series = np.repeat(owners, self.bounds[1])
        return replace(self, series=series, time=time, values=values, lines=lines)

    @property
    def is_dated(self) -> bool:
        """Whether time is a date rather than a number."""
        return bool(self.time.dtype.kind == "M")

    @property
    def starts(self) -> NDArray[np.bool_]:
        """(R,) the first row of each series."""
        return np.concatenate(
            [[True] * min(len(self.series), 1), self.series[1:] != self.series[:-1]]
        )

    @cached_property
    def bounds(self) -> Ints:
        """(B + 1,) where rows of another series begin, and the end."""
        return np.append(np.flatnonzero(self.starts), len(self.series))

    @cached_property
    def grid(self) -> Any:
        """(T,) the time stamps of every series, where all have the same, as most panels do.

        None for other rows, and for those of a file with one time stamp after the other.
        """
        starts = self.starts
        count = max(int(np.count_nonzero(starts)), 1)
        size = len(starts) // count
        if size < 2 or size * count != len(starts) or not starts[::size].all():
            return None
        times: Any = self.time.reshape(count, size)
        is_one = (times[-1] == times[0]).all() and (times == times[0]).all()
        return times[0] if is_one else None

    @property
    def owners(self) -> Ints:
        """(B,) which series each block of rows is of."""
        return self.series[self.bounds[:-1]]


def sort_rows(rows: Rows) -> tuple[Rows, str]:
    """Rows by series and time, and what order they were in ("" if in order)."""
    if rows.grid is not None and _rises(rows.grid) and _once(rows.owners):
        return (rows if _rises(rows.owners) else rows.in_blocks(np.argsort(rows.owners))), ""
    same = rows.series[1:] == rows.series[:-1]
    stamps: Any = rows.time
    forward = stamps[1:] >= stamps[:-1]
    if (rows.series[1:] >= rows.series[:-1]).all() and (forward | ~same).all():
        return rows, ""
    if forward.all():  # one time stamp after the other
        return rows[_by_series(rows.series)], ""
    if (forward | ~same).all() and _once(rows.owners):  # one series after the other
        return rows.in_blocks(np.argsort(rows.owners)), ""
    # Stable sorts in two rounds: rows of equal time keep the order of the file.
    order = np.argsort(stamps, kind="stable")
    order = order[_by_series(rows.series[order])]
    if (forward | ~same).all():  # one series after the other
        return rows[order], ""
    changed = stamps[1:] != stamps[:-1]
    is_newest_first = (~forward[changed]).mean() > 0.99
    return rows[order], "newest first" if is_newest_first else "out of order"


def _rises(values: Any) -> bool:
    """Whether each is larger than the one before."""
    return bool((values[1:] > values[:-1]).all())


def _once(owners: Ints) -> bool:
    """Whether no series comes back after another."""
    return len(np.unique(owners)) == len(owners)


def _by_series(series: Ints) -> NDArray[np.int32]:
    """(R,) a stable order by series: NumPy sorts 16 bits by radix, many times faster than 64.

    In 32 bits, which count any rows that fit into memory: at 20 million rows the order is among
    the largest arrays alive when the rows are copied.
    """
    low, high = (series & 0xFFFF).astype(np.uint16), (series >> 16).astype(np.uint16)
    order = np.argsort(low, kind="stable").astype(np.int32)
    if high.any():
        order = order[np.argsort(high[order], kind="stable")]
    return order


def without_repeats(rows: Rows, spec: DataSpec, source: str) -> tuple[Rows, tuple[Repair, ...]]:
    """One row for each time stamp of a series.

    Raises:
        DataError: rows of the same time differ and --duplicates does not say what to do.
    """
    if rows.grid is not None and _rises(rows.grid):
        return rows, ()
    again = ~rows.starts
    again[1:] &= rows.time[1:] == rows.time[:-1]
    if not again.any():
        return rows, ()
    alike = again.copy()
    before, after = rows.values[:-1], rows.values[1:]
    alike[1:] &= ((before == after) | (np.isnan(before) & np.isnan(after))).all(axis=1)
    repairs: tuple[Repair, ...] = ()
    if spec.duplicates != "sum" and alike.any():
        lines = tuple(rows.lines[alike][:5].tolist())
        repairs = (Repair("rows written twice", int(alike.sum()), "kept once", lines),)
        rows, again = rows[~alike], again[~alike]
    if not again.any():
        return rows, repairs
    lines = tuple(rows.lines[again][:5].tolist())
    if spec.duplicates == "error":
        raise _repeated(rows, again, source)
    action = {"first": "kept the first of each", "last": "kept the last of each"}
    done = action.get(spec.duplicates, f"took the {spec.duplicates} of each")
    repair = Repair("repeated time stamps", int(again.sum()), done, lines, "--duplicates")
    return _merged(rows, again, spec.duplicates), (*repairs, repair)


def _repeated(rows: Rows, again: NDArray[np.bool_], source: str) -> DataError:
    row = int(np.argmax(again))
    if rows.tz is None and looks_like_clock_change(rows.time[again]):
        hint = (
            "these are nights on which clocks go back: name the zone with --tz (such as --tz "
            "Europe/Berlin), or --duplicates first, last, mean or sum"
        )
    else:
        hint = (
            "say what to do with --duplicates first, last, mean or sum; "
            "or name the series with --id"
        )
    return DataError(
        f"{source}: {int(again.sum()):,} time stamps occur more than once with other values, first "
        f"{shown(rows.time[row])} on lines {rows.lines[row - 1]} and {rows.lines[row]}",
        hint=hint,
    )


def _merged(rows: Rows, again: NDArray[np.bool_], how: str) -> Rows:
    first = np.flatnonzero(~again)
    if how == "first":
        return rows[first]
    if how == "last":
        return rows[np.append(first[1:], len(again)) - 1]
    known = ~np.isnan(rows.values)
    total = np.add.reduceat(np.where(known, rows.values, 0.0), first, axis=0)
    count = np.add.reduceat(known.astype(np.int64), first, axis=0)
    with np.errstate(invalid="ignore"):
        merged = np.where(count > 0, total / count if how == "mean" else total, np.nan)
    for column in rows.coded:
        merged[:, column] = rows.values[first, column]
    return replace(rows[first], values=merged)


def shown(stamp: Any) -> str:
    """One time stamp for a message.

    Example:
        >>> shown(np.datetime64("2024-01-31T00:00:00.000000")), shown(np.int64(7))
        ('2024-01-31', '7')
    """
    return str(stamp).removesuffix(".000000").removesuffix("T00:00:00").replace("T", " ")
