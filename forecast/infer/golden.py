"""A few windows and what was said of them: an upgrade that changes the answer is noticed."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from forecast.errors import RunError
from forecast.infer.session import Network
from forecast.types import Floats, Windows

__all__ = ["GOLDEN", "check_golden", "golden_windows", "write_golden"]

GOLDEN = 4  # windows that are kept
TOLERANCE = 1e-4  # relative; float32 on another processor differs by a hundredth of that
PARTS = ("x", "known", "static")


def write_golden(path: Path, windows: Windows, answer: Floats) -> None:
    """Keep the first windows, as the network takes them, with the answer to them.

    Args:
        path: of the file, an npz of plain arrays.
        windows: scaled; x (B, L, C), known (B, L + H, K), static (B, S).
        answer: (B, H, Q) scaled, by Keras.
    """
    kept = {name: getattr(windows, name)[:GOLDEN].astype(np.float32) for name in PARTS}
    with path.open("wb") as file:
        np.savez_compressed(file, **kept, answer=answer[:GOLDEN])


def golden_windows(path: Path, content: bytes) -> tuple[Windows, Floats]:
    """The windows that were kept, and the answer (B, H, Q) of the day.

    Args:
        path: of the file, for the message.
        content: what it holds.

    Raises:
        RunError: it holds something else.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            x, known, static = (kept[name].astype(np.float64) for name in PARTS)
            answer: Floats = kept["answer"].astype(np.float64)
        if not len(x) == len(known) == len(static) == len(answer) > 0:
            raise ValueError("the windows do not fit the answer")
    except Exception as error:  # zipfile, zlib and NumPy each have several of their own
        raise RunError(
            f"{path} does not hold the windows that the training kept: {error}",
            hint="train again, or name another run with --model",
        ) from error
    nothing = np.full(answer.shape[:2], np.nan)
    places = np.arange(len(x))
    return Windows(x, nothing, known, static, series=places, cutoff=places), answer


def check_golden(network: Network, path: Path, content: bytes) -> None:
    """See that the network still says what it said when it was trained.

    Raises:
        RunError: it does not, or the file holds something else.
    """
    windows, expected = golden_windows(path, content)
    said = network(windows)
    if said.shape == expected.shape:
        worst = float(np.max(np.abs(said - expected) / np.maximum(np.abs(expected), 1.0)))
    else:
        worst = float("inf")
    if not worst <= TOLERANCE:
        raise RunError(
            f"the network no longer says what it said when it was trained: off by {worst:.1e} of "
            f"the scale on the windows in {path}, allowed are {TOLERANCE:.0e}",
            hint="go back to the onnxruntime in the versions of run.json, or train again",
        )
