"""A bar for a person who waits at a terminal; nothing at all for a pipe."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from forecast.cli.log import also_logged

if TYPE_CHECKING:
    from forecast.flows.events import Event, Watch

__all__ = ["shown"]


@contextmanager
def shown(on_line: Watch, *, wanted: bool, log: str | None = None) -> Iterator[Watch]:
    """A watcher that shows stage, step, loss and time left while the block runs.

    Args:
        on_line: is told everything too, before it is shown.
        wanted: False where --quiet or --json forbid it; a pipe never gets a bar.
        log: a file that gets every event, None for none.
    """
    with also_logged(on_line, log) as told:
        if not wanted or not sys.stderr.isatty():
            yield told
        else:
            with _bar(told) as watch:
                yield watch


@contextmanager
def _bar(on_line: Watch) -> Iterator[Watch]:
    """A watcher that draws a bar, and passes on what it is told."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from forecast.flows.events import Stage, Training

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.fields[text]}"),
        TimeRemainingColumn(compact=True),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None, text="reading")

    def watch(event: Event) -> None:
        on_line(event)
        if isinstance(event, Stage):
            bar.update(task, description="", total=None, text=event.name, refresh=True)
        elif isinstance(event, Training):
            step = event.step
            text = f"{step.step}/{step.steps} · loss {step.loss:.3f}"
            text += "" if math.isnan(step.val_loss) else f" · val {step.val_loss:.3f}"
            bar.update(
                task,
                description=event.what,
                text=text,
                completed=step.step,
                total=step.steps,
                refresh=True,
            )

    with bar:
        yield watch
