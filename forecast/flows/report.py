"""The report of a run: one page that tells an analyst all that the run knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast import data, store
from forecast.flows import tables
from forecast.flows.findings import data_facts, duel_of, test_sections
from forecast.flows.settings import changed, repeat_command
from forecast.types import Forecast, History

if TYPE_CHECKING:
    from forecast.flows.grouped import TrainedGroups
    from forecast.flows.train import Trained
    from forecast.show.page import Section, Table

__all__ = ["write_index", "write_report"]

ROWS = 12  # of the forecast that are shown


def write_report(
    made: Trained,
    tried: dict[str, Forecast],
    histories: list[History],
) -> None:
    """report.html of a run that is being built.

    Args:
        made: the training.
        tried: method -> its forecasts of the holdout, the model first; {} without one.
        histories: of the networks that were judged.
    """
    from forecast.show.headline import headline
    from forecast.show.page import Page, page_html

    document = _document(made.run)
    duel = duel_of(made.scores, f"the last {made.plan.holdout:,} steps")
    tone, sentence = headline(duel)
    sections = [
        *_forecast(made),
        *_tests(made, tried),
        *_data_and_making(made, histories, document["versions"]),
    ]
    page = Page(
        title=f"Forecast of {made.loaded.schema.target}",
        headline=sentence,
        tone=tone,
        lead=_lead(made),
        sections=tuple(sections),
        foot=_foot(document),
    )
    store.write_text(made.run.report, page_html(page))


def _document(run: store.Run) -> dict[str, Any]:
    """What is in run.json of a run that is being built, and has no sums yet."""
    document: dict[str, Any] = json.loads(run.document.read_text(encoding="utf-8"))
    return document


def _foot(document: dict[str, Any]) -> str:
    """Who wrote it, and when."""
    number, created = document["versions"]["lstm-forecast"], document["created"]
    return f"Written by lstm-forecast {number} at the end of the training, {created}."


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


def _tests(made: Trained, tried: dict[str, Forecast]) -> list[Section]:
    """The holdout."""
    if not made.scores:
        return []
    about = (
        f"The last {made.plan.holdout:,} steps of each series were kept away from training, "
        "scaling and every choice; each method then forecast them. After the test the network was "
        "trained again on all rows."
    )
    return test_sections(made.loaded, tried, made.scores, about)


def _data_and_making(
    made: Trained, histories: list[History], versions: dict[str, str]
) -> list[Section]:
    """Where it came from, and how to have it again."""
    from forecast.show.report import data_section, making_section

    packages = ", ".join(f"{name} {number}" for name, number in versions.items())
    facts = [
        ("Seed", str(made.spec.seed)),
        ("Networks", f"{made.members}, the forecast is their median" if made.members > 1 else "1"),
        *_mixture(made),
        ("Window", f"{made.plan.window:,} rows of history"),
        ("SHA-256 of the data", made.loaded.sha256),
        ("Versions", packages),
    ]
    command = repeat_command(made.spec, made.loaded)
    return [
        data_section(made.loaded, data_facts(made.loaded, _file(made))),
        making_section(command, histories, tuple(changed(made.spec)), facts),
    ]


def _mixture(made: Trained) -> list[tuple[str, str]]:
    """How much of the forecast is whose; nothing where all is the network's."""
    if made.finish.is_network_alone:
        return []
    parts = sorted(made.finish.weights.items(), key=lambda part: -part[1])
    return [("Blend", ", ".join(f"{share:.0%} {name}" for name, share in parts if share))]


def write_index(made: TrainedGroups) -> None:
    """report.html of a run of several frequencies: a line for each, and where its report is.

    Args:
        made: the trainings.
    """
    from forecast.show.headline import headline
    from forecast.show.page import Page, Section, Table, page_html

    sections = []
    for each in made.groups:
        duel = duel_of(each.scores, f"the last {each.plan.holdout:,} steps")
        place = each.run.report.relative_to(made.run.folder).as_posix()
        words = data.describe_freq(each.loaded.panel.freq)
        text = (f"{len(each.loaded.panel):,} series. {headline(duel)[1]}",)
        sections.append(Section(words.capitalize(), text, links=((f"The {words} report", place),)))
    if made.left_out or made.left:
        rows = [(data.describe_freq(e.freq), f"{len(e.ids):,}", e.why) for e in made.left_out]
        rows += [(repair.what, f"{repair.count:,}", repair.action) for repair in made.left]
        table = Table("Series without a network", ("Series", "How many", "Why"), tuple(rows), (1,))
        sections.append(Section("Left out", tables=(table,)))
    series = sum(len(each.loaded.panel) for each in made.groups)
    page = Page(
        title=f"Forecast of {made.groups[0].loaded.schema.target}",
        headline=f"{series:,} series of {len(made.groups)} frequencies, a network for each.",
        tone="unknown",
        lead=("Each frequency has a report of its own.",),
        sections=tuple(sections),
        foot=_foot(_document(made.run)),
    )
    store.write_text(made.run.report, page_html(page))
