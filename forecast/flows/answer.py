"""Ask a trained network: windows in, forecasts in original units out."""

from __future__ import annotations

import numpy as np

from forecast import data, infer, prep, store
from forecast.errors import RunError
from forecast.infer import Network
from forecast.prep import Cutoffs, Plan, Units
from forecast.spec import RunSpec
from forecast.threads import ahead
from forecast.types import Floats, Forecast, Ints, Panel, Times, Windows

__all__ = ["answer", "network_of", "recursion"]

BLOCK = 8192  # windows gathered at once


def answer(network: Network, panel: Panel, units: Units, cutoffs: Cutoffs, plan: Plan) -> Forecast:
    """The network's forecasts at the given cutoffs, in original units.

    Actuals are those that the panel holds after each cutoff, without values that were filled in;
    None if it holds none.

    Raises:
        RunError: the network is not the one that the plan is of.
    """
    said = _said(network, panel, units, cutoffs, plan)
    if said.shape[1:] != (plan.horizon, len(plan.levels)):
        raise RunError(
            f"the network gives {said.shape[1]} steps of {said.shape[2]} quantiles, its plan says "
            f"{plan.horizon} of {len(plan.levels)}",
            hint="train again, or name another run with --model",
        )
    actual = _actual(panel, cutoffs, plan.horizon)
    return Forecast(
        values=units.to_original(said, panel, cutoffs),
        levels=plan.levels,
        time=_times(panel, cutoffs, plan.horizon),
        ids=panel.ids[cutoffs.series],
        cutoff=panel.time[cutoffs.row - 1],
        actual=None if np.isnan(actual).all() else actual,
    )


def _said(network: Network, panel: Panel, units: Units, cutoffs: Cutoffs, plan: Plan) -> Floats:
    """(W, H, Q) scaled.

    Only the series of a block of windows are scaled for it: 20 million rows, scaled at once, pass
    through half a gigabyte.
    """
    order = np.argsort(cutoffs.series, kind="stable")
    held, scaled = (0, 0), panel

    def gathered(places: Ints) -> Windows:
        nonlocal held, scaled
        some = cutoffs.take(places)
        first, last = int(some.series[0]), int(some.series[-1]) + 1
        if held != (first, last):
            held, scaled = (
                (first, last),
                units.part(first, last).to_network(prep.part_of(panel, first, last)),
            )
        here = Cutoffs(some.series - first, some.row - panel.bounds[first])
        return prep.gather(scaled, here, plan)

    blocks = np.array_split(order, -(-len(order) // BLOCK))
    said = np.concatenate([network(windows) for windows in ahead(gathered, blocks)])
    said[order] = said.copy()
    return said


def network_of(run: store.Run, spec: RunSpec, plan: Plan) -> Network:
    """The run's network, which makes all steps of the horizon.

    Raises:
        RunError: it cannot be loaded, is not the one that was published, or no longer says what
            it said when it was trained.
    """
    network = infer.load_network(run.onnx, store.read(run, run.onnx))
    if run.sums.exists():
        infer.check_golden(network, run.golden, store.read(run, run.golden))
    return network if spec.net.strategy == "direct" else recursion(network, plan)


def recursion(one_step: Network, plan: Plan) -> Network:
    """All steps of the plan from a network that makes one."""
    middle = plan.levels.index(0.5)
    return infer.recursive(one_step, plan.horizon, middle, beside=1 if plan.year else 0)


def _actual(panel: Panel, cutoffs: Cutoffs, horizon: int) -> Floats:
    """(W, H) the target after each cutoff, NaN where it is filled in or still to come."""
    rows = cutoffs.row[:, None] + np.arange(horizon)
    inside = rows < panel.bounds[cutoffs.series + 1][:, None]
    rows = np.minimum(rows, len(panel.values) - 1)
    if panel.observed is not None:
        inside &= panel.observed[rows, 0]
    return np.where(inside, panel.values[rows, 0], np.nan)


def _times(panel: Panel, cutoffs: Cutoffs, horizon: int) -> Times:
    """(W, H) the panel's own time stamps while they last, then those that come next."""
    rows = cutoffs.row[:, None] + np.arange(horizon)
    beyond = rows - panel.bounds[cutoffs.series + 1][:, None]  # 0 is the first step after the end
    coming = data.future_time(panel, horizon)[cutoffs.series]
    later = np.take_along_axis(coming, np.clip(beyond, 0, horizon - 1), axis=1)
    times: Times = np.where(beyond < 0, panel.time[np.minimum(rows, len(panel.time) - 1)], later)
    return times
