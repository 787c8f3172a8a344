"""train --if-changed and --dry-run, as a scheduler sees them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from forecast import store
from tests.cli.command import SAMPLES, Done, forecast, forecast_here

SHORT = ["--members", "1", "--steps", "10", "--units", "4", "--holdout", "0"]


def again(folder: Path, *more: str, file: str = "a.csv") -> Done:
    return forecast_here("train", file, *SHORT, "--if-changed", *more, cwd=folder)


def runs(folder: Path) -> int:
    return len(store.runs_in(folder / "output"))


def test_a_rehearsal_says_what_would_be_done_and_writes_nothing(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "airline-passengers.csv", tmp_path / "a.csv")
    done = forecast("train", "a.csv", "--dry-run", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert [line.split()[0] for line in done.out.splitlines()] == [
        "data", "columns", "plan", "train",
    ]  # fmt: skip
    assert done.out.endswith("train     would: it is asked for\n")
    changed = forecast("train", "a.csv", "--dry-run", "--if-changed", "--json", cwd=tmp_path)
    said = json.loads(changed.out)
    assert (said["trained"], said["why"]) == (False, "no run to keep: no run in output/latest")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.slow
def test_it_trains_again_only_where_data_settings_or_program_changed(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "airline-passengers.csv", tmp_path / "a.csv")
    first = again(tmp_path)
    assert first.code == 0, first.err
    assert "changed   no run to keep: no run in output/latest\n" in first.out
    done = again(tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("train     nothing changed since the run in output\n")
    assert again(tmp_path, "--quiet").out == ""
    shutil.copy(tmp_path / "a.csv", tmp_path / "b.csv")
    assert "nothing changed" in again(tmp_path, file="b.csv").out  # the content counts
    assert runs(tmp_path) == 1

    would = again(tmp_path, "--seed", "7", "--dry-run")
    assert would.out.endswith("train     would: the settings changed: seed 1 to 7\n")
    assert runs(tmp_path) == 1
    with (tmp_path / "a.csv").open("a") as file:
        file.write("1961-01,450\n")
    done = again(tmp_path)
    assert "changed   the data changed\n" in done.out
    assert runs(tmp_path) == 2

    # An older program's run, and one that cannot be read, are no runs to keep.
    run = store.find_run(tmp_path / "output", None)
    document = json.loads(run.document.read_text())
    document["versions"]["lstm-forecast"] = "0.0.1"
    store.write_document(run.document, document)
    store.seal(run)
    assert "the program changed from 0.0.1 to" in again(tmp_path, "--dry-run").out
    run.document.write_text("{}")
    assert "would: no run to keep: " in again(tmp_path, "--dry-run").out


def test_a_rehearsal_of_groups(tmp_path: Path) -> None:
    days = [f"2024-01-{d:02d},d,{d % 7}" for d in range(1, 32)]
    days += [f"2024-02-{d:02d},d,{d % 7}" for d in range(1, 30)]
    months = [f"{y}-{m:02d}-01,m,{m}" for y in range(2015, 2021) for m in range(1, 13)]
    (tmp_path / "a.csv").write_text("\n".join(["time,id,y", *days, *months]))
    done = forecast("train", "a.csv", "--by-frequency", "--dry-run", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.out.endswith("train     would: it is asked for\n")
    assert not (tmp_path / "output").exists()
