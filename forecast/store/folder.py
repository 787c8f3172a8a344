"""The places in a run folder, and where run folders are.

output/latest -> runs/20261120T183000Z-airline-3f2a
output/ledger/*.arrow        every forecast that was made, see forecast.store.ledger
output/runs/20261120T183000Z-airline-3f2a/
    run.json  model.keras  model.onnx  golden.npz  metrics.json  series_metrics.csv
    forecast.csv  holdout.csv  report.html  log.jsonl  plots/*.png  SHA256SUMS
    export/model.*         where `export` writes, if it is told nowhere else
    groups/<frequency>/    a run folder for each group, with run.json, metrics.json,
                           forecast.csv, report.html and SHA256SUMS of all of them above,
                           where a run has groups
output/runs/.checkpoint.npz    a training that was stopped (checkpoint.py)
output/backtests/20261120T183000Z-airline-3f2a/
    backtest.json  forecasts.csv  series_metrics.csv  report.html  plots/*.png
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from forecast.errors import RunError

__all__ = ["Rolled", "Run", "find_run", "shortest"]

ENDINGS = {"onnx": ".onnx", "savedmodel": "", "litert": ".tflite", "keras": ".keras"}


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
    def golden(self) -> Path:
        """A few windows and what the network said of them when it was trained."""
        return self.folder / "golden.npz"

    @property
    def sums(self) -> Path:
        """SHA-256 of every file above and below that never changes."""
        return self.folder / "SHA256SUMS"

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
    def report(self) -> Path:
        """All of it on one page, for a browser."""
        return self.folder / "report.html"

    @property
    def log(self) -> Path:
        """The losses, a JSON line for each look at them."""
        return self.folder / "log.jsonl"

    def export(self, kind: str) -> Path:
        """The network for another program, as one of spec's EXPORTS."""
        return self.folder / "export" / f"model{ENDINGS[kind]}"

    def plot(self, name: str) -> Path:
        """A picture."""
        return self.folder / "plots" / f"{name}.png"

    def group(self, freq: str) -> Run:
        """The run of one frequency, in a run that has several."""
        return Run(self.folder / "groups" / freq)

    def groups(self) -> list[Run]:
        """The runs of all frequencies that are there."""
        return [Run(folder) for folder in sorted(self.group("").folder.glob("*"))]


@dataclass(frozen=True, slots=True)
class Rolled:
    """The places in the folder of one backtest; they need not exist yet.

    Example:
        >>> Rolled(Path("output/backtests/b")).forecasts
        PosixPath('output/backtests/b/forecasts.csv')
    """

    folder: Path

    @property
    def document(self) -> Path:
        """Settings, folds, and the scores of every method, over all, by fold and by step."""
        return self.folder / "backtest.json"

    @property
    def forecasts(self) -> Path:
        """What happened at every step of every fold beside what each method said."""
        return self.folder / "forecasts.csv"

    @property
    def series_metrics(self) -> Path:
        """Errors of every method, by series."""
        return self.folder / "series_metrics.csv"

    @property
    def report(self) -> Path:
        """All of it on one page, for a browser."""
        return self.folder / "report.html"

    def plot(self, name: str) -> Path:
        """A picture."""
        return self.folder / "plots" / f"{name}.png"


def find_run(output: Path, model: Path | None) -> Run:
    """The run that `--model` names, or the latest under `output`.

    It is named by its own folder: `latest` may point elsewhere a moment later, and no command
    shall read half of one run and half of another.

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
            return Run(_settled(place))
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


def _settled(place: Path) -> Path:
    """Where a link points now, as relative as it was; a folder as it is."""
    return place.parent / os.readlink(place) if place.is_symlink() else place


def shortest(run: Run) -> Run:
    """The run under its shortest name: output/latest where that is where it points."""
    latest = Run(run.folder.parent.parent / "latest")
    return latest if latest.folder.resolve() == run.folder.resolve() else run
