"""forecast backtest"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.progress import shown
from forecast.cli.streams import say, say_json
from forecast.cli.training import Training, training_flags
from forecast.spec import DEFAULT_OUTPUT, METHODS, REFITS, BacktestSpec, DataSpec, Guard, RunSpec

if TYPE_CHECKING:
    from forecast.flows.backtest import Backtest
    from forecast.flows.events import Event

__all__ = ["backtest"]

_DEFAULT, _GUARD = BacktestSpec(), Guard()


@o.takes(o.data_flags, o.without(training_flags, "holdout"))
def backtest(
    data: DataSpec,
    training: Training,
    folds: Annotated[
        int, typer.Option("--folds", metavar="N", help="Cutoffs to forecast from.")
    ] = _DEFAULT.folds,
    step: Annotated[
        int | None,
        typer.Option(
            "--step",
            metavar="ROWS",
            help="From one cutoff to the next; the horizon if left out.",
            show_default=False,
        ),
    ] = None,
    gap: Annotated[
        int,
        typer.Option("--gap", metavar="ROWS", help="Between a cutoff and the first scored step."),
    ] = _DEFAULT.gap,
    refit: Annotated[
        str,
        typer.Option(
            "--refit", metavar="|".join(REFITS), help="Train before the first fold, or in each."
        ),
    ] = _DEFAULT.refit,
    methods: Annotated[
        list[str] | None,
        typer.Option(
            "--methods",
            metavar="NAMES",
            help=f"Of {', '.join(METHODS)}; with commas.",
            show_default=",".join(_DEFAULT.methods),
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="RUN",
            help="Test a run that is trained, on rows after its training.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the backtests are kept.")
    ] = DEFAULT_OUTPUT,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Of the backtest.", show_default=False)
    ] = "",
    wait: o.Wait = _GUARD.wait,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Test the LSTM and other methods on the past, from several cutoffs."""
    spec = RunSpec(data, training.net, training.fit, training.seed)
    asked = tuple(part.strip().lower() for text in methods or () for part in text.split(","))
    test = BacktestSpec(folds, step, gap, refit, asked or _DEFAULT.methods)
    silent, guard = quiet or as_json, Guard(wait)
    with shown(_deaf, wanted=not silent) as watch:
        if model is None:
            from forecast.flows.backtest import backtest as run_backtest

            made = run_backtest(spec, test, Path(output), name, watch, guard.wait)
        else:
            from forecast.flows.backtest_run import backtest_run
            from forecast.store import find_run

            run = find_run(Path(output), Path(model))
            made = backtest_run(run, spec, test, Path(output), name, watch, guard.wait)
    if as_json:
        say_json(_document(made))
    elif not quiet:
        for line in _lines(made):
            say(line)


def _deaf(event: Event) -> None:
    pass


def _lines(made: Backtest) -> list[str]:
    """What was tested on what, the table, the verdict, where the rest is."""
    return [
        lines.data_line(made.spec.data.source, made.loaded),
        lines.columns_line(made.loaded),
        *lines.notes(made.loaded),
        _folds_line(made),
        lines.line("methods", _how(made)),
        *_table(made),
        lines.line("verdict", made.verdict),
        *(lines.line("warning", sentence) for sentence in made.failures),
        *(lines.line("note", sentence) for sentence in made.notes),
        lines.line("scores", str(made.place.document)),
        lines.line("plots", str(made.place.plot("skill"))),
        lines.line("report", str(made.place.report)),
    ]


def _folds_line(made: Backtest) -> str:
    """How many cutoffs, from when to when, and the flags that change them."""
    from forecast.data import render_time

    folds, cutoff = made.folds, next(iter(made.forecasts.values())).cutoff
    first, last = render_time(cutoff[[cutoff.argmin(), cutoff.argmax()]], made.loaded.schema)
    sizes = [f"{len(folds)} from {first} to {last}", f"horizon {folds.horizon}"]
    sizes += [f"step {folds.step}"] if folds.step != folds.horizon else []
    sizes += [f"gap {folds.gap}"] if folds.gap else []
    text = " · ".join(sizes)
    return lines.line("folds", f"{text:<{lines.WIDTH}} change: --folds --horizon --step --gap")


def _how(made: Backtest) -> str:
    """What was trained, and how long everything took."""
    from forecast.judge import LSTM

    parts = [f"{len(made.scores)} on {len(made.fold):,} windows"]
    if made.model is not None:
        parts.append(f"network of {made.model.folder}")
    elif LSTM in made.scores:
        times = f"{len(made.folds)} times" if made.test.refit == "every" else "once"
        parts.append(f"network trained {times}, on rows before the cutoff")
    return " · ".join([*parts, f"{made.seconds:.0f} s"])


def _table(made: Backtest) -> list[str]:
    """Errors of every method, the best first; how often the intervals held what happened."""
    from forecast import judge

    levels = [name for each in made.scores.values() for name in each.overall if "coverage" in name]
    shares = list(dict.fromkeys(levels))
    head = f"{'method':<16}{'MAE':>10}{'RMSE':>10}{'MASE':>8}{'sMAPE':>8}{'skill':>8}"
    head += "".join(f"{'in ' + name.removeprefix('coverage') + '%':>8}" for name in shares)
    rows = [lines.line("", head)]
    for name in judge.ranked(made.scores)[0]:
        scores = made.scores[name]
        numbers = "".join(
            f"{lines.number(scores.overall[metric]):>{width}}"
            for metric, width in (("mae", 10), ("rmse", 10), ("mase", 8), ("smape", 8))
        )
        skill = judge.skill(scores, made.scores[judge.REFERENCE])
        shown = "0" if name == judge.REFERENCE else "-" if math.isnan(skill) else f"{skill:+.2f}"
        inside = (scores.overall.get(name) for name in shares)
        cells = "".join(f"{'' if share is None else f'{share:.0%}':>8}" for share in inside)
        rows.append(lines.line("", f"{name:<16}{numbers}{shown:>8}{cells}".rstrip()))
    return rows


def _document(made: Backtest) -> dict[str, Any]:
    """What --json prints: what backtest.json holds, and where everything is."""
    from forecast.flows.backtest_record import document

    place = made.place
    written = {key: value for key, value in document(made).items() if key != "schema"}
    return {
        "command": "backtest",
        "backtest": str(place.folder),
        **written,
        "files": {
            "scores": str(place.document),
            "forecasts": str(place.forecasts),
            "series_metrics": str(place.series_metrics),
            "report": str(place.report),
        },
        "seconds": round(made.seconds, 1),
    }
