"""forecast score"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.streams import say, say_error, say_json
from forecast.spec import DEFAULT_OUTPUT

if TYPE_CHECKING:
    from forecast.flows.score import Scored
    from forecast.types import Floats

__all__ = ["score"]

DRIFTED = 5  # the exit code
ROWS = 8  # of a table, at most; --json has all
TITLES = {"mae": "MAE", "rmse": "RMSE", "mase": "MASE", "smape": "sMAPE", "bias": "bias"}
NAIVE = "naive"  # its MASE
WIDTH = 10  # of a column


def score(
    data: Annotated[
        str | None,
        typer.Argument(
            help="What happened, or - for standard input; the training's own file if left out.",
            show_default=False,
        ),
    ] = None,
    model: o.Model = None,
    any_file: Annotated[
        bool,
        typer.Option("--any-file", help="Count runs trained on files of other names too."),
    ] = False,
    fail_on_drift: Annotated[
        bool, typer.Option("--fail-on-drift", help="Exit 5 when the newest errors are too high.")
    ] = False,
    plot: Annotated[
        str | None,
        typer.Option("--plot", metavar="FILE", help="Draw the errors over time, PNG."),
    ] = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Hold earlier forecasts against what has happened since."""
    from forecast import store
    from forecast.flows.score import draw_scores
    from forecast.flows.score import score as run_scoring

    run = store.find_run(Path(DEFAULT_OUTPUT), Path(model) if model else None)
    parts = run_scoring(run, data, "any" if any_file else "alike")
    if plot:
        draw_scores(parts, Path(plot))
    if as_json:
        say_json(_document(parts, plot))
    elif not quiet:
        for part in parts:
            for text in _lines(part):
                say(text)
        if plot:
            say(lines.line("plot", plot))
    drifted = [part for part in parts if part.drift.found]
    if drifted and fail_on_drift:
        hint = "train again: forecast train; forecast score --plot FILE shows since when"
        say_error(_told(drifted[0]).removeprefix("yes: "), hint, None)
        raise typer.Exit(DRIFTED)


def _lines(part: Scored) -> list[str]:
    from forecast import store

    run = store.shortest(part.run)
    windows = f"{_counted(len(part.cutoff), 'cutoff')} of {_counted(part.forecasts, 'forecast')}"
    said = [
        lines.line("model", str(run.folder)),
        lines.data_line(part.source, part.loaded),
        lines.line("scored", f"{windows} · {part.waiting:,} still wait for their rows"),
    ]
    said += [lines.line("left out", f"{n:,} {why}") for why, n in part.left.items()]
    if not len(part.cutoff):
        return said
    said += [lines.line("", text) for text in _table(part)]
    if part.holdout is not None:
        said.append(lines.line("holdout", f"MASE {lines.number(part.holdout)} in the training"))
    return [*said, lines.line("drift", _told(part))]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _table(part: Scored) -> list[str]:
    """The errors, a row for each step and each span of cutoffs."""
    widths = [name for name in part.tally.names if name.startswith("in")]
    widths.sort(key=lambda name: float(name[2:]))
    names = [*TITLES, "naive_mase", *widths]
    titles = [*TITLES.values(), NAIVE, *(f"in {name[2:]} %" for name in widths)]
    rows = _rows(part)
    first = max(len(label) for label, _ in rows)
    said = [f"{'step':<{first}}" + "".join(f"{title:>{WIDTH}}" for title in titles)]
    for label, row in rows:
        cells = "".join(f"{_cell(row[name], name):>{WIDTH}}" for name in names)
        said.append(f"{label:<{first}}{cells}")
    return said


def _rows(part: Scored) -> list[tuple[str, dict[str, float]]]:
    """The errors by step, over everything, and by spans of time, each with its label."""
    import numpy as np

    by_step, tally = part.tally.means(axis=0), part.tally
    places = np.unique(np.linspace(0, tally.horizon - 1, min(tally.horizon, ROWS)).astype(int))
    rows = [(str(k + 1), _at(by_step, k)) for k in places.tolist()]
    rows.append(("all", {name: float(value) for name, value in tally.means().items()}))
    stamps = _stamps(part)
    spans = np.array_split(np.arange(len(stamps)), min(len(stamps), ROWS))
    for span in spans if len(stamps) > 1 else []:
        first, last = stamps[span[0]], stamps[span[-1]]
        label = first if first == last else f"{first} to {last}"
        rows.append((label, {n: float(v) for n, v in tally.means(within=span).items()}))
    return rows


def _told(part: Scored) -> str:
    """Whether the newest forecasts are worse."""
    drift = part.drift
    if drift.lacking:
        return f"cannot be told yet: {drift.lacking}"
    since = f"the newest {drift.newest:,} cutoffs (from {_stamps(part)[drift.since]} on)"
    steps = "first step" if drift.steps == 1 else f"first {drift.steps} steps"
    text = f"{since} are {drift.ratio:.2f} times as far off as those before, in the {steps}"
    return f"yes: {text}" if drift.found else f"none: {text}"


def _stamps(part: Scored) -> list[str]:
    """(T,) the cutoffs as the data write them."""
    from forecast.data import render_time

    return [str(each) for each in render_time(part.cutoff, part.loaded.schema).tolist()]


def _at(means: dict[str, Floats], place: int) -> dict[str, float]:
    return {name: float(values[place]) for name, values in means.items()}


def _cell(value: float, name: str) -> str:
    return f"{value:.0f}" if name.startswith("in") and value == value else lines.number(value)


def _document(parts: tuple[Scored, ...], plot: str | None) -> dict[str, Any]:
    """What --json prints."""
    from forecast.store import plain

    document: dict[str, Any] = plain(
        {
            "command": "score",
            "data": parts[0].source,
            "ledger": str(parts[0].ledger),
            "groups": [_part(part) for part in parts],
            "drift": any(part.drift.found for part in parts),
            "plot": plot,
        }
    )
    return document


def _part(part: Scored) -> dict[str, Any]:
    import dataclasses

    tally, stamps = part.tally, _stamps(part)
    by_step, by_cutoff = tally.means(axis=0), tally.means(axis=1)
    return {
        "run": str(part.run.folder),
        "freq": part.loaded.panel.freq,
        "series": len(part.loaded.panel),
        "forecasts": part.forecasts,
        "cutoffs": len(stamps),
        "waiting": part.waiting,
        "left_out": part.left,
        "overall": {name: float(value) for name, value in tally.means().items()},
        "by_step": [{"step": k + 1, **_at(by_step, k)} for k in range(tally.horizon)],
        "by_cutoff": [{"cutoff": t, **_at(by_cutoff, k)} for k, t in enumerate(stamps)],
        "holdout": part.holdout,
        "drift": dataclasses.asdict(part.drift) | {"told": _told(part)},
    }
