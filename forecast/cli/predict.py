"""forecast predict"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import lines
from forecast.cli import options as o
from forecast.cli.streams import say, say_json, say_raw
from forecast.spec import DEFAULT_OUTPUT

if TYPE_CHECKING:
    from forecast.flows.predict import Predicted

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
    model: o.Model = None,
    output: File = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    debug: o.Debug = False,
) -> None:
    """Forecast what comes after the newest rows, without training."""
    from forecast import store
    from forecast.flows import record
    from forecast.flows.predict import predict as run_prediction

    run = store.find_run(Path(DEFAULT_OUTPUT), Path(model) if model else None)
    predicted = run_prediction(run, data, future_data)
    text = record.forecast_csv((predicted.loaded, predicted.forecast))
    place = None if output == "-" else Path(output) if output else run.forecast
    if place is not None:
        store.write_text(place, text)
    if as_json:
        say_json(_document(predicted, place))
    elif place is None:
        say_raw(text)
    elif not quiet:
        for line in lines.predicted_lines(predicted, place):
            say(line)


def _document(predicted: Predicted, place: Path | None) -> dict[str, Any]:
    """What --json prints: the forecast itself."""
    from forecast.flows.record import forecast_rows
    from forecast.store import plain

    document: dict[str, Any] = plain(
        {
            "command": "predict",
            "run": str(predicted.run.folder),
            "data": predicted.source,
            "file": None if place is None else str(place),
            "forecast": forecast_rows(predicted.loaded, predicted.forecast),
        }
    )
    return document
