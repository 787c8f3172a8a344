"""Export: the network of a run as a file that another program runs, tried out beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from forecast import infer, store
from forecast.errors import ForecastError, SpecError
from forecast.flows.layout import Port, layout
from forecast.flows.needs import TO_TRAIN, need
from forecast.flows.recall import recall
from forecast.spec import EXPORTS
from forecast.types import Floats, Windows

if TYPE_CHECKING:
    from forecast import nets

__all__ = ["Exported", "export"]

PARITY = 1e-5  # largest difference from Keras, relative; 1e-6 was the worst that was measured


@dataclass(frozen=True, slots=True)
class Exported:
    """A network written for another program.

    Attributes:
        run: where it comes from.
        kind: one of EXPORTS.
        path: the file, or the folder of a SavedModel.
        layout: the inputs in their order, then the output.
        windows: that it was tried on.
        difference: from what Keras says of them, relative.
    """

    run: store.Run
    kind: str
    path: Path
    layout: tuple[Port, ...]
    windows: int
    difference: float


def export(run: store.Run, kind: str, output: Path | None, taken: str) -> Exported:
    """Write the network of a run in another format; what is there at the end was run once.

    Args:
        run: from `store.find_run`.
        kind: one of EXPORTS.
        output: where to; None for a place in the run's folder.
        taken: "replace" what is there, or "refuse" to.

    Raises:
        SpecError: there is no such format.
        InstallError: the format takes TensorFlow, which is not installed.
        RunError: the run cannot be used.
        OutputError: the place is taken, or cannot be written.
        ForecastError: the network cannot be written so, or would say something else.
    """
    if kind not in EXPORTS:
        raise SpecError(f"no format is called {kind!r}", hint=f"--to takes {', '.join(EXPORTS)}")
    made = recall(run)
    place = output or run.export(kind)
    store.see_free(place, taken)  # said before TensorFlow wakes
    network = None if kind == "onnx" and run.golden.exists() else _keras(run, kind)
    windows, expected = _windows(run, network)
    with store.new_place(place, taken) as draft:
        if kind == "onnx":
            draft.write_bytes(store.read(run, run.onnx))
            said = infer.load_network(draft)(windows)
        else:
            from forecast import nets

            nets.export(network, kind, draft)
            said = nets.ask_export(kind, draft, windows)
        worst = float(np.max(np.abs(said - expected) / np.maximum(np.abs(expected), 1.0)))
        if not worst <= PARITY:
            raise ForecastError(
                f"as {kind} the network differs from Keras by {worst:.1e}, more than {PARITY:.0e}",
                hint="this is a bug in the export; please report the versions in run.json",
            )
    return Exported(run, kind, place, layout(made), len(windows.x), worst)


def _keras(run: store.Run, kind: str) -> nets.Model:
    """The network as the training saved it."""
    need(TO_TRAIN, f"export --to {kind}")
    store.read(run, run.keras)  # what is not there is said before TensorFlow wakes
    from forecast import nets

    return nets.load(run.keras)


def _windows(run: store.Run, network: nets.Model | None) -> tuple[Windows, Floats]:
    """Windows to try the export on, and what Keras says of them: today, or when it was trained."""
    if network is None:
        return infer.golden_windows(run.golden, store.read(run, run.golden))
    from forecast import nets

    if run.golden.exists():
        windows = infer.golden_windows(run.golden, store.read(run, run.golden))[0]
    else:
        windows = nets.some_windows(network)
    return windows, nets.predict(network, windows)
