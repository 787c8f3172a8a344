"""The recipes: each is parsed by what would read it, and its commands are run."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import types
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from forecast import store
from tests.cli.command import Done

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "recipes"
PLACE = "/srv/sales"
FIELD = r"(\*|\d+(-\d+)?(,\d+)*)(/\d+)?"  # of a cron line
BRIEF = {"FORECAST_TRAIN_STEPS": "10", "FORECAST_TRAIN_MEMBERS": "1", "FORECAST_TRAIN_UNITS": "4"}


def cron() -> list[str]:
    """The commands of the crontab."""
    lines = (RECIPES / "crontab").read_text().splitlines()
    lines = [line for line in lines if line and line[0] != "#" and not re.match(r"\w+=", line)]
    found = [re.fullmatch(rf"((?:{FIELD}\s+){{5}})(\S.*)", line) for line in lines]
    assert all(found), "a line is none of cron's"
    return [line.split(None, 5)[5] for line in lines]


def unit(name: str) -> configparser.ConfigParser:
    """A systemd unit; keys keep their case."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(RECIPES / name)
    return parser


def dags() -> list[dict[str, Any]]:
    """The tasks of the Airflow recipe, with what it gave to each, made with Airflow's names."""
    tasks: list[dict[str, Any]] = []

    class Task:
        def __init__(self, **given: Any) -> None:
            tasks.append(given)

        def __rshift__(self, other: Task) -> Task:
            return other

    class Dag:
        def __init__(self, name: str, **given: Any) -> None:
            assert re.fullmatch(rf"({FIELD}\s*){{5}}", given["schedule"])

        def __enter__(self) -> Dag:
            return self

        def __exit__(self, *error: object) -> None:
            pass

    modules: dict[str, Any] = {
        name: types.ModuleType(name)
        for name in (
            "airflow", "airflow.sdk", "airflow.providers", "airflow.providers.standard",
            "airflow.providers.standard.operators", "airflow.providers.standard.operators.bash",
        )
    }  # fmt: skip
    modules["airflow.sdk"].DAG = Dag
    modules["airflow.providers.standard.operators.bash"].BashOperator = Task
    sys.modules.update(modules)
    try:
        source = (RECIPES / "airflow_dag.py").read_text()
        exec(compile(source, "airflow_dag.py", "exec"), {})
    finally:
        for name in modules:
            del sys.modules[name]
    return tasks


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands in /srv/sales: daily rows up to yesterday, and the command in .venv."""
    folder = tmp_path_factory.mktemp("sales")
    command = folder / ".venv" / "bin" / "forecast"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m forecast "$@"\n')
    command.chmod(0o755)
    yesterday = date.today() - timedelta(days=1)
    rows = [f"{yesterday - timedelta(days=99 - i)},{50 + i % 7}" for i in range(100)]
    (folder / "sales.csv").write_text("\n".join(["day,units", *rows, ""]))
    return folder


def run(command: str, folder: Path, cwd: Path | None = None) -> Done:
    """A command as a scheduler would run it: by sh, with little in its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    done = subprocess.run(
        ["sh", "-c", command.replace(PLACE, str(folder))],
        cwd=cwd or "/",
        env=kept | BRIEF,
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow
def test_the_lines_of_cron_train_predict_and_score_in_silence(sales: Path) -> None:
    predict, train, score = cron()
    assert run(predict, sales).code == 4  # there is no run yet
    for command in (train, predict, score):
        done = run(command, sales)
        assert (done.code, done.out, done.err) == (0, "", ""), command
    assert len(store.kept_in(sales / "output" / "ledger")) == 2
    assert (sales / "log.jsonl").read_text().count('"event": "end"') == 2


@pytest.mark.slow
def test_the_service_of_systemd_predicts(sales: Path) -> None:
    service = unit("forecast.service")["Service"]
    assert service["Type"] == "oneshot"
    variables = f"env {service['Environment']}"
    done = run(f"{variables} {service['ExecStart']}", sales, cwd=sales)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert service["ReadWritePaths"] == service["WorkingDirectory"] == PLACE


def test_the_timer_starts_that_service_every_night(tmp_path: Path) -> None:
    timer = unit("forecast.timer")
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:15:00"
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert "Unit" not in timer["Timer"]  # so it is the service of the same name
    assert (RECIPES / "forecast.service").is_file()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_takes_both_units(tmp_path: Path, sales: Path) -> None:
    for name in ("forecast.service", "forecast.timer"):
        text = (RECIPES / name).read_text().replace(PLACE, str(sales))
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "forecast.service"),
         str(tmp_path / "forecast.timer")],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert not said, said
    when = unit("forecast.timer")["Timer"]["OnCalendar"]
    assert (
        subprocess.run(["systemd-analyze", "calendar", when], capture_output=True).returncode == 0
    )


@pytest.mark.slow
def test_the_tasks_of_airflow_run(sales: Path) -> None:
    tasks = {task["task_id"]: task for task in dags()}
    assert list(tasks) == ["check", "predict", "score", "train"]
    for task in tasks.values():
        folder = Path(task["cwd"].replace(PLACE, str(sales)))
        done = run(task["bash_command"], sales, cwd=folder)
        assert (done.code, done.err) == (0, ""), done
    assert tasks["predict"]["retries"] == 4


def test_the_readme_links_every_recipe() -> None:
    text = (ROOT / "README.md").read_text()
    for path in RECIPES.iterdir():
        assert f"(recipes/{path.name})" in text, path.name
