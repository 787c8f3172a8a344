"""How the training went."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from forecast.show.canvas import column_of, head, house_style
from forecast.show.ticks import log_axis, number_axis, step_axis
from forecast.show.wording import brief
from forecast.types import History

__all__ = ["draw_losses", "kept_note", "loss_figure"]

TRAINING = "#0072B2"
VALIDATION = "#D55E00"
GRADIENT = "#009E73"
MARK = "#777777"
FAINT = 0.25  # opacity of all networks but the first
FEW = 3  # looks; fewer are points that were measured, as many and more are a curve
DECADE = 10.0
HEIGHTS = (2.0, 1.0)  # of the losses and of the gradient


def loss_figure(histories: Sequence[History]) -> Figure:
    """Training and validation loss over gradient steps, and under them the gradient's norm.

    The first network is drawn strong, its kept step marked; those trained beside it are faint.
    The losses stand on a logarithmic axis where they span more than a factor of ten, the norms,
    taken before clipping, always. The step that is kept need not be the lowest: while the learning
    rate is high, looks differ by chance.

    Args:
        histories: of the networks of an ensemble, the first first.

    Example:
        >>> history = History(best_step=20)
        >>> history.add(10, 0.5, 0.6, 2.0)
        >>> history.add(20, 0.3, 0.4, 1.5)
        >>> loss_figure([history]).get_suptitle()
        'Loss over 20 gradient steps'
    """
    with house_style():
        figure, (losses, norms) = column_of(HEIGHTS)
        draw_losses(losses, norms, histories)
        head(figure, _title(histories), kept_note(histories))
    return figure


def draw_losses(losses: Axes, norms: Axes, histories: Sequence[History]) -> None:
    """The losses, and the norms of the gradient under them."""
    for place, history in reversed(list(enumerate(histories))):  # the first on top
        opacity = FAINT if place else 1.0
        _curve(losses, history.step, history.loss, TRAINING, "training", opacity)
        _curve(losses, history.step, history.val_loss, VALIDATION, "validation", opacity)
        _curve(norms, history.step, _positive(history.gradient_norm), GRADIENT, "", opacity)
    if _spans_a_decade([v for each in histories for v in (*each.loss, *each.val_loss)]):
        log_axis(losses)
    else:
        number_axis(losses)
    if norms.lines:
        log_axis(norms)
    for axes in (losses, norms):
        step_axis(axes)
    if len(steps := {step for each in histories for step in each.step}) == 1:
        norms.set_xlim(min(steps) - 1, max(steps) + 1)  # no fractions of a step
    if histories:
        _mark(losses, norms, histories[0])
    losses.set_ylabel("loss")
    norms.set_ylabel("gradient norm")
    norms.set_xlabel("gradient steps")


def _curve(
    axes: Axes,
    steps: Sequence[int],
    values: Sequence[float],
    color: str,
    label: str,
    opacity: float,
) -> None:
    """A line through what was measured; nothing where nothing was."""
    at, height = np.array(steps, dtype=np.int64), np.array(values, dtype=np.float64)
    known = np.isfinite(height)
    if not known.any():
        return
    # A label that begins with an underscore is none: the legend names the strong lines.
    name = label if label and opacity == 1.0 else "_"
    marker = "o" if known.sum() < FEW else ""
    axes.plot(at[known], height[known], color=color, label=name, marker=marker, alpha=opacity)


def _positive(norms: Sequence[float]) -> list[float]:
    """The norms that a logarithmic axis can show; the others NaN."""
    return [norm if norm > 0 else float("nan") for norm in norms]


def _spans_a_decade(losses: Sequence[float]) -> bool:
    values = np.array(losses, dtype=np.float64)
    known = values[np.isfinite(values)]
    return bool(known.size and known.min() > 0 and known.max() > DECADE * known.min())


def _mark(losses: Axes, norms: Axes, history: History) -> None:
    """A line at the kept step, and a dot where its validation loss is known."""
    if history.best_step not in history.step:
        return
    for axes, label in ((losses, "kept step"), (norms, "_")):
        axes.axvline(history.best_step, color=MARK, linewidth=1, linestyle=":", label=label)
    value = _best_value(history)
    if np.isfinite(value):
        losses.plot([history.best_step], [value], color=VALIDATION, marker="o", markersize=7)


def _best_value(history: History) -> float:
    """The validation loss at the best step."""
    return history.val_loss[history.step.index(history.best_step)]


def _title(histories: Sequence[History]) -> str:
    done = max((step for each in histories for step in each.step), default=0)
    if not done:
        return "No training steps"
    who = f" of {len(histories)} networks" if len(histories) > 1 else ""
    return f"Loss{who} over {done:,} gradient steps"


def kept_note(histories: Sequence[History]) -> str:
    """The finding, and which network it is of."""
    if not histories or histories[0].best_step not in histories[0].step:
        return ""
    first = histories[0]
    value = _best_value(first)
    found = f", validation loss {brief(value)}" if np.isfinite(value) else ""
    lowest = min((each for each in first.val_loss if np.isfinite(each)), default=np.nan)
    if value > lowest:
        found += f", the last look near the lowest, {brief(lowest)}"
    text = f"kept at step {first.best_step:,}{found}"
    if len(histories) == 1:
        return text
    others = "the other is" if len(histories) == 2 else "the others are"
    return f"first network {text}; {others} faint"
