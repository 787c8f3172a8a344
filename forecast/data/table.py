"""A file as columns of numbers and words, with the line each row came from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.marks import MISSING
from forecast.data.numbers import read_numbers
from forecast.types import Floats, Ints, Lines, Repair

__all__ = ["Column", "Table", "number_column", "pick", "word_column"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, read as numbers where it can be, with its words where they were kept.

    Attributes:
        name: the user's own name for it.
        numbers: (R,) NaN where there is no number; None where hardly any cell is one.
        codes: (R,) which of the words the cell is, -1 for a missing cell; None where every cell
            was a plain number and its text was not kept.
        words: (W,) the different texts.
        flawed: (W,) the words that are not numbers though most are.
        decimal: "." or ","; "" where the numbers could be read either way.
        stamps: (R,) datetime64[us] where the file itself knows that these are times, else None.
        zone: time zone of `stamps`, which are UTC instants then.
    """

    name: str
    numbers: Floats | None = None
    codes: NDArray[np.signedinteger[Any]] | None = None
    words: tuple[str, ...] = ()
    flawed: NDArray[np.bool_] | None = None
    decimal: str = "."
    stamps: NDArray[np.datetime64] | None = None
    zone: str | None = None

    def missing(self) -> NDArray[np.bool_]:
        """(R,) which cells are empty."""
        if self.codes is not None:
            return self.codes < 0
        if self.stamps is not None:
            return np.isnat(self.stamps)
        return np.isnan(self.numbers) if self.numbers is not None else np.ones(0, dtype=bool)

    def worded(self) -> Column:
        """The same column with words; whole numbers are written without a point."""
        if self.codes is not None:
            return self
        if self.stamps is not None:
            times, codes = np.unique(self.stamps, return_inverse=True)
            codes = np.where(np.isnat(self.stamps), -1, codes).astype(np.int32)
            words = tuple(str(time) for time in times if not np.isnat(time))
            return replace(self, codes=codes, words=words)
        numbers = np.zeros(0) if self.numbers is None else self.numbers
        values, codes = np.unique(numbers, return_inverse=True)
        codes = np.where(np.isnan(numbers), -1, codes).astype(np.int32)
        words = tuple(_text(value) for value in values if not math.isnan(value))
        return replace(self, codes=codes, words=words)


def _text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(float(value))


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of the same length.

    Attributes:
        columns: in the order of the file.
        lines: (R,) the line of the file, 1-based, that each row came from.
        dialect: how the file is written, as text for the schema.
        repairs: what had to be mended to read it.
        notes: what was found and left alone.
    """

    columns: tuple[Column, ...]
    lines: Lines
    dialect: dict[str, str]
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """R, rows."""
        return len(self.lines)

    @property
    def names(self) -> tuple[str, ...]:
        """(C,) the columns' names."""
        return tuple(column.name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        """The column of a name that exists."""
        return next(column for column in self.columns if column.name == name)


def pick(table: Table, rows: Ints | NDArray[np.bool_]) -> Table:
    """The table with only some of its rows."""

    def cut(values: Any) -> Any:
        return None if values is None else values[rows]

    columns = (
        replace(c, numbers=cut(c.numbers), codes=cut(c.codes), stamps=cut(c.stamps))
        for c in table.columns
    )
    return replace(table, columns=tuple(columns), lines=table.lines[rows])


def number_column(name: str, values: Floats, na: Iterable[str] = ()) -> Column:
    """A column of plain numbers, NaN where missing or where a number of `na` stands.

    Example:
        >>> number_column("x", np.array([1.0, -200.0]), na=("-200",)).numbers.tolist()
        [1.0, nan]
    """
    return Column(name, numbers=_without(np.asarray(values, dtype=np.float64), na))


def word_column(
    name: str,
    codes: NDArray[Any],
    words: Sequence[str],
    *,
    decimal: str = "",
    na: Iterable[str] = (),
) -> Column:
    """A column of texts, also read as numbers if most of its words are numbers.

    Args:
        name: of the column.
        codes: (R,) index into `words`, negative where missing.
        words: (W,) texts, not necessarily different after stripping.
        decimal: the file's decimal mark where known.
        na: more texts that mean missing.

    Example:
        >>> import numpy as np
        >>> column = word_column("x", np.array([0, 1, 2, 0]), ["1,5", "2,25 ", "N/A"])
        >>> column.numbers.tolist(), column.words, column.decimal
        ([1.5, 2.25, nan, 1.5], ('1,5', '2,25'), ',')
    """
    codes, kept = _merged(codes, words, MISSING.union(na))
    sample = kept[:: max(1, len(kept) // 200)]
    if read_numbers(sample, decimal).good.sum() * 5 < len(sample):  # names, or dates
        return Column(name, codes=codes, words=kept)
    numbers = read_numbers(kept, decimal)
    counts = np.bincount(codes[codes >= 0], minlength=len(kept))
    rows_good = int(counts[numbers.good].sum())
    if not kept or rows_good * 2 < counts.sum():
        return Column(name, codes=codes, words=kept)
    values = _without(np.append(numbers.values, math.nan)[codes], na)
    return Column(name, values, codes, kept, ~numbers.good, numbers.decimal)


def _without(values: Floats, na: Iterable[str]) -> Floats:
    """NaN for each number that means missing, however the file writes it: -200, -200.0, -200,0."""
    marks = [float(text) for text in na if _is_float(text)]
    return np.where(np.isin(values, marks), math.nan, values) if marks else values


def _is_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _merged(
    codes: NDArray[Any], words: Sequence[str], missing: frozenset[str]
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Codes and words after stripping blanks and taking out what means missing."""
    place: dict[str, int] = {}
    new = np.empty(len(words) + 1, dtype=np.int32)
    new[-1] = -1
    for index, word in enumerate(words):
        text = re.sub(r"\s+", " ", word).strip() if word.isspace() or "  " in word else word.strip()
        new[index] = -1 if text in missing else place.setdefault(text, len(place))
    if len(place) == len(words) and codes.dtype == np.int32:
        return codes, tuple(place)  # nothing to merge: the usual case, and the largest files
    # A code of -1 takes the last entry, which is -1.
    return new[codes], tuple(place)
