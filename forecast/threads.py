"""What this process does side by side, and on how many cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["ahead", "cores"]

Block = TypeVar("Block")
Made = TypeVar("Made")


def cores() -> int:
    """The cores that this process may use: what taskset or a container leaves it.

    Example:
        >>> cores() >= 1
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def ahead(make: Callable[[Block], Made], blocks: Sequence[Block]) -> Iterator[Made]:
    """What is made of each block, in turn; the next one is made while this one is used.

    Example:
        >>> list(ahead(len, ["a", "bb", ""]))
        [1, 2, 0]
    """
    with ThreadPoolExecutor(1) as beside:
        waiting = [beside.submit(make, block) for block in blocks[:1]]
        for block in blocks[1:]:
            waiting.append(beside.submit(make, block))
            yield waiting.pop(0).result()
        yield from (each.result() for each in waiting)
