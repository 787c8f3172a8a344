"""The run folder: every file name, and how a run comes into being all at once or not at all.

    output/latest -> runs/20261120T183000Z-airline-3f2a
    output/runs/20261120T183000Z-airline-3f2a/
        run.json  model.keras  model.onnx  metrics.json  series_metrics.csv
        forecast.csv  holdout.csv  log.jsonl  plots/*.png
        groups/<frequency>/    a run folder for each group, with run.json, metrics.json and
                               forecast.csv of all of them above, where a run has groups

A run is built in a hidden folder beside its place, flushed to disk, and renamed; `latest` moves
last. A reader sees the old run or the new one, and a writer that dies leaves the old one.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forecast.errors import OutputError, RunError

__all__ = [
    "FORMAT",
    "Run",
    "find_run",
    "new_group",
    "new_run",
    "open_run",
    "plain",
    "shortest",
    "write_document",
    "write_text",
]

FORMAT = 1  # of run.json; a reader refuses what is newer


@dataclass(frozen=True, slots=True)
class Run:
    """The places in one run folder; they need not exist yet.

    Example:
        >>> Run(Path("output/latest")).forecast
        PosixPath('output/latest/forecast.csv')
    """

    folder: Path

    @property
    def document(self) -> Path:
        """Everything that it takes to repeat the run, and to use it."""
        return self.folder / "run.json"

    @property
    def keras(self) -> Path:
        """The network as Keras saves it."""
        return self.folder / "model.keras"

    @property
    def onnx(self) -> Path:
        """The network as `predict` runs it."""
        return self.folder / "model.onnx"

    @property
    def metrics(self) -> Path:
        """Errors on the holdout, over all series."""
        return self.folder / "metrics.json"

    @property
    def series_metrics(self) -> Path:
        """Errors on the holdout, by series."""
        return self.folder / "series_metrics.csv"

    @property
    def forecast(self) -> Path:
        """The forecast of the future."""
        return self.folder / "forecast.csv"

    @property
    def holdout(self) -> Path:
        """The forecasts of the holdout beside what happened."""
        return self.folder / "holdout.csv"

    @property
    def log(self) -> Path:
        """The losses, a JSON line for each look at them."""
        return self.folder / "log.jsonl"

    def plot(self, name: str) -> Path:
        """A picture."""
        return self.folder / "plots" / f"{name}.png"

    def group(self, freq: str) -> Run:
        """The run of one frequency, in a run that has several."""
        return Run(self.folder / "groups" / freq)


@contextmanager
def new_run(output: Path, name: str, digest: str) -> Iterator[tuple[Run, Path]]:
    """A run to be filled, and the folder where it will be; published when the block ends well.

    Args:
        output: the user's output folder.
        name: of the data or the user's choice; goes into the folder's name.
        digest: hex; its first four digits tell apart runs of the same second.

    Raises:
        OutputError: the folder cannot be written; nothing that was there has changed.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    runs = output / "runs"
    made = [folder for folder in (runs, output) if not folder.exists()]
    with _explained(output):
        runs.mkdir(parents=True, exist_ok=True)
        place = _free(runs / f"{stamp}-{_tame(name)}-{digest[:4]}")
        draft = Path(tempfile.mkdtemp(prefix=".building-", dir=runs))
        draft.chmod(0o755)
        (draft / "plots").mkdir()
    try:
        with _explained(output):
            yield Run(draft), place
            _flush(draft)
            draft.rename(place)
            _flush_folder(runs)
            _point(output / "latest", Path("runs") / place.name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def new_group(run: Run, freq: str) -> Run:
    """A run folder to be filled, inside a run that is being built.

    Raises:
        OutputError: it cannot be made.
    """
    group = run.group(freq)
    with _explained(group.folder):
        group.plot("").parent.mkdir(parents=True)
        with suppress(OSError):  # pictures are those of groups
            run.plot("").parent.rmdir()
    return group


def find_run(output: Path, model: Path | None) -> Run:
    """The run that `--model` names, or the latest under `output`.

    Args:
        output: where to look for the latest run, and for runs by name.
        model: a run folder, an output folder (its latest run), or a name under output/runs.

    Raises:
        RunError: there is none.
    """
    latest = [output / "latest"]
    places = latest if model is None else [model, model / "latest", output / "runs" / model]
    for place in places:
        if Run(place).document.is_file():
            return Run(place)
    if model is None:
        raise RunError(
            f"no run in {output / 'latest'}",
            hint="train one first with forecast train DATA, or name a run with --model",
        )
    if model.exists():
        raise RunError(
            f"{model} is not a run folder: it has no {Run(model).document.name}",
            hint="name a folder that forecast train wrote, such as output/latest",
        )
    raise RunError(f"no run {model}", hint=f"the runs are in {output / 'runs'}")


def shortest(run: Run) -> Run:
    """The run under its shortest name: output/latest where that is where it points."""
    latest = Run(run.folder.parent.parent / "latest")
    return latest if latest.folder.resolve() == run.folder.resolve() else run


def open_run(run: Run) -> dict[str, Any]:
    """The document of a run.

    Raises:
        RunError: it cannot be read, is not ours, or was written by a newer version.
    """
    document = _read_document(run.document)
    found = document.get("format")
    if not isinstance(found, int) or document.get("tool") != "forecast":
        raise RunError(
            f"{run.document} was not written by forecast train",
            hint="name another run with --model, or train again",
        )
    if found > FORMAT:
        raise RunError(
            f"{run.document} has format {found}, this version reads up to {FORMAT}",
            hint="upgrade: pip install --upgrade lstm-forecast",
        )
    return document


def _read_document(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        RunError: there is none.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(
            f"{path} cannot be read: {error}", hint="name another run with --model, or train again"
        ) from error
    if not isinstance(document, dict):
        raise RunError(f"{path} holds no JSON object", hint="train again")
    return document


def write_document(path: Path, document: dict[str, Any]) -> None:
    """Write JSON, NaN as null, keys in their order."""
    write_text(path, json.dumps(plain(document), indent=1, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Replace a file by new text: all of it or, if anything goes wrong, none.

    Raises:
        OutputError: it cannot be written; what was there is still there.
    """
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(draft, 0o644)
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise


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
def _explained(place: Path) -> Iterator[None]:
    """Turn the system's word into ours."""
    try:
        yield
    except OSError as error:
        where = error.filename or place
        raise OutputError(
            f"cannot write {where}: {error.strerror or error}",
            hint="name a folder you may write to, with room, with --output",
        ) from error


def _tame(name: str) -> str:
    """A name as part of a folder's name."""
    kept = "".join(c if c.isalnum() or c in "._" else "-" for c in name).strip("-.")
    return kept[:40] or "data"


def _free(place: Path) -> Path:
    """The place, or the same with a number where another run of this second took it."""
    candidates = (place.with_name(f"{place.name}-{i}") for i in range(2, 10_000))
    return place if not place.exists() else next(c for c in candidates if not c.exists())


def _point(link: Path, target: Path) -> None:
    """Let a symbolic link point elsewhere, atomically."""
    draft = link.with_name(f".latest-{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target, target_is_directory=True)
    try:
        os.replace(draft, link)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _flush(folder: Path) -> None:
    """Everything in a folder is on the disk when this returns."""
    for path in folder.rglob("*"):
        if path.is_file():
            with open(path, "rb") as file:
                os.fsync(file.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
