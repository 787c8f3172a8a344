"""Doctor: whether everything is there that the other commands need, and works."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forecast import __version__, infer, store
from forecast.errors import ForecastError, InstallError, OutputError
from forecast.flows.answer import network_of
from forecast.flows.needs import TO_TRAIN
from forecast.flows.recall import group_freqs, recall
from forecast.threads import cores

__all__ = ["Check", "examine"]

TO_PREDICT = ("numpy", "pandas", "pyarrow", "onnxruntime", "typer", "charset-normalizer")
TRAINING = ("tensorflow", "keras", "scikit-learn", "matplotlib")
LEAST_ROOM = 200_000_000  # bytes: some runs
DEVICES = (Path("/dev/nvidiactl"), Path("/dev/kfd"))
ZONE = "Europe/Berlin"  # any that is not this machine's own


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: a word.
        state: "ok", "failed", or "none" where there is nothing to look at.
        told: what was found.
        hint: what to do about it, "" where nothing is to be done.
        exit_code: of a command that needs it, 0 where it is well.
    """

    name: str
    state: str
    told: str
    hint: str = ""
    exit_code: int = 0


def examine(output: Path, depth: str = "quick") -> tuple[Check, ...]:
    """Look at everything; what fails is told, not raised.

    Args:
        output: the output folder; it need not exist.
        depth: "quick", or "full" to start TensorFlow too.
    """
    looks: dict[str, Callable[[], tuple[str, str]]] = {
        "python": _python,
        "packages": _packages,
        "training": _training_tried if depth == "full" else _training,
        "processors": _processors,
        "gpu": _gpu,
        "runtime": _runtime,
        "output": lambda: _output(output),
        "latest": lambda: _latest(output),
        "ledger": lambda: _ledger(output),
        "clock": _clock,
    }
    return tuple(_looked(name, look) for name, look in looks.items())


def _looked(name: str, look: Callable[[], tuple[str, str]]) -> Check:
    try:
        state, told = look()
    except ForecastError as error:
        return Check(name, "failed", error.message, error.hint, error.exit_code)
    return Check(name, state, told)


def _python() -> tuple[str, str]:
    return "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _packages() -> tuple[str, str]:
    found = [f"{name} {_version(name)}" for name in TO_PREDICT]
    return "ok", ", ".join([f"lstm-forecast {__version__}", *found])


def _version(name: str) -> str:
    """Of a package that has to be there.

    Raises:
        InstallError: it is not.
    """
    try:
        return version(name)
    except PackageNotFoundError as error:
        hint = "install again: pip install lstm-forecast"
        raise InstallError(f"{name} is not installed", hint=hint) from error


def _training() -> tuple[str, str]:
    missing = [name for name in TO_TRAIN if find_spec(name) is None]
    if missing:
        return "none", f"this installation predicts only, it has no {', '.join(missing)}"
    found = [f"{name} {_version(name)}" for name in TRAINING]
    return "ok", f"{', '.join(found)} (not started; --full tries them)"


def _training_tried() -> tuple[str, str]:
    state, told = _training()
    if state == "none":
        return state, told
    began = time.monotonic()
    from forecast import nets

    found, gpus = nets.try_training()
    seconds = time.monotonic() - began
    where = f"GPU {', '.join(gpus)}" if gpus else "processors alone"
    return "ok", f"tensorflow {found} computes on {where}, started in {seconds:.1f} s"


def _processors() -> tuple[str, str]:
    return "ok", f"{cores()} of {os.cpu_count()} may be used"


def _gpu() -> tuple[str, str]:
    seen = [str(path) for path in DEVICES if path.exists()]
    if not seen:
        return "none", "none seen; none is needed"
    return "ok", f"{', '.join(seen)} is here; --full asks TensorFlow whether it uses it"


def _runtime() -> tuple[str, str]:
    began = time.monotonic()
    found = infer.try_runtime()
    return "ok", f"onnxruntime {found} answered in {time.monotonic() - began:.2f} s"


def _output(output: Path) -> tuple[str, str]:
    free = store.room(output)
    if free < LEAST_ROOM:
        raise OutputError(
            f"{free / 1e6:,.0f} MB are free for {output}, a few runs take {LEAST_ROOM / 1e6:.0f}",
            hint="make room, forecast runs --keep 10 deletes old runs, or change --output",
        )
    return "ok", f"{output} can be written, {free / 1e9:,.1f} GB are free"


def _latest(output: Path) -> tuple[str, str]:
    if not os.path.lexists(output / "latest"):
        return "none", f"no run in {output} yet"
    run = store.find_run(output, None)
    parts = [run.group(freq) for freq in group_freqs(store.open_run(run))] or [run]
    for part in parts:
        made = recall(part)
        network_of(part, made.spec, made.plan)
    return "ok", f"{run.folder} answers as when it was trained"


def _ledger(output: Path) -> tuple[str, str]:
    kept = store.kept_in(output / "ledger")
    if not kept:
        return "none", "no forecast has been kept yet"
    size = sum(path.stat().st_size for path in kept)
    store.open_kept(kept[-1])
    return "ok", f"{len(kept):,} forecasts, {size / 1e6:,.1f} MB"


def _clock() -> tuple[str, str]:
    try:
        ZoneInfo(ZONE)
    except ZoneInfoNotFoundError as error:
        raise InstallError(
            f"the time zones of the world are not known here: no {ZONE}",
            hint="install them: pip install tzdata",
        ) from error
    now = datetime.now().astimezone()
    return "ok", f"{now:%Y-%m-%d %H:%M:%S %Z} (UTC{now:%z}), zones known"
