"""Keep every forecast that was made, for `score` to hold it against what happened."""

from __future__ import annotations

from datetime import UTC, datetime

from forecast import store
from forecast.errors import ForecastError
from forecast.flows.events import NotKept, Watch
from forecast.spec import LedgerSpec
from forecast.types import Forecast, Loaded

__all__ = ["keep_forecast"]

BOUNDS = LedgerSpec()


def keep_forecast(
    run: store.Run,
    command: str,
    loaded: Loaded,
    forecast: Forecast | None,
    watch: Watch,
    now: datetime | None = None,
) -> None:
    """Add a forecast to the ledger of its run.

    A forecast that is there is worth more than its entry: where this fails, as on a disk that may
    only be read, who watches is told, and nothing else happens.

    Args:
        run: that made it; it stands where it was published.
        command: that made it.
        loaded: the rows that it starts from.
        forecast: None where none could be made.
        watch: is told where it cannot be kept.
        now: an instant; the present if left out.
    """
    if forecast is None or not len(forecast.ids):
        return
    instant = now or datetime.now(UTC)
    try:
        about = _about(run, command, loaded, forecast, instant)
        store.keep(store.ledger_of(run), about, forecast, BOUNDS)
    except ForecastError as error:
        watch(NotKept(error.message))


def _about(
    run: store.Run, command: str, loaded: Loaded, forecast: Forecast, now: datetime
) -> store.About:
    data = store.open_run(run)["data"]
    return store.About(
        made=now.astimezone(UTC).isoformat(timespec="microseconds"),
        command=command,
        run=run.folder.resolve().name,
        source=str(data["path"]),
        target=loaded.schema.target,
        ids=loaded.schema.ids,
        freq=loaded.panel.freq,
        tz=loaded.panel.tz,
        levels=forecast.levels,
        horizon=forecast.values.shape[1],
        known=str(data.get("last", "")),
    )
