"""What the runs of an output folder say of themselves, side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forecast import judge, store
from forecast.errors import RunError, SpecError
from forecast.flows.recall import group_freqs
from forecast.spec import DataSpec, RunSpec

__all__ = [
    "Entry",
    "Listed",
    "changed",
    "compare",
    "differences",
    "draw_comparison",
    "keep",
    "list_runs",
    "rollback",
    "show_run",
]

CHOSEN = ("horizon", "window", "fold", "holdout", "last_year")  # by the plan where nobody asks

Methods = dict[str, dict[str, float | None]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A run, or one group of a run that has several.

    Attributes:
        run: where it is.
        name: of the run's folder, and of the group behind a slash.
        created: ISO time, UTC.
        latest: whether `predict` takes it when no other is named.
        source: the file it was trained on.
        digest: SHA-256 of that file.
        settings: the resolved spec, as run.json has it.
        sizes: horizon, holdout, window and the like.
        versions: of Python and of the libraries.
        weights: method -> its part of the forecast that is shipped.
        series: how many were scored; 0 without a holdout.
        methods: the errors of each on the holdout; None where one is not defined.
        best_simple: which simple method was best, "" without a holdout.
        verdict: a sentence where the LSTM lost.
    """

    run: store.Run
    name: str
    created: str
    latest: bool
    source: str
    digest: str
    settings: dict[str, Any]
    sizes: dict[str, Any]
    versions: dict[str, str]
    weights: dict[str, float]
    series: int = 0
    methods: Methods = field(default_factory=dict)
    best_simple: str = ""
    verdict: str = ""

    @property
    def shipped(self) -> dict[str, float | None]:
        """The errors of what is shipped on the holdout, {} without one."""
        return self.methods.get(judge.BLEND, self.methods.get(judge.LSTM, {}))

    @property
    def mixed(self) -> bool:
        """Whether a simple method has a part in what is shipped, or all of it."""
        return self.weights.keys() != {judge.LSTM}

    def of_shipped(self, metric: str) -> float | None:
        """The error of what is shipped on the holdout, None where it is not known."""
        return self.shipped.get(metric)

    @property
    def simple(self) -> float | None:
        """The MASE of the best simple method."""
        return self.methods.get(self.best_simple, {}).get("mase")


@dataclass(frozen=True, slots=True)
class Listed:
    """The runs that can be read, oldest first, and why the others cannot."""

    entries: tuple[Entry, ...]
    broken: tuple[str, ...] = ()


def list_runs(output: Path) -> Listed:
    """Every run under an output folder.

    Raises:
        RunError: there is none at all.
    """
    entries: list[Entry] = []
    broken: list[str] = []
    for run in store.runs_in(output):
        try:
            entries += show_run(run)
        except RunError as error:
            broken.append(error.message)
    if not entries and not broken:
        raise RunError(
            f"no run in {output / 'runs'}",
            hint="train one first with forecast train DATA, or name another folder with --output",
        )
    return Listed(tuple(entries), tuple(broken))


def show_run(run: store.Run) -> list[Entry]:
    """One run: an entry, or one for each of its groups.

    Raises:
        RunError: it cannot be read.
    """
    document = store.open_run(run)
    latest = store.is_latest(run)
    groups = [run.group(freq) for freq in group_freqs(document)]
    return [_entry(run, each, latest) for each in groups or [run]]


def compare(output: Path, names: list[str]) -> tuple[list[Entry], str]:
    """The entries of the named runs, and why their scores cannot be compared, "" where they can.

    Raises:
        RunError: one of them is not there or cannot be read.
        SpecError: fewer than two are named.
    """
    if len(names) < 2:
        raise SpecError(
            f"a comparison takes two runs or more, got {len(names)}",
            hint="forecast runs lists them; latest is the latest",
        )
    found = [store.find_run(output, None if n == "latest" else Path(n)) for n in names]
    entries = [entry for run in found for entry in show_run(run)]
    reasons: dict[str, set[Any]] = {
        "data": {entry.digest for entry in entries},
        "holdouts": {(entry.sizes["holdout"], entry.series) for entry in entries},
        "horizons": {entry.sizes["horizon"] for entry in entries},
    }
    differ = [what for what, values in reasons.items() if len(values) > 1]
    return entries, f"their {' and '.join(differ)} differ" if differ else ""


def changed(entry: Entry) -> dict[str, Any]:
    """The settings of network, training and seed that are not the defaults, by their names.

    Sizes that the plan chooses are left out: they are chosen anew for every file.
    """
    usual = _flat(store.plain(RunSpec(DataSpec("")).to_json()))
    return {
        name: value
        for name, value in _flat(entry.settings).items()
        if value != usual.get(name) and name not in CHOSEN
    }


def differences(entries: list[Entry]) -> dict[str, list[str]]:
    """Each setting and size that is not the same in all, with its value in each."""
    told = [
        {**_flat(entry.settings), **entry.sizes, "file": entry.digest[:12]} for entry in entries
    ]
    names = dict.fromkeys(name for each in told for name in each)
    values = {name: [str(each.get(name)) for each in told] for name in names}
    return {name: found for name, found in values.items() if len(set(found)) > 1}


def draw_comparison(entries: list[Entry], warning: str, path: Path) -> None:
    """A picture of the scores, the best run on top.

    Raises:
        OutputError: it cannot be written.
    """
    from forecast import show

    bars = [
        show.Bar(entry.name, entry.of_shipped("mase"), entry.simple, entry.best_simple)
        for entry in entries
    ]
    with store.new_place(path, "replace") as draft:
        show.save(show.comparison_figure(bars, "MASE", warning), draft)


def keep(output: Path, count: int) -> list[str]:
    """Delete all but the newest runs; the latest stays in any case. The names of the deleted.

    Raises:
        SpecError: fewer than one are to be kept.
        OutputError: one cannot be deleted; those before it are gone.
        BusyError: another process writes to the folder.
    """
    if count < 1:
        raise SpecError(f"--keep must be at least 1, got {count}", hint="such as --keep 10")
    runs = store.runs_in(output)
    old = [run for run in runs[: max(len(runs) - count, 0)] if not store.is_latest(run)]
    with store.only_writer(output):
        for run in old:
            store.remove(run)
    return [run.folder.name for run in old]


def rollback(output: Path, name: str | None) -> tuple[store.Run, store.Run]:
    """Make the run before the latest the latest, or a named one. Those before and after.

    Raises:
        RunError: there is none before it, or it cannot be used.
    """
    now = store.find_run(output, None)
    runs = store.runs_in(output)
    if name is None:
        place = [run.folder.resolve() for run in runs].index(now.folder.resolve())
        if place == 0:
            raise RunError(
                f"{runs[0].folder.name} is the first run of {output}, there is none before it",
                hint="forecast runs lists the runs; forecast runs rollback RUN takes any of them",
            )
        chosen = runs[place - 1]
    else:
        chosen = store.find_run(output, Path(name))
    show_run(chosen)  # one that cannot be read is no way back
    before = store.Run(now.folder.resolve())
    with store.only_writer(output):
        store.make_latest(output, chosen)
    return before, chosen


def _flat(spec: dict[str, Any]) -> dict[str, Any]:
    """The settings of a spec but for those of the data, which the file decides."""
    parts = (spec.get("net", {}), spec.get("fit", {}), {"seed": spec.get("seed")})
    return {name: value for part in parts for name, value in part.items()}


def _entry(run: store.Run, part: store.Run, latest: bool) -> Entry:
    document = store.open_run(part)
    scores = store.open_scores(part)
    place = run.folder.resolve()
    behind = part.folder.relative_to(run.folder) if part != run else Path()
    try:
        return Entry(
            run=part,
            name=str(Path(place.name) / behind),
            created=str(document["created"]),
            latest=latest,
            source=str(document["data"]["path"]),
            digest=str(document["data"]["sha256"]),
            settings=document["spec"],
            sizes=document["plan"],
            versions=document["versions"],
            weights={str(name): float(w) for name, w in document["finish"]["weights"].items()},
            series=int(scores["series"]),
            methods={str(name): dict(errors) for name, errors in scores["methods"].items()},
            best_simple=str(scores.get("best_simple", "")),
            verdict=str(scores["verdict"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RunError(
            f"{part.folder} has been changed or cut short: {error!r}", hint="train again"
        ) from error
