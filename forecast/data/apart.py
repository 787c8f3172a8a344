"""Series of several frequencies in one file, told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.data.freq import describe_freq, parse_freq
from forecast.data.groups import freq_of_each
from forecast.data.rows import Rows
from forecast.data.steps import distance
from forecast.spec import DataSpec
from forecast.types import Ints, Repair, Schema

__all__ = ["KnownGroup", "Part", "apart", "one_frequency"]

# A series that has so many of its own steps keeps them; one with fewer, or of fewer rows, may lack
# steps of another rhythm, if it has at least so many of those.
_STEADY, _FEWEST, _FITTING = 0.6, 4, 0.2
# Four weeks without a weekend are a business calendar even beside series that have weekends.
_BUSINESS = 20
_DAY_US = 86_400_000_000
_LENGTHS = {
    "us": 1.0,
    "step": 1.0,
    "day": _DAY_US,
    "business": 1.4 * _DAY_US,
    "month": 30 * _DAY_US,
}


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group of an earlier file.

    Attributes:
        schema: how it was understood.
        ids: its series.
        season: rows in its season, None to find them again.
    """

    schema: Schema
    ids: tuple[str, ...]
    season: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Series that share a frequency.

    Attributes:
        freq: alias of the first of them.
        series: (n,) their numbers.
    """

    freq: str
    series: Ints


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of a file: rows of different stamps, where each starts, what it keeps.

    Attributes:
        rows: (R,) sorted, one row for each stamp of a series.
        bounds: (N + 1,) as in `Panel`.
        number: (N,) of the series.
        alias: (N,) frequency of each, "" where it keeps none.
    """

    rows: Rows
    bounds: Ints
    number: Ints
    alias: list[str]

    def is_steady(self, index: int) -> bool:
        """Whether a series really keeps its own steps."""
        time = self.rows.time[self.bounds[index] : self.bounds[index + 1]]
        if len(time) < _FEWEST or not self.alias[index]:
            return False
        steps, _ = distance(time[0], time[-1:], parse_freq(self.alias[index]), self.rows.tz)
        return bool(len(time) >= _STEADY * (int(steps[0]) + 1))

    def fits(self, index: int, freq: str) -> bool:
        """Whether a series may be one of a frequency that lacks some of its rows."""
        time = self.rows.time[self.bounds[index] : self.bounds[index + 1]]
        steps, off = distance(time[0], time, parse_freq(freq), self.rows.tz)
        return len(time) > 1 and not off.any() and len(time) >= _FITTING * (int(steps[-1]) + 1)


def apart(
    rows: Rows, names: NDArray[np.str_], known: Sequence[KnownGroup] = ()
) -> tuple[list[Part], tuple[Repair, ...]]:
    """The series by frequency, those of most series first; and the series that fit nowhere.

    A series that is short or full of gaps joins the coarsest group whose steps it may keep.

    Args:
        rows: sorted by series and time.
        names: (N,) of the series.
        known: the groups of an earlier file; then the parts are these, in their order.

    Example:
        >>> time = np.array(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04",
        ...                  "2024-01-01", "2024-02-01", "2024-03-01"], dtype="datetime64[us]")
        >>> rows = Rows(np.repeat([0, 1], [4, 3]), time, np.zeros((7, 1)), np.arange(7))
        >>> [(part.freq, part.series.tolist()) for part in apart(rows, np.array(["a", "b"]))[0]]
        [('D', [0]), ('MS', [1])]
    """
    freqs = [each.schema.freq for each in known]
    series = _series(rows, freqs)
    freqs = freqs or _freqs(series)
    place = _of_known([str(names[each]) for each in series.number], known)
    group = {_key(freq): i for i, freq in enumerate(freqs)}
    coarsest = sorted(range(len(freqs)), key=lambda i: -_length(freqs[i]))
    for index in np.flatnonzero(place < 0).tolist():
        alias = series.alias[index]
        own = group.get(_key(alias), -1) if alias else -1
        if own < 0 and not series.is_steady(index):
            own = next((i for i in coarsest if series.fits(index, freqs[i])), -1)
        if own < 0 and alias and not known:
            own = group[_key(alias)] = len(freqs)
            freqs.append(alias)
        place[index] = own
    parts = [Part(freq, series.number[place == i]) for i, freq in enumerate(freqs)]
    if not known:
        parts = sorted((part for part in parts if len(part.series)), key=lambda p: -len(p.series))
    lost = series.number[place < 0]
    return parts, (_left_out("no frequency of a group", lost, rows, names),) if len(lost) else ()


def _series(rows: Rows, freqs: list[str]) -> _Series:
    """The series and their frequencies, in one of `freqs` where a few days may mean either."""
    new = rows.starts
    new[1:] |= rows.time[1:] != rows.time[:-1]
    rows = rows if new.all() else rows[new]
    bounds = rows.bounds
    found = freq_of_each(rows, bounds, np.arange(len(bounds) - 1))
    if "D" in (freqs or found):
        few = np.diff(bounds) < _BUSINESS
        if freqs and "B" not in freqs:
            few[:] = True
        found = ["D" if a == "B" and few[i] else a for i, a in enumerate(found)]
    return _Series(rows, bounds, rows.series[bounds[:-1]], found)


def _freqs(series: _Series) -> list[str]:
    """The frequencies of the series that keep their steps; of all where none does."""
    having = [i for i, alias in enumerate(series.alias) if alias]
    steady = [i for i in having if series.is_steady(i)]
    first: dict[tuple[str, int, str], str] = {}
    for index in steady or having:
        first.setdefault(_key(series.alias[index]), series.alias[index])
    return list(first.values())


def _of_known(names: list[str], known: Sequence[KnownGroup]) -> Ints:
    """(N,) the group that each series was in, -1 for a new one."""
    place = {name: i for i, each in enumerate(known) for name in each.ids}
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def _key(alias: str) -> tuple[str, int, str]:
    """What makes two frequencies one: not the weekday or month that they start on."""
    parsed = parse_freq(alias)
    return parsed.base, parsed.multiple, parsed.edge


def _length(alias: str) -> float:
    """Of a step, roughly, in microseconds."""
    parsed = parse_freq(alias)
    return parsed.count * _LENGTHS[parsed.unit]


def _left_out(what: str, series: Ints, rows: Rows, names: NDArray[np.str_]) -> Repair:
    shown = ", ".join(str(names[each]) for each in series[:3]) + (
        ", ..." if len(series) > 3 else ""
    )
    lines = rows.lines[np.searchsorted(rows.series, series[:5])]
    what = f"series of {what} ({shown})"
    return Repair(what, len(series), "left out", tuple(lines.tolist()), "--by-frequency")


def one_frequency(
    rows: Rows, spec: DataSpec, names: NDArray[np.str_], expected: str | None = None
) -> tuple[Rows, tuple[Repair, ...]]:
    """With --by-frequency only the series of one frequency, and those that were left out.

    Args:
        rows: sorted by series and time.
        spec: with --freq, if it is given.
        names: (N,) of the series.
        expected: the frequency of the file that the model was trained on, or None.

    Returns:
        The rows of the series that keep `expected`, or --freq, or what most series keep; all
        rows where none does.
    """
    if spec.frequencies != "by-series":
        return rows, ()
    parts, lost = apart(rows, names)
    wanted = expected or spec.freq or (parts[0].freq if parts else "")
    kept = [p for p in parts if _key(p.freq) == _key(wanted)]
    kept = kept or [p for p in parts if _rhythm(p.freq) == _rhythm(wanted)]
    if not kept:
        return rows, ()
    left = [_left_out(describe_freq(p.freq) + " rows", p.series, rows, names)
            for p in parts if p not in kept]  # fmt: skip
    inside = np.isin(rows.series, np.concatenate([part.series for part in kept]))
    return rows[inside], (*left, *lost)


def _rhythm(alias: str) -> tuple[str, int]:
    """The frequency without the day or month that it starts on, weekends or not."""
    parsed = parse_freq(alias)
    return ("D" if parsed.base == "B" else parsed.base), parsed.multiple
