"""The sections of a report, from plain values; each None where there is nothing to tell."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.show.page import Section, Table
from forecast.show.small import forecast_picture, history_picture, loss_picture
from forecast.types import Forecast, History, Loaded, Panel

__all__ = ["data_section", "forecast_section", "making_section"]

SHOWN_SERIES = 4


def forecast_section(panel: Panel, forecast: Forecast, rows: Table) -> Section | None:
    """What is to come: pictures of the first series, and the first rows of the file."""
    count = len(forecast.ids)
    if not count:
        return None
    shown = range(min(count, SHOWN_SERIES))
    text = []
    if len(forecast.levels) > 1:
        text.append(
            "The line is the forecast, with as much chance of being too high as of being too low; "
            "of a hundred values about 80 should lie in the dark band and 95 in the light one."
            if set(forecast.levels) == {0.025, 0.1, 0.5, 0.9, 0.975}
            else "The line is the forecast; the bands should hold as many values as is written."
        )
    if count > SHOWN_SERIES:
        text.append(f"The first {SHOWN_SERIES} of {count:,} series; forecast.csv holds them all.")
    pictures = tuple(forecast_picture(panel, forecast, window) for window in shown)
    return Section("Forecast", tuple(text), pictures=pictures, tables=(rows,))


def data_section(loaded: Loaded, facts: Sequence[tuple[str, str]]) -> Section:
    """What the data looked like, and what was done to them."""
    repairs = tuple(
        (
            repair.what,
            f"{repair.count:,}",
            repair.action,
            ", ".join(map(str, repair.lines[:5])) + (" ..." if len(repair.lines) > 5 else ""),
            repair.flag,
        )
        for repair in loaded.repairs
    )
    head = ("What was wrong", "How many", "What was done", "First lines", "Change with")
    tables = (Table("Repairs", head, repairs, (1,), wide=True),) if repairs else ()
    text = loaded.notes if repairs else ("Nothing had to be repaired.", *loaded.notes)
    shown = range(min(len(loaded.panel), 1))
    pictures = tuple(history_picture(loaded.panel, index) for index in shown)
    if len(loaded.panel) > 1:
        text = (*text, "The picture shows the first series.")
    return Section("Data", text, facts=tuple(facts), pictures=pictures, tables=tables)


def making_section(
    text: tuple[str, ...],
    command: str,
    histories: Sequence[History],
    settings: Sequence[tuple[str, str, str]],
    facts: Sequence[tuple[str, str]],
) -> Section:
    """How to make the same again: the command, the settings, the training, the versions.

    Args:
        text: what the command does, and what else there is to say.
        command: to type.
        histories: of the networks, none for a run that trained none.
        settings: name, value and default of each that is not its default.
        facts: versions, seed and the like.
    """
    rows = tuple(settings)
    head = ("Setting", "Value", "Default")
    caption = "Settings that are not the defaults, given or chosen from the data"
    return Section(
        "How it was made",
        text,
        code=command,
        facts=tuple(facts),
        pictures=(loss_picture(histories),) if any(each.step for each in histories) else (),
        tables=(Table(caption, head, rows),) if rows else (),
    )
