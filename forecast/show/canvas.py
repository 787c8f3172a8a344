"""The paper: one style, figures without pyplot's global state, PNG files that repeat."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from forecast.show.fonts import spell_out

__all__ = ["column_of", "grid_of", "head", "house_style", "save"]

STYLE = Path(__file__).with_name("forecast.mplstyle")
SINGLE_INCHES = (9.0, 4.8)
CELL_INCHES = (4.2, 2.7)
COLUMNS = 3
# Above the axes: the strip, and where in it title, note and legend begin, from the top.
HEAD_INCHES = 0.92
HEAD_LINES = (0.12, 0.40, 0.64)
MARGIN_INCHES = 0.12
NOTE_COLOR = "#444444"


@cache
def _style() -> dict[Any, Any]:
    return dict(matplotlib.rc_params_from_file(STYLE, use_default_template=False))


@contextmanager
def house_style() -> Iterator[None]:
    """The style of this project while the block runs, whatever the user's matplotlibrc says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_style())
        yield


def grid_of(count: int) -> tuple[Figure, list[Axes]]:
    """A figure with `count` axes, up to three in a row; to be called within `house_style`.

    Example:
        >>> with house_style():
        ...     figure, axes = grid_of(4)
        >>> len(axes), len(figure.axes)
        (4, 4)
    """
    columns = 2 if count == 4 else min(count, COLUMNS)
    rows = -(-count // columns)
    width, height = CELL_INCHES
    # A lone row is a little higher.
    size = (width * columns, height * rows + HEAD_INCHES + (0.5 if rows == 1 else 0.0))
    figure = Figure(figsize=SINGLE_INCHES if count == 1 else size)
    FigureCanvasAgg(figure)
    return figure, [figure.add_subplot(rows, columns, place + 1) for place in range(count)]


def column_of(heights: Sequence[float]) -> tuple[Figure, list[Axes]]:
    """A figure with axes of these relative heights one under the other, on one x axis.

    To be called within `house_style`.

    Example:
        >>> with house_style():
        ...     figure, (upper, lower) = column_of([2, 1])
        >>> upper.get_shared_x_axes().joined(upper, lower)
        True
    """
    figure = Figure(figsize=SINGLE_INCHES)
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(len(heights), 1, height_ratios=heights)
    column: list[Axes] = []
    for place in range(len(heights)):
        column.append(figure.add_subplot(grid[place], sharex=column[0] if column else None))
    for axes in column[:-1]:
        axes.tick_params(labelbottom=False)
    return figure, column


def head(figure: Figure, title: str, note: str = "") -> None:
    """Write the title, a note under it, and a legend of whatever is labelled, each label once."""
    named: dict[str, Artist] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    height = figure.get_figheight()
    # The layout engine would put title and legend one over the other: they get their own strip.
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0, 0, 1, 1 - HEAD_INCHES / height))
    left = MARGIN_INCHES / figure.get_figwidth()
    top, middle, bottom = (1 - inches / height for inches in HEAD_LINES)
    figure.suptitle(title, x=left, y=top, ha="left", va="top").set_in_layout(False)
    subtitle = figure.text(left, middle, note, color=NOTE_COLOR, ha="left", va="top")
    subtitle.set_in_layout(False)
    if named:
        corner = (left, bottom)
        legend = figure.legend(
            named.values(), list(named), loc="upper left", bbox_to_anchor=corner, ncols=len(named)
        )
        legend.set_in_layout(False)


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG; equal figures give equal bytes with the same matplotlib.

    Raises:
        OSError: the file cannot be written.
    """
    with house_style(), _no_word_of_weights():
        spell_out(figure)
        figure.savefig(path, format="png", metadata={"Software": None})


@contextmanager
def _no_word_of_weights() -> Iterator[None]:
    """A font that stands in for another need not be there in bold: say nothing of it."""
    logger = logging.getLogger("matplotlib.font_manager")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
