"""What of a training is done, kept where it is stopped, and gone on with where it was.

A training is a chain of fits. Those that are finished are their weights and their looks; the one
that has begun is all of its state at the last look. With the same data, settings and versions the
fits that are left then do what they would have done.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecast import store
from forecast.errors import OutputError, RunError, StoppedError
from forecast.flows import record
from forecast.flows.changes import settings_changed
from forecast.flows.events import Resumed, Watch
from forecast.spec import RunSpec
from forecast.types import History, Loaded, Weights

if TYPE_CHECKING:
    from forecast.nets import Paused

__all__ = ["Progress", "lasting"]

EVERY = 60.0  # seconds from one writing to the next while nobody stops it: for kill -9
PARTS = ("kept", "weights", "optimizer", "dropout")  # of a fit that has begun
SAME = ("lstm-forecast", "tensorflow", "keras")  # versions that fits depend on
LOOKS = ("step", "loss", "val_loss", "gradient_norm")

Done = tuple[Weights, History]
Arrays = dict[str, NDArray[Any]]


class Progress:
    """The fits of a training, by their names.

    Args:
        output: the output folder it is kept in; None to keep it nowhere.
        about: what makes it this training and no other.

    Attributes:
        finished: their weights and what happened.
        begun: the fit that goes on, and how far it is; None between two.
    """

    def __init__(self, output: Path | None = None, about: dict[str, Any] | None = None) -> None:
        self.output, self.about = output, about or {}
        self.finished: dict[str, Done] = {}
        self.begun: tuple[str, Paused] | None = None
        self.saved = time.monotonic()

    def paused(self, name: str) -> Paused | None:
        """Where a fit was left, None where it has not begun."""
        return self.begun[1] if self.begun is not None and self.begun[0] == name else None

    def keep(self, name: str, paused: Paused) -> None:
        """A fit has come so far."""
        self.begun = (name, paused)
        self._save_at_times()

    def finish(self, name: str, done: Done) -> Done:
        """A fit is done."""
        self.finished[name] = done
        self.begun = None
        self._save_at_times()
        return done

    @property
    def words(self) -> str:
        """How far it is, "" where nothing is done."""
        count = len(self.finished)
        done = [f"{count} finished fit{'s' if count > 1 else ''}"] if count else []
        if self.begun is not None and self.begun[0] not in self.finished:
            name, paused = self.begun
            done.append(f"{name.split(' ', 1)[-1]} at step {paused.step}")
        return ", ".join(done)

    def save(self) -> None:
        """Write it down.

        Raises:
            OutputError: it cannot be written.
        """
        arrays: Arrays = {}
        fits = [_packed(name, {"kept": w}, h, arrays) for name, (w, h) in self.finished.items()]
        document = {**self.about, "finished": fits, "begun": None}
        if self.begun is not None and self.begun[0] not in self.finished:
            name, paused = self.begun
            parts = {part: getattr(paused, part) for part in PARTS}
            since = dataclasses.asdict(paused.since)
            document["begun"] = _packed(name, parts, paused.history, arrays) | {"since": since}
        if self.output is not None:
            store.save_checkpoint(self.output, document, arrays)
        self.saved = time.monotonic()

    def recall(self, output: Path) -> None:
        """Go on from what is written down in an output folder.

        Raises:
            RunError: there is nothing, or it is not of this training.
        """
        document, arrays = store.load_checkpoint(output)
        _refuse_another(document, self.about)
        from forecast import nets

        for fit in document["finished"]:
            parts, history = _unpacked(fit, arrays)
            self.finished[fit["name"]] = (parts["kept"], history)
        if document["begun"]:
            parts, history = _unpacked(document["begun"], arrays)
            since = nets.Mean(**document["begun"]["since"])
            self.begun = (document["begun"]["name"], nets.Paused(history, **parts, since=since))

    def _save_at_times(self) -> None:
        if time.monotonic() - self.saved > EVERY:
            self.saved = time.monotonic()
            with suppress(OutputError):  # the training shall not die of what is there to save it
                self.save()


@contextmanager
def lasting(
    output: Path, spec: RunSpec, loaded: Loaded, watch: Watch, *, resume: bool
) -> Iterator[Progress]:
    """The progress of a training that is written down if a signal or the time limit stops it.

    Args:
        output: the output folder, whose lock is held.
        spec: the settings.
        loaded: the data.
        watch: is told from where it goes on.
        resume: whether it goes on from what is written down there.

    Raises:
        StoppedError: it was stopped; with where it is kept and how to go on.
        RunError: there is nothing to go on with, or it is not of this training.
    """
    about = store.plain({**record.head(spec, loaded), "sha256": loaded.sha256})
    progress = Progress(output, about)
    if resume:
        progress.recall(output)
        watch(Resumed(progress.words))
    try:
        yield progress
    except (KeyboardInterrupt, SystemExit, StoppedError) as stop:
        if not progress.words:
            raise
        raise _stopped(progress, output, stop) from stop


def _stopped(progress: Progress, output: Path, stop: BaseException) -> StoppedError:
    """What to say of it, once it is written down."""
    if isinstance(stop, StoppedError):
        by, code = stop.message, stop.exit_code
    elif isinstance(stop, SystemExit):
        by, code = "terminated", stop.code if isinstance(stop.code, int) else 1
    else:
        by, code = "interrupted", 130
    try:
        progress.save()
    except OutputError as error:
        return StoppedError(f"{by}; what was done is lost: {error.message}", exit_code=code)
    place = store.checkpoint_place(output)
    return StoppedError(
        f"{by}; kept in {place}: {progress.words}",
        hint="the same command with --resume goes on from there",
        exit_code=code,
    )


def _refuse_another(kept: dict[str, Any], now: dict[str, Any]) -> None:
    """See that a checkpoint is of this training.

    Raises:
        RunError: with what differs.
    """
    try:
        differ = settings_changed(kept["spec"], now["spec"], but=("time_limit",))
        if kept["sha256"] != now["sha256"]:
            differ.insert(0, "the data")
        differ += [
            f"{name} {kept['versions'].get(name)} to {now['versions'][name]}"
            for name in SAME
            if kept["versions"].get(name) != now["versions"][name]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise RunError(
            f"the checkpoint is not of this version: {error!r}", hint="train without --resume"
        ) from error
    if differ:
        raise RunError(
            f"the training that was stopped is another one, changed since: {', '.join(differ)}",
            hint="type its settings again, or train anew without --resume",
        )


def _packed(
    name: str, parts: dict[str, list[NDArray[Any]]], history: History, arrays: Arrays
) -> dict[str, Any]:
    """A fit as a document; its arrays are added to the others under its name."""
    for part, values in parts.items():
        arrays.update({f"{name}/{part}/{place}": value for place, value in enumerate(values)})
    arrays[f"{name}/looks"] = np.array([getattr(history, each) for each in LOOKS], np.float64)
    return {
        "name": name,
        "parts": {part: len(values) for part, values in parts.items()},
        "rate": history.rate,
        "best_step": history.best_step,
    }


def _unpacked(fit: dict[str, Any], arrays: Arrays) -> tuple[dict[str, list[NDArray[Any]]], History]:
    """The inverse.

    Raises:
        RunError: a part is missing.
    """
    name = fit["name"]
    try:
        parts = {
            part: [arrays[f"{name}/{part}/{place}"] for place in range(count)]
            for part, count in fit["parts"].items()
        }
        step, loss, value, norm = arrays[f"{name}/looks"].tolist()
        done = list(map(int, step))
        history = History(done, loss, value, norm, fit["best_step"], fit["rate"])
    except (KeyError, ValueError) as error:
        raise RunError(
            f"the checkpoint lacks a part: {error!r}", hint="train without --resume"
        ) from error
    return parts, history
