"""Every wrong input: one message, its place, its remedy, its exit code; nothing lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import Done, forecast

MONTHS = [f"{year}-{month:02}" for year in range(2000, 2010) for month in range(1, 13)]
GOOD = "month,sales\n" + "".join(f"{m},{100 + i}\n" for i, m in enumerate(MONTHS))


def refused(done: Done, code: int, *words: str) -> None:
    assert done.code == code, done
    assert done.out == ""
    assert "Traceback" not in done.err
    assert done.err.startswith("error: ")
    assert len(done.err.splitlines()) <= 3
    for word in words:
        assert word in done.err


@pytest.mark.parametrize(
    ("text", "flags", "code", "words"),
    [
        ("", [], 3, ["data.csv", "empty"]),
        ("\n\n", [], 3, ["data.csv"]),
        ("name,colour\na,red\nb,blue\n", [], 3, ["data.csv", "numeric"]),
        ("when,y\nsoon,1\nlater,2\nnever,3\n", ["--time", "when"], 3, ["when", "time"]),
        (GOOD, ["--target", "month"], 3, ["month"]),
        (GOOD, ["--target", "salse"], 3, ["salse", "sales"]),
        (GOOD, ["--time", "mnth"], 3, ["mnth", "month"]),
        (GOOD, ["--id", "shop"], 3, ["shop"]),
        (GOOD, ["--horizon", "12", "--window", "100"], 3, ["131", "120", "--horizon"]),
        (GOOD, ["--horizon", "0"], 2, ["--horizon"]),
        (GOOD, ["--holdout", "-1"], 2, ["--holdout"]),
        (GOOD, ["--steps", "5", "--epochs", "5"], 2, ["--steps", "--epochs"]),
        (GOOD, ["--horizn", "3"], 2, ["--horizn", "--horizon"]),
        (GOOD, ["--arch", "transformer"], 2, ["transformer", "vanilla"]),
        (GOOD.replace("sales", "a,b").replace("\n", ",7\n"), [], 3, ["--target"]),
    ],
)
def test_bad_data_and_bad_flags_are_refused_in_words(
    tmp_path: Path, text: str, flags: list[str], code: int, words: list[str]
) -> None:
    (tmp_path / "data.csv").write_text(text)
    refused(forecast("train", "data.csv", *flags, cwd=tmp_path), code, *words)
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    refused(forecast("train", "sales.csv", cwd=tmp_path), 3, "sales.csv", "no file")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "sales").mkdir()
    refused(forecast("train", "sales", cwd=tmp_path), 3, "sales")


def test_predict_into_the_folder_of_the_training_is_told_the_flag_that_was_meant(
    tmp_path: Path,
) -> None:
    (tmp_path / "runs").mkdir()
    done = forecast("predict", "-o", "runs", cwd=tmp_path)
    refused(done, 2, "--output runs is a folder", "--model runs", "--output -")


def test_no_data_at_all_is_wrong_usage(tmp_path: Path) -> None:
    refused(forecast("train", cwd=tmp_path), 2, "data")


def test_a_command_that_does_not_exist_is_guessed_at(tmp_path: Path) -> None:
    refused(forecast("trian", cwd=tmp_path), 2, "trian", "train")


def test_an_output_that_cannot_be_written_fails_before_the_training(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(GOOD)
    (tmp_path / "taken").write_text("mine")
    done = forecast("train", "data.csv", "--quiet", "-o", "taken", cwd=tmp_path)
    refused(done, 2, "taken", "--output")
    assert (tmp_path / "taken").read_text() == "mine"


def test_predict_without_a_run_says_how_to_get_one(tmp_path: Path) -> None:
    refused(forecast("predict", cwd=tmp_path), 4, "output/latest", "forecast train")
    refused(forecast("predict", "--model", "nowhere", cwd=tmp_path), 4, "nowhere")


@pytest.mark.parametrize("document", ["", "{}", '{"tool": "forecast", "format": 1}', "[]"])
def test_a_foreign_run_folder_is_refused(tmp_path: Path, document: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(document)
    refused(forecast("predict", "--model", "run", cwd=tmp_path), 4, "run.json")


def test_an_error_is_a_document_too_where_json_is_asked_for(tmp_path: Path) -> None:
    done = forecast("train", "sales.csv", "--json", cwd=tmp_path)
    document = json.loads(done.out)
    assert done.code == 3
    assert document["schema"] == 1
    assert document["error"]["code"] == "data"
    assert document["error"]["exit_code"] == 3
    assert "sales.csv" in document["error"]["message"]
    assert document["error"]["hint"]


def test_debug_adds_the_traceback(tmp_path: Path) -> None:
    done = forecast("train", "sales.csv", "--debug", cwd=tmp_path)
    assert done.code == 3
    assert "Traceback" in done.err


def test_the_bare_command_shows_its_help_and_is_wrong_usage(tmp_path: Path) -> None:
    done = forecast(cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage:")


def test_help_and_version_answer(tmp_path: Path) -> None:
    for command in ([], ["train"], ["predict"]):
        done = forecast(*command, "--help", cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        assert "Usage:" in done.out
    from forecast import __version__

    assert forecast("--version", cwd=tmp_path).out == f"forecast {__version__}\n"


@pytest.mark.parametrize("unit", ["0.5w", "36h", "90 min", "1s"])
def test_rows_that_stopped_coming_are_refused_with_a_code_of_their_own(
    tmp_path: Path, unit: str
) -> None:
    (tmp_path / "data.csv").write_text(GOOD)
    refused(forecast("train", "data.csv", "--max-staleness", unit, cwd=tmp_path), 6, "newest row")
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


@pytest.mark.parametrize("text", ["2", "two days", "-1d", "1y", ""])
def test_a_length_of_time_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "data.csv").write_text(GOOD)
    done = forecast("predict", "data.csv", "--max-staleness", text, cwd=tmp_path)
    refused(done, 2, "no length of time", "2d or 36h")
