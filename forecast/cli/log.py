"""--log FILE: what happened, a JSON line for each event with its time, for who reads it later.

A line is written at once and whole, so that processes may share a file, and one that is killed
leaves all lines but its last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from forecast.errors import OutputError

if TYPE_CHECKING:
    from forecast.flows.events import Event, Watch
    from forecast.types import Loaded

__all__ = ["LOG_SCHEMA", "also_logged", "data_read", "log_line", "opened"]

LOG_SCHEMA = 1


def opened(context: typer.Context, path: str | None) -> str | None:
    """The path, once its first line is written.

    Raises:
        OutputError: it cannot be written.
    """
    if path and context.obj and not context.resilient_parsing:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            context.obj.begin_log(path)
        except OSError as error:
            raise OutputError(
                f"cannot write {path}: {error.strerror or error}", hint="change --log"
            ) from error
    return path or None


def log_line(path: str | None, event: str, **fields: Any) -> None:
    """Add a line; to no file where none was asked for.

    Raises:
        OSError: it cannot be written.
    """
    if not path:
        return
    from forecast.store import plain

    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    head = {"schema": LOG_SCHEMA, "time": now, "process": os.getpid(), "event": event}
    line = json.dumps(plain(head | fields), allow_nan=False, ensure_ascii=False) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


@contextmanager
def also_logged(watch: Watch, path: str | None) -> Iterator[Watch]:
    """A watcher whose events are logged too while the block runs."""
    if not path:
        yield watch
        return
    from forecast.flows.changes import NotTrained

    try:
        yield _logging(watch, path)
    except NotTrained as reason:
        log_line(path, "not trained", why=reason.why or "nothing changed")
        raise


def _logging(watch: Watch, path: str) -> Watch:
    def both(event: Event) -> None:
        name, fields = _told(event)
        log_line(path, name, **fields)
        watch(event)

    return both


def data_read(loaded: Loaded) -> dict[str, Any]:
    """What is told of data that were read."""
    times = loaded.panel.time
    return {
        "rows": loaded.rows,
        "series": len(loaded.panel),
        "last": str(times.max()),
        "freq": loaded.panel.freq,
        "sha256": loaded.sha256,
        "repairs": sum(repair.count for repair in loaded.repairs),
    }


def _told(event: Event) -> tuple[str, dict[str, Any]]:
    """An event's name in the log, and its fields."""
    from forecast.flows import events

    if isinstance(event, events.Read):
        return "data", data_read(event.loaded)
    if isinstance(event, events.Planned):
        plan = event.plan
        return "plan", {
            "horizon": plan.horizon,
            "window": plan.window,
            "holdout": plan.holdout,
            "seed": event.spec.seed,
        }
    if isinstance(event, events.Training):
        step = event.step
        return "look", {
            "what": event.what,
            "step": step.step,
            "steps": step.steps,
            "loss": step.loss,
            "val_loss": step.val_loss,
        }
    names = {"NotKept": "not kept", "LeftOut": "left out"}
    kind = type(event).__name__
    fields = {name: getattr(event, name) for name in event.__dataclass_fields__}
    return names.get(kind, kind.lower()), fields
