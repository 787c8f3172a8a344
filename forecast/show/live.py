"""How far off forecasts were, one cutoff after the other."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from forecast.show.canvas import grid_of, head, house_style
from forecast.show.lines import BASELINE, LSTM
from forecast.show.ticks import number_axis, time_axis
from forecast.types import Floats, Times

__all__ = ["live_figure"]


def live_figure(
    cutoff: Times,
    errors: Floats,
    simple: Floats,
    score_name: str,
    tz: str | None = None,
    *,
    since: int = 0,
    holdout: float | None = None,
) -> Figure:
    """The errors of the network and of the seasonal naive, by cutoff.

    Args:
        cutoff: (T,) in order.
        errors: (T,) of the network.
        simple: (T,) of the seasonal naive on the same steps.
        score_name: what the errors are.
        tz: as in `Panel`.
        since: place of the first cutoff from which on they are clearly worse; 0 for none.
        holdout: what the training measured.

    Example:
        >>> days = np.datetime64("2024-01-01", "us") + np.arange(3) * np.timedelta64(1, "D")
        >>> figure = live_figure(days, np.ones(3), np.full(3, 2.0), "MASE", holdout=0.9)
        >>> figure.get_suptitle()
        'MASE of the forecasts of 3 cutoffs'
    """
    with house_style():
        figure, (axes,) = grid_of(1)
        axes.plot(cutoff, simple, color=BASELINE, label="seasonal naive")
        axes.plot(cutoff, errors, color=LSTM, label="forecast")
        if holdout is not None:
            axes.axhline(holdout, color=LSTM, linestyle=":", label="the holdout of the training")
        if since:
            axes.axvspan(cutoff[since], cutoff[-1], color=LSTM, alpha=0.08, label="clearly worse")
        finite = np.concatenate([errors, simple])
        top = float(np.nanmax(finite)) if np.isfinite(finite).any() else 1.0
        axes.set_ylim(0, 1.1 * top or 1.0)
        number_axis(axes)
        time_axis(axes, cutoff, tz)
        axes.set_xlabel("cutoff")
        axes.set_ylabel(score_name)
        head(figure, f"{score_name} of the forecasts of {len(cutoff):,} cutoffs", "lower is better")
    return figure
