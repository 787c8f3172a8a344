"""The report of a backtest: who forecast best, fold by fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast import __version__, data, judge
from forecast.flows.findings import data_facts, duel_of, test_sections
from forecast.judge import Scores
from forecast.types import Forecast, Loaded, Times

__all__ = ["Tested", "backtest_html"]


@dataclass(frozen=True, slots=True)
class Tested:
    """What a backtest found.

    Attributes:
        loaded: the data.
        source: what they were read from, as a person calls it.
        forecasts: method -> (W, H, Q) its forecasts with actual values, the LSTM first.
        scores: method -> its errors over all folds.
        by_fold: method -> its errors in each of K folds.
        cutoffs: (K,) the last time stamp that was seen in each fold.
        verdict: which method was best, a sentence.
        notes: what else there is to know, a sentence each.
        facts: sizes and settings of the test, names and values.
    """

    loaded: Loaded
    source: str
    forecasts: dict[str, Forecast]
    scores: dict[str, Scores]
    by_fold: Mapping[str, Sequence[Scores]]
    cutoffs: Times
    verdict: str
    notes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


def backtest_html(tested: Tested) -> str:
    """The whole page."""
    from forecast.show.findings import folds_section
    from forecast.show.headline import headline
    from forecast.show.page import Page, Section, page_html
    from forecast.show.report import data_section

    count, model = len(tested.cutoffs), next(iter(tested.forecasts))
    steps = tested.forecasts[model].values.shape[1]
    tone, sentence = "unknown", tested.verdict
    if duel := duel_of(tested.scores, f"{count:,} folds"):
        tone = headline(duel)[0] if model == judge.LSTM else tone
        sentence = headline(duel)[1] if model == judge.LSTM else sentence
    metric = judge.ranked(tested.scores)[1]
    by_fold = {
        name: np.array([fold.overall[metric] for fold in tested.by_fold[name]])
        for name in (model, *(each for each in judge.ranked(tested.scores)[0] if each != model))
    }
    seen = data.render_time(tested.cutoffs, tested.loaded.schema).tolist()
    about = (
        f"{count:,} times the clock was set back: each method forecast the next {steps:,} steps "
        "from what was known then, and was held against what came."
    )
    sections = [
        *test_sections(tested.loaded, tested.forecasts, tested.scores, about),
        data_section(tested.loaded, data_facts(tested.loaded, tested.source)),
    ]
    if count > 1:
        sections.insert(1, folds_section(by_fold, tested.cutoffs, seen, metric.upper()))
    if tested.facts:
        sections.append(Section("How it was made", facts=tested.facts))
    page = Page(
        title=f"Backtest of {tested.loaded.schema.target}",
        headline=sentence,
        tone=tone,
        lead=(tested.verdict, *tested.notes),
        sections=tuple(sections),
        foot=f"Written by lstm-forecast {__version__}.",
    )
    return page_html(page)
