"""The lines of a summary, from the values that the flows give back."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from forecast.spec import DEFAULT_OUTPUT

if TYPE_CHECKING:
    from forecast.flows.predict import Predicted
    from forecast.flows.train import Trained
    from forecast.judge import Scores
    from forecast.prep import Plan
    from forecast.types import Forecast, Loaded, Schema

__all__ = [
    "columns_line",
    "data_line",
    "fit_lines",
    "forecast_line",
    "line",
    "notes",
    "number",
    "parts_of",
    "plan_line",
    "predicted_lines",
    "score_lines",
    "trained_lines",
]

FEW = 5  # names in a list
WIDTH = 45  # of the text before "change:"


def data_line(source: str, loaded: Loaded) -> str:
    """What was read."""
    from forecast import data

    panel = loaded.panel
    parts = ["stdin" if source == "-" else Path(source).name, f"{loaded.rows:,} rows"]
    if len(panel) > 1:
        parts.append(f"{len(panel):,} series")
    first, last = data.render_time(
        panel.time[[panel.time.argmin(), panel.time.argmax()]], loaded.schema
    )
    parts += [f"{first} to {last}", data.describe_freq(panel.freq)]
    parts.append(f"season {loaded.season}" if loaded.season > 1 else "no season")
    return line("data", " · ".join(parts))


def columns_line(loaded: Loaded) -> str:
    """Which column plays which part, and the flags that change it."""
    schema = loaded.schema
    roles = [f"target {schema.target}"]
    roles.append(f"time {' + '.join(schema.time)}" if schema.time else "rows numbered")
    if schema.ids:
        roles.append(f"id {' + '.join(schema.ids)}")
    more = {
        "past": schema.past,
        "future": schema.future,
        "static": schema.static,
        "unused": loaded.unused,
    }
    roles += [f"{role} {_few(names)}" for role, names in more.items() if names]
    return line("columns", f"{', '.join(roles):<{WIDTH}} change: --target --time --id")


def _few(names: tuple[str, ...]) -> str:
    """The first names; a file may have hundreds."""
    return " ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")


def plan_line(plan: Plan) -> str:
    """The sizes, and the flags that change them."""
    text = f"horizon {plan.horizon} · holdout {plan.holdout} · window {plan.window}"
    text += " and last year" if plan.year else ""
    return line("plan", f"{text:<{WIDTH}} change: --horizon --holdout --window")


def notes(loaded: Loaded) -> list[str]:
    """What was mended and what was noticed."""
    lines = []
    for repair in loaded.repairs:
        where = f" (line {', '.join(map(str, repair.lines[:3]))})" if repair.lines else ""
        flag = f"; change: {repair.flag}" if repair.flag else ""
        lines.append(
            line("mended", f"{repair.count:,} {repair.what}{where}: {repair.action}{flag}")
        )
    return lines + [line("note", text) for text in loaded.notes]


def trained_lines(trained: Trained) -> list[str]:
    """Training, scores, forecast, where to look, what to do next."""
    from forecast.store import shortest

    run = shortest(trained.run)
    lines = fit_lines(trained)
    shown = "forecast"
    if trained.forecast is None:
        lines.append(line("forecast", f"none yet: {trained.missing}"))
        shown = "holdout" if trained.scores else "loss"
    else:
        lines.append(forecast_line(trained.forecast, trained.loaded.schema, run.forecast))
        lines += _below_zero(trained.forecast, trained.loaded)
    lines.append(line("plots", str(run.plot(shown))))
    if trained.spec.report != "none":
        lines.append(line("report", str(run.report)))
    again = "forecast predict"
    if run.folder.parent != Path(DEFAULT_OUTPUT):
        again += f" --model {run.folder}"
    if trained.missing:
        again += " --future-data FILE"
    lines.append(line("next", f"{again:<22}  (new rows, no training)"))
    return lines


def _below_zero(forecast: Forecast, loaded: Loaded) -> list[str]:
    """That what was never negative is said to become so, and the flag that rules it out."""
    # No NaN is below zero, and none is at it either.
    if (loaded.panel.values[:, 0] < 0).any() or not (forecast.values < 0).any():
        return []
    name = loaded.schema.target
    return [
        line(
            "note",
            f"{name} was never below zero, the forecast reaches there; change: --non-negative",
        )
    ]


def fit_lines(trained: Trained) -> list[str]:
    """How the training went, and the scores."""
    step = trained.training
    text = "" if trained.members == 1 else f"{trained.members} networks · "
    text += f"{step.step}/{step.steps} · loss {step.loss:.3f}"
    text += "" if math.isnan(step.val_loss) else f" · val {step.val_loss:.3f}"
    return [
        line("training", f"{text} · {trained.seconds:.0f} s"),
        *_table(trained),
        *_standing(trained),
    ]


def predicted_lines(predicted: Predicted, place: Path | None) -> list[str]:
    """Which model, from which rows, where the forecast is."""
    from forecast.store import shortest

    lines = [
        line("model", str(shortest(predicted.run).folder)),
        data_line(predicted.source, predicted.loaded),
        *notes(predicted.loaded),
    ]
    if predicted.unseen and len(predicted.unseen) < len(predicted.forecast.ids):
        lines.append(line("note", f"{len(predicted.unseen):,} series are new to the model"))
    schema = predicted.loaded.schema
    return [*lines, forecast_line(predicted.forecast, schema, place)]


def _table(trained: Trained) -> list[str]:
    """Errors of every method on the holdout."""
    if not trained.scores:
        return [line("scores", "none: no holdout (--holdout 0, or every series too short)")]
    return score_lines(trained.scores)


def _standing(trained: Trained) -> list[str]:
    """What is shipped, how much its intervals held, and what is wrong with it."""
    said, weights = [], trained.finish.weights
    if not trained.finish.is_network_alone:
        parts = parts_of(weights)
        said.append(line("blend", f"{parts}, by rows before the holdout; change: --if-worse"))
    if trained.scores:
        overall = next(iter(trained.scores.values())).overall
        held = [
            f"{overall[name]:.0%} within the {name.removeprefix('coverage')}% interval"
            for name in overall
            if name.startswith("coverage") and not math.isnan(overall[name])
        ]
        said += [line("intervals", f"of the holdout {', '.join(held)}")] if held else []
    said += [line("warning", sentence) for sentence in trained.finish.failures]
    return said + ([line("verdict", trained.verdict)] if trained.verdict else [])


def parts_of(weights: dict[str, float]) -> str:
    """What a blend is made of.

    Example:
        >>> parts_of({"LSTM": 0.63, "seasonal naive": 0.37})
        '63% LSTM + 37% seasonal naive'
    """
    return " + ".join(f"{weight:.0%} {name}" for name, weight in weights.items())


def score_lines(scores: dict[str, Scores]) -> list[str]:
    """A table of the errors of every method."""
    from forecast import judge

    width = max(16, *(len(name) + 1 for name in scores))
    lines = [
        line("", f"{'method':<{width}}{'MAE':>10}{'RMSE':>10}{'MASE':>8}{'sMAPE':>8}{'skill':>8}")
    ]
    for name, each in scores.items():
        skill = judge.skill(each, scores[judge.REFERENCE])
        numbers = "".join(
            f"{number(each.overall[metric]):>{size}}"
            for metric, size in (("mae", 10), ("rmse", 10), ("mase", 8), ("smape", 8))
        )
        shown = "0" if name == judge.REFERENCE else "-" if math.isnan(skill) else f"{skill:+.2f}"
        lines.append(line("", f"{name:<{width}}{numbers}{shown:>8}"))
    return lines


def forecast_line(forecast: Forecast, schema: Schema, place: Path | None) -> str:
    from forecast import data

    first, last = data.render_time(forecast.time[[0, -1], [0, -1]], schema)
    return line("forecast", f"{first} to {last}    {place}")


def number(value: float) -> str:
    """Four digits that matter."""
    if math.isnan(value):
        return "-"
    if abs(value) >= 1e8:  # longer than its column
        return f"{value:.3e}"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"


def line(head: str, text: str) -> str:
    """A line of the summary: what it is about, and the text."""
    return f"{head:<10}{text}"
