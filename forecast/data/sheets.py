"""Spreadsheets: one sheet of them, read as the text that it would be saved as."""

from __future__ import annotations

import csv
import importlib
import io
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from forecast.data.csvfile import read_csv
from forecast.data.roles import flag
from forecast.data.source import Source
from forecast.data.table import Table
from forecast.errors import DataError, SpecError
from forecast.spec import DataSpec

__all__ = ["read_excel"]

Cells = list[list[str]]


def read_excel(source: Source, spec: DataSpec) -> Table:
    """The sheet that --sheet names, or the first that is not empty.

    Raises:
        DataError: the file is no spreadsheet, has no such sheet, or only empty ones.
        SpecError: the package that reads them is not installed.
    """
    book = _book(source)
    names = [str(sheet.title) for sheet in book.worksheets]
    if spec.sheet is not None and spec.sheet not in names:
        close = get_close_matches(spec.sheet, names, n=1, cutoff=0.4)
        raise DataError(
            f"{source.name} has no sheet {spec.sheet!r}; it has {', '.join(names)}",
            hint=f"did you mean {flag('sheet', close[0])}?" if close else "name one of them",
        )
    name, cells = _filled(book, spec.sheet, source)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(cells)
    as_text = replace(source, content=text.getvalue().encode(), kind="csv")
    table = read_csv(as_text, replace(spec, encoding="utf-8", delimiter=",", decimal="."))
    dialect = {"format": "spreadsheet", "header": table.dialect["header"]}
    if len(names) == 1:
        return replace(table, dialect=dialect)
    note = f"read sheet {name!r} of {', '.join(names)}" + (
        "" if spec.sheet else "; change: --sheet"
    )
    return replace(table, dialect=dialect | {"sheet": name}, notes=(*table.notes, note))


def _book(source: Source) -> Any:
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError as error:
        raise SpecError(
            f"{source.name} is a spreadsheet, which needs the package openpyxl",
            hint="pip install 'lstm-forecast[excel]', or save it as CSV",
        ) from error
    try:
        return openpyxl.load_workbook(io.BytesIO(source.content), read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets errors of zip, XML and its own through
        raise DataError(f"{source.name} is not a whole spreadsheet: {error}") from error


def _filled(book: Any, wanted: str | None, source: Source) -> tuple[str, Cells]:
    """The name and the cells of the first sheet that has any, among those wanted."""
    for sheet in book.worksheets:
        if wanted in (None, sheet.title):
            try:
                rows = [
                    [_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)
                ]
            except Exception as error:  # as above; sheets are read late
                raise DataError(f"{source.name} is not a whole spreadsheet: {error}") from error
            if any(any(row) for row in rows):
                return str(sheet.title), rows
    what = "has no sheet with cells" if wanted is None else f"has no cells on sheet {wanted!r}"
    raise DataError(f"{source.name} {what}", hint="give a file with a header and rows")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date) else str(value)
