"""The real command, killed without a word at some moment, and what has to be left afterwards."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from forecast import store
from tests.cli.command import forecast
from tests.store.kept import NEWEST, ROWS

__all__ = ["Site", "hidden", "kill", "site"]

STAYS = {".lock", ".checkpoint.npz"}  # of the hidden names in an output folder
TRAIN = ["train", "a.csv", "--members", "1", "--steps", "10", "--units", "4", "--quiet"]
OLD = "20240101T000000Z-old-0000"


@dataclass(frozen=True)
class Site:
    """A folder with data and an output folder in which a run has been published.

    Attributes:
        folder: the working directory.
        seconds: that each command takes here when nobody kills it.
        forecasts: what `predict` says of the two states that the file is in by turns.
    """

    folder: Path
    seconds: dict[str, float]
    forecasts: tuple[str, str]

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def command(self, name: str, turn: int) -> list[str]:
        """The command for a turn; every second `predict` finds two rows more."""
        if name == "train":
            return [sys.executable, "-m", "forecast", *TRAIN]
        more = "" if turn % 2 else "1961-01,450\n1961-02,420\n"
        (self.folder / "a.csv").write_text(ROWS.read_text() + more)
        return [sys.executable, "-m", "forecast", "predict", "a.csv", "--quiet"]

    def look(self) -> None:
        """See that every run is whole, and its forecast one that somebody finished."""
        latest, runs = store.find_run(self.output, None), store.runs_in(self.output)
        assert latest.folder.resolve() in {run.folder.resolve() for run in runs}
        for run in runs:
            store.open_run(run)
            listed = run.sums.read_text().splitlines()
            assert len(listed) >= 4
            for line in listed:
                store.read(run, run.folder / line.split("  ")[1])
            text = run.forecast.read_text()
            assert re.fullmatch(r"Month,step,forecast.*\n(19\d\d-\d\d,\d+,.*\d\n){12}", text), text
            assert text in self.forecasts or run.folder.name != OLD


def site(folder: Path) -> Site:
    """A working directory with a run that an earlier version published, without training one."""
    place = folder / "output" / "runs" / OLD
    shutil.copytree(NEWEST, place)
    (folder / "output" / "latest").symlink_to(Path("runs") / OLD)
    made = Site(folder, {"train": 8.0}, ("", ""))
    said = []
    for turn in range(2):
        made.command("predict", turn)
        began = time.monotonic()
        done = forecast("predict", "a.csv", "-o", "-", cwd=folder)
        made.seconds["predict"] = time.monotonic() - began
        assert done.code == 0, done.err
        said.append(done.out)
    (place / "forecast.csv").write_text(said[0])
    store.seal(store.Run(place))  # the kept run has fewer files than its sums list
    return Site(folder, made.seconds, (said[0], said[1]))


def kill(at: Site, name: str, turn: int, chance: random.Random) -> str:
    """Start a command, kill its process group at a random moment; the phase in which it died.

    Half of the moments lie anywhere in its life, half of them where it writes.
    """
    command = at.command(name, turn)
    process = subprocess.Popen(
        command, cwd=at.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    began, seconds = time.monotonic(), at.seconds[name]
    writing = chance.random() < 0.5
    wait = chance.uniform(0, seconds)
    if writing and name == "predict":
        wait = chance.uniform(0.8, 1.05) * seconds
    elif writing:
        while process.poll() is None and not list(at.output.glob("runs/.building-*/run.json")):
            time.sleep(0.005)
        began, wait = time.monotonic(), chance.uniform(0, 1.0)
    while process.poll() is None and time.monotonic() - began < wait:
        time.sleep(0.002)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    _, complaint = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), complaint.decode()
    if process.returncode == 0:
        return "lived"
    return "writing" if writing else "anywhere"


def hidden(output: Path) -> set[str]:
    """Names in an output folder that no reader sees and that are not to stay."""
    return {path.name for path in output.rglob(".*")} - STAYS
