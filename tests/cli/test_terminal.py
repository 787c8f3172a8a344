"""What a person sees who waits at a terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import SAMPLES

pytestmark = pytest.mark.slow


def seen_at_a_terminal(*arguments: str | Path, cwd: Path) -> tuple[int, str]:
    """Exit code of the command, and everything that it wrote to a terminal of 100 columns."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "forecast", *map(str, arguments)],
        cwd=cwd,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"},
    )
    os.close(follower)
    parts = []
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # how Linux says that the other side is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(leader)
    return process.wait(), b"".join(parts).decode()


def test_a_training_shows_its_stage_step_loss_and_the_time_left(tmp_path: Path) -> None:
    source = SAMPLES / "airline-passengers.csv"
    code, text = seen_at_a_terminal(
        "train", source, "--members", "2", "--steps", "60", cwd=tmp_path
    )
    assert code == 0, text
    stages = ["reading", "starting TensorFlow", "training 1/2", "training 2/2", "refit 2/2"]
    for stage in [*stages, "writing"]:
        assert stage in text
    shown = re.search(r"training 1/2 .*\d+/60 · loss \d\.\d{3} · val \d\.\d{3} \d\d:\d\d", text)
    assert shown, text
    # What was understood stands there before the wait, the scores after it.
    assert text.index("columns   target Passengers") < shown.start() < text.index("seasonal naive")
    assert text.count("data      airline-passengers.csv") == 1


def test_quiet_is_quiet_at_a_terminal_too(tmp_path: Path) -> None:
    source = SAMPLES / "airline-passengers.csv"
    assert seen_at_a_terminal(
        "train", source, "-q", "--steps", "10", "--members", "1", cwd=tmp_path
    ) == (0, "")
