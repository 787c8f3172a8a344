"""A run of several networks: each goes on by itself, and all of them are published as one."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast import judge, store
from forecast.errors import RunError
from forecast.flows.again import Again
from forecast.flows.events import Event, Published, Read, Stage, Training
from forecast.flows.grouped import train_groups
from forecast.flows.predict import predict_groups
from forecast.flows.recall import Recalled, recall_groups
from forecast.flows.runs import rollback
from forecast.flows.score import score
from forecast.flows.tables import forecast_csv
from forecast.flows.update import update
from forecast.flows.update_groups import UpdatedGroups, update_groups
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec, UpdateSpec
from tests.show.walked import walked

DAYS, MONTHS = 70, 72  # rows at the training
MORE = 42  # rows later
SEASON = {"D": 7, "MS": 12}
HOW = UpdateSpec(steps=20, learning_rate=0.02)


def silent(event: Event) -> None:
    pass


def rows(name: str, freq: str, old: int, new: int) -> list[str]:
    """Every season was like the one before; after `old` rows each is its opposite."""
    count, season = old + new, SEASON[freq]
    stamps, step = pd.date_range("2010-01-01", periods=count, freq=freq), np.arange(count)
    random = np.random.default_rng(len(name) + ord(name[-1]))
    sign = np.where(step < old, 1, (-1) ** (step // season))
    values = 100 + sign * np.resize(random.normal(0, 10, season), count)
    values += random.normal(0, 1, count)
    return [f"{name},{t:%Y-%m-%d},{v:.3f}" for t, v in zip(stamps, values, strict=True)]


def write(path: Path, days: int = 0, months: int = 0) -> None:
    """Two daily series and three monthly ones with so many new rows each."""
    lines = [line for name in ("d1", "d2") for line in rows(name, "D", DAYS, days)]
    lines += [line for name in ("m1", "m2", "m3") for line in rows(name, "MS", MONTHS, months)]
    path.write_text("\n".join(["id,date,y", *lines]))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file and a run of two networks."""
    folder = tmp_path_factory.mktemp("grouped")
    write(folder / "mixed.csv")
    source = DataSpec(str(folder / "mixed.csv"), frequencies="by-series")
    fit = FitSpec(steps=60, members=1, holdout=0)
    spec = RunSpec(source, NetSpec(horizon=3, units=4), fit, seed=3)
    train_groups(spec, folder / "output", "", silent)
    return folder


@pytest.fixture
def output(trained: Path, tmp_path: Path) -> Path:
    """The output folder of the training, for one test alone, and the file beside it as it was."""
    write(trained / "mixed.csv")
    return Path(shutil.copytree(trained / "output", tmp_path / "output", symlinks=True))


def content(run: store.Run) -> dict[str, bytes]:
    """What is sealed in a run, file by file."""
    names = [line.split("  ")[1] for line in run.sums.read_text().splitlines()]
    return {name: (run.folder / name).read_bytes() for name in names} | {
        run.sums.name: run.sums.read_bytes()
    }


def by_freq(made: UpdatedGroups) -> dict[str, Any]:
    return {each.loaded.panel.freq: each for each in made.groups}


def mase(made: UpdatedGroups, freq: str, name: str) -> float:
    found: float = by_freq(made)[freq].scores[name].overall["mase"]
    return found


def predicted(run: store.Run) -> str:
    """What `predict` says without being told a file."""
    made = predict_groups(run, None).groups
    return forecast_csv(*((each.loaded, each.forecast) for each in made)).decode()


@pytest.mark.slow
def test_without_new_rows_no_network_goes_on_and_nothing_is_published(
    trained: Path, output: Path
) -> None:
    none = update_groups(output, None, silent)
    assert none.why == "the data are the same"
    write(trained / "mixed.csv", days=1)
    few = update_groups(output, None, silent)
    assert few.why == "monthly: no row is new; daily: 2 new rows are too few"
    assert few.run == few.before
    assert [(each.run, each.scores) for each in few.groups] == [
        (few.before.group(freq), {}) for freq in ("MS", "D")
    ]
    assert len(store.runs_in(output)) == 1
    assert len(store.kept_in(output / "ledger")) == 2  # of the training


@pytest.mark.slow
def test_both_networks_go_on_and_are_published_as_one_run(trained: Path, output: Path) -> None:
    before, events = store.find_run(output, None), list[Event]()
    write(trained / "mixed.csv", MORE, MORE)
    made = update_groups(output, None, events.append, HOW)
    assert (made.why, made.absent, made.left) == ("", (), ())
    run = store.find_run(output, None)
    assert made.run.folder.resolve() == run.folder.resolve() != before.folder.resolve()
    for freq, group in by_freq(made).items():
        assert (group.why, group.run) == ("", made.run.group(freq))
        assert mase(made, freq, judge.LSTM) < mase(made, freq, judge.BEFORE)
        assert (
            store.read(run.group(freq), run.group(freq).onnx)
            != before.group(freq).onnx.read_bytes()
        )
    assert [type(event) for event in events[:3]] == [Read, Read, Stage]
    told = [event.what for event in events if isinstance(event, Training)]
    assert list(dict.fromkeys(told)) == ["monthly update", "daily update"]
    assert sum(isinstance(event, Published) for event in events) == 1

    # One run: everything of both groups, and nobody sees what was new only in part.
    document, metrics = store.open_run(run), store.open_scores(run)
    assert document["updated"] == ["MS", "D"]
    assert [(group["freq"], group["rows"]) for group in document["groups"]] == [
        ("MS", 3 * (MONTHS + MORE)), ("D", 2 * (DAYS + MORE)),
    ]  # fmt: skip
    for freq in ("MS", "D"):
        assert metrics["groups"][freq] == store.open_scores(run.group(freq))
        assert metrics["groups"][freq]["methods"][judge.BEFORE]["mase"] == mase(
            made, freq, "before"
        )
    assert run.forecast.read_text() == predicted(run)
    assert len(store.kept_in(output / "ledger")) == 4
    page = walked(run.report.read_text(encoding="utf-8"))
    assert page.problems == []
    assert page.text("h2") == ["Monthly", "Daily"]
    links = [each for each in page.asked if not each.startswith("#")]
    assert links == ["groups/MS/report.html", "groups/D/report.html"]
    group_page = walked(run.group("D").report.read_text(encoding="utf-8"))
    assert group_page.problems == []
    (command,) = group_page.text("code")
    name = before.folder.resolve().name
    assert command.startswith(f"forecast runs rollback {name} && forecast update --steps 20")

    # And on from there: what was forecast is scored when its rows come, and there is a way back.
    write(trained / "mixed.csv", MORE + 3, MORE + 3)
    assert [part.forecasts for part in score(run, None)] == [2, 2]
    rollback(output, None)
    assert store.find_run(output, None).folder.resolve() == before.folder.resolve()
    assert predicted(before).count("\n") == predicted(run).count("\n")


@pytest.mark.slow
def test_what_is_worse_in_one_group_stays_there_as_it_was(
    trained: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.find_run(output, None)

    def spoilt(run: store.Run, *rest: Any) -> Any:
        """The monthly network goes on far too fast."""
        made = Again(run, *rest)
        if run == before.group("MS"):
            made.fit = dataclasses.replace(made.fit, learning_rate=30.0)
        return made

    monkeypatch.setattr("forecast.flows.contest.Again", spoilt)
    write(trained / "mixed.csv", MORE, MORE)
    made = update_groups(output, None, silent, HOW)
    run = store.find_run(output, None)
    assert {freq: each.why for freq, each in by_freq(made).items()} == {
        "MS": "the updated network is worse", "D": "",
    }  # fmt: skip
    assert mase(made, "MS", judge.LSTM) > mase(made, "MS", judge.BEFORE)
    assert content(run.group("MS")) == content(before.group("MS"))
    assert content(run.group("D")) != content(before.group("D"))
    assert store.open_run(run)["updated"] == ["D"]
    # Both forecast from the newest rows, whichever network it is.
    assert run.forecast.read_text() == predicted(run)
    assert "2019-07-01" in run.group("MS").forecast.read_text()
    told = walked(run.report.read_text(encoding="utf-8")).text("p")
    assert "3 series. The network of before stays: the updated network is worse." in told

    # Where both are worse, nothing is published.
    newest = content(run.group("D"))
    write(trained / "mixed.csv", MORE, MORE + 24)
    none = update_groups(output, None, silent, UpdateSpec(steps=5, learning_rate=30.0))
    assert none.why == "the updated network is worse"
    assert {each.why for each in none.groups} == {none.why}
    assert store.find_run(output, None).folder.resolve() == run.folder.resolve()
    assert len(store.runs_in(output)) == 2
    assert content(run.group("D")) == newest
    assert {path.name for path in (output / "runs").glob(".*")} <= {".lock"}
    assert len(store.kept_in(output / "ledger")) == 4


@pytest.mark.slow
def test_a_group_without_a_series_in_the_file_is_taken_over(
    trained: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quiet(run: store.Run) -> dict[str, Recalled]:
        """As if it had been trained with --no-report."""
        return {
            freq: dataclasses.replace(made, spec=dataclasses.replace(made.spec, report="none"))
            for freq, made in recall_groups(run).items()
        }

    monkeypatch.setattr("forecast.flows.update_groups.recall_groups", quiet)
    before, path = store.find_run(output, None), trained / "days.csv"
    write(path, MORE)
    text = path.read_text().splitlines()
    path.write_text("\n".join(line for line in text if not line.startswith("m")))
    made = update_groups(output, str(path), silent, HOW)
    run = store.find_run(output, None)
    assert (made.why, made.absent) == ("", ("MS",))
    assert content(run.group("MS")) == content(before.group("MS"))
    assert run.group("D").document.exists()
    assert not run.group("D").report.exists()
    # The file of the run is the new one, though its first network was trained on another.
    assert run.forecast.read_text() == predicted(run)
    assert "2010-04-23" in run.forecast.read_text()


@pytest.mark.slow
def test_a_network_that_was_changed_is_not_taken_over(trained: Path, output: Path) -> None:
    before = store.find_run(output, None)
    before.group("MS").keras.write_bytes(b"another")  # no update would read it
    write(trained / "mixed.csv", MORE)
    with pytest.raises(RunError, match=r"model\.keras has been changed"):
        update_groups(output, None, silent, HOW)
    assert len(store.runs_in(output)) == 1


@pytest.mark.slow
def test_a_run_of_groups_is_no_run_of_one_network(output: Path) -> None:
    with pytest.raises(RunError, match="a network for each of several frequencies"):
        update(output, None, silent)
