"""One writer for each output folder, and nothing left lying about by one that died.

The lock is the operating system's: it goes with the process that holds it, however that ends, so
that no lock outlives its holder. A second file says in words who that is.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from forecast.errors import BusyError
from forecast.store.write import explained, host, write_text

__all__ = ["only_writer"]

LITTER = (".building-*", ".removing-*", "..checkpoint.npz-*")
LINKS = (".latest-*",)


@contextmanager
def only_writer(output: Path, wait: float = 0.0, shelf: str = "runs") -> Iterator[None]:
    """Be the only one who adds and removes runs of an output folder while the block runs.

    Backtests stand on a shelf of their own: a long one keeps no training waiting.

    What a writer that was killed has left there is cleared away first. Readers, and `predict`,
    which replaces one file at once, do not ask.

    Args:
        output: the folder; the shelf must be there.
        wait: seconds to wait for another writer.
        shelf: the folder in it where runs, or backtests, are.

    Raises:
        BusyError: another process is writing there; with who and since when.
        OutputError: the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    runs = output / shelf
    holder = runs / ".holder"
    with explained(output):
        lock = FileLock(runs / ".lock")
        try:
            lock.acquire(timeout=max(wait, 0.0), poll_interval=0.1)
        except Timeout:
            raise BusyError(
                f"{output} is being written by {_told(holder)}",
                hint="try again when it is done, or let train --wait SECONDS, or change --output",
            ) from None
    try:
        _sweep(runs, LITTER)
        if shelf == "runs":
            _sweep(output, LINKS)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        words = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
        write_text(holder, f"process {os.getpid()} on {host()} since {since} ({words})\n")
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _told(holder: Path) -> str:
    """Who holds the lock; it may have been taken or left just now."""
    try:
        return holder.read_text(encoding="utf-8").strip() or "another process"
    except (OSError, UnicodeDecodeError):
        return "another process"


def _sweep(folder: Path, patterns: tuple[str, ...]) -> None:
    """Clear away what is nobody's: whoever holds the lock is alone."""
    for pattern in patterns:
        for litter in folder.glob(pattern):
            if litter.is_symlink() or litter.is_file():
                with suppress(OSError):
                    litter.unlink()
            else:
                shutil.rmtree(litter, ignore_errors=True)
