"""Write a run down: settings, scores, forecasts, pictures."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast import __version__, judge, store
from forecast.flows.csvtext import csv_of_table
from forecast.flows.tables import holdout_table, series_table
from forecast.judge import Scores
from forecast.spec import RunSpec
from forecast.types import Forecast, History, Ints, Loaded, Panel, Scale

if TYPE_CHECKING:
    from forecast.flows.finish import Finish
    from forecast.flows.fitting import Fitting

__all__ = [
    "data_document",
    "digest",
    "draw",
    "head",
    "last_times",
    "scale_document",
    "scores_document",
    "short_name",
    "write_log",
    "write_run",
    "write_scores",
]

PACKAGES = ("tensorflow", "keras", "onnxruntime", "numpy", "pandas", "scikit-learn", "matplotlib")
SCORES_SCHEMA = 1


def digest(spec: RunSpec, loaded: Loaded) -> str:
    """(hex) of settings and data together: equal runs have equal digests."""
    text = json.dumps([spec.to_json(), loaded.sha256], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def short_name(spec: RunSpec) -> str:
    """The file's name without its ending, "stdin" for standard input."""
    return "stdin" if spec.data.source == "-" else Path(spec.data.source).name.split(".")[0]


def head(spec: RunSpec, loaded: Loaded) -> dict[str, Any]:
    """How every run.json begins: who wrote it, when, with what, from which settings."""
    return {
        "tool": "forecast",
        "format": store.FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "digest": digest(spec, loaded),
        "versions": {
            "lstm-forecast": __version__,
            "python": platform.python_version(),
            **_versions(),
        },
        "spec": spec.to_json(),
    }


def _versions() -> dict[str, str]:
    """Of what is installed; to backtest a run takes less than to train one."""
    found = {}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def write_run(run: store.Run, fitting: Fitting, finish: Finish, loaded: Loaded) -> None:
    """run.json, the losses and the network."""
    spec, panel, units = fitting.spec, loaded.panel, fitting.units
    store.write_document(
        run.document,
        {
            **head(spec, loaded),
            "plan": dataclasses.asdict(fitting.plan),
            "data": data_document(spec, loaded, last_times(panel, panel.bounds[1:])),
            "schema": dataclasses.asdict(loaded.schema),
            "transform": units.transform,
            "scale": scale_document(tuple(panel.ids.tolist()), units.scale),
            "finish": _finish(finish),
            "training": {"steps": fitting.steps, "members": _members(fitting)},
        },
    )
    write_log(run, fitting.histories)
    fitting.network.save(run.keras)


def last_times(panel: Panel, end: Ints) -> tuple[str | int, ...]:
    """(N,) the time stamp before each row `end` (N,), as JSON has it."""
    times = panel.time[end - 1]
    return tuple((times.astype(str) if times.dtype.kind == "M" else times).tolist())


def data_document(spec: RunSpec, loaded: Loaded, ends: tuple[str | int, ...]) -> dict[str, Any]:
    """The file, and how far the network was trained on it.

    Args:
        spec: the settings.
        loaded: the data.
        ends: the last time stamp trained on of each series of the scale, as `last_times` has it.
    """
    source = spec.data.source
    return {
        "path": source if source == "-" else str(Path(source).resolve()),
        "sha256": loaded.sha256,
        "rows": loaded.rows,
        "last": str(loaded.panel.time.max()),
        "season": loaded.season,
        "repairs": [dataclasses.asdict(repair) for repair in loaded.repairs],
        "ends": list(ends),
    }


def scale_document(ids: tuple[str, ...], scale: Scale) -> dict[str, Any]:
    """The extremes that every series is scaled by, in the order of `ids`."""
    return {"ids": list(ids), "low": scale.low.tolist(), "high": scale.high.tolist()}


def write_log(run: store.Run, histories: list[History]) -> None:
    """The losses of every fit that was judged."""
    lines = [line for k, each in enumerate(histories, 1) for line in _looks(k, each)]
    store.write_text(run.log, "".join(json.dumps(line) + "\n" for line in lines))


def _finish(finish: Finish) -> dict[str, Any]:
    """Weights and calibration, (H, Q) as lists."""
    each = finish.calibration
    if each is None:
        return {"weights": finish.weights, "calibration": None}
    arrays = {"factors": each.factors.tolist(), "widths": each.widths.tolist()}
    return {"weights": finish.weights, "calibration": {**dataclasses.asdict(each), **arrays}}


def _members(fitting: Fitting) -> list[dict[str, Any]]:
    """What each member of the ensemble is."""
    return [
        {"window": shape.window, "form": shape.form, "steps": steps}
        for shape, steps in zip(fitting.shapes, fitting.refit_steps, strict=True)
    ]


def _looks(member: int, history: History) -> list[dict[str, Any]]:
    """A line of the log for each look at the losses."""
    names = ("step", "loss", "val_loss", "gradient_norm")
    columns = [getattr(history, name) for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    lines: list[dict[str, Any]] = [store.plain({"member": member, **row}) for row in rows]
    return lines


def write_scores(
    run: store.Run,
    loaded: Loaded,
    tried: dict[str, Forecast],
    scores: dict[str, Scores],
    finish: Finish,
    verdict: str,
) -> None:
    """metrics.json, series_metrics.csv and holdout.csv; only the first where nothing was held."""
    store.write_document(run.metrics, scores_document(loaded, scores, finish, verdict))
    if scores:
        store.write_text(run.series_metrics, csv_of_table(series_table(loaded, scores)))
        store.write_text(run.holdout, csv_of_table(holdout_table(loaded, tried)))


def scores_document(
    loaded: Loaded, scores: dict[str, Scores], finish: Finish, verdict: str
) -> dict[str, Any]:
    """The errors of every method over all series, with what they were measured on."""
    document: dict[str, Any] = {"schema": SCORES_SCHEMA, "season": loaded.season}
    document["weights"] = finish.weights
    horizons = finish.calibration.horizons if finish.calibration else 0.0
    document["rehearsal"] = {"horizons": horizons, "methods": _overall(finish.scores)}
    document["failures"] = list(finish.failures)
    document["methods"] = _overall(scores)
    if not scores:
        return document | {"series": 0, "verdict": verdict}
    document["series"] = len(scores[judge.LSTM].ids)
    document["by_step"] = {
        name: {metric: values.tolist() for metric, values in each.by_step.items()}
        for name, each in scores.items()
    }
    document["undefined"] = {name: each.reasons for name, each in scores.items() if each.reasons}
    return document | {"best_simple": judge.best_simple(scores), "verdict": verdict}


def _overall(scores: dict[str, Scores]) -> dict[str, Any]:
    """method -> its errors over all series, and its skill."""
    return {
        name: {**each.overall, "skill": judge.skill(each, scores[judge.REFERENCE])}
        for name, each in scores.items()
    }


def draw(
    run: store.Run,
    loaded: Loaded,
    forecast: Forecast | None,
    tried: dict[str, Forecast],
    scores: dict[str, Scores],
    histories: list[History],
) -> None:
    """The plots."""
    from forecast import show

    panel = loaded.panel
    if forecast is not None:
        show.save(show.forecast_figure(panel, forecast), run.plot("forecast"))
    show.save(show.loss_figure(histories), run.plot("loss"))
    if not scores:
        return
    name = judge.best_simple(scores)
    shipped = next(iter(tried))
    figure = show.holdout_figure(panel, {each: tried[each] for each in (shipped, name)})
    show.save(figure, run.plot("holdout"))
    if len(panel) > 1:
        errors = np.full(len(panel), np.nan)
        place = {str(series): i for i, series in enumerate(panel.ids)}
        ours = scores[shipped]
        errors[[place[series] for series in ours.ids]] = ours.by_series["mase"]
        figure = show.panel_figure(panel, tried[shipped], shipped, errors, "MASE")
        show.save(figure, run.plot("series"))
