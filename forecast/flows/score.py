"""Score: the forecasts that were made, held against what has happened since."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from forecast import data, judge, store
from forecast.errors import RunError
from forecast.flows.happened import Shelf, is_after
from forecast.flows.predict import asked, asked_of_groups, known_groups
from forecast.flows.recall import Recalled, recall, recall_groups
from forecast.judge import Drift, Live
from forecast.spec import DriftSpec
from forecast.types import Forecast, Ints, Loaded, Times

__all__ = ["Scored", "draw_scores", "score"]

DRIFT = DriftSpec()


@dataclass(frozen=True, slots=True)
class Scored:
    """How the forecasts of one kind of series did.

    Attributes:
        run: whose settings the data were read with.
        source: the file of what happened.
        loaded: that file.
        ledger: where the forecasts were kept.
        tally: their errors.
        cutoff: (T,) time stamps that they were made at.
        forecasts: how many of the ledger's were scored, in part at least.
        waiting: windows of which no step has come yet.
        left: why others were left out -> how many.
        holdout: the MASE that the training measured, None without one.
        drift: whether the newest are worse than those before.
    """

    run: store.Run
    source: str
    loaded: Loaded
    ledger: Path
    tally: Live
    cutoff: Times
    forecasts: int
    waiting: int
    left: dict[str, int]
    holdout: float | None
    drift: Drift


def score(run: store.Run, source: str | None, files: str = "alike") -> tuple[Scored, ...]:
    """Hold all forecasts in the ledger of a run against a file, newest forecast of a cutoff first.

    Those of other runs count too, where they forecast the same column at the same frequency and
    were trained on a file of the same name, digits aside. A step that the network had seen when it
    was trained is no forecast.

    Args:
        run: from `store.find_run`; says how the file is read.
        source: a path, "-" for standard input, None for the training's own file.
        files: "alike", or "any" to count runs that were trained on files of other names.

    Returns:
        One result, or one for each frequency of a run that has several.

    Raises:
        RunError: the run cannot be used, or no forecast has been kept.
        DataError: the file cannot be read, or is not like the one trained on.
    """
    ledger = store.ledger_of(run)
    paths = store.kept_in(ledger)
    if not paths:
        raise RunError(
            f"no forecast has been kept in {ledger}",
            hint="forecast predict keeps each that it makes; score them when their rows have come",
        )
    groups = recall_groups(run)
    parts = [run.group(freq) for freq in groups] or [run]
    made = list(groups.values()) or [recall(run)]
    if not groups:
        asking = asked(run, made[0], source, None)
        loaded = {0: data.load(asking, made[0].schema)}
    else:
        asking = asked_of_groups(run, groups, source, None)
        found, _ = data.load_groups(asking, known_groups(groups))
        place = {each.schema.freq: number for number, each in enumerate(made)}
        loaded = {place[each.schema.freq]: each for each in found}
    freqs = {each.schema.freq for each in made}
    jobs = [
        _Scoring(parts[n], made[n], loaded[n], files, frozenset(freqs - {made[n].schema.freq}))
        for n in loaded
    ]
    return tuple(_scored(job, ledger, paths, asking.source) for job in jobs)


def draw_scores(parts: tuple[Scored, ...], path: Path) -> None:
    """A picture of the errors over time; of several frequencies, the first.

    Raises:
        RunError: there is nothing to draw yet.
        OutputError: it cannot be written.
        InstallError: only what predicting needs is installed.
    """
    from forecast.flows.needs import TO_DRAW, need

    need(TO_DRAW, "--plot")
    from forecast import show

    part = parts[0]
    means = part.tally.means(axis=1)
    if not len(part.cutoff):
        raise RunError(
            "there is nothing to draw: no forecast has been overtaken by its actuals yet",
            hint="leave --plot out, or bring newer rows",
        )
    figure = show.live_figure(
        part.cutoff,
        means["mase"],
        means["naive_mase"],
        "MASE",
        part.loaded.panel.tz,
        since=part.drift.since if part.drift.found else 0,
        holdout=part.holdout,
    )
    with store.new_place(path, "replace") as draft:
        show.save(figure, draft)


def _scored(scoring: _Scoring, ledger: Path, paths: list[Path], source: str) -> Scored:
    for path in reversed(paths):
        scoring.add(path)
    panel = scoring.loaded.panel
    stamps, first = np.unique(panel.time, return_index=True)
    rows: Ints = np.searchsorted(stamps.astype(np.int64), scoring.tally.cutoffs).astype(np.int64)
    return Scored(
        run=scoring.run,
        source=source,
        loaded=scoring.loaded,
        ledger=ledger,
        tally=scoring.tally,
        cutoff=panel.time[first[rows]],
        forecasts=scoring.forecasts,
        waiting=scoring.waiting,
        left={why: count for why, count in scoring.left.items() if count},
        holdout=_holdout(scoring.run),
        drift=judge.find_drift(scoring.tally, rows, len(stamps) - 1, DRIFT),
    )


def _holdout(run: store.Run) -> float | None:
    """What the training measured; it is told beside, so that nothing hangs on its being there."""
    try:
        methods = store.open_scores(run).get("methods", {})
    except RunError:
        return None
    name = judge.shipped(methods)
    return methods[name]["mase"] if name in methods else None


@dataclass(slots=True)
class _Scoring:
    """The forecasts as they come, each held against one panel.

    Attributes:
        siblings: frequencies that are scored beside this one.
    """

    run: store.Run
    made: Recalled
    loaded: Loaded
    files: str
    siblings: frozenset[str]
    tally: Live = field(default_factory=Live)
    left: Counter[str] = field(default_factory=Counter)
    forecasts: int = 0
    waiting: int = 0
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.loaded.panel)

    def add(self, path: Path) -> None:
        """One more file of the ledger, older than those before."""
        try:
            kept = store.open_kept(path)
        except RunError as error:
            self.left[error.message] += 1
            return
        if kept is None or kept[0].freq in self.siblings:
            return
        reason = self._foreign(kept[0])
        if reason:
            self.left[reason] += 1
        else:
            self._count(*kept)

    def _foreign(self, about: store.About) -> str:
        """Why a forecast is of something else, "" where it is not."""
        schema, panel = self.made.schema, self.loaded.panel
        if about.freq != panel.freq or about.tz != panel.tz:
            other = about.freq + (f" in {about.tz}" if about.tz else "")
            return f"forecasts at another frequency ({other})"
        if (about.target, about.ids) != (schema.target, schema.ids):
            return f"forecasts of another column ({about.target})"
        if self.files == "alike" and _family(about.source) != _family(self.made.path):
            return f"forecasts of runs trained on {Path(about.source).name}; --any-file takes them"
        return ""

    def _count(self, about: store.About, forecast: Forecast) -> None:
        """The errors of the windows that the data have overtaken."""
        panel, season = self.loaded.panel, self.loaded.season
        fresh = is_after(forecast.time, about.known)
        rows = self.shelf.rows(forecast.ids, forecast.cutoff)
        here = rows >= 0
        self.left["windows whose series or cutoff is not in the data"] += int((~here).sum())
        seen = here & ~fresh.any(axis=1)
        self.left["windows that lie wholly in what the training had seen"] += int(seen.sum())
        used = np.flatnonzero(here & ~seen & ~self.shelf.taken[rows])
        self.shelf.taken[rows[used]] = True
        picked = _picked(forecast, used)
        actual = self.shelf.actual(picked)
        actual[~fresh[used]] = np.nan
        come = ~np.isnan(actual).all(axis=1)
        self.waiting += int((~come).sum())
        if not come.any():
            return
        self.forecasts += 1
        ends = rows[used][come] + 1
        live = dataclasses.replace(_picked(picked, np.flatnonzero(come)), actual=actual[come])
        naive = judge.seasonal_at(panel, ends, season, live.time.shape[1])
        scale = judge.scale_at(panel, ends, season)
        self.tally.add(live.cutoff, judge.live_errors(live, naive, scale))


def _picked(forecast: Forecast, windows: Ints) -> Forecast:
    return dataclasses.replace(
        forecast,
        values=forecast.values[windows],
        time=forecast.time[windows],
        ids=forecast.ids[windows],
        cutoff=forecast.cutoff[windows],
    )


def _family(path: str) -> str:
    """A file's name without its digits: sales-2024-01.csv and sales-2024-02.csv are of one."""
    return re.sub(r"\d+", "", Path(path).name)
