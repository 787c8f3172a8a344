"""Settings from a file and from the environment, as every command takes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from forecast.cli.app import app
from forecast.cli.settings import Setting, equip
from tests.cli.command import SAMPLES, Done, forecast
from tests.cli.test_errors import GOOD, refused

COMMAND = typer.main.get_command(app)
LISTED = equip(COMMAND, app)
SETTINGS = [each for several in LISTED.values() for each in several]
AIRLINE = SAMPLES / "airline-passengers.csv"


def resolved(folder: Path, *words: str) -> dict[str, tuple[Any, str]]:
    """key -> value and origin, of one command."""
    done = forecast("config", *words, "--json", cwd=folder)
    assert (done.code, done.err) == (0, ""), done
    document = json.loads(done.out)
    return {each["key"]: (each["value"], each["origin"]) for each in document["settings"]}


def checked(folder: Path, text: str, *flags: str) -> Done:
    """check with a forecast.toml; it reads most of the settings of train."""
    (folder / "forecast.toml").write_text(text)
    (folder / "data.csv").write_text(GOOD)
    return forecast("check", "data.csv", *flags, cwd=folder)


def test_every_flag_of_every_command_is_a_setting() -> None:
    nodes = {" ".join(node) for node in LISTED}
    assert nodes >= {"train", "predict", "check", "score", "runs", "runs compare", "config"}
    keys = {each.key for each in LISTED[("train",)]}
    assert keys >= {"target", "id", "min", "horizon", "max-staleness", "if-changed", "json"}
    for node, several in LISTED.items():
        assert len({each.key for each in several}) == len(several), node


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: " ".join((*each.command, each.key)))
def test_every_setting_can_be_set_in_a_file(
    setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = {bool: True, int: 3, float: 2.5, str: "2d", list: ["a", "b"]}[setting.kind]
    header = f"[{'.'.join(setting.command)}]"
    (tmp_path / "forecast.toml").write_text(f"{header}\n{setting.key} = {json.dumps(value)}\n")
    monkeypatch.chdir(tmp_path)
    from forecast.cli.settings_file import read_settings

    read = read_settings(Path("forecast.toml"), LISTED)
    assert read[setting.command] == {setting.param.name: value}


def test_a_flag_beats_the_environment_that_beats_the_file_that_beats_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resolved(tmp_path, "train")["seed"] == (1, "default")
    (tmp_path / "forecast.toml").write_text("seed = 2\n")
    assert resolved(tmp_path, "train")["seed"] == (2, "forecast.toml")
    (tmp_path / "forecast.toml").write_text("seed = 2\n[train]\nseed = 3\n")
    assert resolved(tmp_path, "train")["seed"] == (3, "forecast.toml")
    monkeypatch.setenv("FORECAST_SEED", "4")
    assert resolved(tmp_path, "train")["seed"] == (4, "FORECAST_SEED")
    monkeypatch.setenv("FORECAST_TRAIN_SEED", "5")
    assert resolved(tmp_path, "train")["seed"] == (5, "FORECAST_TRAIN_SEED")
    assert resolved(tmp_path, "train", "--seed", "6")["seed"] == (6, "flag")


def test_what_is_resolved_is_what_the_commands_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = checked(tmp_path, 'horizon = 4\nfill = "zero"\n[check]\nhorizon = 5\njson = true\n')
    document = json.loads(done.out)
    assert document["plan"]["horizon"] == 5
    assert "--fill zero" in document["train"]
    monkeypatch.setenv("FORECAST_CHECK_HORIZON", "6")
    monkeypatch.setenv("FORECAST_CHECK_NA", "two words, and more")
    document = json.loads(checked(tmp_path, "[check]\njson = true\n").out)
    assert document["plan"]["horizon"] == 6
    assert "'--na=two words, and more'" in document["train"]
    document = json.loads(checked(tmp_path, "[check]\njson = true\n", "--horizon", "7").out)
    assert document["plan"]["horizon"] == 7


def test_another_file_is_named_by_a_flag_or_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "forecast.toml").write_text("seed = 2\n")
    (tmp_path / "night.toml").write_text("seed = 9\n")
    assert resolved(tmp_path, "train", "--config", "night.toml")["seed"] == (9, "night.toml")
    monkeypatch.setenv("FORECAST_CONFIG", "night.toml")
    assert resolved(tmp_path, "train")["seed"] == (9, "night.toml")
    refused(forecast("models", "--config", "gone.toml", cwd=tmp_path), 2, "gone.toml", "no such")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("horizn = 3\n", ["forecast.toml", "horizn", "did you mean horizon?"]),
        ("[chek]\nhorizon = 3\n", ["chek", "did you mean check?"]),
        ("[check]\nhorizn = 3\n", ["[check]", "horizn", "did you mean horizon?"]),
        ("[runs.comprae]\nplot = 'a'\n", ["[runs]", "comprae", "did you mean compare?"]),
        ("[check]\nzebra = 3\n", ["zebra", "forecast config check"]),
        ("[check]\nhorizon = 'many'\n", ["[check] horizon", "a whole number", "'many'"]),
        ("[check]\nhorizon = 3.5\n", ["[check] horizon", "a whole number", "3.5"]),
        ("[check]\nhorizon = true\n", ["horizon", "a whole number", "True"]),
        ("[check]\nmin = '3'\n", ["min", "a number", "'3'"]),
        ("[check]\nstrict = 1\n", ["strict", "true or false", "1"]),
        ("[check]\ntime = [1, 2]\n", ["time", "list of texts", "[1, 2]"]),
        ("[check]\ntarget = ['a']\n", ["target", "a text", "['a']"]),
        ("[train]\nhorizon = 'many'\n", ["[train] horizon"]),  # of another command, and wrong
        ("output = 'here'\n", ["output", "not the same in every command", "[train]", "[predict]"]),
        ("horizon = \n", ["forecast.toml", "no TOML", "line 1"]),
        ("[check]\nfill = 'up'\n", ["--fill", "'up'", "--fill comes from forecast.toml"]),
        ("max-staleness = 'soon'\n[check]\nhorizon = 0\n", ["--horizon comes from forecast.toml"]),
    ],
)
def test_a_wrong_file_is_refused_by_its_name_and_key(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    refused(checked(tmp_path, text), 2, *words)


def test_wrong_variables_are_refused_by_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORECAST_HORIZON", "many")
    refused(checked(tmp_path, ""), 2, "--horizon", "--horizon comes from FORECAST_HORIZON")
    monkeypatch.delenv("FORECAST_HORIZON")
    monkeypatch.setenv("FORECAST_CHECK_HORIZN", "3")
    refused(checked(tmp_path, ""), 2, "FORECAST_CHECK_HORIZN", "FORECAST_CHECK_HORIZON?")
    monkeypatch.delenv("FORECAST_CHECK_HORIZN")
    monkeypatch.setenv("FORECAST_API_TOKEN", "somebody else's")
    assert checked(tmp_path, "").code == 0


def test_debug_and_json_count_for_errors_wherever_they_are_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORECAST_JSON", "1")
    done = checked(tmp_path, "debug = true\n", "--target", "zebra")
    assert done.code == 3
    assert json.loads(done.out)["error"]["code"] == "data"
    assert "Traceback" in done.err


def test_a_person_sees_what_is_set_and_all_of_a_command(tmp_path: Path) -> None:
    assert "all at their defaults" in forecast("config", cwd=tmp_path).out
    (tmp_path / "forecast.toml").write_text('[train]\ntime = ["day", "hour"]\nquiet = true\n')
    done = forecast("config", cwd=tmp_path)
    rows = [line.split() for line in done.out.splitlines()]
    assert rows == [
        ["file", "forecast.toml"],
        ["train", "time", "day,hour", "forecast.toml"],
        ["train", "quiet", "true", "forecast.toml"],
    ]
    whole = forecast("config", "runs", "compare", cwd=tmp_path).out.splitlines()
    assert [line.split()[2] for line in whole[1:3]] == ["output", "plot"]
    assert forecast("config", "train", "--quiet", cwd=tmp_path).out == ""
    refused(forecast("config", "trian", cwd=tmp_path), 2, "'trian'", "train?")
    refused(forecast("config", "train", "--horizn", "3", cwd=tmp_path), 2, "--horizn")


def test_a_broken_file_does_not_keep_the_help_away(tmp_path: Path) -> None:
    (tmp_path / "forecast.toml").write_text("horizon = \n")
    assert forecast("train", "--help", cwd=tmp_path).code == 0
    assert forecast("--version", cwd=tmp_path).code == 0
