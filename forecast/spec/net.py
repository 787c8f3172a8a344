"""Which network."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.errors import SpecError
from forecast.spec.archs import ARCHS
from forecast.spec.rules import one_of, positive

__all__ = ["NORMS", "STATES", "STRATEGIES", "YEARS", "NetSpec"]

YEARS = ("auto", "yes", "no")
NORMS = ("none", "batch", "layer")
STRATEGIES = ("direct", "recursive")
STATES = ("fresh", "carried")


@dataclass(frozen=True, slots=True)
class NetSpec:
    """The network.

    Attributes:
        arch: the body of the network, one of ARCHS.
        horizon: H, steps ahead; None: from the frequency.
        window: L, rows of history the network sees; None: from the season and the data.
        fold: rows folded into one LSTM step; None: from season and horizon.
        units: size of the recurrent state.
        layers: recurrent layers, one over the other; None: 2 where the body is called stacked,
            else 1.
        dropout: share of what goes into a recurrent layer that a training step leaves out.
        recurrent_dropout: the same for what goes from one step to the next.
        l2: weight of the squared kernels in the loss.
        norm: of what leaves a recurrent layer, one of NORMS.
        strategy: "direct" makes all steps at once, "recursive" one after the other, each from
            the forecasts before it.
        state: "fresh" for every window, or "carried" from each to the next along one series.
        last_year: "yes" to show the network what happened 52 weeks before each step ahead, "no",
            or "auto" to do so where it would have helped.
        identity: "unknown" to treat all series alike, "embedded" to learn a vector for each.
    """

    arch: str = "vanilla"
    horizon: int | None = None
    window: int | None = None
    fold: int | None = None
    units: int = 64
    layers: int | None = None
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    l2: float = 0.0
    norm: str = "none"
    strategy: str = "direct"
    state: str = "fresh"
    last_year: str = "auto"
    identity: str = "unknown"

    def __post_init__(self) -> None:
        if self.arch not in ARCHS:
            raise SpecError(
                f"no network is called {self.arch!r}",
                hint=f"--arch takes {', '.join(ARCHS)}; forecast models explains them",
            )
        for name in ("horizon", "window", "fold", "units", "layers"):
            positive(name, getattr(self, name))
        for name in ("dropout", "recurrent_dropout"):
            share = getattr(self, name)
            if not 0 <= share < 1:
                flag = name.replace("_", "-")
                raise SpecError(
                    f"--{flag} is a share, from 0 up to less than 1, got {share:g}",
                    hint=f"such as --{flag} 0.2",
                )
        if not self.l2 >= 0:
            raise SpecError(f"--l2 must be 0 or more, got {self.l2:g}", hint="such as --l2 1e-4")
        one_of("norm", self.norm, NORMS)
        one_of("strategy", self.strategy, STRATEGIES)
        one_of("state", self.state, STATES)
        one_of("last-year", self.last_year, YEARS)
        one_of("identity", self.identity, ("unknown", "embedded"))
        if self.window and self.fold and self.window % self.fold:
            raise SpecError(
                f"--window must be a multiple of the fold, got {self.window} and {self.fold}",
                hint=f"take --window {self.window // self.fold * self.fold or self.fold}",
            )
        self._check_state()

    def _check_state(self) -> None:
        """A state can only be carried where each layer has one and hands it on in time."""
        if self.state == "fresh":
            return
        if self.arch not in ("vanilla", "stacked", "gru", "rnn"):
            raise SpecError(
                f"--stateful carries a state forward in time, {self.arch} does not have one",
                hint="take --arch vanilla, stacked, gru or rnn",
            )

    @property
    def depth(self) -> int:
        """Recurrent layers."""
        return self.layers or (2 if self.arch == "stacked" else 1)
