"""Predict: the newest rows and a trained run make the next forecast, without TensorFlow."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from forecast import data, infer, prep, store
from forecast.errors import RunError
from forecast.flows.answer import answer
from forecast.flows.recall import recall
from forecast.types import Forecast, Loaded

__all__ = ["Predicted", "predict"]


@dataclass(frozen=True, slots=True)
class Predicted:
    """A forecast of the future.

    Attributes:
        run: the run that made it.
        source: the file whose rows it starts from.
        loaded: those rows.
        forecast: one window per series.
        unseen: series that the training did not have; scaled by their own rows.
    """

    run: store.Run
    source: str
    loaded: Loaded
    forecast: Forecast
    unseen: tuple[str, ...]


def predict(run: store.Run, source: str | None, future_data: str | None = None) -> Predicted:
    """Forecast from the end of the given file, or of the file that the run was trained on.

    Args:
        run: from `store.find_run`.
        source: a path, "-" for standard input, None for the training's own file.
        future_data: a file with the covariates known ahead; None: where the training found them.

    Raises:
        RunError: the run cannot be used.
        DataError: the file cannot be read, is not like the one trained on, or lacks covariates
            that have to be known ahead.
    """
    made = recall(run)
    if source is None and made.path == "-":
        raise RunError(
            f"{run.folder} was trained on standard input, which cannot be read again",
            hint="name the rows to start from: forecast predict DATA, or - for standard input",
        )
    asked = made.spec.data
    spec = dataclasses.replace(
        asked, source=source or made.path, future_data=future_data or asked.future_data
    )
    loaded = data.load(spec, made.schema)
    panel = data.with_future(loaded.panel, made.plan.horizon, loaded.schema)
    changed = prep.transform_panel(panel, made.units.transform, made.units.season)
    scale, unseen = prep.match_scale(changed, made.ids, made.units.scale)
    units = dataclasses.replace(made.units, scale=scale)
    network = infer.load_network(run.onnx)
    forecast = answer(network, panel, units, prep.last_cutoffs(panel), made.plan)
    return Predicted(run, spec.source, loaded, forecast, unseen)
