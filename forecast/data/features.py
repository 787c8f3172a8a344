"""Covariates that are known ahead because they follow from the time stamps."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from forecast.data.steps import to_local
from forecast.errors import DataError, SpecError
from forecast.types import Floats, Schema, Times

__all__ = ["feature_names", "features_of"]


def feature_names(calendar: tuple[str, ...], holidays: str | None) -> tuple[str, ...]:
    """The panel's columns for calendar features.

    Example:
        >>> feature_names(("weekday",), "DE")
        ('weekday_sin', 'weekday_cos', 'holiday_DE')
    """
    circles = [f"{name}_{part}" for name in calendar for part in ("sin", "cos")]
    return (*circles, *([f"holiday_{holidays}"] if holidays else []))


def features_of(time: Times, schema: Schema) -> Floats:
    """(R, K) features of time stamps: each a point on a circle, and 1 on holidays.

    A circle, because hour 23 is next to hour 0.

    Raises:
        DataError: the time stamps are not dates.
        SpecError: no such country.

    Example:
        >>> noon = np.array(["2024-01-01T12:00"], dtype="datetime64[us]")
        >>> features_of(noon, Schema("y", calendar=("hour",))).round(6).tolist()
        [[0.0, -1.0]]
    """
    names = feature_names(schema.calendar, schema.holidays)
    if not names:
        return np.empty((len(time), 0))
    if time.dtype.kind != "M":
        raise DataError(
            "calendar features need dates, the time stamps are numbers",
            hint="leave out --calendar and --holidays",
        )
    local = to_local(time, schema.tz)
    columns = []
    for name in schema.calendar:
        angle = 2 * np.pi * _SHARES[name](local)
        columns += [np.sin(angle), np.cos(angle)]
    if schema.holidays:
        columns.append(_holidays(local, schema.holidays))
    return np.stack(columns, axis=1)


def _part(local: Any, unit: str, whole: str) -> Floats:
    """(R,) how far into the whole the unit is, from 0 to 1; months and years vary in length."""
    start = local.astype(f"datetime64[{whole}]")
    end = (start + 1).astype("datetime64[us]")
    begun = local.astype(f"datetime64[{unit}]").astype("datetime64[us]")
    since = begun - start.astype("datetime64[us]")
    return np.asarray(since / (end - start.astype("datetime64[us]")), dtype=np.float64)


def _weekday(local: Any) -> Floats:
    day = local.astype("datetime64[D]").astype(np.int64)
    return np.asarray((day + 3) % 7 / 7, dtype=np.float64)


def _month(local: Any) -> Floats:
    return np.asarray(local.astype("datetime64[M]").astype(np.int64) % 12 / 12, dtype=np.float64)


_SHARES: dict[str, Callable[[Any], Floats]] = {
    "minute": lambda local: _part(local, "m", "h"),
    "hour": lambda local: _part(local, "h", "D"),
    "weekday": _weekday,
    "monthday": lambda local: _part(local, "D", "M"),
    "yearday": lambda local: _part(local, "D", "Y"),
    "month": _month,
}


def _holidays(local: Any, country: str) -> Floats:
    """(R,) 1 on public holidays of a country, else 0."""
    try:
        holidays = importlib.import_module("holidays")
    except ImportError as error:
        raise SpecError(
            "--holidays needs the package holidays, which is not installed",
            hint="pip install 'lstm-forecast[holidays]'",
        ) from error
    date = local.astype("datetime64[D]")
    years = np.unique(date.astype("datetime64[Y]").astype(np.int64) + 1970)
    try:
        known = holidays.country_holidays(country, years=[int(year) for year in years])
    except NotImplementedError as error:
        raise SpecError(
            f"--holidays {country!r} is no country with known holidays",
            hint="two capital letters, such as --holidays DE",
        ) from error
    days = np.array(sorted(known), dtype="datetime64[D]")
    return np.isin(date, days).astype(np.float64)
