"""The report of a run: one page that tells an analyst all that the run knows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast import data, store
from forecast.flows import tables
from forecast.flows.findings import data_facts, duel_of, test_sections
from forecast.flows.settings import changed, repeat_command
from forecast.types import Forecast, History, Repair

if TYPE_CHECKING:
    from forecast.flows.events import LeftOut
    from forecast.flows.train import Trained
    from forecast.show.page import Section, Table

__all__ = ["Index", "Occasion", "training_of", "verdict_of", "write_index", "write_report"]

ROWS = 12  # of the forecast that are shown


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a report is written at the end of.

    Attributes:
        name: "training" or "update".
        lead: what there is to know of it, in sentences.
        test: how the rows that judge were kept apart.
        making: what belongs to how it was made; last, what the command does.
        command: to type.
        facts: names and values that no other occasion has.
    """

    name: str
    lead: tuple[str, ...]
    test: str
    making: tuple[str, ...]
    command: str
    facts: tuple[tuple[str, str], ...] = ()


def training_of(made: Trained) -> Occasion:
    """The end of a training."""
    return Occasion(
        name="training",
        lead=(),
        test=(
            f"The last {made.plan.holdout:,} steps of each series were kept away from training, "
            "scaling and every choice; each method then forecast them. After the test the network "
            "was trained again on all rows."
        ),
        making=("This repeats it, with nothing left to choose:",),
        command=repeat_command(made.spec, made.loaded),
    )


def write_report(
    made: Trained, tried: dict[str, Forecast], histories: list[History], occasion: Occasion
) -> None:
    """report.html of a run that is being built.

    Args:
        made: the training, or the update.
        tried: method -> its forecasts of the holdout, the model first; {} without one.
        histories: of the networks that were judged.
        occasion: which of both it is.
    """
    from forecast.show.headline import headline
    from forecast.show.page import Page, page_html

    document = _document(made.run)
    duel = duel_of(made.scores, f"the last {made.plan.holdout:,} steps")
    tone, sentence = headline(duel)
    sections = [
        *_forecast(made),
        *(test_sections(made.loaded, tried, made.scores, occasion.test) if made.scores else ()),
        *_data_and_making(made, histories, document["versions"], occasion),
    ]
    page = Page(
        title=f"Forecast of {made.loaded.schema.target}",
        headline=sentence,
        tone=tone,
        lead=(*_lead(made), *occasion.lead),
        sections=tuple(sections),
        foot=_foot(document, occasion.name),
    )
    store.write_text(made.run.report, page_html(page))


def _document(run: store.Run) -> dict[str, Any]:
    """What is in run.json of a run that is being built, and has no sums yet."""
    document: dict[str, Any] = json.loads(run.document.read_text(encoding="utf-8"))
    return document


def _foot(document: dict[str, Any], end: str) -> str:
    """Who wrote it, and when."""
    number, created = document["versions"]["lstm-forecast"], document["created"]
    return f"Written by lstm-forecast {number} at the end of the {end}, {created}."


def _lead(made: Trained) -> tuple[str, ...]:
    """What is forecast, from what."""
    panel, schema = made.loaded.panel, made.loaded.schema
    source = _file(made)
    told = (made.verdict,) if made.verdict and not made.scores else ()
    if made.forecast is None:
        return (f"There is no forecast yet: {made.missing}.", *told)
    first, last = data.render_time(made.forecast.time[[0, -1], [0, -1]], schema)
    series = f"{len(panel):,} series, each " if len(panel) > 1 else ""
    return (
        f"From {made.loaded.rows:,} rows of {source}: {series}{made.plan.horizon:,} steps ahead, "
        f"{first} to {last}, {data.describe_freq(panel.freq)}.",
        *told,
    )


def _file(made: Trained) -> str:
    """What the data were read from, without its folder."""
    source = made.spec.data.source
    return "standard input" if source == "-" else Path(source).name


def _forecast(made: Trained) -> list[Section]:
    """The forecast."""
    from forecast.show.report import forecast_section

    if made.forecast is None:
        return []
    section = forecast_section(made.loaded.panel, made.forecast, _first_rows(made))
    return [section] if section else []


def _first_rows(made: Trained) -> Table:
    """The first rows of forecast.csv."""
    from forecast.show.page import Table
    from forecast.show.wording import column

    forecast = made.forecast
    if forecast is None:
        return Table("", (), ())
    rows = tables.forecast_rows(made.loaded, forecast.head(ROWS))[:ROWS]
    head = tuple(rows[0])
    first = head.index("step")
    keys = [tuple(str(row[name]) for name in head[: first + 1]) for row in rows]
    said = column([row[name] for row in rows for name in head[first + 1 :]])
    width = len(head) - first - 1
    cells = [(*key, *said[i * width : (i + 1) * width]) for i, key in enumerate(keys)]
    total = forecast.point.size
    note = f"The first {len(rows)} of {total:,} rows of forecast.csv." if total > len(rows) else ""
    numbers = tuple(range(max(first, 1), len(head)))
    return Table("The rows of forecast.csv", head, tuple(cells), numbers, wide=first > 1, note=note)


def _data_and_making(
    made: Trained, histories: list[History], versions: dict[str, str], occasion: Occasion
) -> list[Section]:
    """Where it came from, and how to have it again."""
    from forecast.show.report import data_section, making_section

    packages = ", ".join(f"{name} {number}" for name, number in versions.items())
    facts = [
        *occasion.facts,
        ("Seed", str(made.spec.seed)),
        ("Networks", f"{made.members}, the forecast is their median" if made.members > 1 else "1"),
        *_mixture(made),
        ("Window", f"{made.plan.window:,} rows of history"),
        ("SHA-256 of the data", made.loaded.sha256),
        ("Versions", packages),
    ]
    settings = tuple(changed(made.spec))
    return [
        data_section(made.loaded, data_facts(made.loaded, _file(made))),
        making_section(occasion.making, occasion.command, histories, settings, facts),
    ]


def _mixture(made: Trained) -> list[tuple[str, str]]:
    """How much of the forecast is whose; nothing where all is the network's."""
    if made.finish.is_network_alone:
        return []
    parts = sorted(made.finish.weights.items(), key=lambda part: -part[1])
    return [("Blend", ", ".join(f"{share:.0%} {name}" for name, share in parts if share))]


@dataclass(frozen=True, slots=True)
class Index:
    """What the report of a run of several frequencies tells.

    Attributes:
        target: what is forecast.
        series: of all groups.
        groups: frequency -> what there is to say of it.
        left_out: groups without a network.
        left: series that are in no group.
        end: "training" or "update", at the end of which it is written.
    """

    target: str
    series: int
    groups: dict[str, str]
    left_out: tuple[LeftOut, ...]
    left: tuple[Repair, ...]
    end: str


def verdict_of(made: Trained) -> str:
    """What the index says of one group that was trained: how many series, and how good it is."""
    from forecast.show.headline import headline

    duel = duel_of(made.scores, f"the last {made.plan.holdout:,} steps")
    return f"{len(made.loaded.panel):,} series. {headline(duel)[1]}"


def write_index(run: store.Run, index: Index) -> None:
    """report.html of a run of several frequencies: a line for each, and where its report is.

    Args:
        run: that is being built; its groups have their reports.
        index: what to tell.
    """
    from forecast.show.page import Page, Section, Table, page_html

    sections = []
    for freq, text in index.groups.items():
        words, report = data.describe_freq(freq), run.group(freq).report
        link = (f"The {words} report", report.relative_to(run.folder).as_posix())
        links = (link,) if report.exists() else ()
        sections.append(Section(words.capitalize(), (text,), links=links))
    if index.left_out or index.left:
        rows = [(data.describe_freq(e.freq), f"{len(e.ids):,}", e.why) for e in index.left_out]
        rows += [(repair.what, f"{repair.count:,}", repair.action) for repair in index.left]
        table = Table("Series without a network", ("Series", "How many", "Why"), tuple(rows), (1,))
        sections.append(Section("Left out", tables=(table,)))
    count = len(index.groups)
    page = Page(
        title=f"Forecast of {index.target}",
        headline=f"{index.series:,} series of {count} frequencies, a network for each.",
        tone="unknown",
        lead=("Each frequency has a report of its own.",),
        sections=tuple(sections),
        foot=_foot(_document(run), index.end),
    )
    store.write_text(run.report, page_html(page))
