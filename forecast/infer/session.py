"""Load a trained network and ask it; the one function that knows which runtime does it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.errors import RunError
from forecast.threads import cores
from forecast.types import Floats, Windows

__all__ = ["Network", "load_network"]

Network = Callable[[Windows], Floats]

TOGETHER = 512  # windows in one call: they stay in the caches, a sixth faster than 4,096


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
    options.intra_op_num_threads = 1  # the cores share the windows, not the parts of one product
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
            answers = _ask_all(session, parts, len(windows.x))
        except Exception as error:
            raise RunError(
                f"{path} does not fit the windows it is asked about: {_first_line(error)}",
                hint="train again, or name another run with --model",
            ) from error
        return np.concatenate(answers).astype(np.float64)

    return answer


def _ask_all(session: Any, parts: dict[str, NDArray[np.float32]], count: int) -> list[Floats]:
    """The answers for all windows, so many at a time on each core."""

    def ask(first: int) -> Floats:
        part = {name: array[first : first + TOGETHER] for name, array in parts.items()}
        answer: Floats = session.run(None, part)[0]
        return answer

    if count <= TOGETHER:
        return [ask(0)]
    with ThreadPoolExecutor(cores()) as all_cores:
        return list(all_cores.map(ask, range(0, count, TOGETHER)))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
