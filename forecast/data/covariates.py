"""Columns beside the target: numbers as they are, texts as the codes of a stored dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from forecast.data.roles import flag
from forecast.data.table import Column, Table
from forecast.errors import DataError
from forecast.types import Floats, Ints, Schema

__all__ = ["When", "coded_of", "note_on_rare", "numbered", "numbers_of", "values_of"]

When = Callable[[], Ints]

# Time stamps that a text has to be seen at before anything is learnt of it. Measured on two months
# before the test of 70 shops' departments: thirty events that came once or twice in 14 months made
# the error 4 and 9 per cent larger, four kinds of event that came ten times 2 and 0.
SEEN = 5


def numbers_of(table: Table, name: str, role: str, source: str) -> Floats:
    """(R,) the numbers of a column that must hold nothing else.

    Raises:
        DataError: a cell that is no number, or numbers that can be read in two ways.
    """
    column = table[name]
    if column.numbers is None:
        word = column.words[0] if column.words else ""
        raise DataError(
            f"{source}: {role} {name!r} is text, not numbers: {word!r}",
            hint=f"choose a numeric column with --{role}",
        )
    if not column.decimal:
        word = next((w for w in column.words if "." in w or "," in w), "")
        raise DataError(
            f"{source}: {word!r} in column {name!r} may be a decimal number or thousands, and no "
            "row decides it",
            hint="--decimal . or --decimal ,",
        )
    _check_flaws(table, column, role, source)
    if np.isinf(column.numbers).any():
        row = int(np.argmax(np.isinf(column.numbers)))
        raise DataError(
            f"{source} line {table.lines[row]}: column {name!r} is infinite",
            hint=flag("na", "inf"),
        )
    return column.numbers


def _check_flaws(table: Table, column: Column, role: str, source: str) -> None:
    if column.flawed is None or column.codes is None or not column.flawed.any():
        return
    bad = np.append(column.flawed, False)[column.codes]
    if bad.any():
        row = int(np.argmax(bad))
        word = column.words[column.codes[row]]
        more = f" (and {int(bad.sum()) - 1} more cells)" if bad.sum() > 1 else ""
        raise DataError(
            f"{source} line {table.lines[row]}: {word!r} in {role} {column.name!r} is no number"
            + more,
            hint=f"if it means missing: {flag('na', word)}",
        )


def values_of(
    table: Table, name: str, role: str, source: str, schema: Schema, when: When | None = None
) -> tuple[Floats, tuple[str, ...] | None]:
    """(R,) a covariate as numbers, and the dictionary of a text column in the order of its codes.

    Code 0 is for texts that the dictionary does not know, and for an empty cell: most days have no
    event, and none is no gap to be filled with the last one. A missing number is NaN. The
    dictionary of a column of numbers is None.

    Args:
        table: the rows.
        name: of the column.
        role: as the flag calls it.
        source: the file's name, for messages.
        schema: with the dictionaries that there are already.
        when: (R,) the number of each row's time stamp, -1 for a row that is not learnt from; texts
            of few have no code of their own. It takes a sort, and is asked for texts alone; None
            where rare ones do not matter.
    """
    column = table[name]
    if name not in schema.categories and column.numbers is not None:
        return numbers_of(table, name, role, source), None
    column = column.worded()
    known = schema.categories.get(name)
    if known is None:
        known = tuple(sorted(set(column.words) - _rare(column, when)))
    code = {word: place for place, word in enumerate(known, start=1)}
    blank = 0.0 if schema.blanks == "a text" else np.nan
    codes = np.array([code.get(word, 0) for word in column.words] + [blank], dtype=np.float64)
    return codes[column.codes], known


def numbered(times: Any) -> Ints:
    """(R,) the number of each row's time stamp."""
    return np.asarray(np.unique(times, return_inverse=True)[1], dtype=np.int64)


def _rare(column: Column, when: When | None) -> set[str]:
    """The words of fewer time stamps than anything is learnt of."""
    if when is None or column.codes is None or not column.words:
        return set()
    stamp = when()
    counted = (column.codes >= 0) & (stamp >= 0)
    width = int(stamp.max(initial=0)) + 1
    pairs = np.unique(column.codes[counted].astype(np.int64) * width + stamp[counted])
    stamps = np.bincount(pairs // width, minlength=len(column.words))
    return set(np.array(column.words, dtype=object)[stamps < SEEN].tolist())


def note_on_rare(column: Column, known: tuple[str, ...]) -> list[str]:
    """A sentence about the texts that have no code, or none."""
    rare = sorted(set(column.worded().words) - set(known))
    if not rare:
        return []
    some = ", ".join(rare[:3]) + (", ..." if len(rare) > 3 else "")
    texts = "1 text" if len(rare) == 1 else f"{len(rare):,} texts"
    return [
        f"{texts} of {column.name} at fewer than {SEEN} time stamps ({some}): too rare to learn "
        "from, taken for none"
    ]


def coded_of(schema: Schema) -> tuple[int, ...]:
    """The columns of a panel, target first, that hold codes of texts.

    Example:
        >>> coded_of(Schema("y", past=("rain", "wind"), categories={"wind": ("N", "S")}))
        (2,)
    """
    names = (schema.target, *schema.past, *schema.future)
    return tuple(place for place, name in enumerate(names) if name in schema.categories)
