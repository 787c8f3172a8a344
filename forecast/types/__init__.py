"""The values that travel through the house; every array carries its shape here.

R rows of all series together   N series   C columns, target first   K of them known ahead
L window length   H horizon   Q quantile levels   B windows in a batch   W forecast windows
"""

from forecast.types.arrays import Floats, Ints, Lines, Times, Weights
from forecast.types.file import Loaded, Repair, Schema
from forecast.types.fit import Engine, History, Observer, Step
from forecast.types.panel import Panel, Scale
from forecast.types.windows import Forecast, Windows

__all__ = [
    "Engine",
    "Floats",
    "Forecast",
    "History",
    "Ints",
    "Lines",
    "Loaded",
    "Observer",
    "Panel",
    "Repair",
    "Scale",
    "Schema",
    "Step",
    "Times",
    "Weights",
    "Windows",
]
