"""How a column writes its time stamps: the format of most words, or of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forecast.data.formats import ANY

__all__ = ["common_format", "formats_of_each"]


def common_format(
    shapes: dict[str, list[int]],
    formats: dict[str, dict[str, str]],
    order: str,
    words: Sequence[str],
) -> str:
    """The format of most words, with "-" where fields are not padded."""
    counts: dict[str, int] = {}
    short: dict[str, int] = {}
    for shape, places in shapes.items():
        layout = formats[shape].get(order) or formats[shape].get(ANY)
        if layout:
            counts[layout] = counts.get(layout, 0) + len(places)
            for place in places[:200]:
                _vote(short, layout, words[place])
    if not counts:
        return ""
    layout = max(counts, key=lambda each: counts[each])
    for field in (field for field, votes in short.items() if votes > 0):
        layout = layout.replace(f"%{field}", f"%-{field}")
    is_long = any(re.search(r"(?i)january|february|august|september|october", w) for w in words)
    return layout.replace("%b", "%B") if is_long else layout


def formats_of_each(
    shapes: dict[str, list[int]],
    formats: dict[str, dict[str, str]],
    order: str,
    words: Sequence[str],
) -> tuple[str, ...]:
    """(W,) the format of each word, () where all have the same."""
    alike: dict[str, dict[str, list[int]]] = {}
    for shape, places in shapes.items():
        layout = formats[shape].get(order) or formats[shape].get(ANY)
        if layout:
            alike.setdefault(layout, {})[shape] = places
    if len(alike) < 2:
        return ()
    each = [""] * len(words)
    for some in alike.values():
        layout = common_format(some, formats, order, words)
        for place in (place for places in some.values() for place in places):
            each[place] = layout
    return tuple(each)


def _vote(short: dict[str, int], layout: str, word: str) -> None:
    """Count for each field how often it is written with one digit rather than padded."""
    fields = [field for field in re.findall(r"%([A-Za-z])", layout) if field not in "bp"]
    runs = re.findall(r"\d+", word)
    if len(fields) == len(runs):
        for field, run in zip(fields, runs, strict=True):
            if field in "dmHIy" and (len(run) == 1 or run.startswith("0")):
                short[field] = short.get(field, 0) + (1 if len(run) == 1 else -1)
