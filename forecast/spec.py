"""What to run: every setting and every default of the project, validated, JSON both ways.

None means "to be chosen from the data"; `prep.plan` replaces each None by what it chose, and
the run folder keeps the resolved spec.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from forecast.errors import SpecError

__all__ = [
    "ARCHS",
    "CALENDAR",
    "CALENDAR_FEATURES",
    "DEFAULT_OUTPUT",
    "DUPLICATES",
    "FILLS",
    "TRANSFORMS",
    "DataSpec",
    "FitSpec",
    "NetSpec",
    "RunSpec",
    "Season",
]

DEFAULT_OUTPUT = "output"
ARCHS = ("vanilla",)  # the bodies in nets.BODIES, known here without waking Keras


@dataclass(frozen=True, slots=True)
class Season:
    """What a frequency usually brings: rows in a season and a horizon people ask for."""

    name: str
    length: int
    horizon: int


# By the pandas offset alias without multiple and anchor; horizons as in the M competitions
# where they are not longer than a season or two.
CALENDAR: dict[str, Season] = {
    "Y": Season("yearly", 1, 6),
    "Q": Season("quarterly", 4, 8),
    "M": Season("monthly", 12, 12),
    "W": Season("weekly", 52, 13),
    "D": Season("daily", 7, 14),
    "B": Season("business daily", 5, 10),
    "h": Season("hourly", 24, 24),
    "min": Season("by the minute", 60, 60),
    "s": Season("by the second", 60, 60),
    "step": Season("numbered", 1, 12),
}


def _positive(name: str, value: int | None) -> None:
    if value is not None and value < 1:
        raise SpecError(
            f"--{name} must be at least 1, got {value}", hint=f"leave --{name} out to let it choose"
        )


def _one_of(name: str, value: str | None, allowed: tuple[str | None, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(repr(each) for each in allowed if each)
        raise SpecError(f"--{name} must be one of {choices}, got {value!r}", hint="choose one")


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
        na: more texts that mean missing, such as "-200".
        day_order: "dayfirst" or "monthfirst"; None: found, refused where both are possible.
        tz: IANA zone in which the file's clock times are read; None: as they stand.
        layout: "long" (one row per time stamp and series), "wide" (one column per series) or
            "auto" (long, or years and dates as columns).
        frequencies: "one", or "by-series" to take the largest group of equal frequency.
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
        _positive("season", self.season)
        _one_of("decimal", self.decimal, (None, ".", ","))
        _one_of("day-order", self.day_order, (None, "dayfirst", "monthfirst"))
        _one_of("layout", self.layout, ("auto", "long", "wide"))
        _one_of("frequencies", self.frequencies, ("one", "by-series"))
        _one_of("duplicates", self.duplicates, DUPLICATES)
        _one_of("fill", self.fill, FILLS)
        _one_of("repairs", self.repairs, ("mend", "forbid"))
        _one_of("transform", self.transform, TRANSFORMS)
        _one_of("integer", self.whole, ("", "numbers"))
        for feature in self.calendar:
            _one_of("calendar", feature, CALENDAR_FEATURES)
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


@dataclass(frozen=True, slots=True)
class NetSpec:
    """The network.

    Attributes:
        arch: the body of the network, one of ARCHS.
        horizon: H, steps ahead; None: from the frequency.
        window: L, rows of history the network sees; None: from the season and the data.
        fold: rows folded into one LSTM step; None: from season and horizon.
        units: size of the LSTM state.
        layers: recurrent layers, one over the other.
    """

    arch: str = "vanilla"
    horizon: int | None = None
    window: int | None = None
    fold: int | None = None
    units: int = 64
    layers: int = 1

    def __post_init__(self) -> None:
        if self.arch not in ARCHS:
            raise SpecError(
                f"no network is called {self.arch!r}", hint=f"--arch takes {', '.join(ARCHS)}"
            )
        for name in ("horizon", "window", "fold", "units", "layers"):
            _positive(name, getattr(self, name))
        if self.window and self.fold and self.window % self.fold:
            raise SpecError(
                f"--window must be a multiple of the fold, got {self.window} and {self.fold}",
                hint=f"take --window {self.window // self.fold * self.fold or self.fold}",
            )


@dataclass(frozen=True, slots=True)
class FitSpec:
    """The training.

    Attributes:
        steps: gradient steps at most; None: from `epochs`, or the number of windows.
        epochs: the same as passes over the training windows; None: from `steps`.
        holdout: last rows of each series, never trained on, that the scores come from; None: H.
        batch: windows in one gradient step.
        learning_rate: of Adam at the start; it falls to 0 along a cosine.
        clip: largest norm of the gradient.
        patience: share of the steps without a better validation loss after which to stop.
    """

    steps: int | None = None
    epochs: int | None = None
    holdout: int | None = None
    batch: int = 256
    learning_rate: float = 3e-3
    clip: float = 1.0
    patience: float = 0.3

    def __post_init__(self) -> None:
        _positive("steps", self.steps)
        _positive("epochs", self.epochs)
        if self.steps and self.epochs:
            raise SpecError(
                f"--steps {self.steps} and --epochs {self.epochs} say the same thing twice",
                hint="leave one of them out",
            )
        _positive("batch", self.batch)
        if self.holdout is not None and self.holdout < 0:
            raise SpecError(
                f"--holdout must be 0 or more, got {self.holdout}", hint="0 trains without a test"
            )


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One training, whole.

    Example:
        >>> spec = RunSpec(DataSpec("sales.csv", target="units"), seed=7)
        >>> RunSpec.from_json(spec.to_json()) == spec
        True
    """

    data: DataSpec
    net: NetSpec = field(default_factory=NetSpec)
    fit: FitSpec = field(default_factory=FitSpec)
    seed: int = 1

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and text."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(document: dict[str, Any]) -> RunSpec:
        """The spec a document describes.

        Raises:
            SpecError: an unknown or missing field.
        """
        try:
            parts = dict(document)
            data: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in parts["data"].items()
            }
            return RunSpec(
                data=DataSpec(**data),
                net=NetSpec(**parts["net"]),
                fit=FitSpec(**parts["fit"]),
                seed=int(parts["seed"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise SpecError(f"these settings are not of this version: {error}") from error
