"""What the data and the settings make of the network: its sizes, and what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forecast import prep
from forecast.errors import SpecError
from forecast.prep import Plan
from forecast.spec import RunSpec
from forecast.types import Loaded, Panel

if TYPE_CHECKING:
    from forecast import nets

__all__ = ["refuse_what_cannot_be", "shape_of"]


def shape_of(plan: Plan, form: str, spec: RunSpec, loaded: Loaded) -> nets.Shape:
    """What a member is built for."""
    from forecast import nets

    panel = loaded.panel
    return nets.Shape(
        window=plan.window,
        horizon=1 if spec.net.strategy == "recursive" else plan.horizon,
        fold=plan.fold,
        season=plan.season,
        columns=panel.values.shape[1],
        texts=panel.texts,
        marked=plan.marked,
        known=panel.known + (1 if plan.year else 0),
        static=tuple(_static(panel, place, loaded) for place in range(len(panel.static_columns))),
        levels=spec.fit.levels,
        fan="through" if spec.fit.loss == "pinball" else "beside",
        form=form,
        chunks=plan.chunks,
        last_year=plan.year > 0,
    )


def _static(panel: Panel, place: int, loaded: Loaded) -> nets.Static:
    """What a static column holds: names of series, categories, or numbers."""
    from forecast import nets

    name, values = panel.static_columns[place], panel.static[:, place]
    if name == prep.IDENTITY:
        return nets.Static(categories=len(panel))
    if name in loaded.schema.categories:
        return nets.Static(categories=len(loaded.schema.categories[name]))
    return nets.Static(float(np.mean(values)), float(np.std(values)) or 1.0)


def refuse_what_cannot_be(spec: RunSpec, panel: Panel) -> None:
    """Settings that these data rule out.

    Raises:
        SpecError: with what to do instead.
    """
    past = panel.values.shape[1] - 1 - panel.known
    if spec.net.strategy == "recursive" and past:
        raise SpecError(
            f"--strategy recursive has no future of the {past} --past covariate(s)",
            hint="take --strategy direct, or leave them out",
        )
    if spec.net.state == "carried" and len(panel) > 1:
        raise SpecError(
            f"--stateful carries a state along one series, the data hold {len(panel):,}",
            hint="leave --stateful out",
        )
