"""What to run: every setting and every default of the project, validated, JSON both ways.

None means "to be chosen from the data"; `prep.plan` replaces each None by what it chose, and
the run folder keeps the resolved spec.
"""

from forecast.spec.archs import ARCHS, Arch
from forecast.spec.backtest import METHODS, REFITS, BacktestSpec
from forecast.spec.data import (
    CALENDAR,
    CALENDAR_FEATURES,
    DUPLICATES,
    FILLS,
    TRANSFORMS,
    DataSpec,
    Season,
)
from forecast.spec.fit import IF_WORSE, LOSSES, OPTIMIZERS, PRESETS, FitSpec, Preset
from forecast.spec.guard import Guard
from forecast.spec.ledger import DriftSpec, LedgerSpec
from forecast.spec.net import NORMS, STATES, STRATEGIES, YEARS, NetSpec
from forecast.spec.run import DEFAULT_OUTPUT, EXPORTS, REPORTS, RunSpec
from forecast.spec.typed import typed
from forecast.spec.update import UpdateSpec

__all__ = [
    "ARCHS",
    "CALENDAR",
    "CALENDAR_FEATURES",
    "DEFAULT_OUTPUT",
    "DUPLICATES",
    "EXPORTS",
    "FILLS",
    "IF_WORSE",
    "LOSSES",
    "METHODS",
    "NORMS",
    "OPTIMIZERS",
    "PRESETS",
    "REFITS",
    "REPORTS",
    "STATES",
    "STRATEGIES",
    "TRANSFORMS",
    "YEARS",
    "Arch",
    "BacktestSpec",
    "DataSpec",
    "DriftSpec",
    "FitSpec",
    "Guard",
    "LedgerSpec",
    "NetSpec",
    "Preset",
    "RunSpec",
    "Season",
    "UpdateSpec",
    "typed",
]
