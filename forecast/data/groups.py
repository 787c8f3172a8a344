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
from forecast.types import Ints

__all__ = ["common_freq", "freq_of_each", "rhythms_of"]

# Series looked at to find the frequency of a panel; spread evenly over it.
_LOOKED_AT = 300


def common_freq(rows: Rows, names: NDArray[np.str_], source: str) -> str:
    """The frequency that the series share.

    Raises:
        DataError: they keep none, or several.
    """
    usual, mixed = rhythms_of(rows, names, source)
    if mixed:
        raise DataError(
            f"{source} mixes {mixed}",
            hint=f"a network for each: --by-frequency; one of them: --by-frequency --freq {usual}",
        )
    return usual


def rhythms_of(rows: Rows, names: NDArray[np.str_], source: str) -> tuple[str, str]:
    """The frequency of most series, and in words all of them if there are several, else "".

    Raises:
        DataError: they keep none.
    """
    bounds = rows.bounds
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
    others = [found for kind, found in kinds.items() if kind != usual]
    if not any(_is_other_rhythm(rows, bounds, index) for each in others for index in each):
        return usual, ""
    listed = "; ".join(
        f"{describe_freq(kind)} ({names[found[0]]}"
        + (f" and {len(found) - 1} more)" if len(found) > 1 else ")")
        for kind, found in kinds.items()
    )
    return usual, f"{len(kinds)} frequencies: {listed}"


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


def _is_other_rhythm(rows: Rows, bounds: Ints, index: int) -> bool:
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
