"""kill -9 at random moments of real commands: the old result or the new one, nothing between.

A hundred such moments are `python -m tests.benchmarks.kills`, a part of `make bench`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from forecast import store
from tests.cli.command import forecast
from tests.cli.killed import hidden, kill, site

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("name", "times", "at_least"), [("predict", 10, 4), ("train", 1, 1)])
def test_a_command_that_is_killed_leaves_the_old_result_or_the_new_one(
    name: str, times: int, at_least: int, tmp_path: Path
) -> None:
    at, chance = site(tmp_path), random.Random(7)
    died = 0
    for turn in range(times):
        died += kill(at, name, turn, chance) != "lived"
        at.look()
    assert died >= at_least
    # The next ones clear away what was left.
    done = forecast("predict", "a.csv", "--quiet", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    with store.only_writer(at.output):
        assert hidden(at.output) == {".holder"}
    assert hidden(at.output) == set()
    at.look()
