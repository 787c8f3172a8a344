"""A column of Arrow on its way to one of ours: its cells as they come, each in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.arrow import codes_of, fill_in
from forecast.data.table import Column, number_column, word_column
from forecast.spec import DataSpec

__all__ = ["Cells", "cells_for"]


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one column.

    Attributes:
        name: of the column.
        kind: Arrow's type of them.
        held: (R,) numbers, times, or the places of words in those of their stretch.
        words: the first row of each stretch -> the words that occur in it.
    """

    name: str
    kind: Any
    held: NDArray[Any]
    words: dict[int, list[str]] = field(default_factory=dict)

    def put(self, first: int, chunked: Any) -> None:
        """Rows from `first` on.

        Raises:
            ArrowInvalid: of a damaged file.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        place = self.held[first : first + len(chunked)]
        if self.held.dtype.kind == "i":
            is_coded = pa.types.is_dictionary(chunked.type)
            codes, found = codes_of(chunked if is_coded else pc.dictionary_encode(chunked))
            if len(codes) and not -1 <= codes.min() <= codes.max() < len(found):
                raise pa.ArrowInvalid("a cell has a text that is not in its dictionary")
            place[:] = codes
            self.words[first] = [str(word) for word in found]
        elif self.held.dtype.kind == "f" and not pa.types.is_floating(chunked.type):
            fill_in(place, chunked.cast(pa.float64(), safe=False))
        else:
            fill_in(place, chunked)

    def column(self, spec: DataSpec) -> Column:
        """The column, once every row has been put."""
        if self.held.dtype.kind == "f":
            return number_column(self.name, self.held, spec.na)
        if self.held.dtype.kind == "M":
            return Column(self.name, stamps=self.held, zone=getattr(self.kind, "tz", None))
        decimal = spec.decimal or ""
        return word_column(self.name, self.held, self._in_common(), decimal=decimal, na=spec.na)

    def _in_common(self) -> list[str]:
        """The words of all stretches; every cell is told its place among them."""
        common: dict[str, int] = {}
        firsts = sorted(self.words)
        for first, end in zip(firsts, [*firsts[1:], len(self.held)], strict=True):
            places = [common.setdefault(word, len(common)) for word in self.words[first]]
            if places != list(range(len(places))):
                part = self.held[first:end]
                part[:] = np.array([*places, -1], dtype=np.int32)[part]
        return list(common)


def cells_for(name: str, kind: Any, rows: int) -> Cells | None:
    """Room for a column of an Arrow type; None for one that holds no single values.

    Example:
        >>> import pyarrow as pa
        >>> cells = cells_for("shop", pa.string(), rows=3)
        >>> cells.put(1, pa.chunked_array([["b", "a"]]))
        >>> cells.put(0, pa.chunked_array([["a"]]))
        >>> column = cells.column(DataSpec(source="-"))
        >>> [column.words[code] for code in column.codes]
        ['a', 'b', 'a']
    """
    import pyarrow.types as kinds

    numbers = (kinds.is_boolean, kinds.is_integer, kinds.is_decimal, kinds.is_floating)
    if any(are(kind) for are in numbers):
        held = "float64"
    elif kinds.is_timestamp(kind) or kinds.is_date(kind):
        held = "datetime64[us]"
    elif kinds.is_dictionary(kind) or kinds.is_string(kind) or kinds.is_large_string(kind):
        held = "int32"
    else:
        return None
    return Cells(name, kind, np.empty(rows, dtype=held))
