"""How the training went."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from forecast.show.canvas import grid_of, head, house_style
from forecast.show.ticks import log_axis, number_axis, step_axis
from forecast.show.wording import brief
from forecast.types import Floats, Ints

__all__ = ["loss_figure"]

TRAINING = "#0072B2"
VALIDATION = "#D55E00"
MARK = "#777777"
DECADE = 10.0


def loss_figure(steps: Ints, loss: Floats, val_loss: Floats, best_step: int) -> Figure:
    """Training and validation loss over gradient steps, the best step marked.

    The y axis is logarithmic where the losses span more than a factor of ten.

    Args:
        steps: (S,) gradient steps done at each look, rising.
        loss: (S,) training loss.
        val_loss: (S,) loss on the validation windows, NaN where it was not measured.
        best_step: the step whose weights were kept.

    Example:
        >>> steps, loss = np.array([10, 20]), np.array([0.5, 0.3])
        >>> loss_figure(steps, loss, np.array([0.6, 0.4]), best_step=20).get_suptitle()
        'Loss over 20 gradient steps'
    """
    curves = (("training", loss, TRAINING), ("validation", val_loss, VALIDATION))
    with house_style():
        figure, (axes,) = grid_of(1)
        for label, values, color in curves:
            known = np.isfinite(values)
            if known.any():
                # Few looks are points that were measured, many are a curve.
                marker = "o" if known.sum() < 3 else ""
                axes.plot(steps[known], values[known], color=color, label=label, marker=marker)
        if _spans_a_decade(np.concatenate([loss, val_loss])):
            log_axis(axes)
        else:
            number_axis(axes)
        step_axis(axes)
        _mark(axes, steps, val_loss, best_step)
        axes.set_xlabel("gradient steps")
        axes.set_ylabel("loss")
        done = int(steps.max(initial=0))
        title = f"Loss over {done:,} gradient steps" if done else "No training steps"
        head(figure, title, _note(steps, val_loss, best_step))
    return figure


def _spans_a_decade(values: Floats) -> bool:
    known = values[np.isfinite(values)]
    return bool(known.size and known.min() > 0 and known.max() > DECADE * known.min())


def _mark(axes: Axes, steps: Ints, val_loss: Floats, best_step: int) -> None:
    """A line at the best step, and a dot where its validation loss is known."""
    if best_step not in steps:
        return
    axes.axvline(best_step, color=MARK, linewidth=1, linestyle=":", label="best step")
    value = _value_at(steps, val_loss, best_step)
    if np.isfinite(value):
        axes.plot([best_step], [value], color=VALIDATION, marker="o", markersize=7)


def _value_at(steps: Ints, values: Floats, step: int) -> float:
    """The value at a step, NaN where there is none."""
    (places,) = np.nonzero(steps == step)
    return float(values[places[-1]]) if len(places) else float("nan")


def _note(steps: Ints, val_loss: Floats, best_step: int) -> str:
    """The finding."""
    if best_step not in steps:
        return ""
    value = _value_at(steps, val_loss, best_step)
    found = f", validation loss {brief(value)}" if np.isfinite(value) else ""
    return f"best at step {best_step:,}{found}"
