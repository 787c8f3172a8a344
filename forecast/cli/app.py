"""The commands, and what becomes of an error."""

from __future__ import annotations

import os
import re
import signal
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from forecast import __version__
from forecast.cli.backtest import backtest
from forecast.cli.call import Call
from forecast.cli.check import check
from forecast.cli.config import PASSES_FLAGS_ON, config
from forecast.cli.doctor import doctor
from forecast.cli.export import export
from forecast.cli.models import models
from forecast.cli.predict import predict
from forecast.cli.runs import runs
from forecast.cli.score import score
from forecast.cli.settings import equip
from forecast.cli.streams import say_error
from forecast.cli.train import train
from forecast.cli.update import update
from forecast.errors import DataError, ForecastError

__all__ = ["app", "main"]

EPILOG = (
    "Exit codes: 0 done, 1 a bug, 2 wrong usage, output or installation, 3 bad data, "
    "4 no usable model, 5 worse than before or than a simple method where that is to fail, "
    "6 rows too old, 7 another process is writing there, 8 time limit too short, "
    "130 interrupted, 143 terminated."
)

TERMINATED = 143

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
app.command("score")(score)
app.command("export")(export)
app.command("models")(models)
app.command("config", context_settings=PASSES_FLAGS_ON)(config)
app.command("doctor")(doctor)
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


def _in_words(message: str) -> str:
    """A usage error without the names of Python's types.

    Example:
        >>> _in_words("Invalid value for '--members': 'two' is not a valid int.")
        "Invalid value for '--members': 'two' is not a whole number."
    """
    message = re.sub(r"is not a valid int(eger)?( range)?\b", "is not a whole number", message)
    return re.sub(r"is not a valid float( range)?\b", "is not a number", message)


def main() -> NoReturn:
    """Run the command and exit with its code; nothing but an error code leaves this room."""
    signal.signal(signal.SIGTERM, _terminated)
    # Arrow's own pool begins with 5 MB, and asks the system for more page by page.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    call = Call(sys.argv[1:])
    try:
        command = typer.main.get_command(app)
        call.settings = equip(command, app)
        code = command.main(call.arguments, prog_name="forecast", standalone_mode=False, obj=call)
        sys.stdout.flush()
    except ForecastError as error:
        code = _failed(error, error.message, error.hint, error.code, error.exit_code, call)
    except typer.TyperException as error:
        call.context = getattr(error, "ctx", None) or call.context
        hint = "forecast --help, or forecast COMMAND --help, lists the flags"
        code = _failed(error, _in_words(error.format_message()), hint, "usage", 2, call)
    except (KeyboardInterrupt, typer.Abort):
        say_error("interrupted; what was there before is unchanged", "", None)
        code = 130
    except SystemExit as stop:  # Typer's completion ends so too, with 0
        if stop.code == TERMINATED:
            say_error("terminated; what was there before is unchanged", "", None)
        code = stop.code
    except BrokenPipeError:
        # The reader of our output went away; that is its right, and Python shall not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        hint = "please report it with the output of the same command and --debug"
        text = f"this is a bug: {type(error).__name__}: {error}"
        code = _failed(error, text, hint, "bug", 1, call)
    code = code if isinstance(code, int) else 0
    call.end(code)
    sys.exit(code)


def _failed(
    error: Exception, message: str, hint: str, code: str, exit_code: int, call: Call
) -> int:
    if call.asks_for("--debug"):
        traceback.print_exception(error)
    if exit_code == 2:
        hint = "; ".join([hint, *call.origins(message)])
    if isinstance(error, DataError):
        hint = "; ".join([hint, *call.of_the_training(hint)])
    call.failure = document = {
        "code": code,
        "exit_code": exit_code,
        "message": message,
        "hint": hint,
    }
    say_error(message, hint, document if call.asks_for("--json") else None)
    return exit_code


def _terminated(signum: int, frame: object) -> NoReturn:
    raise SystemExit(TERMINATED)
