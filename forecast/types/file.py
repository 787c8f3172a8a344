"""A file: how it was understood, what was mended, what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from forecast.types.panel import Panel

__all__ = ["Loaded", "Repair", "Schema"]


@dataclass(frozen=True, slots=True)
class Schema:
    """How a file was understood; stored with the model so that the next file is read alike.

    Every field is JSON. `roles` of columns carry the user's own names.

    Attributes:
        target: name of the target column.
        time: names of the columns that make up the time stamp; () where rows are only numbered.
        ids: names of the columns that make up the series id; () for a single series.
        past: covariates known up to now.
        future: covariates known ahead.
        static: covariates that never change within a series.
        freq: as in `Panel`.
        time_format: strptime format in which the file writes its time stamps, or "" if it is
            not one format; forecasts are written in it.
        tz: as in `Panel`.
        dialect: delimiter, decimal, encoding and what else it took to read the file.
        categories: for each text covariate its values in the order of their codes.
        blanks: what an empty cell of a text covariate is: "a text", which says nothing, or "a gap"
            to be filled, as it was before texts had vectors.
        calendar: features made from the time stamps, after `future` in the panel's columns.
        holidays: country whose holidays are the last column, or None.
    """

    target: str
    time: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    static: tuple[str, ...] = ()
    freq: str = "1"
    time_format: str = ""
    tz: str | None = None
    dialect: dict[str, str] = field(default_factory=dict)
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blanks: str = "a gap"
    calendar: tuple[str, ...] = ()
    holidays: str | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was wrong with the data and what was done about it.

    Attributes:
        what: a short name, the same for all of its kind ("duplicated time stamps").
        count: how many rows or cells.
        action: what was done ("kept the last of each").
        lines: the first places, 1-based line numbers in the file.
        flag: the flag that changes what is done.
    """

    what: str
    count: int
    action: str
    lines: tuple[int, ...] = ()
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that was read: the panel, how it was understood, what was mended.

    Attributes:
        panel: the series.
        schema: how the file was understood.
        rows: data rows in the file, before any repair.
        sha256: of the file's bytes, in hex.
        season: rows in a season, 1 for none.
        season_strength: 0 (no season) to 1 (nothing but season).
        unused: columns that no role took.
        repairs: what was mended, in the order in which it was done.
        notes: what was found and left alone (outliers, a weak season).
    """

    panel: Panel
    schema: Schema
    rows: int
    sha256: str
    season: int
    season_strength: float = 0.0
    unused: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()
