"""Write files: whole or not at all, and in words where it cannot be done."""

from __future__ import annotations

import glob
import json
import math
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from forecast.errors import OutputError

__all__ = [
    "explained",
    "flush",
    "flush_folder",
    "host",
    "new_place",
    "plain",
    "room",
    "see_free",
    "write_bytes",
    "write_document",
    "write_text",
]


def write_document(path: Path, document: dict[str, Any]) -> None:
    """Write JSON, NaN as null, keys in their order."""
    write_text(path, json.dumps(plain(document), indent=1, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Replace a file by new text: all of it or, if anything goes wrong, none.

    Raises:
        OutputError: it cannot be written; what was there is still there.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes, kind: str = "") -> None:
    """The same for what is no text.

    Args:
        path: where it goes.
        content: all of it.
        kind: of the file, where no two of a folder have one name: what a killed writer left of
            any of them is cleared away.
    """
    alike = path.with_name(kind or path.name)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep_drafts(alike)
        handle, draft = tempfile.mkstemp(prefix=_draft_prefix(alike), dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(draft, 0o644)
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise


def room(folder: Path) -> int:
    """Bytes that are free where a folder is or would be made, once it is sure that it can be.

    Nothing is left behind.

    Raises:
        OutputError: nothing can be written there.
    """
    with explained(folder):
        place = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        handle, probe = tempfile.mkstemp(prefix=".probe-", dir=place)
        os.close(handle)
        os.unlink(probe)
        return shutil.disk_usage(place).free


def host() -> str:
    """The name of this machine, as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9.]", "_", platform.node()) or "here"


def _draft_prefix(path: Path) -> str:
    return f".{path.name}-{host()}-{os.getpid()}-"


def _sweep_drafts(path: Path) -> None:
    """Remove drafts of this file whose writers, on this machine, are no more."""
    begin = f".{path.name}-{host()}-"
    for draft in path.parent.glob(f"{glob.escape(begin)}*"):
        writer = draft.name.removeprefix(begin).split("-")[0]
        if writer.isdecimal() and not _alive(int(writer)):
            with suppress(OSError):
                draft.unlink()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # somebody else's
    return True


def see_free(path: Path, taken: str) -> None:
    """Nothing is at a path that something is to be written to, or it may be replaced.

    Args:
        path: where the file or the folder will be.
        taken: "replace" what is there, or "refuse" to.

    Raises:
        OutputError: something is there.
    """
    if taken == "refuse" and os.path.lexists(path):
        raise OutputError(
            f"{path} is already there",
            hint="overwrite it with --force, or name another place with --output",
        )


@contextmanager
def new_place(path: Path, taken: str) -> Iterator[Path]:
    """A place beside a path for a file or a folder, moved to it when the block ends well.

    Args:
        path: where the file or the folder will be.
        taken: "replace" what is there, or "refuse" to.

    Raises:
        OutputError: something is there, or it cannot be written; what was there is still there.
    """
    see_free(path, taken)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        with explained(path):
            draft = aside / path.name
            yield draft
            draft.chmod(0o755 if draft.is_dir() else 0o644)
            flush(aside)
            if path.is_dir() and not path.is_symlink():  # a folder cannot be replaced in one step
                path.rename(aside / "before")
            os.replace(draft, path)
            flush_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            (aside / "before").rename(path)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def plain(value: Any) -> Any:
    """Any nest of containers as JSON takes it: tuples as lists, NaN and infinity as None.

    Example:
        >>> plain({"a": (1, float("nan"))})
        {'a': [1, None]}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Turn the system's word into ours."""
    try:
        yield
    except OSError as error:
        where = error.filename or place
        raise OutputError(
            f"cannot write {where}: {error.strerror or error}",
            hint="name a folder you may write to, with room, with --output",
        ) from error


def flush(folder: Path) -> None:
    """Everything in a folder is on the disk when this returns."""
    for path in folder.rglob("*"):
        if path.is_file():
            with open(path, "rb") as file:
                os.fsync(file.fileno())
    flush_folder(folder)


def flush_folder(folder: Path) -> None:
    """The names in a folder are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
