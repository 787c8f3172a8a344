"""Whether the same weeks of last year tell something about the weeks to come."""

from __future__ import annotations

import numpy as np

from forecast.errors import DataError, SpecError
from forecast.spec import NetSpec
from forecast.types import Floats, Ints, Panel

__all__ = ["last_year_errors", "rows_to_last_year"]

SERIES = 50  # looked at; more would tell no more
CUTOFFS = 52  # of each


def rows_to_last_year(
    net: NetSpec, panel: Panel, ends: Ints, year: int, sizes: tuple[int, int]
) -> int:
    """How far back last year is, in rows; 0 where the network is not to see it.

    Daily and hourly data repeat by the week, which a window covers, and by the year, which none
    does: Christmas is outside. Left to itself the network is shown last year where that would
    have forecast the last year of the rows better than last season did.

    Args:
        net: says "yes", "no" or "auto".
        panel: the series.
        ends: (N,) the row after the last that may decide.
        year: rows in 52 weeks, 0 where a season is as long.
        sizes: rows in a season and of the horizon.

    Raises:
        SpecError: it is asked for at a frequency that has no use for it.
        DataError: it is asked for, and no series is two years old.
    """
    season, horizon = sizes
    if net.last_year == "no":
        return 0
    oldest = int((ends - panel.bounds[:-1]).max(initial=0))
    need = 2 * year + season + 2 * horizon
    if net.last_year == "yes":
        if not year or horizon > year:
            raise SpecError(
                "--last-year yes is for horizons within a year of daily, hourly and finer data",
                hint="leave it out: a window of other data covers a year or more",
            )
        if oldest < need:
            raise DataError(
                f"too few rows: --last-year yes needs {need:,}, the longest series has "
                f"{oldest:,} before the holdout",
                hint="leave --last-year out",
            )
        return year
    # Half of the series at least, so that most windows have a last year.
    typical = float(np.median(ends - panel.bounds[:-1])) if len(panel) else 0.0
    if not year or horizon > year or typical < need:
        return 0
    ours, seasonal = last_year_errors(panel, ends, year, sizes)
    return year if ours < seasonal else 0


def last_year_errors(
    panel: Panel, ends: Ints, year: int, sizes: tuple[int, int]
) -> tuple[float, float]:
    """Mean absolute errors of last year's values at today's level, and of the seasonal naive.

    Each series counts alike: its errors are divided by its mean seasonal difference. Over
    cutoffs in the last year before `ends`, each forecast by what was known at it.

    Example:
        >>> import numpy as np
        >>> day = np.arange(1200.0)
        >>> yearly = np.sin(day * 2 * np.pi / 364) * 10 + day % 7
        >>> panel = Panel.single(yearly, freq="D", start="2020-01-01")
        >>> ours, seasonal = last_year_errors(panel, panel.bounds[1:], 364, (7, 28))
        >>> ours < 0.01 < seasonal
        True
    """
    season, horizon = sizes
    ages = ends - panel.bounds[:-1]
    oldest = np.argsort(-ages, kind="stable")[:SERIES]
    errors = [
        _errors(panel.series(int(i))[: ages[i]], year, season, horizon)
        for i in oldest
        if ages[i] >= 2 * year + season + 2 * horizon
    ]
    with np.errstate(invalid="ignore"):
        return (
            float(np.nanmean([ours for ours, _ in errors])),
            float(np.nanmean([seasonal for _, seasonal in errors])),
        )


def _errors(values: Floats, year: int, season: int, horizon: int) -> tuple[float, float]:
    """Of one series, in units of its mean seasonal difference; NaN where nothing changes."""
    cutoffs = np.unique(np.linspace(len(values) - year, len(values) - horizon, CUTOFFS).astype(int))
    ahead = cutoffs[:, None] + np.arange(horizon)  # (K, H)
    back = cutoffs[:, None] + np.arange(-season, 0)  # (K, m)
    level = values[back].mean(axis=1, keepdims=True)
    before = values[back - year].mean(axis=1, keepdims=True)
    ours = values[ahead - year] - before + level
    again = values[back[:, np.arange(horizon) % season]]
    unit = np.nanmean(np.abs(values[season:] - values[:-season]))
    if not unit > 0:
        return float("nan"), float("nan")
    pairs = (ours, again)
    first, second = (float(np.nanmean(np.abs(each - values[ahead])) / unit) for each in pairs)
    return first, second
