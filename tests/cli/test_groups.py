"""--by-frequency, as a person, a machine and cron see it."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.command import Done, forecast, forecast_here

SMALL = ["--horizon", "3", "--steps", "16", "--members", "1"]


def write(path: Path, days: int = 60) -> Path:
    """Two daily series, three monthly ones, and a yearly one that is too short."""
    sizes = {"d1": ("D", days), "d2": ("D", days), "y": ("YS", 5)}
    sizes |= {f"m{k}": ("MS", 60) for k in (1, 2, 3)}
    lines = ["shop,date,sold"]
    for name, (freq, count) in sizes.items():
        stamps = pd.date_range("2010-01-01", periods=count, freq=freq)
        lines += [f"{name},{t:%d.%m.%Y},{100 + i + 9 * (i % 7)}" for i, t in enumerate(stamps)]
    path.write_text("\n".join(lines))
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A folder with the file and a training of its groups."""
    folder = tmp_path_factory.mktemp("groups")
    write(folder / "mixed.csv")
    return folder, forecast("train", "mixed.csv", "--by-frequency", *SMALL, cwd=folder)


@pytest.mark.slow
def test_train_says_what_each_group_is_and_how_well_it_did(trained: tuple[Path, Done]) -> None:
    folder, done = trained
    assert done.code == 0, done.err
    heads = [line.split()[0] for line in done.out.splitlines() if line[0] != " "]
    told = [head for head in heads if head not in ("blend", "warning", "verdict")]
    assert told == [
        "data", "columns", "plan", "data", "plan", "data",
        "group", "training", "intervals", "plots", "group", "training", "intervals", "plots",
        "forecast", "report", "next",
    ]  # fmt: skip
    assert "group     monthly · 3 series (m1, m2, m3)" in done.out
    assert "forecast  5 series, 2 frequencies    output/latest/forecast.csv" in done.out
    assert done.err.startswith("note: yearly series (y) are left out: too few rows")
    assert len(done.err.splitlines()) == 1
    table = rows(folder / "output" / "latest" / "forecast.csv")
    assert list(table[0])[:4] == ["shop", "date", "step", "forecast"]
    assert [row["date"] for row in table if row["shop"] == "m1"] == [
        "01.01.2015", "01.02.2015", "01.03.2015",
    ]  # fmt: skip
    assert {row["shop"] for row in table} == {"d1", "d2", "m1", "m2", "m3"}


@pytest.mark.slow
def test_predict_without_flags_goes_on_with_every_group(
    trained: tuple[Path, Done], tmp_path: Path
) -> None:
    folder, _ = trained
    before = (folder / "output" / "latest" / "forecast.csv").read_text()
    done = forecast("predict", "-o", "-", cwd=folder)
    assert (done.code, done.out, done.err) == (0, before, "")
    newer = write(tmp_path / "newer.csv", days=62)
    done = forecast("predict", newer, "--json", "-o", "-", cwd=folder)
    document = json.loads(done.out)
    assert len(document["forecast"]) == 15
    assert {row["date"] for row in document["forecast"] if row["shop"] == "d1"} == {
        "04.03.2010", "05.03.2010", "06.03.2010",
    }  # fmt: skip


@pytest.mark.slow
def test_score_holds_each_group_against_its_own_rows(
    trained: tuple[Path, Done], tmp_path: Path
) -> None:
    newer = write(tmp_path / "mixed.csv", days=62)
    done = forecast("score", newer, "--json", cwd=trained[0])
    assert (done.code, done.err) == (0, "")
    groups = {group["freq"]: group for group in json.loads(done.out)["groups"]}
    daily, monthly = groups["D"], groups["MS"]
    assert daily["by_cutoff"][0]["cutoff"] == "01.03.2010"
    assert [row["step"] for row in daily["by_step"]] == [1, 2, 3]
    assert daily["by_step"][0]["mae"] > 0
    assert daily["by_step"][2]["mae"] is None  # two rows have come, the third has not
    assert (monthly["cutoffs"], monthly["waiting"]) == (0, 3)
    assert daily["left_out"] == monthly["left_out"] == {}


@pytest.mark.slow
def test_update_says_of_each_network_what_became_of_it(
    trained: tuple[Path, Done], tmp_path: Path
) -> None:
    """New rows of the daily series alone."""
    output = shutil.copytree(trained[0] / "output", tmp_path / "output", symlinks=True)
    newer = write(tmp_path / "newer.csv", days=120)
    quick = ["--steps", "30", "--learning-rate", "0.02"]
    done = forecast("update", newer, *quick, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    heads = [line.split()[0] for line in done.out.splitlines() if line[0] != " "]
    assert heads == [
        "data", "group", "update", "data", "group", "new", "update", "left", "forecast", "report",
    ]  # fmt: skip
    assert "\nupdate    none: no row is new\n" in done.out
    assert "\nupdate    published: MASE " in done.out
    assert "forecast  5 series, 2 frequencies    output/latest/forecast.csv" in done.out
    table = (output / "latest" / "forecast.csv").read_text()
    assert {row["shop"] for row in rows(output / "latest" / "forecast.csv")} == {
        "d1", "d2", "m1", "m2", "m3",
    }  # fmt: skip
    assert forecast("predict", "-o", "-", cwd=tmp_path).out == table

    done = forecast("update", "--json", cwd=tmp_path)
    document = json.loads(done.out)
    assert (done.code, document["updated"], document["why"]) == (0, False, "the data are the same")
    assert [(group["freq"], group["updated"]) for group in document["groups"]] == [
        ("MS", False), ("D", False),
    ]  # fmt: skip
    assert document["files"] == {}
    back = json.loads(forecast("runs", "rollback", "--json", cwd=tmp_path).out)
    assert back["before"] == Path(document["run"]).name


@pytest.mark.slow
def test_json_and_quiet(tmp_path: Path) -> None:
    write(tmp_path / "mixed.csv")
    done = forecast_here("train", "mixed.csv", "--by-frequency", *SMALL, "--json", cwd=tmp_path)
    document = json.loads(done.out)
    assert [group["freq"] for group in document["groups"]] == ["MS", "D"]
    assert set(document["metrics"]["groups"]) == {"MS", "D"}
    assert document["left_out"][0]["series"] == ["y"]
    assert len(done.err.splitlines()) == 1
    for command in (["train", "mixed.csv", "--by-frequency", *SMALL], ["predict"]):
        done = forecast_here(*command, "--quiet", cwd=tmp_path)
        assert (done.code, done.out, done.err) == (0, "", "")


def test_check_shows_every_group_and_the_command_for_all(tmp_path: Path) -> None:
    write(tmp_path / "mixed.csv")
    done = forecast("check", "mixed.csv", "--by-frequency", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    heads = [line.split()[0] for line in done.out.splitlines()]
    assert heads == [
        "written", "data", "columns", "season", "plan", "data", "season", "plan",
        "data", "season", "enough", "train",
    ]  # fmt: skip
    assert done.out.splitlines()[-1].endswith("--by-frequency")
    done = forecast("check", "mixed.csv", "--by-frequency", "--json", cwd=tmp_path)
    document = json.loads(done.out)
    assert [group["enough"] for group in document["groups"]] == [True, True, False]


def test_several_frequencies_without_the_flag_are_refused_with_it(tmp_path: Path) -> None:
    write(tmp_path / "mixed.csv")
    done = forecast("check", "mixed.csv", cwd=tmp_path)
    assert done.code == 3
    assert "mixes 3 frequencies: daily (d1 and 1 more); monthly (m1 and 2 more)" in done.err
    assert "a network for each: --by-frequency" in done.err
