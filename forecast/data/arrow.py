"""Columns of Arrow as arrays of NumPy, taken from their buffers.

Arrow's own ways there import pandas, to see that a column is none of its: half of the time and a
third of the memory of a `predict` that has no other use for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["codes_of", "fill_in", "filled"]


def filled(chunked: Any, kind: str) -> NDArray[Any]:
    """(R,) numbers or times, in one array for all chunks; NaN or NaT where there is nothing.

    Args:
        chunked: a column of integers, floats, time stamps or dates.
        kind: of the array: "float64" or "datetime64[us]".

    Example:
        >>> import pyarrow as pa
        >>> filled(pa.chunked_array([[1.5, None], [2.5]]), "float64").tolist()
        [1.5, nan, 2.5]
    """
    column = np.empty(len(chunked), dtype=kind)
    fill_in(column, chunked)
    return column


def fill_in(column: NDArray[Any], chunked: Any) -> None:
    """(R,) the same into an array that is there."""
    for part, values, gone in _parts(chunked.chunks):
        column[part] = values
        if gone is not None:
            column[part][gone] = np.nan if column.dtype.kind == "f" else np.datetime64("NaT")


def codes_of(chunked: Any) -> tuple[NDArray[np.int32], list[Any]]:
    """(R,) the place of each cell in the words of a dictionary column, -1 for none; the words.

    Example:
        >>> import pyarrow as pa
        >>> column = pa.chunked_array([["b", None], ["a"]]).dictionary_encode()
        >>> codes, words = codes_of(column)
        >>> codes.tolist(), words
        ([0, -1, 1], ['b', 'a'])
    """
    unified = chunked.unify_dictionaries()
    codes = np.empty(len(chunked), dtype=np.int32)
    for part, values, gone in _parts([chunk.indices for chunk in unified.chunks]):
        codes[part] = values
        if gone is not None:
            codes[part][gone] = -1
    return codes, unified.chunk(0).dictionary.to_pylist() if unified.num_chunks else []


def _parts(chunks: list[Any]) -> Iterator[tuple[slice, NDArray[Any], NDArray[np.bool_] | None]]:
    """Where each chunk lies in the column, what it holds, and where it holds nothing."""
    first = 0
    for chunk in chunks:
        count, begin = len(chunk), chunk.offset
        valid, data = chunk.buffers()
        if count:
            values = _typed(np.frombuffer(data, _plain(chunk.type))[begin : begin + count], chunk)
            gone = None
            if chunk.null_count:
                bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
                gone = bits[begin : begin + count] == 0
            yield slice(first, first + count), values, gone
        first += count


def _plain(kind: Any) -> str:
    """What a type is made of: dates and time stamps are integers."""
    import pyarrow as pa

    if pa.types.is_temporal(kind):
        return f"i{kind.bit_width // 8}"
    return str(np.dtype(kind.to_pandas_dtype()))


def _typed(values: NDArray[Any], chunk: Any) -> NDArray[Any]:
    import pyarrow as pa

    if not pa.types.is_temporal(chunk.type):
        return values
    unit = getattr(chunk.type, "unit", "D" if pa.types.is_date32(chunk.type) else "ms")
    return values.astype(np.int64, copy=False).view(f"datetime64[{unit}]")
