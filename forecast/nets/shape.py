"""What a network is built for, in rows and columns."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Shape", "Static"]


@dataclass(frozen=True, slots=True)
class Static:
    """A column that never changes within a series.

    Attributes:
        mean: over the series of the training, for a column of numbers.
        spread: standard deviation, the same.
        categories: how many codes 0, 1, ... there are, or 0 for a column of numbers; one more
            stands for whatever the training has not seen.
    """

    mean: float = 0.0
    spread: float = 1.0
    categories: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """What the network is built for.

    Attributes:
        window: L, rows of history.
        horizon: H, steps ahead.
        fold: rows in one step of the body; divides `chunk`.
        season: rows in a season, 1 for none; at most `chunk`.
        columns: C, the target first.
        texts: (C,) how many texts the codes of a column stand for, scaled from 0 to that number;
            0 for a column of numbers; () where all are.
        marked: whether C more columns say which values were observed.
        known: K, columns known ahead: the last of the C, and last year's target where it is seen.
        last_year: whether the last of the K is the target a year before.
        static: the S columns that never change; one more, where zero lies on the scaled axis,
            always comes after them.
        levels: (Q,) quantiles to forecast.
        fan: "beside" where the quantiles around the middle learn from the state without bearing
            on it, "through" where they shape it too.
        form: "additive", or "multiplicative" to see each window's logarithm.
        chunks: stretches of equal length that the window is normalised in, the newest last;
            more than 1 where the state is carried on from one to the next.
        batch: windows in every batch where the layers keep their state, else None.
    """

    window: int
    horizon: int
    fold: int
    season: int
    columns: int = 1
    texts: tuple[int, ...] = ()
    marked: bool = False
    known: int = 0
    static: tuple[Static, ...] = ()
    levels: tuple[float, ...] = (0.5,)
    fan: str = "beside"
    form: str = "additive"
    chunks: int = 1
    last_year: bool = False
    batch: int | None = None

    @property
    def width(self) -> int:
        """Columns of x."""
        return self.columns * (2 if self.marked else 1)

    @property
    def chunk(self) -> int:
        """Rows normalised together."""
        return self.window // self.chunks
