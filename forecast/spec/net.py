"""Which network."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.errors import SpecError
from forecast.spec.rules import positive

__all__ = ["ARCHS", "NetSpec"]

ARCHS = ("vanilla",)  # the bodies in nets.BODIES, known here without waking Keras


@dataclass(frozen=True, slots=True)
class NetSpec:
    """The network.

    Attributes:
        arch: the body of the network, one of ARCHS.
        horizon: H, steps ahead; None: from the frequency.
        window: L, rows of history the network sees; None: from the season and the data.
        fold: rows folded into one LSTM step; None: from season and horizon.
        units: size of the LSTM state.
        layers: recurrent layers, one over the other.
    """

    arch: str = "vanilla"
    horizon: int | None = None
    window: int | None = None
    fold: int | None = None
    units: int = 64
    layers: int = 1

    def __post_init__(self) -> None:
        if self.arch not in ARCHS:
            raise SpecError(
                f"no network is called {self.arch!r}", hint=f"--arch takes {', '.join(ARCHS)}"
            )
        for name in ("horizon", "window", "fold", "units", "layers"):
            positive(name, getattr(self, name))
        if self.window and self.fold and self.window % self.fold:
            raise SpecError(
                f"--window must be a multiple of the fold, got {self.window} and {self.fold}",
                hint=f"take --window {self.window // self.fold * self.fold or self.fold}",
            )
