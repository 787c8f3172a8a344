"""Predict: the newest rows and a trained run make the next forecast, without TensorFlow."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from forecast import data, prep, store
from forecast.errors import RunError
from forecast.flows.answer import answer, network_of
from forecast.flows.recall import Recalled, recall, recall_groups
from forecast.flows.staleness import refuse_stale
from forecast.spec import DataSpec
from forecast.types import Forecast, Loaded, Repair

__all__ = [
    "Predicted",
    "PredictedGroups",
    "asked",
    "asked_of_groups",
    "known_groups",
    "predict",
    "predict_groups",
]


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


@dataclass(frozen=True, slots=True)
class PredictedGroups:
    """Forecasts of a run that has a network for each of several frequencies.

    Attributes:
        run: the run that made them.
        source: the file whose rows they start from.
        groups: a forecast for each group that the file has series of.
        absent: frequencies of the other groups.
        left: series of the file that fit no group.
    """

    run: store.Run
    source: str
    groups: tuple[Predicted, ...]
    absent: tuple[str, ...]
    left: tuple[Repair, ...]


def predict(
    run: store.Run,
    source: str | None,
    future_data: str | None = None,
    max_age: float | None = None,
) -> Predicted:
    """Forecast from the end of the given file, or of the file that the run was trained on.

    Args:
        run: from `store.find_run`.
        source: a path, "-" for standard input, None for the training's own file.
        future_data: a file with the covariates known ahead; None: where the training found them.
        max_age: seconds that the newest row may be old; None for any age.

    Raises:
        RunError: the run cannot be used.
        DataError: the file cannot be read, is not like the one trained on, or lacks covariates
            that have to be known ahead.
        StaleError: the newest row is too old.
    """
    made = recall(run)
    spec = asked(run, made, source, future_data)
    data.keep_for_more(spec.source)
    loaded = data.load(spec, made.schema)
    refuse_stale(loaded, max_age)
    return _answered(run, made, loaded, spec.source)


def predict_groups(
    run: store.Run,
    source: str | None,
    future_data: str | None = None,
    max_age: float | None = None,
) -> PredictedGroups:
    """The same for every group of a run that has groups.

    Args:
        run: from `store.find_run`.
        source: as in `predict`.
        future_data: as in `predict`.
        max_age: as in `predict`, of the rows of each group.

    Raises:
        RunError: as in `predict`.
        DataError: as in `predict`; or the file has no series of any group.
    """
    made = recall_groups(run)
    spec = asked_of_groups(run, made, source, future_data)
    data.keep_for_more(spec.source)
    groups, left = data.load_groups(spec, known_groups(made))
    for each in groups:
        refuse_stale(each, max_age)
    here = {loaded.schema.freq: loaded for loaded in groups}
    return PredictedGroups(
        run=run,
        source=spec.source,
        groups=tuple(
            _answered(run.group(freq), made[freq], loaded, spec.source)
            for freq, loaded in here.items()
        ),
        absent=tuple(freq for freq in made if freq not in here),
        left=left,
    )


def asked(run: store.Run, made: Recalled, source: str | None, future_data: str | None) -> DataSpec:
    """The settings of the training's file for the file to start from."""
    if source is None and made.path == "-":
        raise RunError(
            f"{run.folder} was trained on standard input, which cannot be read again",
            hint="name the rows to start from: forecast predict DATA, or - for standard input",
        )
    spec = made.spec.data
    return dataclasses.replace(
        spec, source=source or made.path, future_data=future_data or spec.future_data
    )


def asked_of_groups(
    run: store.Run, made: dict[str, Recalled], source: str | None, future_data: str | None
) -> DataSpec:
    """The same for a run of groups: the run's own file; a group may not have gone on with it."""
    first = next(iter(made.values()))
    whole = dataclasses.replace(first, path=str(store.open_run(run)["data"]["path"]))
    return asked(run, whole, source, future_data)


def known_groups(made: dict[str, Recalled]) -> list[data.KnownGroup]:
    """The groups, as the loading of a newer file wants to know them."""
    return [data.KnownGroup(each.schema, each.ids, each.spec.data.season) for each in made.values()]


def _answered(run: store.Run, made: Recalled, loaded: Loaded, source: str) -> Predicted:
    """The forecast of one network from loaded rows."""
    panel = data.with_future(loaded.panel, made.plan.horizon, loaded.schema)
    changed = prep.transform_panel(panel, made.units.transform, made.units.season)
    scale, unseen = prep.match_scale(changed, made.ids, made.units.scale)
    units = dataclasses.replace(made.units, scale=scale)
    if made.spec.net.identity == "embedded":
        panel = prep.identify(panel, made.ids)
    network = network_of(run, made.spec, made.plan)
    cutoffs = prep.last_cutoffs(panel)
    said = answer(network, panel, units, cutoffs, made.plan)
    season = made.spec.data.season or loaded.season
    forecast = made.finish.apply(said, panel, cutoffs, units, season)
    return Predicted(run, source, _with_note(loaded, made), forecast, unseen)


def _with_note(loaded: Loaded, made: Recalled) -> Loaded:
    """The rows, and a note where they do not reach back to what the network wants to see."""
    reach = made.plan.year + made.plan.season
    young = int((loaded.panel.lengths < reach).sum()) if made.plan.year else 0
    if not young:
        return loaded
    note = (
        f"{young:,} series of fewer than {reach:,} rows: the network looks at last year, "
        "their first season stands in for it"
    )
    return dataclasses.replace(loaded, notes=(*loaded.notes, note))
