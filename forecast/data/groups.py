"""The one frequency of a panel, or the list of those that it mixes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.freq import describe_freq, parse_freq
from forecast.data.rhythm import find_freq
from forecast.data.rows import Rows, shown
from forecast.data.steps import to_local
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Ints, Repair

__all__ = ["bounds_of", "common_freq", "freq_of_each", "one_frequency"]

# Series looked at to find the frequency of a panel; spread evenly over it.
_LOOKED_AT = 300


def common_freq(rows: Rows, names: NDArray[np.str_], source: str) -> str:
    """The frequency that the series share.

    Raises:
        DataError: they keep none, or several.
    """
    bounds = bounds_of(rows.series)
    longest_first = np.argsort(-np.diff(bounds), kind="stable")
    looked = np.sort(longest_first[:: max(1, len(longest_first) // _LOOKED_AT)])
    found = freq_of_each(rows, bounds, looked)
    known = [alias for alias in found if alias]
    if not known:
        raise _no_freq(rows, bounds, source)
    kinds: dict[str, list[int]] = {}
    kind_of = {alias: _kind(alias, known) for alias in set(known)}
    for index, alias in zip(looked, found, strict=True):
        if alias:
            kinds.setdefault(kind_of[alias], []).append(int(index))
    usual = max(kinds, key=lambda kind: len(kinds[kind]))
    others = {kind: found for kind, found in kinds.items() if kind != usual}
    if any(
        _is_other_rhythm(rows, bounds, index, usual) for each in others.values() for index in each
    ):
        listed = "; ".join(
            f"{describe_freq(kind)} ({names[found[0]]}"
            + (f" and {len(found) - 1} more)" if len(found) > 1 else ")")
            for kind, found in kinds.items()
        )
        raise DataError(
            f"{source} mixes {len(kinds)} frequencies: {listed}",
            hint=f"take one of them: --by-frequency --freq {usual}; or split the file",
        )
    return usual


def bounds_of(series: Ints) -> Ints:
    """(N + 1,) where each series starts; rows are sorted by series."""
    return np.concatenate([[0], np.flatnonzero(np.diff(series)) + 1, [len(series)]])


def freq_of_each(rows: Rows, bounds: Ints, indices: Ints) -> list[str]:
    """The frequency of each of some series, "" where it keeps none."""
    local: Any = rows.time if rows.tz is None else to_local(rows.time, rows.tz)
    time: Any = rows.time
    return [_freq(time[part], local[part], rows.tz) for part in _parts(bounds, indices)]


def _parts(bounds: Ints, indices: Ints) -> list[slice]:
    # The first few thousand rows tell the rhythm as well as all of them.
    return [slice(bounds[i], min(bounds[i + 1], bounds[i] + 200_000)) for i in indices]


def _freq(time: Any, local: Any, tz: str | None) -> str:
    """Hours and less by elapsed time, days and more by the wall clock."""
    alias = find_freq(time)
    if tz is None or not alias or (parse_freq(alias).unit == "us" and not alias.endswith("h")):
        return alias
    wall = find_freq(np.unique(local))
    return wall if wall and parse_freq(wall).unit != "us" else alias


def _kind(alias: str, known: list[str]) -> str:
    """Aliases that differ only in where the week or year starts are one rhythm."""
    parsed = parse_freq(alias)
    if parsed.base == "B" and "D" in known:  # a series that never fell on a weekend
        return "D"
    alike = [a for a in known if parse_freq(a).base == parsed.base]
    same = [a for a in alike if parse_freq(a).multiple == parsed.multiple]
    if parsed.base in ("step", "us", "ms", "s", "min", "h", "D"):
        return min(same, key=lambda a: known.index(a))
    return max(set(same), key=lambda a: (same.count(a), a))


def _is_other_rhythm(rows: Rows, bounds: Ints, index: int, usual: str) -> bool:
    """Whether a series really keeps its own steps, rather than lacking some of the usual ones."""
    time = rows.time[bounds[index] : bounds[index + 1]]
    if len(time) < 4:
        return False
    steps = np.diff(time).astype(np.int64)
    counts = np.unique(steps, return_counts=True)[1]
    if rows.is_dated and int(np.median(steps)) >= 28 * 86_400_000_000:
        counts = np.unique(steps // (28 * 86_400_000_000), return_counts=True)[1]
    return bool(counts.max() >= 0.8 * len(steps))


def _no_freq(rows: Rows, bounds: Ints, source: str) -> DataError:
    longest = int(np.diff(bounds).argmax())
    time = rows.time[bounds[longest] : bounds[longest + 1]]
    if len(time) < 2:
        return DataError(
            f"{source} has one row only (line {rows.lines[bounds[longest]]})"
            if len(rows.time) == 1
            else f"{source} has one row for each series, which is too few to find a frequency",
            hint="give more rows, or check --id",
        )
    return DataError(
        f"{source}: the time stamps keep no regular step: {', '.join(map(shown, time[:4]))} ...",
        hint="say the step with --freq (such as --freq D) and gather rows with --duplicates mean",
    )


def one_frequency(
    rows: Rows, spec: DataSpec, names: NDArray[np.str_]
) -> tuple[Rows, tuple[Repair, ...]]:
    """With --by-frequency only the series of one frequency: --freq, or that of most series."""
    if spec.frequencies != "by-series":
        return rows, ()
    bounds = bounds_of(rows.series)
    found = freq_of_each(rows, bounds, np.arange(len(bounds) - 1))
    rhythms = [_rhythm(alias) for alias in found]
    known = [rhythm for rhythm in rhythms if rhythm]
    if not known:
        return rows, ()
    wanted = _rhythm(parse_freq(spec.freq).alias) if spec.freq else max(set(known), key=known.count)
    kept = np.array([rhythm == wanted for rhythm in rhythms])
    if kept.all() or not kept.any():
        return rows, ()
    inside = np.repeat(kept, np.diff(bounds))
    shown_names = ", ".join(str(names[rows.series[b]]) for b in bounds[:-1][~kept][:3])
    repair = Repair(
        f"series of another frequency ({shown_names} ...)",
        int((~kept).sum()),
        "left out",
        flag="--by-frequency",
    )
    return rows[inside], (repair,)


def _rhythm(alias: str) -> str:
    """The frequency without the day or month that it starts on."""
    if not alias:
        return ""
    parsed = parse_freq(alias)
    base = "D" if parsed.base == "B" else parsed.base
    return f"{parsed.multiple}{base}"
