"""Many steps from a network that makes one: each forecast becomes history for the next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.infer.session import Network
from forecast.types import Floats, Windows

__all__ = ["recursive"]


def recursive(one_step: Network, horizon: int, middle: int, beside: int = 0) -> Network:
    """A network of H steps around one of a single step.

    Args:
        one_step: windows with known (B, L + 1, K) -> (B, 1, Q).
        horizon: H.
        middle: which of the Q quantiles is fed back; the fan around it is that of one step.
        beside: how many of the K known columns are no columns of x, the last of them.

    Returns:
        A network that takes windows with known (B, L + H, K) and gives (B, H, Q). Columns of x
        beyond the target and the known ones have no future, so there must be none.
    """

    def answer(windows: Windows) -> Floats:
        x, rows = windows.x, windows.x.shape[1]
        ahead = windows.known.shape[2] - beside
        marks = np.ones((len(x), 1, x.shape[2] - 1 - ahead))  # every forecast counts as observed
        steps = []
        for step in range(horizon):
            known = windows.known[:, step : step + rows + 1]
            forecast = one_step(replace(windows, x=x, known=known))  # (B, 1, Q)
            steps.append(forecast)
            fed = forecast[:, :, middle : middle + 1]
            newest = np.concatenate([fed, known[:, -1:, :ahead], marks], axis=2)
            x = np.concatenate([x[:, 1:], newest], axis=1)
        return np.concatenate(steps, axis=1)

    return answer
