"""What a test and the data show, as sections of a page; for a training and for a backtest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from forecast import data, judge
from forecast.judge import Scores
from forecast.types import Forecast, Loaded

if TYPE_CHECKING:
    from forecast.show.findings import Measured
    from forecast.show.headline import Duel
    from forecast.show.page import Section

__all__ = ["data_facts", "duel_of", "measured_of", "methods_of", "test_sections"]

COVERAGES = ("coverage80", "coverage95")


def test_sections(
    loaded: Loaded, tried: dict[str, Forecast], scores: dict[str, Scores], about: str
) -> list[Section]:
    """What a test showed: the errors, how sure the model may be, what it left over, the worst.

    Args:
        loaded: the data.
        tried: method -> (W, H, Q) its forecasts with actuals, the model first.
        scores: method -> its errors.
        about: what was done, in a sentence.
    """
    from forecast.show import findings

    measured = measured_of(loaded, tried, scores)
    name, _ = measured.names
    model, tz = tried[name], loaded.panel.tz
    left = judge.residuals(model, scores[name])
    unit = "in units of the seasonal naive's error" if left.scaled else f"in {loaded.schema.target}"
    leftover = findings.Leftover(left.time, left.values, unit, left.correlation, left.pairs)
    found = (
        findings.test_section(loaded.panel, measured, about),
        findings.sureness_section(model.levels, *judge.reliability(model)),
        findings.leftover_section(leftover, tz),
        findings.worst_section(measured, judge.ranked(scores)[1].upper()),
    )
    return [section for section in found if section is not None]


def measured_of(loaded: Loaded, tried: dict[str, Forecast], scores: dict[str, Scores]) -> Measured:
    """The errors as the report tells them: the model, its best rival, the others."""
    from forecast.show.findings import Measured
    from forecast.show.glossary import LABELS

    order, metric = methods_of(scores)
    model = order[0]
    single = len(scores[model].ids) == 1
    steps = "mae" if single else metric
    unit = f"Error in {loaded.schema.target}" if single else f"{LABELS[steps]} over all series"
    reference = scores.get(judge.REFERENCE, scores[model])
    return Measured(
        tried={name: tried[name] for name in order},
        overall={
            name: {
                **{key: value for key, value in scores[name].overall.items() if _shown(key)},
                "skill": judge.skill(scores[name], reference),
            }
            for name in sorted(order, key=[model, *judge.ranked(scores)[0]].index)
        },
        by_step={name: scores[name].by_step[steps] for name in order},
        unit=unit,
        by_series={name: scores[name].by_series[metric] for name in order},
        ids=scores[model].ids,
    )


def _shown(metric: str) -> bool:
    return not metric.startswith("coverage") or metric in COVERAGES


def methods_of(scores: dict[str, Scores]) -> tuple[list[str], str]:
    """What is shipped, its best rival, the others, the best first; and the metric that says so."""
    best, metric = judge.ranked(scores)
    model = judge.shipped(scores) or best[0]
    others = sorted((name for name in best if name != model), key=lambda name: name in judge.OURS)
    return [model, *others], metric


def duel_of(scores: dict[str, Scores], test: str) -> Duel | None:
    """The model against the best of the others; None where nothing was scored."""
    from forecast.show.headline import Duel

    if not scores:
        return None
    order, metric = methods_of(scores)
    model, rival = order[0], order[min(1, len(order) - 1)]
    if rival in (model, *judge.OURS):
        return None
    own, other = (scores[name].overall[metric] for name in (model, rival))
    kind = "simple" if rival in judge.BASELINES else "statistical"
    return Duel(model, rival, metric.upper(), own, other, test, kind)


def data_facts(loaded: Loaded, source: str) -> list[tuple[str, str]]:
    """What the data looked like."""
    panel, schema = loaded.panel, loaded.schema
    ends = panel.time[[panel.time.argmin(), panel.time.argmax()]]
    first, last = data.render_time(ends, schema)
    facts = [("File", source), ("Rows", f"{loaded.rows:,}"), ("Series", f"{len(panel):,}")]
    if len(panel) > 1:
        short, long = int(panel.lengths.min()), int(panel.lengths.max())
        facts.append(
            ("Steps of a series", f"{short:,} to {long:,}" if short < long else f"{long:,}")
        )
    facts += [("Span", f"{first} to {last}"), ("Frequency", data.describe_freq(panel.freq))]
    strength = f"strength {loaded.season_strength:.2f} (0 none, 1 nothing but season)"
    facts.append(("Season", f"{loaded.season} rows, {strength}" if loaded.season > 1 else "none"))
    facts.append(("Missing values", _missing(loaded)))
    facts.append(("Target", schema.target))
    roles: dict[str, Any] = {
        "Time": schema.time,
        "Series named by": schema.ids,
        "Known up to now": schema.past,
        "Known ahead": schema.future,
        "Never changing": schema.static,
        "Not used": loaded.unused,
    }
    return facts + [(role, ", ".join(names)) for role, names in roles.items() if names]


def _missing(loaded: Loaded) -> str:
    """How many values of the target were not measured."""
    panel = loaded.panel
    target = np.isfinite(panel.values[:, 0])
    if panel.observed is not None:
        target = target & panel.observed[:, 0]
    count = int((~target).sum())
    return f"{count:,} of {len(target):,} ({count / len(target):.1%})" if count else "none"
