"""What is forecast and scored as tables: columns under the user's own names, and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from forecast import data, judge
from forecast.flows.csvtext import csv_bytes, one_column
from forecast.judge import Scores
from forecast.types import Forecast, Loaded

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "bound_name",
    "forecast_csv",
    "forecast_rows",
    "holdout_table",
    "key_columns",
    "series_table",
]

IN_THE_TABLE = ("mae", "rmse", "mase", "smape")
BY_SERIES = ("rmsse", "wape", "owa", "bias", "wql", "nse")


def forecast_csv(*made: tuple[Loaded, Forecast]) -> bytes:
    """forecast.csv: id and time under the user's own names, step, forecast; one after the other."""
    parts = [_forecast_columns(*each) for each in made]
    names = list(dict.fromkeys(name for part in parts for name in part))
    return csv_bytes({name: one_column(parts, name) for name in names})


def forecast_rows(loaded: Loaded, forecast: Forecast) -> list[dict[str, Any]]:
    """The same for JSON, a dict for each row."""
    columns = {
        name: values.tolist() for name, values in _forecast_columns(loaded, forecast).items()
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _forecast_columns(loaded: Loaded, forecast: Forecast) -> dict[str, Any]:
    """(W * H,) each"""
    horizon = forecast.values.shape[1]
    columns = key_columns(loaded, forecast)
    columns["step"] = np.tile(np.arange(1, horizon + 1), len(forecast.ids))
    columns["forecast"] = forecast.point.ravel()
    # The narrowest interval first, and of each the lower end.
    for place in sorted(range(len(forecast.levels)), key=lambda k: _width(forecast.levels[k])):
        level = forecast.levels[place]
        if level != 0.5:
            columns[bound_name(level)] = forecast.values[:, :, place].ravel()
    return columns


def bound_name(level: float) -> str:
    """What a quantile is called: by the share of values between it and its opposite.

    Example:
        >>> bound_name(0.025), bound_name(0.9)
        ('lo95', 'hi80')
    """
    return f"{'lo' if level < 0.5 else 'hi'}{_width(level):g}"


def _width(level: float) -> float:
    """Per cent of the values between this quantile and its opposite."""
    return round(200 * abs(level - 0.5), 4)


def series_table(loaded: Loaded, scores: dict[str, Scores]) -> pd.DataFrame:
    """(S * methods rows) id, method, every metric and the skill."""
    import pandas as pd

    reference = scores[judge.REFERENCE].by_series["mase"]
    tables = []
    for name, each in scores.items():
        keys: dict[str, Any] = dict(data.id_values(np.array(each.ids), loaded.schema))
        with np.errstate(invalid="ignore", divide="ignore"):
            skill = np.where(reference > 0, 1 - each.by_series["mase"] / reference, np.nan)
        keys["method"] = [name] * len(each.ids)
        table = {metric: each.by_series[metric] for metric in IN_THE_TABLE}
        more = {metric: values for metric, values in each.by_series.items() if _is_told(metric)}
        columns = keys | table | {"skill": skill} | more
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _is_told(metric: str) -> bool:
    """Whether the table of series has it beside those of the terminal; metrics.json has all."""
    return metric in BY_SERIES or metric.startswith("coverage")


def holdout_table(loaded: Loaded, tried: dict[str, Forecast]) -> pd.DataFrame:
    """(rows) id, time, step, what happened, and what each method said."""
    import pandas as pd

    shipped = next(iter(tried.values()))
    horizon = shipped.values.shape[1]
    columns = key_columns(loaded, shipped)
    columns["step"] = np.tile(np.arange(1, horizon + 1), len(shipped.ids))
    columns["actual"] = np.ravel(shipped.actual if shipped.actual is not None else np.nan)
    for name, each in tried.items():
        columns[name] = each.point.ravel()
    table = pd.DataFrame(columns)
    return table[table["actual"].notna()]


def key_columns(loaded: Loaded, forecast: Forecast) -> dict[str, Any]:
    """The id columns and the time column, under the user's own names, W * H rows each."""
    schema, horizon = loaded.schema, forecast.values.shape[1]
    columns: dict[str, Any] = {
        name: np.repeat(np.array(values, dtype=object), horizon)
        for name, values in data.id_values(forecast.ids, schema).items()
    }
    time = schema.time[0] if len(schema.time) == 1 else "time"
    columns[time] = data.render_time(forecast.time, schema).ravel()
    return columns
