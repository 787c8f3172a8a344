"""forecast predict"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.log import data_read, log_line
from forecast.cli.streams import say, say_json, say_note, say_raw
from forecast.errors import SpecError
from forecast.spec import DEFAULT_OUTPUT

if TYPE_CHECKING:
    from forecast.flows.predict import Predicted
    from forecast.store import Run

__all__ = ["predict"]

Rows = Annotated[
    str | None,
    typer.Argument(
        help="The newest rows, or - for standard input; the training's own file if left out.",
        show_default=False,
    ),
]
File = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where to write, - for stdout; else into the run."
    ),
]


def predict(
    data: Rows = None,
    future_data: Annotated[
        str | None,
        typer.Option(
            "--future-data", metavar="FILE", help="The covariates known ahead.", show_default=False
        ),
    ] = None,
    max_staleness: o.Staleness = None,
    model: o.Model = None,
    output: File = None,
    ledger: Annotated[
        bool,
        typer.Option(
            "--ledger/--no-ledger", help="Keep the forecast, for forecast score to judge."
        ),
    ] = True,
    log: o.Log = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Forecast what comes after the newest rows, without training."""
    from forecast import store
    from forecast.flows.predict import predict as run_prediction
    from forecast.flows.predict import predict_groups as run_predictions
    from forecast.flows.recall import group_freqs

    if output and output != "-" and Path(output).is_dir():
        raise SpecError(
            f"--output {output} is a folder; predict writes one file",
            hint=f"--model {output} takes the run that is in it; --output - writes to stdout",
        )
    run = store.find_run(Path(DEFAULT_OUTPUT), Path(model) if model else None)
    place = None if output == "-" else Path(output) if output else run.forecast
    shown = store.shortest(run).forecast if place == run.forecast else place
    if group_freqs(store.open_run(run)):
        from forecast.cli import groups

        several = run_predictions(run, data, future_data, max_staleness)
        made, said = several.groups, groups.predicted_lines(several, shown)
    else:
        predicted = run_prediction(run, data, future_data, max_staleness)
        made, said = (predicted,), lines.predicted_lines(predicted, shown)
    content = _written(made, place, run)
    for each in made:
        log_line(log, "data", source=each.source, **data_read(each.loaded))
    log_line(log, "forecast", run=str(run.folder), file=None if place is None else str(place))
    if ledger:
        _keep(made, log, quiet=quiet)
    if as_json:
        say_json(_document(run, made, place))
    elif place is None:
        say_raw(content.decode())
    elif not quiet:
        for line in said:
            say(line)


def _written(made: tuple[Predicted, ...], place: Path | None, run: Run) -> bytes:
    """The forecasts as CSV; in the run each group has its own besides that of all."""
    from forecast import store
    from forecast.flows.tables import forecast_csv

    content = forecast_csv(*((each.loaded, each.forecast) for each in made))
    if place is not None:
        store.write_bytes(place, content)
    for each in made:
        if place == run.forecast and each.run != run:
            store.write_bytes(each.run.forecast, forecast_csv((each.loaded, each.forecast)))
    return content


def _keep(made: tuple[Predicted, ...], log: str | None, *, quiet: bool) -> None:
    """Into the ledger, where it can be written."""
    from forecast.flows.events import Event, NotKept
    from forecast.flows.keeping import keep_forecast

    def watch(event: Event) -> None:
        if isinstance(event, NotKept):
            log_line(log, "not kept", why=event.why)
            if not quiet:
                say_note(f"not kept for forecast score: {event.why}")

    for each in made:
        keep_forecast(each.run, "predict", each.loaded, each.forecast, watch)


def _document(run: Run, made: tuple[Predicted, ...], place: Path | None) -> dict[str, Any]:
    """What --json prints: the forecast itself."""
    from forecast.flows.tables import forecast_rows
    from forecast.store import plain

    document: dict[str, Any] = plain(
        {
            "command": "predict",
            "run": str(run.folder),
            "data": made[0].source,
            "file": None if place is None else str(place),
            "forecast": [row for each in made for row in forecast_rows(each.loaded, each.forecast)],
        }
    )
    return document
