"""Backtests are published as runs are: whole or not at all, by one writer, and in nobody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast import store
from forecast.errors import BusyError, OutputError
from tests.store.test_lock import HOLD, start


def publish(output: Path) -> Path:
    with store.new_backtest(output, "sales of may", "abcdef") as (draft, place):
        store.write_document(draft.document, {"schema": 1})
        draft.plot("skill").write_bytes(b"picture")
        assert not place.exists()
    return place


def test_a_backtest_is_there_when_it_is_whole_and_no_latest_points_to_it(tmp_path: Path) -> None:
    place = publish(tmp_path)
    assert place.parent == tmp_path / "backtests"
    assert place.name.endswith("Z-sales-of-may-abcd")
    assert store.Rolled(place).plot("skill").read_bytes() == b"picture"
    assert {path.name for path in tmp_path.iterdir()} == {"backtests"}
    assert {path.name for path in place.parent.iterdir()} == {".lock", place.name}


def fail(output: Path) -> None:
    with store.new_backtest(output, "x", "1") as (draft, _):
        store.write_text(draft.forecasts, "half")
        raise ZeroDivisionError


def test_one_that_fails_leaves_nothing_not_even_the_folders_it_made(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path / "o")
    assert not (tmp_path / "o").exists()
    kept = publish(tmp_path)
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path)
    assert {path.name for path in kept.parent.iterdir()} == {".lock", kept.name}


def test_a_place_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "backtests").write_text("a file")
    with pytest.raises(OutputError, match="cannot write"), store.new_backtest(tmp_path, "x", "1"):
        pass


def test_a_training_of_the_same_folder_disturbs_no_backtest(tmp_path: Path) -> None:
    training = start(HOLD, tmp_path, "60")
    assert training.stdout is not None
    assert training.stdout.readline() == "holding\n"
    draft = list((tmp_path / "runs").glob(".building-*"))
    publish(tmp_path)
    assert list((tmp_path / "runs").glob(".building-*")) == draft != []
    training.kill()
    training.communicate()


def test_what_a_killed_backtest_left_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    litter = tmp_path / "backtests" / ".building-dead"
    litter.mkdir(parents=True)
    (litter / "forecasts.csv").write_text("half")
    publish(tmp_path)
    assert not litter.exists()


def test_two_backtests_of_a_folder_do_not_run_at_once(tmp_path: Path) -> None:
    with store.new_backtest(tmp_path, "first", "1"):
        with pytest.raises(BusyError), store.new_backtest(tmp_path, "second", "2"):
            pass
        with store.new_run(tmp_path, "run", "3") as (run, _):
            store.write_document(run.document, {"tool": "forecast", "format": store.FORMAT})
