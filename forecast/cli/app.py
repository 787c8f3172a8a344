"""The commands, and what becomes of an error."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from forecast import __version__
from forecast.cli.backtest import backtest
from forecast.cli.check import check
from forecast.cli.export import export
from forecast.cli.models import models
from forecast.cli.predict import predict
from forecast.cli.runs import runs
from forecast.cli.streams import say_error
from forecast.cli.train import train
from forecast.cli.update import update
from forecast.errors import ForecastError

__all__ = ["app", "main"]

EPILOG = (
    "Exit codes: 0 done, 1 a bug, 2 wrong usage, output or installation, 3 bad data, "
    "4 no usable model, 6 rows too old, 7 another process is writing there, "
    "8 time limit too short, 130 interrupted, 143 terminated."
)

app = typer.Typer(
    name="forecast",
    help="Forecast time series with an LSTM: a CSV in, a checked forecast out.",
    epilog=EPILOG,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check)
app.command("train")(train)
app.command("predict")(predict)
app.command("update")(update)
app.command("backtest")(backtest)
app.command("export")(export)
app.command("models")(models)
app.add_typer(runs, name="runs")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"forecast {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


def main() -> NoReturn:
    """Run the command and exit with its code; nothing but an error code leaves this room."""
    signal.signal(signal.SIGTERM, _terminated)
    # Arrow's own pool begins with 5 MB, and asks the system for more page by page.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    arguments = sys.argv[1:]
    try:
        code = app(arguments, standalone_mode=False)
        sys.stdout.flush()
    except ForecastError as error:
        code = _failed(error, error.message, error.hint, error.code, error.exit_code, arguments)
    except typer.TyperException as error:
        hint = "forecast --help, or forecast COMMAND --help, lists the flags"
        code = _failed(error, error.format_message(), hint, "usage", 2, arguments)
    except (KeyboardInterrupt, typer.Abort):
        say_error("interrupted; what was there before is unchanged", "", None)
        code = 130
    except SystemExit as stop:
        say_error("terminated; what was there before is unchanged", "", None)
        code = stop.code
    except BrokenPipeError:
        # The reader of our output went away; that is its right, and Python shall not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        hint = "please report it with the output of the same command and --debug"
        text = f"this is a bug: {type(error).__name__}: {error}"
        code = _failed(error, text, hint, "bug", 1, arguments)
    sys.exit(code if isinstance(code, int) else 0)


def _failed(
    error: Exception, message: str, hint: str, code: str, exit_code: int, arguments: list[str]
) -> int:
    if "--debug" in arguments:
        traceback.print_exception(error)
    document = {"code": code, "exit_code": exit_code, "message": message, "hint": hint}
    say_error(message, hint, document if "--json" in arguments else None)
    return exit_code


def _terminated(signum: int, frame: object) -> NoReturn:
    raise SystemExit(143)
