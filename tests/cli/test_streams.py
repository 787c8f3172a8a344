"""What goes where: nothing on success, documents for programs, a log of what happened."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forecast import store
from tests.cli.command import SAMPLES, Done, forecast
from tests.cli.test_config import COMMAND, LISTED
from tests.cli.test_doctor import shelved
from tests.store.kept import ROWS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
AIRLINE = SAMPLES / "airline-passengers.csv"
SHORT = ["--members", "1", "--steps", "10", "--units", "4", "--horizon", "3"]
EXCEPT = {()}  # the bare command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run of the sample data."""
    place = tmp_path_factory.mktemp("streams")
    run = store.Run(shelved(place))
    store.write_document(run.metrics, {"series": 0, "methods": {}, "verdict": ""})
    store.seal(run)
    shutil.copy(ROWS, place / "rows.csv")
    return place


def test_every_command_has_json_quiet_debug_and_config() -> None:
    for node, settings in LISTED.items():
        if node not in EXCEPT:
            keys = {each.key for each in settings}
            assert {"json", "quiet", "debug"} <= keys, node
            command: Any = COMMAND
            for name in node:
                command = command.commands[name]
            assert "--config" in {opt for param in command.params for opt in param.opts}, node


# What each command needs to do its work in the folder above; none trains.
CALLS = {
    "check": ["check", "rows.csv"],
    "predict": ["predict", "rows.csv"],
    "score": ["score", "rows.csv"],
    "export": ["export", "--force"],
    "models": ["models"],
    "config": ["config", "train"],
    "doctor": ["doctor"],
    "runs": ["runs"],
    "runs show": ["runs", "show"],
    "runs compare": ["runs", "compare", "latest", "latest"],
}


def test_the_calls_below_are_of_every_command_that_trains_nothing() -> None:
    trains = {"train", "update", "backtest", "runs rollback"}  # a rollback takes two runs
    known = {" ".join(node) for node in LISTED if node not in EXCEPT}
    assert set(CALLS) <= known
    assert {"train", "runs rollback"} <= known
    rest = known - set(CALLS) - trains
    assert not rest, f"add {rest} to CALLS"


@pytest.mark.parametrize("name", CALLS)
def test_quiet_is_silent_on_success(name: str, folder: Path) -> None:
    done = forecast(*CALLS[name], "--quiet", cwd=folder)
    assert (done.code, done.out, done.err) == (0, "", "")


def fields_in_readme() -> dict[str, list[str]]:
    """command -> the fields of its document, as the README lists them."""
    rows = re.findall(r"^\| `([a-z ]+)` \| (`[^|]+`) \|$", README, re.MULTILINE)
    return {command: re.findall(r"`(\w+)`", cells) for command, cells in rows}


@pytest.mark.parametrize("name", CALLS)
def test_the_document_holds_what_the_readme_says(name: str, folder: Path) -> None:
    done = forecast(*CALLS[name], "--json", cwd=folder)
    assert (done.code, done.err) == (0, ""), done
    document = json.loads(done.out)
    assert (document.pop("schema"), document.pop("command")) == (1, name)
    assert list(document) == fields_in_readme()[name]


def test_a_rollback_says_from_where_to_where_and_is_silent_if_asked(
    folder: Path, tmp_path: Path
) -> None:
    runs = tmp_path / "output" / "runs"
    for second in ("00", "01"):
        (run,) = (folder / "output" / "runs").glob("2*")
        shutil.copytree(run, runs / f"20240101T0000{second}Z-a-1234")
    latest = tmp_path / "output" / "latest"
    latest.symlink_to("runs/20240101T000001Z-a-1234")
    document = json.loads(forecast("runs", "rollback", "--json", cwd=tmp_path).out)
    assert list(document) == ["schema", "command", *fields_in_readme()["runs rollback"]]
    back = forecast("runs", "rollback", "20240101T000001Z-a-1234", "--quiet", cwd=tmp_path)
    assert (back.code, back.out, back.err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["predict", "--horizn", "3", "--json"], "usage"),
        (["trian", "--json"], "usage"),
        (["runs", "compare", "--json"], "usage"),
        (["train", "--json"], "usage"),
        (["check", "gone.csv", "--json"], "data"),
        (["predict", "--model", "gone", "--json"], "run"),
        (["models", "--config", "gone.toml", "--json"], "usage"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_an_error_is_a_document_too(arguments: list[str], code: str, tmp_path: Path) -> None:
    done = forecast(*arguments, cwd=tmp_path)
    error = json.loads(done.out)["error"]
    assert list(error) == ["code", "exit_code", "message", "hint"]
    assert (error["code"], error["exit_code"]) == (code, done.code)
    assert error["hint"]
    assert done.err.startswith(f"error: {error['message']}")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["trian"], "train"),
        (["predict", "--modl", "x"], "--model"),
        (["runs", "comprae"], "compare"),
        (["check", "rows.csv", "--target", "Pasengers"], "Passengers"),
        (["check", "rows.csv", "--time", "Mnth"], "Month"),
        (["check", "rows.csv", "--past", "Pasengers"], "Passengers"),
        (["config", "predcit"], "predict"),
    ],
    ids=" ".join,
)
def test_what_is_mistyped_is_guessed_at(arguments: list[str], word: str, folder: Path) -> None:
    done = forecast(*arguments, cwd=folder)
    assert done.code in (2, 3)
    assert word in done.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_and_flags(shell: str, tmp_path: Path) -> None:
    def asked(line: str) -> str:
        more = {
            "_FORECAST_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split()) - 1),
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
        done = subprocess.run(
            [sys.executable, "-m", "forecast"],
            cwd=tmp_path,
            env=os.environ | more,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert "predict" in asked("forecast pre")
    assert "train" not in asked("forecast pre")
    assert "--max-staleness" in asked("forecast predict --max")
    assert "compare" in asked("forecast runs comp")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_one_that_the_shell_takes(shell: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "forecast"],
        cwd=tmp_path,
        env=os.environ | {"_FORECAST_COMPLETE": f"source_{shell}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "_FORECAST_COMPLETE=complete_" in done.stdout
    assert "python -m" not in done.stdout
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=done.stdout, text=True, check=False)
        assert checked.returncode == 0


def test_the_usage_names_the_command_however_it_was_called(tmp_path: Path) -> None:
    assert forecast("train", "--help", cwd=tmp_path).out.startswith("Usage: forecast train ")


# --- the log


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_predict_logs_what_it_did_and_what_went_wrong(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "log.jsonl"
    assert forecast("predict", "rows.csv", "-q", "--log", log, cwd=folder).code == 0
    assert forecast("predict", "gone.csv", "-q", "--log", log, cwd=folder).code == 3
    told = events(log)
    assert [each["event"] for each in told] == [
        "start", "data", "forecast", "end", "start", "error",
    ]  # fmt: skip
    assert all(each["schema"] == 1 for each in told)
    times = [datetime.fromisoformat(each["time"]) for each in told]
    assert times == sorted(times)
    assert all(each.tzinfo is not None for each in times)
    assert told[1]["rows"] == 144
    assert told[3]["exit_code"] == 0
    assert told[5]["code"] == "data"
    assert "gone.csv" in told[5]["message"]
    assert len({each["process"] for each in told}) == 2


def test_a_log_that_cannot_be_written_is_refused_before_anything_happens(folder: Path) -> None:
    done = forecast("predict", "rows.csv", "--log", "rows.csv/log", cwd=folder)
    assert done.code == 2
    assert "--log" in done.err


def trained(folder: Path, *flags: str) -> Done:
    """train with standard error in a file, as from cron; `err` is what the file holds."""
    with (folder / "err").open("w") as err:
        done = subprocess.run(
            [sys.executable, "-m", "forecast", "train", "rows.csv", *SHORT, *flags],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            check=False,
        )
    return Done(done.returncode, done.stdout, (folder / "err").read_text())


@pytest.mark.slow
def test_a_training_is_silent_where_stderr_is_a_file_and_logs_every_stage(tmp_path: Path) -> None:
    shutil.copy(ROWS, tmp_path / "rows.csv")
    done = trained(tmp_path, "--log", "log.jsonl", "--json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert list(document) == ["schema", "command", *fields_in_readme()["train"]]
    told = events(tmp_path / "log.jsonl")
    names = [each["event"] for each in told]
    assert names[:3] == ["start", "data", "plan"]
    assert names[-2:] == ["published", "end"]
    assert {"stage", "look"} <= set(names)
    published = told[-2]["run"]
    assert (tmp_path / published / "run.json").is_file()
    looks = [each for each in told if each["event"] == "look"]
    assert all(each["loss"] > 0 and 0 < each["step"] <= each["steps"] for each in looks)

    again = trained(tmp_path, "--log", "log.jsonl", "--if-changed", "--quiet")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert [each["event"] for each in events(tmp_path / "log.jsonl")][len(told) :] == [
        "start", "data", "plan", "not trained", "end",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_training_that_is_stopped_says_so_in_the_log(tmp_path: Path) -> None:
    shutil.copy(ROWS, tmp_path / "rows.csv")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "forecast", "train", "rows.csv", "-q", "--log", "log.jsonl"),
            *("--steps", "1000", "--members", "1"),
        ],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    log, until = tmp_path / "log.jsonl", time.monotonic() + 60
    while not (log.exists() and '"stage"' in log.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 143
    last = events(log)[-1]
    assert (last["event"], last["exit_code"]) == ("stopped", 143)
