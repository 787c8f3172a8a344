"""The run's checksums: what was published is what is loaded, byte for byte."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from forecast.errors import RunError
from forecast.store.folder import Run
from forecast.store.write import write_text

__all__ = ["check", "read", "seal"]

LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
AGAIN = "restore the folder from a copy, train again, or name another run with --model"


def seal(run: Run) -> None:
    """Write down the SHA-256 of every file of a run that never changes from now on.

    The lines are those of the sha256sum command, whose `-c` checks them too. The forecast and the
    pictures are left out: `predict` writes them again. Groups are sealed each by itself.
    """
    lasting = [each for each in run.folder.iterdir() if each.is_file()]
    names = sorted(each.name for each in lasting if each not in (run.forecast, run.sums))
    lines = [f"{_digest((run.folder / name).read_bytes())}  {name}\n" for name in names]
    write_text(run.sums, "".join(lines))
    for group in run.groups():
        seal(group)


def read(run: Run, path: Path) -> bytes:
    """The bytes of a file of the run, after a look at their sum where the run has sums.

    Raises:
        RunError: the file is not there, cannot be read, or is not the one that was published.

    Example:
        >>> import tempfile
        >>> run = Run(Path(tempfile.mkdtemp()))
        >>> size = run.onnx.write_bytes(b"weights")
        >>> seal(run)
        >>> read(run, run.onnx)
        b'weights'
    """
    content = _bytes(path)
    if not run.sums.exists():
        return content
    expected = _listed(run, _bytes(run.sums)).get(path.name)
    if expected is None:
        raise RunError(f"{run.sums} does not list {path.name}", hint=AGAIN)
    if _digest(content) != expected:
        raise RunError(
            f"{path} has been changed or cut short since the training: "
            f"its SHA-256 is not the one in {run.sums.name}",
            hint=AGAIN,
        )
    return content


def check(run: Run) -> None:
    """See that every file that the run's sums list is there and as it was published.

    Raises:
        RunError: one is not, or the run has no sums.
    """
    for name in _listed(run, _bytes(run.sums)):
        read(run, run.folder / name)


def _listed(run: Run, text: bytes) -> dict[str, str]:
    """The names in the file of sums, each with its sum."""
    try:
        lines = [LINE.fullmatch(line) for line in text.decode().splitlines()]
    except UnicodeDecodeError:
        lines = [None]
    if not all(lines):
        raise RunError(f"{run.sums} has been changed or cut short", hint=AGAIN)
    return {line[2]: line[1] for line in lines if line}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RunError(
            f"{error.filename} cannot be read: {error.strerror or error}", hint=AGAIN
        ) from error


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
