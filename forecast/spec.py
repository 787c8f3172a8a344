"""What to run: every setting and every default of the project, validated, JSON both ways.

None means "to be chosen from the data"; `prep.plan` replaces each None by what it chose, and
the run folder keeps the resolved spec.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from forecast.errors import SpecError

__all__ = ["CALENDAR", "DEFAULT_OUTPUT", "DataSpec", "FitSpec", "NetSpec", "RunSpec", "Season"]

DEFAULT_OUTPUT = "output"


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
    """

    source: str
    target: str | None = None
    time: tuple[str, ...] | None = None
    ids: tuple[str, ...] | None = None
    freq: str | None = None
    season: int | None = None

    def __post_init__(self) -> None:
        _positive("season", self.season)


@dataclass(frozen=True, slots=True)
class NetSpec:
    """The network.

    Attributes:
        arch: name of a body in `nets.BODIES`.
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
