"""Cut every series in time: train, then validation, then holdout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.types import Ints, Panel

__all__ = ["Split", "split_panel"]


@dataclass(frozen=True, slots=True)
class Split:
    """Where the parts of each series end; rows of the panel, one after the last.

    Attributes:
        start: (N,) first row.
        train_end: (N,) training rows are start:train_end.
        validation_end: (N,) validation rows are train_end:validation_end.
        end: (N,) holdout rows are validation_end:end.
    """

    start: Ints
    train_end: Ints
    validation_end: Ints
    end: Ints


def split_panel(panel: Panel, *, validation: int, holdout: int, least: int) -> Split:
    """The split of every series into train, validation and holdout rows.

    A series too short for all three gives up its validation rows first, then its holdout, so
    that every series can still be learnt from.

    Args:
        panel: the series.
        validation: rows of each series to stop the training by.
        holdout: last rows of each series, kept for the scores.
        least: training rows that a series must keep.

    Example:
        >>> import numpy as np
        >>> panel = Panel.single(np.arange(10.0), freq="D", start="2024-01-01")
        >>> split = split_panel(panel, validation=2, holdout=3, least=4)
        >>> split.train_end.tolist(), split.validation_end.tolist(), split.end.tolist()
        ([5], [7], [10])
    """
    start, end = panel.bounds[:-1], panel.bounds[1:]
    rows = end - start
    kept_out = np.where(rows >= least + holdout, holdout, 0)
    held = np.where(rows >= least + kept_out + validation, validation, 0)
    validation_end = end - kept_out
    return Split(start, validation_end - held, validation_end, end)
