"""A file of several frequencies: one network for each, one run for all."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from forecast import store
from forecast.errors import DataError, RunError
from forecast.flows.events import Event, LeftOut, Planned, Read, Stage, Training
from forecast.flows.grouped import check_groups, plot_of, share, train_groups
from forecast.flows.predict import predict, predict_groups
from forecast.flows.recall import recall
from forecast.flows.train import train
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec
from tests.show.walked import walked


def rows(name: str, freq: str, count: int, season: int) -> list[str]:
    """A series with a trend and a season."""
    stamps = pd.date_range("2010-01-01", periods=count, freq=freq)
    return [f"{name},{t:%Y-%m-%d},{100 + i + 20 * (i % season)}" for i, t in enumerate(stamps)]


DAYS = [*rows("d1", "D", 60, 7), *rows("d2", "D", 63, 7)]
MONTHS = [*rows("m1", "MS", 60, 12), *rows("m2", "MS", 66, 12), *rows("m3", "MS", 60, 12)]
YEARS = rows("y", "YS", 5, 2)


def spec_of(folder: Path, lines: list[str], **more: str | None) -> RunSpec:
    """The settings of a small training on a file of these rows."""
    path = folder / "mixed.csv"
    path.write_text("\n".join(["id,date,y", *lines]))
    data = DataSpec(str(path), frequencies="by-series", **more)  # type: ignore[arg-type]
    return RunSpec(data, NetSpec(horizon=3, units=4), FitSpec(steps=16, members=1), seed=3)


def silent(event: Event) -> None:
    pass


@pytest.mark.slow
def test_every_group_is_what_a_training_on_that_group_alone_is(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, [*DAYS, *MONTHS])
    made = train_groups(spec, tmp_path / "all", "", silent)
    assert [each.loaded.panel.freq for each in made.groups] == ["MS", "D"]
    for each in made.groups:
        alone = spec_of(tmp_path, [*DAYS, *MONTHS], freq=each.loaded.panel.freq)
        other = train(alone, tmp_path / "one", "", silent)
        for part in ("forecast", "holdout", "metrics", "series_metrics"):
            assert getattr(each.run, part).read_text() == getattr(other.run, part).read_text()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, store.Run, list[Event]]:
    """A folder with a run of two groups and one that is too short, and what was told."""
    folder, events = tmp_path_factory.mktemp("grouped"), list[Event]()
    made = train_groups(
        spec_of(folder, [*YEARS, *DAYS, *MONTHS]), folder / "output", "", events.append
    )
    return folder, made.run, events


@pytest.mark.slow
def test_the_run_holds_a_run_for_each_group_and_all_forecasts(
    trained: tuple[Path, store.Run, list[Event]],
) -> None:
    _, run, _ = trained
    assert {path.name for path in run.folder.iterdir()} == {
        "run.json", "metrics.json", "forecast.csv", "report.html", "groups", "SHA256SUMS",
    }  # fmt: skip
    texts = [run.group(freq).forecast.read_text() for freq in ("MS", "D")]
    header, rest = texts[1].split("\n", 1)
    assert texts[0].startswith(header + "\n")
    assert run.forecast.read_text() == texts[0] + rest
    metrics = json.loads(run.metrics.read_text())
    for freq in ("MS", "D"):
        assert metrics["groups"][freq] == json.loads(run.group(freq).metrics.read_text())


@pytest.mark.slow
def test_the_report_leads_to_the_report_of_each_group_and_says_what_was_left_out(
    trained: tuple[Path, store.Run, list[Event]],
) -> None:
    _, run, _ = trained
    page = walked(run.report.read_text(encoding="utf-8"))
    assert page.problems == []
    links = [each for each in page.asked if not each.startswith("#")]
    assert links == ["groups/MS/report.html", "groups/D/report.html"]
    for link in links:
        group = walked((run.folder / link).read_text(encoding="utf-8"))
        assert group.problems == []
        assert group.text("h1") == ["Forecast of y"]
    assert page.text("h2") == ["Monthly", "Daily", "Left out"]
    assert any("too few rows" in text for text in page.text("td"))


@pytest.mark.slow
def test_a_group_that_is_too_short_is_left_out_and_said(
    trained: tuple[Path, store.Run, list[Event]],
) -> None:
    _, run, events = trained
    document = json.loads(run.document.read_text())
    assert [group["freq"] for group in document["groups"]] == ["MS", "D"]
    assert document["groups"][0]["folder"] == "groups/MS"
    left = [event for event in events if isinstance(event, LeftOut)]
    assert [(each.freq, each.ids) for each in left] == [("YS-JAN", ("y",))]
    assert document["left_out"] == [
        {"freq": "YS-JAN", "series": ["y"], "reason": left[0].why}
    ]  # fmt: skip
    assert "too few rows" in left[0].why


@pytest.mark.slow
def test_who_watches_hears_of_all_groups_before_the_first_is_trained(
    trained: tuple[Path, store.Run, list[Event]],
) -> None:
    kinds = [type(event) for event in trained[2]]
    assert kinds[:7] == [Read, Planned, Read, Planned, Read, LeftOut, Stage]
    told = [event.what.split()[0] for event in trained[2] if isinstance(event, Training)]
    assert list(dict.fromkeys(told)) == ["monthly", "daily"]


@pytest.mark.slow
def test_predict_repeats_the_forecasts_of_the_training(
    trained: tuple[Path, store.Run, list[Event]],
) -> None:
    from forecast.flows.tables import forecast_csv

    _, run, _ = trained
    again = predict_groups(run, None)
    content = forecast_csv(*((each.loaded, each.forecast) for each in again.groups))
    assert content == run.forecast.read_bytes()
    assert [(left.what, left.count) for left in again.left] == [
        ("series of no frequency of a group (y)", 1)
    ]
    one = predict(run.group("D"), None)
    assert forecast_csv((one.loaded, one.forecast)) == run.group("D").forecast.read_bytes()


@pytest.mark.slow
def test_predict_takes_some_of_the_groups_and_refuses_another_frequency(
    trained: tuple[Path, store.Run, list[Event]], tmp_path: Path
) -> None:
    _, run, _ = trained
    days = spec_of(tmp_path, DAYS).data.source
    some = predict_groups(run, days)
    assert ([each.loaded.panel.freq for each in some.groups], some.absent) == (["D"], ("MS",))
    changed = [*DAYS, *MONTHS[60:], *rows("m1", "D", 40, 7)]
    with pytest.raises(DataError, match="its rows were monthly, now they are"):
        predict_groups(run, spec_of(tmp_path, changed).data.source)


@pytest.mark.slow
def test_a_run_of_groups_is_no_run_of_one_network(
    trained: tuple[Path, store.Run, list[Event]],
) -> None:
    with pytest.raises(RunError, match="a network for each of several frequencies") as caught:
        recall(trained[1])
    assert caught.value.hint.endswith("groups/MS")


def test_no_group_that_is_long_enough_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, [*YEARS, *rows("q", "QS", 6, 4)])
    with pytest.raises(DataError, match=r"mixed\.csv, .* series: too few rows"):
        train_groups(spec, tmp_path / "output", "", silent)
    assert not (tmp_path / "output").exists()


def test_strict_leaves_no_group_out(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, [*YEARS, *MONTHS], repairs="forbid")
    with pytest.raises(DataError, match=r"--strict leaves no group out: .*, yearly series"):
        train_groups(spec, tmp_path / "output", "", silent)


def test_the_groups_share_the_time_that_is_left() -> None:
    import time

    began = time.monotonic() - 10
    assert share(began, None, 2).end is None
    first, last = share(began, 70, 3), share(began, 70, 1)
    assert first.end is not None
    assert last.end is not None
    assert (last.end - began - 10) == pytest.approx(3 * (first.end - began - 10), rel=0.01)
    assert last.end <= began + 70


def test_check_says_of_every_group_whether_it_is_enough(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, [*YEARS, *DAYS, *MONTHS, "lone,2010-01-13,4"])
    found = check_groups(spec, tmp_path / "data.png")
    assert [each.loaded.panel.freq for each in found.groups] == ["MS", "D", "YS-JAN"]
    assert [each.plan is not None for each in found.groups] == [True, True, False]
    assert [repair.count for repair in found.left] == [1]
    assert found.command.endswith("--by-frequency --horizon 3")
    assert found.groups[1].command.endswith("--freq D --by-frequency --horizon 3")
    for freq in ("MS", "D", "YS-JAN"):
        assert plot_of(tmp_path / "data.png", freq).read_bytes().startswith(b"\x89PNG")
