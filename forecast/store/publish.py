"""How a run comes into being: all at once or not at all.

A run is built in a hidden folder beside its place, sealed with its checksums, flushed to disk, and
renamed; `latest` moves last. A reader sees the old run or the new one, and a writer that dies
leaves the old one. The checkpoint of a training that was stopped before goes then.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from forecast.errors import BusyError
from forecast.store.checkpoint import drop_checkpoint
from forecast.store.folder import Rolled, Run
from forecast.store.lock import only_writer
from forecast.store.sums import check, seal
from forecast.store.write import explained, flush, flush_folder

__all__ = ["new_backtest", "new_group", "new_run", "point", "take_over"]


@contextmanager
def new_run(output: Path, name: str, digest: str, wait: float = 0.0) -> Iterator[tuple[Run, Path]]:
    """A run to be filled, and the folder where it will be; published when the block ends well.

    Args:
        output: the user's output folder.
        name: of the data or the user's choice; goes into the folder's name.
        digest: hex; its first four digits tell apart runs of the same second.
        wait: seconds to wait for another process that writes to the folder.

    Raises:
        OutputError: the folder cannot be written; nothing that was there has changed.
        BusyError: another process writes to it.
    """
    with _shelf(output, "runs", wait) as runs, _draft(runs, name, digest) as (draft, place):
        yield Run(draft), place
        seal(Run(draft))
        _publish(draft, place)
        with explained(output):
            point(output / "latest", Path("runs") / place.name)
            drop_checkpoint(output)


@contextmanager
def new_backtest(
    output: Path, name: str, digest: str, wait: float = 0.0
) -> Iterator[tuple[Rolled, Path]]:
    """A backtest to be filled, and the folder where it will be; as `new_run`, but no `latest`."""
    with (
        _shelf(output, "backtests", wait) as shelf,
        _draft(shelf, name, digest) as (draft, place),
    ):
        yield Rolled(draft), place
        _publish(draft, place)


@contextmanager
def _shelf(output: Path, name: str, wait: float) -> Iterator[Path]:
    """The folder for runs, or for backtests, for one writer; gone again if nothing comes of it."""
    shelf = output / name
    made = [folder for folder in (shelf, output) if not folder.exists()]
    with explained(output):
        shelf.mkdir(parents=True, exist_ok=True)
    try:
        with only_writer(output, wait, name):
            yield shelf
    except BaseException as error:
        if not isinstance(error, BusyError):
            _clear(made)
        raise


@contextmanager
def _draft(shelf: Path, name: str, digest: str) -> Iterator[tuple[Path, Path]]:
    """A hidden folder, and the place it is to be moved to; removed where that fails."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    with explained(shelf):
        place = _free(shelf / f"{stamp}-{_tame(name)}-{digest[:4]}")
        draft = Path(tempfile.mkdtemp(prefix=".building-", dir=shelf))
        draft.chmod(0o755)
        (draft / "plots").mkdir()
    try:
        with explained(shelf):
            yield draft, place
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _publish(draft: Path, place: Path) -> None:
    """On the disk, then in its place."""
    flush(draft)
    draft.rename(place)
    flush_folder(place.parent)


def _clear(made: list[Path]) -> None:
    """Remove the folders that were made for a run that did not come to be."""
    for folder in made:
        with suppress(OSError):
            (folder / ".lock").unlink(missing_ok=True)
            folder.rmdir()


def new_group(run: Run, freq: str) -> Run:
    """A run folder to be filled, inside a run that is being built.

    Raises:
        OutputError: it cannot be made.
    """
    group = run.group(freq)
    with explained(group.folder):
        group.plot("").parent.mkdir(parents=True)
        with suppress(OSError):  # pictures are those of groups
            run.plot("").parent.rmdir()
    return group


def take_over(before: Run, run: Run) -> None:
    """Fill a run folder that is being built with a published one, file by file as it was sealed.

    Args:
        before: published.
        run: whatever is in its folder is removed.

    Raises:
        RunError: a file is not the one that was published.
        OutputError: it cannot be written.
    """
    with explained(run.folder):
        shutil.rmtree(run.folder)
        shutil.copytree(before.folder, run.folder)
    check(run)


def _tame(name: str) -> str:
    """A name as part of a folder's name."""
    kept = "".join(c if c.isalnum() or c in "._" else "-" for c in name).strip("-.")
    return kept[:40] or "data"


def _free(place: Path) -> Path:
    """The place, or the same with a number where another run of this second took it."""
    candidates = (place.with_name(f"{place.name}-{i}") for i in range(2, 10_000))
    return place if not place.exists() else next(c for c in candidates if not c.exists())


def point(link: Path, target: Path) -> None:
    """Let a symbolic link point elsewhere, atomically."""
    draft = link.with_name(f".latest-{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target, target_is_directory=True)
    try:
        os.replace(draft, link)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
