"""Write a network as `predict` will run it, and see that it says there what it says here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forecast import infer, prep, store
from forecast.errors import ForecastError
from forecast.flows.answer import network_of
from forecast.infer import Network
from forecast.prep import Cutoffs, Plan
from forecast.spec import RunSpec
from forecast.types import Panel, Windows

if TYPE_CHECKING:
    from forecast import nets

__all__ = ["ship", "shown"]

SHOWN, EARLIER = 64, 4  # series, and cutoffs of each, that both are asked about
PARITY = 1e-5  # largest difference of the exported network from Keras, relative


def ship(
    run: store.Run,
    graph: nets.OnnxGraph,
    windows: Windows,
    spec: RunSpec,
    plan: Plan,
) -> Network:
    """The network as the run has it from now on.

    Args:
        run: where it is written.
        graph: of the network, all members as one.
        windows: that both are asked about.
        spec: the settings.
        plan: the sizes.

    Raises:
        ForecastError: the exported network differs from Keras by more than PARITY.
    """

    graph.write(run.onnx)
    exported = infer.load_network(run.onnx)
    ours, theirs = exported(windows), graph.ask(windows)
    worst = float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1.0)))
    if not worst <= PARITY:
        raise ForecastError(
            f"the exported network differs from Keras by {worst:.1e}, more than {PARITY:.0e}",
            hint="this is a bug in the export; please report the versions in run.json",
        )
    infer.write_golden(run.golden, windows, theirs)
    return network_of(run, spec, plan)


def shown(panel: Panel, plan: Plan) -> Cutoffs:
    """The ends of the first series, and of what they were a few horizons earlier."""
    ends = prep.last_cutoffs(panel).take(np.arange(min(len(panel), SHOWN)))
    series = np.tile(ends.series, EARLIER)
    rows = np.tile(ends.row, EARLIER) - np.repeat(np.arange(EARLIER) * plan.horizon, len(ends))
    there = rows > panel.bounds[series]
    return Cutoffs(series[there], rows[there])
