"""The checkpoint of a training that was stopped: one file of an output folder, data and no code.

output/runs/.checkpoint.npz     a JSON document and arrays, as NumPy writes them without pickle

It is written whole or not at all, under the lock of the folder, by whoever trains there; the next
run that is published removes it.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.errors import RunError
from forecast.store.write import new_place, plain

__all__ = ["checkpoint_place", "drop_checkpoint", "load_checkpoint", "save_checkpoint"]

Arrays = dict[str, NDArray[Any]]
BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError)
DOCUMENT = "document"  # the name that no array has


def checkpoint_place(output: Path) -> Path:
    """Where it is, whether there is one or not."""
    return output / "runs" / ".checkpoint.npz"


def save_checkpoint(output: Path, document: dict[str, Any], arrays: Arrays) -> None:
    """Write a checkpoint in place of the one that is there.

    Raises:
        OutputError: it cannot be written; the one that was there still is.
    """
    text = json.dumps(plain(document), allow_nan=False)
    with new_place(checkpoint_place(output), "replace") as draft:
        named = {DOCUMENT: np.frombuffer(text.encode(), np.uint8), **arrays}
        with draft.open("wb") as file:
            np.savez(file, allow_pickle=False, **named)


def load_checkpoint(output: Path) -> tuple[dict[str, Any], Arrays]:
    """The document and the arrays of the checkpoint.

    Raises:
        RunError: there is none, or it cannot be read.
    """
    place = checkpoint_place(output)
    if not place.exists():
        raise RunError(
            f"nothing to resume: no training was stopped in {output}",
            hint="train without --resume, or name the folder with --output",
        )
    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        document = json.loads(arrays.pop(DOCUMENT).tobytes())
        return dict(document), arrays
    except (*BROKEN, zipfile.BadZipFile) as error:
        raise RunError(
            f"{place} has been changed or cut short: {error}", hint="train without --resume"
        ) from error


def drop_checkpoint(output: Path) -> None:
    """Remove the checkpoint, if there is one."""
    checkpoint_place(output).unlink(missing_ok=True)
