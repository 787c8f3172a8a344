"""Drawings of how a forecast failed: step by step, in its sureness, in what it left over."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from forecast.show.lines import ACTUAL, BASELINE, LSTM
from forecast.show.page import Picture
from forecast.show.ticks import number_axis, step_axis, time_axis
from forecast.show.vector import drawing, small_style, upright
from forecast.show.wording import brief, shorten
from forecast.types import Floats, Times

__all__ = ["calibration_picture", "errors_picture", "leftover_picture", "steps_picture"]

FAINT = "#777777"
FEW = 16  # marks that are told apart
MANY = 8  # forecasts whose mean error at a step says something
BAND = (10, 50, 90)  # per cent of the series
NAME_LETTERS = 24
BINS = (6, 30)  # fewest and most


def steps_picture(errors: Mapping[str, Floats], unit: str, count: int) -> Picture:
    """The error of each step ahead, of each method: how fast a forecast ages.

    Args:
        errors: method -> (H,), the model first, then its best rival, then the others.
        unit: what the errors are in.
        count: forecasts that each is of.
    """
    (model, own), *others = errors.items()
    with small_style():
        figure, (axes,) = upright()
        steps = np.arange(1, len(own) + 1)
        marker = "o" if len(own) <= FEW else ""
        axes.plot(steps, own, color=LSTM, marker=marker, markersize=3, zorder=3, label=model)
        for place, (name, values) in enumerate(others):
            color, width = (FAINT, 0.8) if place else (BASELINE, 1.5)
            label = "the others" if place == 1 else "_" if place else shorten(name, NAME_LETTERS)
            axes.plot(
                steps, values, color=color, linewidth=width, zorder=2.5 - place / 99, label=label
            )
        number_axis(axes)
        step_axis(axes)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("steps ahead")
        caption = f"{unit} by steps ahead, lower is better"
        if count >= MANY:
            caption += f": {model} {_told(own[0])} at the first step, {_told(own[-1])} at the last"
        caption += f"; of {count:,} forecasts." if count > 1 else "; of one forecast."
        return drawing(figure, "steps", caption, caption)


def _told(value: float) -> str:
    return brief(value) if np.isfinite(value) else "unknown"


def calibration_picture(levels: tuple[float, ...], shares: Floats, count: int) -> Picture:
    """What share of the values lay below each quantile, against what share should have.

    Args:
        levels: (Q,) that were asked for.
        shares: (Q,) that were measured.
        count: values that were known.
    """
    with small_style():
        figure, (axes,) = upright()
        line = np.linspace(0, 1, 101)
        # Of so many values that lie where they should, this share strays by chance alone.
        spread = 1.96 * np.sqrt(line * (1 - line) / count)
        low, high = np.clip(line - spread, 0, 1), np.clip(line + spread, 0, 1)
        axes.fill_between(line, low, high, color=FAINT, alpha=0.15, linewidth=0, label="by chance")
        axes.plot(line, line, color=FAINT, linewidth=0.8, label="perfect")
        axes.plot(levels, shares, color=LSTM, marker="o", markersize=4, label="measured")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1))
        axes.set_xlabel("share that should lie below")
        told = "; ".join(
            f"{share:.0%} below the {level:g} quantile"
            for level, share in zip(levels, shares, strict=True)
        )
        caption = f"Share of {count:,} values that lay below each quantile, against the share that "
        caption += "should. On the diagonal is right; inside the grey it may be chance."
        return drawing(figure, "calibration", f"Calibration: {told}.", caption)


def leftover_picture(time: Times, values: Floats, unit: str, tz: str | None) -> Picture:
    """The residuals over time, and how they spread.

    Args:
        time: (n,) ascending.
        values: (n,) of one series, or of several at each time.
        unit: what they are in.
        tz: as in `Panel`.
    """
    moments, place = np.unique(time, return_inverse=True)
    several = len(moments) < len(time)
    with small_style():
        figure, (over, spread) = upright((1.0, 1.0))
        over.axhline(0, color=FAINT, linewidth=0.8)
        if several:
            groups = [values[place == each] for each in range(len(moments))]
            low, middle, high = np.array([np.percentile(each, BAND) for each in groups]).T
            over.fill_between(
                moments, low, high, color=LSTM, alpha=0.15, linewidth=0, label="80% of the series"
            )
            over.plot(moments, middle, color=LSTM, label="median")
        else:
            over.vlines(time, 0, values, color=LSTM, linewidth=0.8)
            over.plot(time, values, color=LSTM, marker="o", markersize=3, linestyle="none")
        time_axis(over, time, tz)
        over.set_xlabel("")
        bins = int(np.clip(np.sqrt(len(values)) * 1.5, *BINS))
        spread.hist(values, bins=bins, range=_reach(values), color=LSTM, alpha=0.7)
        spread.axvline(0, color=ACTUAL, linewidth=0.8)
        number_axis(over)
        spread.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        spread.set_xlabel(f"residual, {unit}")
        mean = float(values.mean())
        side = "too low" if mean > 0 else "too high"
        caption = f"Actual less forecast ({unit}) over time, and below how often each size came: "
        caption += f"on average {brief(abs(mean))} {side}."
        return drawing(figure, "residuals", f"Residuals. {caption}", caption)


def _reach(values: Floats) -> tuple[float, float]:
    """From the lowest to the highest; some way around values that differ by rounding alone."""
    low, high = float(values.min()), float(values.max())
    least = 1e-6 * max(abs(low), abs(high)) or 1.0
    return (low, high) if high - low > least else (low - least, high + least)


def errors_picture(correlation: Floats, pairs: Floats) -> Picture:
    """How the errors hang together: each with that of some steps before.

    Args:
        correlation: (K,) of lags 1 to K.
        pairs: (K,) that each is of.
    """
    lags = np.arange(1, len(correlation) + 1)
    bound = 1.96 / np.sqrt(pairs)
    beyond = lags[np.abs(correlation) > bound]
    with small_style():
        figure, (axes,) = upright()
        axes.fill_between(
            lags, -bound, bound, color=FAINT, alpha=0.15, linewidth=0, label="by chance"
        )
        axes.axhline(0, color=FAINT, linewidth=0.8)
        axes.vlines(lags, 0, correlation, color=LSTM)
        axes.plot(lags, correlation, color=LSTM, marker="o", markersize=3, linestyle="none")
        axes.set_xlim(0.5, len(lags) + 0.5)
        axes.set_ylim(-1.05, 1.05)
        number_axis(axes)
        step_axis(axes)
        axes.set_xlabel("steps apart")
        if len(beyond):
            at = ", ".join(map(str, beyond[:4])) + (" ..." if len(beyond) > 4 else "")
            caption = f"Autocorrelation of the residuals: beyond chance at {at} steps apart, so an "
            caption += "error tells something of the next."
        else:
            caption = "Autocorrelation of the residuals: none beyond chance, so nothing shows that "
            caption += "could still be learnt from them."
        return drawing(figure, "autocorrelation", caption, caption)
