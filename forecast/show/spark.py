"""Lines so small that they stand in a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from forecast.show.page import Picture
from forecast.types import Floats

__all__ = ["spark"]

WIDTH, HEIGHT, MARGIN = 144.0, 32.0, 3.0  # pixels
MOST_POINTS = 72


def spark(lines: Sequence[tuple[Floats, str]], alt: str) -> Picture:
    """Lines on one scale, without axes.

    matplotlib takes 30 ms for each of these; a table has ten of them.

    Args:
        lines: (n,) values and their colour, on a page's common steps; NaN leaves a gap.
        alt: what they show.

    Example:
        >>> spark([(np.array([1.0, 3.0, 2.0]), "currentColor")], "a line").element.count("<path")
        1
    """
    length = max((len(values) for values, _ in lines), default=0)
    known = np.concatenate([values[np.isfinite(values)] for values, _ in lines] or [np.empty(0)])
    low, high = (known.min(), known.max()) if known.size else (0.0, 1.0)
    wide = (WIDTH - 2 * MARGIN) / max(length - 1, 1)
    tall = (HEIGHT - 2 * MARGIN) / (high - low) if high > low else 0.0
    paths = [
        f'<path d="{_path(values, wide, tall, low)}" fill="none" stroke="{escape(color)}" '
        'stroke-width="1.5"/>'
        for values, color in lines
    ]
    box = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none"'
    return Picture(f"<svg {box}>{''.join(paths)}</svg>", alt)


def _path(values: Floats, wide: float, tall: float, low: float) -> str:
    """Moves to what follows a gap, lines to the rest."""
    step = -(-len(values) // MOST_POINTS) or 1
    pen, words = "M", []
    for place in range(0, len(values), step):
        if not np.isfinite(values[place]):
            pen = "M"
            continue
        x, y = MARGIN + place * wide, HEIGHT - MARGIN - (values[place] - low) * tall
        words.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return "".join(words)
