"""What to read: the file, the roles of its columns, what may be mended."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.errors import SpecError
from forecast.spec.rules import one_of, positive

__all__ = [
    "CALENDAR",
    "CALENDAR_FEATURES",
    "DUPLICATES",
    "FILLS",
    "TRANSFORMS",
    "DataSpec",
    "Season",
]


@dataclass(frozen=True, slots=True)
class Season:
    """What a frequency usually brings.

    Attributes:
        name: of the frequency, as people call it.
        length: rows in a season.
        horizon: that people ask for.
        year: rows in 52 weeks, so that weekdays stay in step; 0 where a season is as long.
    """

    name: str
    length: int
    horizon: int
    year: int = 0


# By the pandas offset alias without multiple and anchor; horizons as in the M competitions
# where they are not longer than a season or two.
CALENDAR: dict[str, Season] = {
    "Y": Season("yearly", 1, 6),
    "Q": Season("quarterly", 4, 8),
    "M": Season("monthly", 12, 12),
    "W": Season("weekly", 52, 13),
    "D": Season("daily", 7, 14, 364),
    "B": Season("business daily", 5, 10, 260),
    "h": Season("hourly", 24, 24, 8_736),
    "min": Season("by the minute", 60, 60),
    "s": Season("by the second", 60, 60),
    "step": Season("numbered", 1, 12),
}

DUPLICATES = ("error", "first", "last", "mean", "sum")
FILLS = ("none", "linear", "forward", "seasonal", "zero")
TRANSFORMS = ("auto", "none", "log", "diff", "seasonal-diff")
CALENDAR_FEATURES = ("minute", "hour", "weekday", "monthday", "yearday", "month")


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Which file, and the roles of its columns.

    Attributes:
        source: a path, or "-" for standard input.
        target: column to forecast; None: the only numeric column that is left over.
        time: column(s) of the time stamp; None: the one that parses as dates.
        ids: column(s) that name the series; None: found, or a single series.
        freq: pandas offset alias; None: inferred from the time stamps.
        season: rows in a season; None: from the frequency.
        delimiter: between cells; None: found.
        decimal: "." or ","; None: found, refused where both are possible.
        encoding: of the text; None: found.
        sheet: of a spreadsheet; None: the first that is not empty.
        na: more texts that mean missing, such as "-200".
        day_order: "dayfirst" or "monthfirst"; None: found, refused where both are possible.
        tz: IANA zone in which the file's clock times are read; None: as they stand.
        layout: "long" (one row per time stamp and series), "wide" (one column per series) or
            "auto" (long, or years and dates as columns).
        frequencies: "one", or "by-series" for a group of series for each frequency; where one
            panel is asked for, that of `freq` or the largest.
        duplicates: what to do with repeated time stamps, one of DUPLICATES.
        fill: what stands in for missing values, one of FILLS. The default looks back alone; a
            straight line knows the value after the gap, which a forecast from inside it cannot.
        repairs: "mend" what is wrong and say so, or "forbid" to make each repair an error.
        past: covariates known up to now.
        future: covariates known ahead; rows after the last target carry them.
        future_data: a file with more rows of those.
        static: covariates that never change within a series.
        calendar: features made from the time stamps, of CALENDAR_FEATURES.
        holidays: country whose holidays are a covariate known ahead ("DE", "US").
        low: no forecast goes below this.
        high: no forecast goes above this.
        whole: "numbers" to round forecasts to whole numbers, "" to leave them.
        transform: of the target before scaling, one of TRANSFORMS.
    """

    source: str
    target: str | None = None
    time: tuple[str, ...] | None = None
    ids: tuple[str, ...] | None = None
    freq: str | None = None
    season: int | None = None
    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    na: tuple[str, ...] = ()
    day_order: str | None = None
    tz: str | None = None
    layout: str = "auto"
    frequencies: str = "one"
    duplicates: str = "error"
    fill: str = "forward"
    repairs: str = "mend"
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    future_data: str | None = None
    static: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    holidays: str | None = None
    low: float | None = None
    high: float | None = None
    whole: str = ""
    transform: str = "none"

    def __post_init__(self) -> None:
        positive("season", self.season)
        one_of("decimal", self.decimal, (None, ".", ","))
        one_of("day-order", self.day_order, (None, "dayfirst", "monthfirst"))
        one_of("layout", self.layout, ("auto", "long", "wide"))
        one_of("frequencies", self.frequencies, ("one", "by-series"))
        one_of("duplicates", self.duplicates, DUPLICATES)
        one_of("fill", self.fill, FILLS)
        one_of("repairs", self.repairs, ("mend", "forbid"))
        one_of("transform", self.transform, TRANSFORMS)
        one_of("integer", self.whole, ("", "numbers"))
        for feature in self.calendar:
            one_of("calendar", feature, CALENDAR_FEATURES)
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise SpecError(
                f"--delimiter must be one character, got {self.delimiter!r}",
                hint="such as --delimiter ';'",
            )
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise SpecError(
                f"--min must be less than --max, got {self.low:g} and {self.high:g}",
                hint="swap them, or leave one out",
            )
        self._check_roles()

    def _check_roles(self) -> None:
        """No column has two roles."""
        roles: dict[str, str] = {}
        taken = [("target", (self.target,) if self.target else ()), ("time", self.time or ())]
        taken += [("id", self.ids or ()), ("past", self.past)]
        taken += [("future", self.future), ("static", self.static)]
        for role, columns in taken:
            for column in columns:
                if column in roles:
                    raise SpecError(
                        f"column {column!r} is both --{roles[column]} and --{role}",
                        hint="give it to one of them",
                    )
                roles[column] = role
