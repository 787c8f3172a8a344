"""Columns of texts that change in time: a learnt vector for each text, in place of its code.

A code has no size: of three winds coded 1, 2 and 3 the second is not the mean of the others. A
column and the same column known ahead share their vectors.

Source: entity embeddings, Guo & Berkhahn, "Entity Embeddings of Categorical Variables", 2016.
"""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

from forecast.nets.shape import Shape

__all__ = ["table_of", "vector", "with_vectors"]

LONGEST = 16  # numbers in a vector


def with_vectors(x: Any, known: Any, shape: Shape) -> tuple[Any, Any]:
    """x (B, L, C) and known (B, L + H, K) or None, the codes of texts replaced by their vectors."""
    tables = {column: table_of(count) for column, count in enumerate(shape.texts) if count}
    if not tables:
        return x, known
    ahead = shape.columns - (shape.known - shape.last_year)  # the first of those known ahead
    return _replaced(x, tables, 0), None if known is None else _replaced(known, tables, ahead)


def table_of(count: int) -> Any:
    """Vectors for so many texts, and one for those that the training has not seen."""
    return keras.layers.Embedding(count + 1, min(math.isqrt(count) + 2, LONGEST))


def vector(codes: Any, table: Any) -> Any:
    """(...) codes 0, 1, ... -> (..., V); zeros for code 0, a text never seen: none in particular.

    The others start at random: from zeros, with a head of zeros above, none would ever be learnt.
    """
    seen = ops.expand_dims(ops.cast(codes > 0, "float32"), -1)
    return table(ops.cast(codes, "int32")) * seen


def _replaced(values: Any, tables: dict[int, Any], first: int) -> Any:
    """(B, rows, N) -> (B, rows, N') each column of texts as vectors, the others as they are."""
    parts = []
    for place in range(values.shape[-1]):
        column, table = values[:, :, place : place + 1], tables.get(first + place)
        if table is not None:
            count = float(table.input_dim - 1)
            codes = ops.round((column[:, :, 0] + 1.0) * (count / 2.0))  # as they were scaled
            column = vector(ops.clip(codes, 0.0, count), table)
        parts.append(column)
    return ops.concatenate(parts, axis=-1)
