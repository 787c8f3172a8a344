"""The sections of a report on a test: who was off by how much, where, and how sure they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.show.diagnosis import (
    calibration_picture,
    errors_picture,
    leftover_picture,
    steps_picture,
)
from forecast.show.glossary import LABELS, meanings
from forecast.show.page import Picture, Section, Table
from forecast.show.small import folds_picture, holdout_picture
from forecast.show.spark import spark
from forecast.show.wording import column, shorten
from forecast.types import Floats, Forecast, Panel, Times

__all__ = [
    "Leftover",
    "Measured",
    "folds_section",
    "leftover_section",
    "sureness_section",
    "test_section",
    "worst_section",
]

SHOWN_SERIES = 4
WORST = 10
NAME_LETTERS = 80
NARROW = 6  # columns of numbers beside a picture
SCORES = ("mae", "rmse", "mase", "smape", "skill")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a test showed.

    Attributes:
        tried: method -> its forecasts at the same cutoffs, with actuals; the model first, its
            best rival second.
        overall: method -> metric -> its value, those of SCORES and coverages among them.
        by_step: method -> (H,) the error of each step ahead.
        unit: what those errors are in.
        by_series: method -> (S,) the error of each series.
        ids: (S,) the series that could be scored.
    """

    tried: Mapping[str, Forecast]
    overall: Mapping[str, Mapping[str, float]]
    by_step: Mapping[str, Floats]
    unit: str
    by_series: Mapping[str, Floats]
    ids: tuple[str, ...]

    @property
    def names(self) -> tuple[str, str]:
        """The model and its best rival; the model twice where it is alone."""
        names = list(self.tried)
        return names[0], names[min(1, len(names) - 1)]


@dataclass(frozen=True, slots=True)
class Leftover:
    """The residuals of a test, as `judge` has them.

    Attributes:
        time: (n,) ascending.
        values: (n,) actual less forecast.
        unit: what they are in.
        correlation: (K,) of lags 1 to K.
        pairs: (K,) that each is of.
    """

    time: Times
    values: Floats
    unit: str
    correlation: Floats
    pairs: Floats


def test_section(panel: Panel, measured: Measured, about: str) -> Section:
    """Every method on rows that none had seen.

    Args:
        panel: the series.
        measured: what was found.
        about: what was done, in a sentence.
    """
    names = measured.names
    model, rival = (measured.tried[name] for name in names)
    shown = list(dict.fromkeys(model.ids.tolist()))[:SHOWN_SERIES]
    pictures = [holdout_picture(panel, model, rival, names, str(each)) for each in shown]
    if model.values.shape[1] > 1:
        pictures.append(steps_picture(measured.by_step, measured.unit, len(model.ids)))
    table = _score_table(measured)
    words = [*table.head, *measured.tried]
    words = ["coverage" if word.endswith("coverage") else word for word in words]
    return Section(
        "Test on rows it had not seen",
        (about,),
        pictures=tuple(pictures),
        tables=(table,),
        words=meanings(words),
    )


def _score_table(measured: Measured) -> Table:
    """A row for each method, the model's stands out."""
    first = next(iter(measured.overall.values()))
    coverages = [name for name in first if name.startswith("coverage")]
    columns = [name for name in SCORES if name in first]
    head = [*(LABELS[name] for name in columns), *(f"{n[8:]}% coverage" for n in coverages)]
    every = list(measured.overall.values())
    cells = [
        [_signed(each[name]) for each in every]
        if name == "skill"
        else column([each[name] for each in every])
        for name in columns
    ]
    cells += [[f"{each[m]:.0%}" if m in each else "–" for each in every] for m in coverages]
    rows = list(zip(measured.overall, *cells, strict=True))
    numbers = tuple(range(1, len(head) + 1))
    return Table(
        "Errors of every method",
        ("Method", *head),
        tuple(rows),
        numbers,
        strong=0,
        wide=len(head) > NARROW,
    )


def _signed(value: float) -> str:
    return "–" if not np.isfinite(value) else f"{value:+.2f}".replace("-", "−") if value else "0"


def folds_section(
    scores: Mapping[str, Floats], cutoffs: Times, seen: Sequence[str], metric: str
) -> Section:
    """How the methods did in each fold of a backtest.

    Args:
        scores: method -> (K,) its error in each fold; the model first, its best rival second.
        cutoffs: (K,) the last time that was seen in each.
        seen: the same as the file writes them.
        metric: what the errors are.
    """
    columns = [column(values.tolist()) for values in scores.values()]
    rows = tuple(zip(map(str, seen), *columns, strict=True))
    head = ("Known up to", *scores)
    numbers = tuple(range(1, len(head)))
    table = Table(f"{metric} of each fold", head, rows, numbers, wide=len(head) > NARROW)
    text = "A method that is good on average and bad in some folds is one to be careful with."
    picture = folds_picture(scores, cutoffs, metric)
    return Section("Fold by fold", (text,), pictures=(picture,), tables=(table,))


def sureness_section(levels: tuple[float, ...], shares: Floats, count: int) -> Section | None:
    """Whether the intervals held as many values as they should.

    Args:
        levels: (Q,) of the quantiles.
        shares: (Q,) of the values that each was not below.
        count: values that were known.
    """
    if len(levels) < 2 or not count:
        return None
    middle = len(levels) // 2
    pairs = [(low, len(levels) - 1 - low) for low in range(middle)]
    rows = tuple(
        (
            f"{100 * (levels[high] - levels[low]):g}%",
            f"{levels[high] - levels[low]:.0%}",
            f"{shares[high] - shares[low]:.0%}",
        )
        for low, high in reversed(pairs)
    )
    table = Table("Values inside each interval", ("Interval", "Should", "Did"), rows, (1, 2))
    return Section(
        "How sure it may be",
        pictures=(calibration_picture(levels, shares, count),),
        tables=(table,),
    )


def leftover_section(leftover: Leftover, tz: str | None) -> Section | None:
    """What the forecasts of the test left over."""
    if len(leftover.values) < 2:
        return None
    pictures = [leftover_picture(leftover.time, leftover.values, leftover.unit, tz)]
    if len(leftover.correlation):
        pictures.append(errors_picture(leftover.correlation, leftover.pairs))
    text = (
        "A residual is what happened less what was forecast. Good ones lie around zero, without a "
        "pattern over time."
    )
    return Section("Residuals", (text,), pictures=tuple(pictures))


def worst_section(measured: Measured, metric: str) -> Section | None:
    """The series that were forecast worst, of a panel."""
    own = measured.by_series[measured.names[0]]
    order = np.argsort(-own, kind="stable")
    chosen = [int(place) for place in order if np.isfinite(own[place])][:WORST]
    if len(measured.ids) < 2 or not chosen:
        return None
    model, rival = measured.names
    errors = [column(measured.by_series[name][chosen].tolist()) for name in (model, rival)]
    rows = tuple(
        (
            shorten(measured.ids[place], NAME_LETTERS) or "(no name)",
            _sparkline(measured.tried[model], measured.ids[place]),
            own_error,
            rival_error,
        )
        for place, own_error, rival_error in zip(chosen, *errors, strict=True)
    )
    head = ("Series", "Test", f"{model} {metric}", f"{rival} {metric}")
    count = len(measured.ids)
    few = count <= len(rows)
    caption = "All series, the worst first" if few else f"The {len(rows)} worst of {count:,} series"
    return Section(
        "Worst series",
        (
            "A series that is much worse than the others often has something wrong: look here "
            "first. The pictures show what happened, and in colour what was forecast.",
        ),
        tables=(Table(caption, head, rows, (2, 3), wide=True),),
    )


def _sparkline(model: Forecast, name: str) -> Picture:
    """The test of one series, window after window."""
    mine = model.ids == name
    said = model.point[mine].ravel()
    actual = np.full_like(said, np.nan) if model.actual is None else model.actual[mine].ravel()
    lines = [(actual, "currentColor"), (said, "var(--model)")]
    return spark(lines, f"what happened to {shorten(name, NAME_LETTERS)} and what was forecast")
