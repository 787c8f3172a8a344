"""Small panels and forecasts whose every number is known."""

from __future__ import annotations

from typing import Any

import numpy as np

from forecast.types import Floats, Forecast, History, Panel, Times

FAN = (0.025, 0.1, 0.5, 0.9, 0.975)
STEPS = np.arange(10, 210, 10)


def months(start: str, count: int) -> Times:
    """(count,) first days of months."""
    steps = np.datetime64(start, "M") + np.arange(count)
    return steps.astype("datetime64[us]")


def panel_of(
    count: int = 1,
    *,
    rows: int = 72,
    column: str = "units",
    ids: list[str] | None = None,
    time: Times | None = None,
) -> Panel:
    """`count` series of `rows` months from 2019-01 on, each on its own level."""
    steps = np.arange(rows)
    series = [100.0 * (i + 1) + steps + 20 * np.sin(steps * np.pi / 6) for i in range(count)]
    stamps: Any = months("2019-01", rows) if time is None else time
    names = ids or ([""] if count == 1 else [f"s{i}" for i in range(count)])
    return Panel(
        values=np.concatenate(series)[:, None],
        time=np.tile(stamps, count),
        bounds=np.arange(count + 1) * rows,
        ids=np.array(names),
        columns=(column,),
        freq="MS",
    )


def ahead(panel: Panel, *, horizon: int = 6, levels: tuple[float, ...] = (0.5,)) -> Forecast:
    """One window per series on the steps after its last row, rising by one a step."""
    ends = panel.bounds[1:] - 1
    last = panel.time[ends]
    if panel.time.dtype.kind == "M":
        months = np.arange(1, horizon + 1).astype("timedelta64[M]")
        month = last.astype("datetime64[M]")[:, None] + months
        time: Times = month.astype("datetime64[us]")
    else:
        time = last[:, None] + 1 + np.arange(horizon)
    point = panel.values[ends, :1] + np.arange(horizon)
    spread = 10 * (np.array(levels) - 0.5)
    return Forecast(point[:, :, None] + spread, levels, time, panel.ids, last)


def held_out(panel: Panel, *, horizon: int = 6, windows: int = 1, error: float = 1.0) -> Forecast:
    """Windows over the last rows of each series, each value `error` too high."""
    starts = [end - horizon * (windows - w) for end in panel.bounds[1:] for w in range(windows)]
    rows = np.array(starts)[:, None] + np.arange(horizon)
    actual = panel.values[rows, 0]
    return Forecast(
        values=actual[:, :, None] + error,
        levels=(0.5,),
        time=panel.time[rows],
        ids=np.repeat(panel.ids, windows),
        cutoff=panel.time[rows[:, 0] - 1],
        actual=actual,
    )


def nothing(horizon: int = 6) -> Forecast:
    """No window at all."""
    return Forecast(
        values=np.empty((0, horizon, 1)),
        levels=(0.5,),
        time=np.empty((0, horizon), dtype="datetime64[us]"),
        ids=np.array([], dtype=str),
        cutoff=np.array([], dtype="datetime64[us]"),
        actual=np.empty((0, horizon)),
    )


def history_of(
    loss: Floats, validation: Floats | None = None, norm: Floats | None = None, best: int = 0
) -> History:
    """A look every ten steps; the norm is twice the loss, the best step the last one."""
    values = np.full(len(loss), np.nan) if validation is None else validation
    norms = 2 * loss if norm is None else norm
    history = History(best_step=best or 10 * len(loss))
    for look in zip(STEPS.tolist(), loss.tolist(), values.tolist(), norms.tolist(), strict=False):
        history.add(*look)
    return history
