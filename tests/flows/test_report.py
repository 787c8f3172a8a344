"""The report tells what the run found, leaves out what there is not, and trusts no name."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from forecast import judge, store
from forecast.flows.finish import Finish
from forecast.flows.report import training_of, write_report
from forecast.flows.train import Trained
from forecast.judge import Scores
from forecast.prep import Plan
from forecast.spec import DataSpec, RunSpec
from forecast.types import Forecast, History, Loaded, Panel, Repair, Schema, Step
from tests.show.made import FAN, ahead, held_out, history_of, panel_of
from tests.show.test_page import HOSTILE
from tests.show.walked import Walked, walked

HORIZON = 6
SECTIONS = ["Forecast", "Test on rows it had not seen", "How sure it may be", "Residuals"]
ENDS = ["Data", "How it was made"]


def loaded_of(panel: Panel, repairs: tuple[Repair, ...] = ()) -> Loaded:
    """The panel as if it had been read from a file."""
    ids = ("shop",) if len(panel) > 1 else ()
    schema = Schema(panel.columns[0], ("month",), ids, freq="MS", time_format="%Y-%m-%d")
    return Loaded(panel, schema, len(panel.values), "ab" * 32, 12, 0.9, repairs=repairs)


def tried_on(panel: Panel, error: float = 1.0) -> tuple[dict[str, Forecast], dict[str, Scores]]:
    """A test of the LSTM, off by `error` everywhere, and of the simple methods."""
    lstm = held_out(panel, horizon=HORIZON, error=error)
    lstm = dataclasses.replace(lstm, values=lstm.values + 8 * (np.array(FAN) - 0.5), levels=FAN)
    rows = panel.bounds[1:] - HORIZON
    tried = {judge.LSTM: lstm}
    for name in judge.BASELINES:
        tried[name] = judge.baseline(name, panel, lstm, rows, 12)
    return tried, judge.score_all(tried, panel, rows, 12)


def trained_of(
    folder: Path,
    panel: Panel,
    scores: dict[str, Scores],
    forecast: Forecast | None,
    repairs: tuple[Repair, ...] = (),
    source: str = "sales.csv",
) -> Trained:
    """A training that never was, with its run.json."""
    run = store.Run(folder)
    versions = {"lstm-forecast": "0.1.0", "python": "3.11.0"}
    created = "2026-01-02T03:04:05+00:00"
    store.write_document(run.document, {"versions": versions, "created": created})
    return Trained(
        run=run,
        spec=RunSpec(DataSpec(source), seed=7),
        loaded=loaded_of(panel, repairs),
        plan=Plan(HORIZON, 24, 12, 12, HORIZON, HORIZON, 24),
        scores=scores,
        finish=Finish(),
        verdict="",
        forecast=forecast,
        missing="price is not known for the steps ahead",
        training=Step(300, 300, 0.3, 0.4),
        members=4,
        seconds=9.0,
    )


def read(made: Trained, tried: dict[str, Forecast], looks: Sequence[History] = ()) -> Walked:
    """The page that is written."""
    write_report(made, tried, list(looks), training_of(made))
    page = walked(made.run.report.read_text(encoding="utf-8"))
    assert page.problems == []
    return page


def whole(folder: Path, panel: Panel, error: float = 1.0) -> Walked:
    """A report with everything in it."""
    tried, scores = tried_on(panel, error)
    forecast = ahead(panel, horizon=HORIZON, levels=FAN)
    made = trained_of(folder, panel, scores, forecast)
    return read(made, tried, [history_of(np.array([0.5, 0.4, 0.3]))])


def test_one_series_has_every_section_but_the_worst(tmp_path: Path) -> None:
    page = whole(tmp_path, panel_of())
    assert page.text("h2") == SECTIONS + ENDS
    # Forecast, holdout, steps, calibration, residuals, their correlation or not, data, loss.
    assert page.tags["figure"] in (7, 8)
    assert page.text("h1") == ["Forecast of units"]


def test_a_panel_names_its_worst_series_first(tmp_path: Path) -> None:
    panel = panel_of(14)
    tried, _ = tried_on(panel)
    lstm = tried[judge.LSTM]
    off = np.arange(14.0)[:, None, None]
    tried[judge.LSTM] = dataclasses.replace(lstm, values=lstm.values + off)
    scores = judge.score_all(tried, panel, panel.bounds[1:] - HORIZON, 12)
    page = read(trained_of(tmp_path, panel, scores, ahead(panel, horizon=HORIZON)), tried)
    assert page.text("h2") == [*SECTIONS, "Worst series", *ENDS]
    names = [text for text in page.text("th") if text in set(panel.ids.tolist())]
    assert names[-10:] == [f"s{place}" for place in range(13, 3, -1)]
    assert page.tags["svg"] == page.tags["figure"] + 10


@pytest.mark.parametrize(
    ("error", "words"), [(1.0, "Worth having"), (40.0, "Not worth having here")]
)
def test_the_headline_is_the_verdict(error: float, words: str, tmp_path: Path) -> None:
    page = whole(tmp_path, panel_of(), error)
    headline = page.text("p")[0]
    assert headline.startswith(words)
    assert "the last 6 steps" in headline


def test_the_numbers_are_those_that_were_measured(tmp_path: Path) -> None:
    panel = panel_of()
    scores = tried_on(panel)[1]
    cells = whole(tmp_path, panel).text("td")
    for name in scores:
        assert any(f"{scores[name].overall['mae']:.2f}" in cell for cell in cells), name
    # Every value is 1 below the forecast: inside of both intervals, which reach 3.2 down.
    assert cells.count("100%") == 4
    forecast = ahead(panel, horizon=HORIZON, levels=FAN)
    said = [f"{value:.1f}" for value in forecast.values[0].ravel()]
    assert sorted(cell for cell in cells if cell in said) == sorted(said)


def test_without_holdout_and_forecast_their_parts_are_left_out(tmp_path: Path) -> None:
    page = read(trained_of(tmp_path, panel_of(), {}, None), {})
    assert page.text("h2") == ENDS
    assert page.text("p")[0].startswith("Not tested")
    assert any("price is not known" in text for text in page.text("p"))


def test_repairs_are_listed_with_their_lines_and_flags(tmp_path: Path) -> None:
    repair = Repair("steps <b>without</b> a row", 48, "filled", (14, 33, 56, 57, 58, 59), "--fill")
    page = read(trained_of(tmp_path, panel_of(), {}, None, (repair,)), {})
    assert "steps <b>without</b> a row" in page.text("th")
    assert {"48", "filled", "14, 33, 56, 57, 58 ...", "--fill"} <= set(page.text("td"))


def test_no_name_of_a_column_a_series_or_a_file_is_taken_for_markup(tmp_path: Path) -> None:
    found = []
    plain = [f"s{place}" for place in range(len(HOSTILE))]
    for place, names in enumerate((HOSTILE, plain)):
        folder = tmp_path / str(place)
        folder.mkdir()
        panel = panel_of(len(names), column=names[place], ids=names)
        tried, scores = tried_on(panel)
        forecast = ahead(panel, horizon=HORIZON)
        made = trained_of(folder, panel, scores, forecast, source=names[place])
        found.append(read(made, tried))
    assert found[0].tags == found[1].tags
    assert HOSTILE[0] in "".join(found[0].text("h1"))
    for name in HOSTILE[:5]:
        assert name in found[0].text("th"), name


def test_a_panel_of_hundreds_stays_below_a_megabyte(tmp_path: Path) -> None:
    page = whole(tmp_path, panel_of(300, ids=[f"{i} " + "x" * 200 for i in range(300)]))
    assert page.tags["figure"] < 20
    assert (tmp_path / "report.html").stat().st_size < 1_000_000


def test_equal_runs_have_equal_reports(tmp_path: Path) -> None:
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        whole(tmp_path / place, panel_of(3))
    texts = [(tmp_path / place / "report.html").read_bytes() for place in ("a", "b")]
    assert texts[0] == texts[1]
    assert b"2026-01-02T03:04:05" in texts[0]


def test_the_command_to_repeat_it_is_there(tmp_path: Path) -> None:
    page = whole(tmp_path, panel_of())
    assert page.text("code") == ["forecast train sales.csv --target units --time month --seed 7"]
