"""Flags that more than one command takes, each written once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

from forecast.cli.log import opened
from forecast.errors import SpecError
from forecast.spec import CALENDAR_FEATURES, DUPLICATES, FILLS, TRANSFORMS, DataSpec

__all__ = [
    "Debug",
    "Json",
    "Log",
    "Model",
    "Quiet",
    "Staleness",
    "Wait",
    "data_flags",
    "takes",
    "without",
]

Model = Annotated[
    str | None,
    typer.Option("--model", metavar="RUN", help="Run folder or name; the latest if left out."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
Log = Annotated[
    str | None,
    typer.Option(
        "--log",
        metavar="FILE",
        callback=opened,
        is_eager=True,
        help="Add what happens to it, as JSON lines.",
        show_default=False,
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Print a traceback with an error.")]

Made = TypeVar("Made")

_SECONDS = {"w": 604_800.0, "d": 86_400.0, "h": 3_600.0, "min": 60.0, "s": 1.0}


def _duration(text: str) -> float:
    """Seconds in "2d", "36h", "90min", "1.5w" or "30s"."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(w|d|h|min|s)", text.strip())
    if match is None:
        raise SpecError(
            f"--max-staleness: {text!r} is no length of time",
            hint="a number and w, d, h, min or s, such as 2d or 36h",
        )
    return float(match[1]) * _SECONDS[match[2]]


Staleness = Annotated[
    float | None,
    typer.Option(
        "--max-staleness",
        metavar="TIME",
        parser=_duration,
        help="Exit 6 when the newest row is older, such as 2d or 36h.",
        show_default=False,
    ),
]
Wait = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", help="For another run to end first.")
]

_DEFAULT = DataSpec("")
_COLUMNS = "repeat it, or separate names by commas"


def _text(flag: str, metavar: str, words: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=words, show_default=False)


def _choice(flag: str, among: tuple[str, ...], words: str) -> Any:
    return typer.Option(flag, metavar="|".join(among), help=words)


def data_flags(
    data: Annotated[str, typer.Argument(help="A CSV file, or - for standard input.")],
    target: Annotated[str | None, _text("--target", "COLUMN", "Column to forecast.")] = None,
    time: Annotated[
        list[str] | None, _text("--time", "COLUMN", f"Column of the time stamp; {_COLUMNS}.")
    ] = None,
    ids: Annotated[
        list[str] | None, _text("--id", "COLUMN", f"Column that names the series; {_COLUMNS}.")
    ] = None,
    past: Annotated[
        list[str] | None, _text("--past", "COLUMN", "Covariate known up to now, as weather is.")
    ] = None,
    future: Annotated[
        list[str] | None, _text("--future", "COLUMN", "Covariate known ahead, as holidays are.")
    ] = None,
    static: Annotated[
        list[str] | None, _text("--static", "COLUMN", "Covariate that a series never changes.")
    ] = None,
    future_data: Annotated[
        str | None, _text("--future-data", "FILE", "More rows of the --future columns.")
    ] = None,
    calendar: Annotated[
        list[str] | None,
        _text("--calendar", "FEATURE", f"From the time stamp: {', '.join(CALENDAR_FEATURES)}."),
    ] = None,
    holidays: Annotated[
        str | None, _text("--holidays", "COUNTRY", "Its public holidays, as DE or US.")
    ] = None,
    freq: Annotated[
        str | None, _text("--freq", "ALIAS", "Frequency as pandas writes it: MS, B, h, 15min.")
    ] = None,
    season: Annotated[int | None, _text("--season", "ROWS", "Rows in a season; 1: none.")] = None,
    tz: Annotated[str | None, _text("--tz", "ZONE", "Time zone of the file's clock.")] = None,
    dayfirst: Annotated[bool, typer.Option("--dayfirst", help="01/02 is 1 February.")] = False,
    monthfirst: Annotated[bool, typer.Option("--monthfirst", help="01/02 is 2 January.")] = False,
    delimiter: Annotated[
        str | None, _text("--delimiter", "CHARACTER", "Between two cells.")
    ] = None,
    decimal: Annotated[str | None, _text("--decimal", ".|,", "The decimal mark.")] = None,
    encoding: Annotated[str | None, _text("--encoding", "NAME", "Of the text.")] = None,
    sheet: Annotated[str | None, _text("--sheet", "NAME", "Of a spreadsheet.")] = None,
    na: Annotated[
        list[str] | None, _text("--na", "TEXT", "A value that means missing, as -200.")
    ] = None,
    wide: Annotated[bool, typer.Option("--wide", help="Each column is a series.")] = False,
    by_frequency: Annotated[
        bool,
        typer.Option("--by-frequency", help="A network for each frequency; with --freq that one."),
    ] = False,
    duplicates: Annotated[
        str, _choice("--duplicates", DUPLICATES, "What to do with a repeated time stamp.")
    ] = _DEFAULT.duplicates,
    fill: Annotated[
        str, _choice("--fill", FILLS, "What stands in for a missing value.")
    ] = _DEFAULT.fill,
    strict: Annotated[bool, typer.Option("--strict", help="Mend nothing: fail.")] = False,
    low: Annotated[float | None, _text("--min", "VALUE", "No forecast below.")] = None,
    high: Annotated[float | None, _text("--max", "VALUE", "No forecast above.")] = None,
    non_negative: Annotated[bool, typer.Option("--non-negative", help="As --min 0.")] = False,
    whole: Annotated[bool, typer.Option("--integer", help="Round forecasts.")] = False,
    transform: Annotated[
        str, _choice("--transform", TRANSFORMS, "Of the target, undone in the forecast.")
    ] = _DEFAULT.transform,
) -> DataSpec:
    """What the flags say of the data."""
    if dayfirst and monthfirst:
        raise SpecError("--dayfirst and --monthfirst contradict each other", hint="keep one")
    if non_negative and low is not None:
        raise SpecError("--non-negative and --min both set the lower bound", hint="keep one")
    day_order = {"dayfirst": dayfirst, "monthfirst": monthfirst}
    return DataSpec(
        data,
        target=target,
        time=_names(time) or None,
        ids=_names(ids) or None,
        past=_names(past),
        future=_names(future),
        static=_names(static),
        future_data=future_data,
        calendar=_names(calendar),
        holidays=holidays,
        freq=freq,
        season=season,
        tz=tz,
        day_order=next((order for order, asked in day_order.items() if asked), None),
        delimiter={"\\t": "\t", "tab": "\t"}.get(delimiter or "", delimiter),
        decimal=decimal,
        encoding=encoding,
        sheet=sheet,
        na=tuple(na or ()),
        layout="wide" if wide else _DEFAULT.layout,
        frequencies="by-series" if by_frequency else _DEFAULT.frequencies,
        duplicates=duplicates,
        fill=fill,
        repairs="forbid" if strict else _DEFAULT.repairs,
        low=0.0 if non_negative else low,
        high=high,
        whole="numbers" if whole else _DEFAULT.whole,
        transform=transform,
    )


def takes(*shared: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the flags of other functions; it gets what they return as its first arguments.

    The flags stand in the help before the command's own, and are the same in every command.
    """

    def give(command: Callable[..., None]) -> Callable[..., None]:
        signatures = [inspect.signature(each) for each in shared]
        own = list(inspect.signature(command).parameters.values())[len(shared) :]

        def run(**flags: Any) -> None:
            mine = {each.name: flags.pop(each.name) for each in own}
            made = [
                each(**{name: flags[name] for name in signature.parameters})
                for each, signature in zip(shared, signatures, strict=True)
            ]
            command(*made, **mine)

        hints = get_type_hints(command, include_extras=True)
        for each in shared:
            hints |= get_type_hints(each, include_extras=True)
        theirs = [each for signature in signatures for each in signature.parameters.values()]
        parameters = [
            each.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[each.name])
            for each in (*theirs, *own)
        ]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        run.__doc__ = command.__doc__
        run.__name__ = command.__name__
        return run

    return give


def without(flags: Callable[..., Made], name: str) -> Callable[..., Made]:
    """The same flags but one, which keeps its default."""

    def fewer(**given: Any) -> Made:
        return flags(**given)

    signature = inspect.signature(flags)
    kept = [each for each in signature.parameters.values() if each.name != name]
    fewer.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    fewer.__annotations__ = get_type_hints(flags, include_extras=True)
    return fewer


def _names(texts: list[str] | None) -> tuple[str, ...]:
    """Column names: each text one, or several with commas; a name that holds a comma is kept
    whole when it is given alone with a backslash before the comma."""
    parts = [part for text in texts or () for part in text.replace("\\,", "\0").split(",")]
    return tuple(part.replace("\0", ",").strip() for part in parts if part.strip())
