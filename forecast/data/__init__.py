"""Any real file in, one clean panel out."""

from forecast.data.ahead import with_future
from forecast.data.apart import KnownGroup
from forecast.data.before import before
from forecast.data.features import feature_names
from forecast.data.freq import calendar, describe_freq
from forecast.data.load import load, load_groups
from forecast.data.memory import keep_for_more
from forecast.data.naming import id_values, render_time
from forecast.data.season import season_of
from forecast.data.steps import future_time

__all__ = [
    "KnownGroup",
    "before",
    "calendar",
    "describe_freq",
    "feature_names",
    "future_time",
    "id_values",
    "keep_for_more",
    "load",
    "load_groups",
    "render_time",
    "season_of",
    "with_future",
]
