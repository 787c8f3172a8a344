"""Small drawings for a page: SVG whose letters are the page's and whose colours follow it."""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from forecast.show.canvas import house_style
from forecast.show.page import Picture

__all__ = ["drawing", "small_style", "upright"]

# As wide as a phone: a point of the figure is about a pixel there, and letters stay legible.
WIDTH, HEIGHT = 5.2, 3.1  # inches
LEFT, RIGHT, FOOT, TOP, GAP = 0.62, 0.42, 0.42, 0.3, 0.5  # inches around the axes, and between
MOST_LETTERS = 60_000  # of a drawing; beyond, dots are fewer
DOTS_PER_INCH = 220
# What the style and the figures draw with -> the page's own, light or dark.
COLORS = {
    "#222222": "currentColor",
    "#333333": "currentColor",
    "#444444": "var(--soft)",
    "#777777": "var(--soft)",
    "#999999": "var(--soft)",
    "#e6e6e6": "var(--grid)",
    "#0072b2": "var(--model)",
    "#d55e00": "var(--rival)",
    "#009e73": "var(--third)",
    "#cc79a7": "var(--fourth)",
}


@contextmanager
def small_style() -> Iterator[None]:
    """The house's style for drawings of this size, while the block runs."""
    own: dict[Any, Any] = {
        "figure.constrained_layout.use": False,  # takes as long as all the rest of the drawing
        "svg.fonttype": "none",
        "font.size": 10,
        "legend.fontsize": 9.5,
        "lines.linewidth": 1.5,
    }
    with house_style():
        matplotlib.rcParams.update(own)
        yield


def upright(heights: Sequence[float] = (1.0,)) -> tuple[Figure, list[Axes]]:
    """A small figure with axes of these relative heights, one under the other.

    To be called within `small_style`.

    Example:
        >>> with small_style():
        ...     figure, axes = upright([2, 1])
        >>> len(axes)
        2
    """
    height = HEIGHT + 1.1 * (len(heights) - 1)
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasSVG(figure)
    grid = figure.add_gridspec(
        len(heights),
        1,
        height_ratios=heights,
        left=LEFT / WIDTH,
        right=1 - RIGHT / WIDTH,
        bottom=FOOT / height,
        top=1 - TOP / height,
        hspace=GAP * len(heights) / (height - FOOT - TOP),
    )
    return figure, [figure.add_subplot(grid[place]) for place in range(len(heights))]


def drawing(figure: Figure, name: str, alt: str, caption: str = "") -> Picture:
    """The figure to stand in a page, as SVG or as dots; to be called within `small_style`.

    Args:
        figure: from `upright`.
        name: of the drawing, another for each of a page: what it is made of is named after it.
        alt: what it shows, for who cannot see it.
        caption: what to see in it.
    """
    named = {label: handle for axes in figure.axes for handle, label in _labelled(axes)}
    if named:
        figure.legend(
            named.values(),
            list(named),
            loc="upper left",
            bbox_to_anchor=(LEFT / WIDTH, 1.0),
            ncols=len(named),
            columnspacing=1.1,
            handlelength=1.2,
        )
    matplotlib.rcParams["svg.hashsalt"] = name
    with warnings.catch_warnings():
        # The letters are drawn by the browser, with its own fonts; here they are only measured.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        buffer = io.StringIO()
        metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(buffer, format="svg", transparent=True, metadata=metadata)
        element = _inline(buffer.getvalue())
        if len(element) > MOST_LETTERS:
            element = _dots(figure)
    return Picture(element, alt, caption)


def _dots(figure: Figure) -> str:
    """The figure as an image of dots on white, for what would take too many lines."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'<img alt="" src="data:image/png;base64,{data}">'


def _labelled(axes: Axes) -> Iterator[tuple[Artist, str]]:
    """What has a label in these axes."""
    yield from zip(*axes.get_legend_handles_labels(), strict=True)


def _inline(text: str) -> str:
    """The element alone, without what HTML does not need; its colours are the page's."""
    element = text[text.index("<svg") :].strip()
    element = re.sub(
        r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", element, flags=re.DOTALL
    )
    # Letters are escaped, so that what stands between < and > was written by matplotlib.
    element = re.sub(r"<[^>]*>", lambda tag: _tag(tag[0]), element)
    return re.sub(r">\s+<", "><", element)


def _tag(tag: str) -> str:
    """One tag: no namespaces, no names of groups, fewer digits, colours of the page."""
    tag = re.sub(r' xmlns(:xlink)?="[^"]*"| version="1.1"', "", tag)
    tag = re.sub(r'^<g id="[^"]*"', "<g", tag)
    tag = re.sub(r'^<svg( width="[^"]*"| height="[^"]*")+', "<svg", tag)
    tag = re.sub(r"(\.\d\d)\d+", r"\1", tag) if tag.startswith(("<path", "<use", "<text")) else tag
    tag = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", tag)
    return re.sub(r"#[0-9a-f]{6}\b", lambda color: COLORS.get(color[0], color[0]), tag)
