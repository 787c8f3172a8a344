"""Files written on the spot, and what the door makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forecast import data
from forecast.spec import DataSpec
from forecast.types import Loaded, Schema


def load(folder: Path, text: str | bytes, schema: Schema | None = None, **flags: Any) -> Loaded:
    """What is loaded from a file of this text."""
    path = folder / flags.pop("name", "file.csv")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return data.load(DataSpec(str(path), **flags), schema)


def target(loaded: Loaded, series: int = 0) -> list[float]:
    """The target of one series."""
    return [float(value) for value in loaded.panel.series(series)]


def times(loaded: Loaded) -> list[str]:
    """All time stamps as the file writes them."""
    return [str(each) for each in data.render_time(loaded.panel.time, loaded.schema)]


def following(loaded: Loaded, horizon: int = 1, series: int = 0) -> list[str]:
    """The next time stamps of one series as the file writes them."""
    ahead = data.future_time(loaded.panel, horizon)
    return [str(each) for each in data.render_time(ahead, loaded.schema)[series]]


def monthly(values: list[Any], start: int = 1) -> str:
    """A plain file: a header, and a month for each value from January 2020 on."""
    rows = [
        f"{2020 + (i + start - 1) // 12}-{(i + start - 1) % 12 + 1:02d},{value}"
        for i, value in enumerate(values)
    ]
    return "\n".join(["month,sales", *rows]) + "\n"
