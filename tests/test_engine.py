"""Engines give the results in the order of the tasks, wherever they are done."""

from __future__ import annotations

import os
import time

import pytest

from forecast.engine import Serial, processes


def where(task: int) -> tuple[int, int]:
    """The task, and the process that does it."""
    return task, os.getpid()


def slowly(task: int) -> tuple[int, int]:
    time.sleep(0.02)
    return task, os.getpid()


def test_one_process_does_everything_itself() -> None:
    assert list(Serial().map(where, [3, 1, 2])) == [(n, os.getpid()) for n in (3, 1, 2)]


def test_what_is_quickly_done_is_done_here() -> None:
    with processes(2) as engine:
        assert list(engine.map(where, range(50))) == [(n, os.getpid()) for n in range(50)]
        assert list(engine.map(where, [])) == []


@pytest.mark.slow
def test_what_takes_long_is_shared_with_fresh_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecast.engine.SECONDS_ALONE", 0.1)
    with processes(2) as engine:
        done = list(engine.map(slowly, range(40)))
        assert [task for task, _ in done] == list(range(40))
        here = [task for task, process in done if process == os.getpid()]
        assert 5 <= len(here) <= 12
        again = list(engine.map(where, range(5)))  # the others are there already
        assert all(process != os.getpid() for _, process in again)
