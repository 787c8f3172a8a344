"""The runs that an output folder holds: which there are, which is the latest, which may go."""

from __future__ import annotations

import shutil
from pathlib import Path

from forecast.errors import RunError
from forecast.store.folder import Run
from forecast.store.publish import point
from forecast.store.write import explained

__all__ = ["is_latest", "make_latest", "remove", "runs_in"]


def runs_in(output: Path) -> list[Run]:
    """The runs under `output`, oldest first: their names begin with the time they were made.

    A folder without a document is none, as one that a training is still building.
    """
    folders = sorted((output / "runs").glob("[!.]*"))
    return [Run(folder) for folder in folders if Run(folder).document.is_file()]


def is_latest(run: Run) -> bool:
    """Whether `predict` takes this run when no other is named."""
    place = run.folder.resolve()
    return (place.parent.parent / "latest").resolve() == place


def make_latest(output: Path, run: Run) -> None:
    """Let `latest` be this run of the output folder; a reader sees the old one or the new one.

    Raises:
        RunError: the run is not one of that folder.
        OutputError: it cannot be written.
    """
    place = run.folder.resolve()
    if place.parent != (output / "runs").resolve():
        raise RunError(
            f"{run.folder} is not a run of {output}",
            hint=f"name one that forecast runs lists, or its folder with --output {output}",
        )
    with explained(output):
        point(output / "latest", Path("runs") / place.name)


def remove(run: Run) -> None:
    """Delete a run that is not the latest.

    It vanishes at once, under a hidden name, before its files go one by one: nobody finds half
    of it.

    Raises:
        RunError: it is the latest.
        OutputError: it cannot be deleted.
    """
    if is_latest(run):
        raise RunError(f"{run.folder} is the latest run", hint="train or roll back first")
    with explained(run.folder):
        hidden = run.folder.with_name(f".removing-{run.folder.name}")
        run.folder.rename(hidden)
        shutil.rmtree(hidden)
