"""The sets: where, how far ahead, what is scored, and what others published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tests.benchmarks import sources
from tests.benchmarks.cases import Case, last_rows, rolling

__all__ = ["SETS", "Goal", "Set"]

ORIGINS = 10


@dataclass(frozen=True)
class Goal:
    """A metric, what is asked of us, what others have. Lower is better.

    Attributes:
        must, aim: the project's own targets; None where they are relative to the other columns.
        published: method -> its score on this set.
    """

    must: float | None = None
    aim: float | None = None
    published: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Set:
    """One set.

    Attributes:
        path: under the data folder, as `read` takes it.
        read: path -> table of unique_id, ds, y.
        horizon: steps ahead.
        season: rows in a season, as its metric counts them.
        goals: metric -> goal.
        limit_s: seconds that one training may take on two cores.
        way: how it is run, of ours.WAYS.
        numbered: rows have no dates, so that the command has to be told the season.
        inner: a shorter season within the season, 0 if there is none.
        recent: rows that the classical methods are given, where all would take them hours.
    """

    path: str
    read: Callable[[Path], pd.DataFrame]
    horizon: int
    season: int
    goals: dict[str, Goal]
    limit_s: int
    way: str = "panel"
    numbered: bool = True
    inner: int = 0
    recent: int | None = None

    @property
    def flags(self) -> list[str]:
        """What the command is told."""
        told = ["--horizon", str(self.horizon)]
        return [*told, "--season", str(self.season)] if self.numbered else told

    @property
    def methods(self) -> list[str]:
        """The classical methods to run; AutoETS knows no season longer than 24 rows, MSTL does."""
        return ["AutoETS", "AutoTheta", *(["MSTL"] if self.season > 24 else [])]

    @property
    def periods(self) -> tuple[int, ...]:
        """Seasons in rows, shortest first."""
        return (self.inner, self.season) if self.inner else (self.season,)

    def case(self, table: pd.DataFrame) -> Case:
        """The table cut into past and future."""
        if self.way == "rolling":
            return rolling(table, self.horizon, self.season, ORIGINS)
        return last_rows(table, self.horizon, self.season)


def m3(group: str, horizon: int, season: int, must: float, nbeats: float, theta: float) -> Set:
    """A part of M3; N-BEATS is the ensemble of 360 networks."""
    published = {"N-BEATS": nbeats, "Theta": theta}
    goals = {"sMAPE": Goal(must, nbeats, published)}
    return Set(f"m3/{group}", sources.competition, horizon, season, goals, 180)


WEEKLY = Goal(0.72, 0.69, {"best entrant": 0.739, "ES-RNN": 0.851})
YEARLY = Goal(0.82, 0.762, {"N-BEATS": 0.762, "ES-RNN": 0.778, "Theta": 0.872})
TOURISM = {
    "MAPE": Goal(21.8, 19.47, {"N-BEATS": 19.47, "ETS": 21.06, "Theta": 22.39}),
    "MASE": Goal(1.45, 1.40, {"ETS": 1.54, "ARIMA": 1.60, "Theta": 1.65}),
}
HOSPITAL = Goal(0.78, 0.75, {"Theta": 0.761, "ETS": 0.765})
NN5 = Goal(0.86, 0.82, {"CatBoost": 0.854, "TBATS": 0.872})
LOAD = {"MASE": Goal()}  # below the seasonal naive and AutoETS, at best half of the former
CLASSICS = {"MASE ratio": Goal(0.95, 0.80)}
M5 = "m5/m5_store_dept_daily_70series.csv.gz"

SETS = {
    "m4-weekly": Set("m4/Weekly", sources.competition, 13, 1, {"OWA": WEEKLY}, 120),
    "m4-yearly": Set("m4/Yearly", sources.competition, 6, 1, {"OWA": YEARLY}, 300),
    "m3-monthly": m3("monthly", 18, 12, 14.1, 13.24, 13.89),
    "m3-quarterly": m3("quarterly", 8, 4, 9.8, 8.80, 8.96),
    "m3-yearly": m3("yearly", 6, 1, 16.4, 15.92, 16.97),
    "tourism-monthly": Set("tourism/monthly", sources.competition, 24, 12, TOURISM, 180),
    "hospital": Set(
        "panels/hospital", sources.panel, 12, 12, {"MASE": HOSPITAL}, 120, numbered=False
    ),
    "nn5-weekly": Set("panels/nn5_weekly", sources.panel, 8, 52, {"MASE": NN5}, 120),
    "m5": Set(M5, sources.walmart, 28, 7, {"MASE share": Goal(0.85, 0.75)}, 120, numbered=False),
    "load-germany": Set(
        "energy/opsd_germany_daily.csv", sources.german_load, 28, 7, LOAD, 60, "rolling", False
    ),
    "load-uk": Set(
        "energy/taylor_halfhourly.csv", sources.uk_load, 48, 336, LOAD, 60, "rolling", inner=48
    ),
    "load-us": Set(
        "energy/NI_hourly.csv", sources.us_load, 24, 24, LOAD, 60, "rolling", False, recent=8_760
    ),
    "classics": Set(
        "classics", sources.monthly_classics, 12, 12, CLASSICS, 60, "each", numbered=False
    ),
}
