"""How a backtest goes: how many folds, how far apart, which methods."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.errors import SpecError
from forecast.spec.rules import one_of, positive

__all__ = ["METHODS", "REFITS", "BacktestSpec"]

METHODS = ("lstm", "seasonal-naive", "naive", "drift", "ets", "theta", "ces", "arima")
REFITS = ("never", "every")


@dataclass(frozen=True, slots=True)
class BacktestSpec:
    """A backtest with rolling origins.

    Attributes:
        folds: K, cutoffs.
        step: rows from one cutoff to the next; None: the horizon, so that every row is scored once.
        gap: rows between the last that may be seen and the first that is scored, because data
            arrive late.
        refit: "never" to train before the first cutoff and ask at every one, "every" to train
            afresh for each.
        methods: of METHODS; the seasonal naive, which skill is measured by, is always among them.
        patience: seconds for one of the methods of statsforecast, which is left out after that;
            where there is a time limit they share a part of it instead.
    """

    folds: int = 5
    step: int | None = None
    gap: int = 0
    refit: str = "never"
    methods: tuple[str, ...] = ("lstm", "seasonal-naive", "naive", "drift", "ets", "theta")
    patience: float = 300.0

    def __post_init__(self) -> None:
        positive("folds", self.folds)
        positive("step", self.step)
        one_of("refit", self.refit, REFITS)
        if self.gap < 0:
            raise SpecError(f"--gap must be 0 or more, got {self.gap}", hint="such as --gap 2")
        for method in self.methods:
            if method not in METHODS:
                raise SpecError(
                    f"no method is called {method!r}", hint=f"--methods takes {','.join(METHODS)}"
                )

    @property
    def asked(self) -> tuple[str, ...]:
        """The methods in the order of METHODS, each once, the seasonal naive among them."""
        wanted = {*self.methods, "seasonal-naive"}
        return tuple(method for method in METHODS if method in wanted)
