"""Time-series forecasting with a Keras LSTM, from a CSV to an honest forecast.

The public names are loaded when they are first used (PEP 562), so that `import forecast` costs
nothing:

    >>> import forecast
    >>> spec = forecast.RunSpec(forecast.DataSpec("sales.csv"))
    >>> spec.net.arch
    'vanilla'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecast.errors import ForecastError
    from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec
    from forecast.types import Forecast, Panel

__version__ = "0.1.0"

__all__ = [
    "DataSpec",
    "FitSpec",
    "Forecast",
    "ForecastError",
    "NetSpec",
    "Panel",
    "RunSpec",
    "__version__",
]

_HOMES = {
    "DataSpec": "forecast.spec",
    "FitSpec": "forecast.spec",
    "Forecast": "forecast.types",
    "ForecastError": "forecast.errors",
    "NetSpec": "forecast.spec",
    "Panel": "forecast.types",
    "RunSpec": "forecast.spec",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'forecast' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
