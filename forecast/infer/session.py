"""Load a trained network and ask it; the one function that knows which runtime does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecast.errors import RunError
from forecast.types import Floats, Windows

__all__ = ["Network", "load_network"]

Network = Callable[[Windows], Floats]

TOGETHER = 4096  # windows in one call; bounds the memory that a large panel takes


def load_network(path: Path, content: bytes | None = None) -> Network:
    """A function from scaled windows to scaled forecasts (B, H, Q).

    Args:
        path: of the ONNX graph that the training wrote.
        content: what the file holds, where it has been read already.

    Raises:
        RunError: the file is missing, cut short, or not a network of ours.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what goes wrong is raised; the rest is noise on stderr
    try:
        session = onnxruntime.InferenceSession(
            path.read_bytes() if content is None else content,
            options,
            providers=["CPUExecutionProvider"],
        )
    except Exception as error:  # onnxruntime raises a dozen classes of its own
        raise RunError(
            f"{path} is not a network that can be loaded: {_first_line(error)}",
            hint="train again, or name another run with --model",
        ) from error
    names = {node.name for node in session.get_inputs()}
    if not names <= {"x", "known", "static"} or "x" not in names:
        raise RunError(
            f"{path} is a network of somebody else's: it takes {', '.join(sorted(names))}",
            hint="name a run folder that forecast train wrote with --model",
        )

    def answer(windows: Windows) -> Floats:
        parts = {name: getattr(windows, name).astype(np.float32) for name in names}
        try:
            answers = [_ask(session, parts, first) for first in range(0, len(windows.x), TOGETHER)]
        except Exception as error:
            raise RunError(
                f"{path} does not fit the windows it is asked about: {_first_line(error)}",
                hint="train again, or name another run with --model",
            ) from error
        return np.concatenate(answers).astype(np.float64)

    return answer


def _ask(session: object, parts: dict[str, NDArray[np.float32]], first: int) -> Floats:
    """(b, H, Q) for the windows from `first` on."""
    part = {name: array[first : first + TOGETHER] for name, array in parts.items()}
    answer: Floats = session.run(None, part)[0]  # type: ignore[attr-defined]
    return answer


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
