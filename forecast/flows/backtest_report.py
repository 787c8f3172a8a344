"""The report of a backtest: who forecast best, on average and fold by fold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from forecast import __version__, data, judge, store
from forecast.flows.findings import data_facts, duel_of, methods_of, test_sections
from forecast.types import Floats, Times

if TYPE_CHECKING:
    from forecast.flows.backtest import Backtest
    from forecast.show.page import Section

__all__ = ["write_report"]


def write_report(made: Backtest) -> None:
    """report.html of a backtest that is being written."""
    from forecast.show.headline import headline
    from forecast.show.page import Page, page_html
    from forecast.show.report import data_section

    loaded = made.loaded
    tone, sentence = "unknown", made.verdict
    if judge.shipped(made.scores) and (duel := duel_of(made.scores, _counted(made))):
        tone, sentence = headline(duel)
    source = made.spec.data.source
    facts = data_facts(loaded, "standard input" if source == "-" else Path(source).name)
    tests = test_sections(loaded, made.forecasts, made.scores, _about(made))
    page = Page(
        title=f"Backtest of {loaded.schema.target}",
        headline=sentence,
        tone=tone,
        lead=(made.verdict, *made.failures, *made.notes),
        sections=(*tests[:1], *_folds(made), *tests[1:], data_section(loaded, facts), _sizes(made)),
        foot=f"Written by lstm-forecast {__version__}.",
    )
    store.write_text(made.place.report, page_html(page))


def _counted(made: Backtest) -> str:
    count = len(made.folds)
    return f"{count:,} folds" if count > 1 else "one fold"


def _about(made: Backtest) -> str:
    """What was done."""
    times = f"{len(made.folds):,} times" if len(made.folds) > 1 else "Once"
    gap = f" after a gap of {made.folds.gap:,}" if made.folds.gap else ""
    return (
        f"{times} the clock was set back: each method forecast {made.folds.horizon:,} steps{gap} "
        "from what was known then, and was held against what came."
    )


def _folds(made: Backtest) -> list[Section]:
    """How the methods did in each fold; nothing of a single one."""
    from forecast.show.findings import folds_section

    if len(made.folds) < 2:
        return []
    order, metric = methods_of(made.scores)
    errors: dict[str, Floats] = {
        name: np.array([fold.overall[metric] for fold in made.by_fold[name]]) for name in order
    }
    cutoffs = _cutoffs(made)
    seen = data.render_time(cutoffs, made.loaded.schema).tolist()
    return [folds_section(errors, cutoffs, seen, metric.upper())]


def _cutoffs(made: Backtest) -> Times:
    """(K,) the last time stamp that was seen in each fold."""
    like = next(iter(made.forecasts.values()))
    cutoffs: Times = np.array(
        [like.cutoff[made.fold == fold].max() for fold in range(len(made.folds))]
    )
    return cutoffs


def _sizes(made: Backtest) -> Section:
    """How it was made."""
    from forecast.show.page import Section

    facts = [
        ("Folds", f"{len(made.folds):,}, {made.folds.step:,} steps apart"),
        ("Horizon", f"{made.folds.horizon:,} steps"),
        ("Gap", f"{made.folds.gap:,} steps"),
        ("Seed", str(made.spec.seed)),
        ("SHA-256 of the data", made.loaded.sha256),
    ]
    if made.model is not None:
        facts.insert(0, ("Run that was tested", made.model.folder.name))
    return Section("How it was made", facts=tuple(facts))
