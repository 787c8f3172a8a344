"""In which order a fit sees its windows."""

from __future__ import annotations

import numpy as np

from forecast.types import Ints

__all__ = ["passes", "shuffled", "streams"]


def shuffled(count: int, wanted: int, seed: int) -> Ints:
    """(wanted,) places of windows: every one once in a random order, then again, and again."""
    random = np.random.default_rng(seed)
    rounds = [random.permutation(count) for _ in range(-(-wanted // count))]
    return np.concatenate(rounds)[:wanted]


def passes(count: int, chunk: int, batch: int) -> int:
    """Steps of a state carried once along `count` consecutive windows by `batch` streams."""
    return max((count - min(chunk, batch)) // chunk, 0) + 1


def streams(count: int, chunk: int, batch: int, steps: int) -> Ints:
    """(steps * batch,) places: each stream goes on by one chunk from batch to batch.

    The streams begin at different rows of the first chunk; after the last chunk all begin again.
    """
    length = passes(count, chunk, batch)
    first = np.arange(batch) * min(chunk, count - (length - 1) * chunk) // batch
    one = first[None, :] + chunk * np.arange(length)[:, None]  # (length, batch)
    return np.tile(one, (-(-steps // length), 1))[:steps].ravel()
