"""Write a backtest down: scores, forecasts, pictures."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast import data, judge, store
from forecast.flows import record, tables
from forecast.flows.backtest_report import write_report
from forecast.flows.csvtext import csv_of_table
from forecast.judge import Scores
from forecast.spec import BacktestSpec, RunSpec
from forecast.types import Floats, Loaded

if TYPE_CHECKING:
    from forecast.flows.backtest import Backtest

__all__ = ["SCHEMA", "digest", "document", "write"]

SCHEMA = 1


def digest(spec: RunSpec, test: BacktestSpec, loaded: Loaded) -> str:
    """(hex) of settings and data together."""
    parts = [record.digest(spec, loaded), dataclasses.asdict(test)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def write(made: Backtest) -> None:
    """backtest.json, forecasts.csv, series_metrics.csv, the plots and the report."""
    store.write_document(made.place.document, document(made))
    store.write_text(made.place.forecasts, csv_of_table(_forecasts(made)))
    table = tables.series_table(made.loaded, made.scores)
    store.write_text(made.place.series_metrics, csv_of_table(table))
    _draw(made)
    write_report(made)


def document(made: Backtest) -> dict[str, Any]:
    """Settings, folds, and the scores of every method."""
    source, loaded = made.spec.data.source, made.loaded
    reference = made.by_fold[judge.REFERENCE]
    written: dict[str, Any] = store.plain(
        {
            **record.head(made.spec, loaded),
            "schema": SCHEMA,
            "test": dataclasses.asdict(made.test),
            "model": str(made.model.folder) if made.model else None,
            "data": {
                "path": source if source == "-" else str(Path(source).resolve()),
                "sha256": loaded.sha256,
                "rows": loaded.rows,
                "series": len(loaded.panel),
                "season": loaded.season,
            },
            "horizon": made.folds.horizon,
            "gap": made.folds.gap,
            "step": made.folds.step,
            "aligned": made.folds.aligned,
            "folds": _folds(made),
            "methods": {
                name: _numbers(each, made.scores[judge.REFERENCE])
                for name, each in made.scores.items()
            },
            "by_fold": {
                name: [_numbers(*pair) for pair in zip(each, reference, strict=True)]
                for name, each in made.by_fold.items()
            },
            "by_step": {
                name: {metric: values.tolist() for metric, values in each.by_step.items()}
                for name, each in made.scores.items()
            },
            "undefined": {n: each.reasons for n, each in made.scores.items() if each.reasons},
            "best": judge.ranked(made.scores)[0][0],
            "verdict": made.verdict,
            "failures": made.failures,
            "notes": made.notes,
        }
    )
    return written


def _numbers(scores: Scores, reference: Scores) -> dict[str, float]:
    return {**scores.overall, "skill": judge.skill(scores, reference)}


def _folds(made: Backtest) -> list[dict[str, Any]]:
    """From when to when each fold reaches, the cutoff being the last row that was seen."""
    like = next(iter(made.forecasts.values()))
    found = []
    for fold in range(len(made.folds)):
        inside = made.fold == fold
        ends = np.array(
            [like.cutoff[inside].min(), like.cutoff[inside].max(), like.time[inside].max()]
        )
        first, last, until = data.render_time(ends, made.loaded.schema).tolist()
        found.append(
            {
                "fold": fold + 1,
                "cutoff": last,
                **({} if first == last else {"earliest_cutoff": first}),
                "until": until,
                "windows": int(inside.sum()),
            }
        )
    return found


def _forecasts(made: Backtest) -> Any:
    """(rows) id, cutoff, time, step, what happened, and what each method said."""
    import pandas as pd

    first = next(iter(made.forecasts.values()))
    horizon = first.values.shape[1]
    columns: dict[str, Any] = tables.key_columns(made.loaded, first)
    names = list(columns)
    columns["cutoff"] = np.repeat(data.render_time(first.cutoff, made.loaded.schema), horizon)
    steps = np.arange(1, horizon + 1) + made.folds.gap
    columns["step"] = np.tile(steps, len(first.ids))
    columns["actual"] = np.ravel(first.actual if first.actual is not None else np.nan)
    for name, each in made.forecasts.items():
        columns[name] = each.point.ravel()
        for place, level in enumerate(each.levels):
            if level != 0.5:
                columns[f"{name} {tables.bound_name(level)}"] = each.values[:, :, place].ravel()
    rest = [name for name in columns if name not in names]
    return pd.DataFrame(columns)[[*names[:-1], "cutoff", names[-1], *rest[1:]]]


def _draw(made: Backtest) -> None:
    """The folds one after the other, skill by method, error by step of the horizon."""
    from forecast import show

    order, metric = judge.ranked(made.scores)
    main = judge.shipped(made.scores) or order[0]
    rival = next((name for name in order if name not in (main, *judge.OURS)), main)
    panel = made.loaded.panel
    said = {name: made.forecasts[name] for name in dict.fromkeys((main, rival))}
    show.save(show.folds_figure(panel, said), made.place.plot("folds"))
    skills = {name: _skills(made, name) for name in order}
    over_all = {
        name: judge.skill(made.scores[name], made.scores[judge.REFERENCE]) for name in order
    }
    show.save(
        show.skill_figure(over_all, skills, judge.REFERENCE, judge.OURS), made.place.plot("skill")
    )
    errors = {name: made.scores[name].by_step[metric] for name in order}
    figure = show.steps_figure(errors, metric.upper(), judge.OURS, made.folds.gap + 1)
    show.save(figure, made.place.plot("steps"))


def _skills(made: Backtest, name: str) -> Floats:
    """(K,) of each fold."""
    pairs = zip(made.by_fold[name], made.by_fold[judge.REFERENCE], strict=True)
    return np.array([judge.skill(own, reference) for own, reference in pairs])
