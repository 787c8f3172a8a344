"""Stopping and going on, as a scheduler sees it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from forecast import store
from tests.cli.command import SAMPLES, forecast, forecast_here

SHORT = ["a.csv", "--members", "1", "--steps", "20", "--units", "4", "--arch", "rnn"]


def test_there_has_to_be_something_to_resume(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "airline-passengers.csv", tmp_path / "a.csv")
    done = forecast("train", *SHORT, "--resume", cwd=tmp_path)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("error: nothing to resume: no training was stopped in output\n")
    assert not (tmp_path / "output").exists()


@pytest.mark.slow
def test_a_time_limit_that_is_too_short_exits_with_8_and_is_made_up_for_later(
    tmp_path: Path,
) -> None:
    shutil.copy(SAMPLES / "airline-passengers.csv", tmp_path / "a.csv")
    stopped = forecast("train", *SHORT, "--time-limit", "0.5", "--json", cwd=tmp_path)
    assert stopped.code == 8
    error = json.loads(stopped.out)["error"]
    assert (error["code"], error["exit_code"]) == ("stopped", 8)
    assert "the time limit of 0.5 s is up" in error["message"]
    assert "kept in output/runs/.checkpoint.npz: training 1 at step 10" in error["message"]
    assert error["hint"] == "the same command with --resume goes on from there"
    assert not (tmp_path / "output" / "latest").exists()

    other = forecast("train", *SHORT, "--resume", "--seed", "3", "--loss", "mse", cwd=tmp_path)
    assert other.code == 4
    assert "changed since: loss mae to mse, seed 1 to 3" in other.err
    done = forecast_here("train", *SHORT, "--resume", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "resumed   training 1 at step 10\n" in done.out
    assert "· 20/20 ·" in done.out.replace("training  ", "· ")
    output = tmp_path / "output"
    assert not store.checkpoint_place(output).exists()
    assert len(store.runs_in(output)) == 1
