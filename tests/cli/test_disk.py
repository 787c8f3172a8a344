"""A disk that is full, a file that may not grow, a folder that may not be written: exit 2, and
what was there is still there."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from forecast import store
from tests.cli.command import Done, forecast
from tests.cli.killed import OLD, hidden, site

pytestmark = pytest.mark.slow

PREDICT, TRAIN = ("predict", "a.csv", "--quiet"), ("train", "a.csv", "--quiet")


def mount(*arguments: str | Path) -> str:
    """Why nothing can be mounted here, "" where it was."""
    try:
        done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
    except OSError as error:
        return str(error)
    return done.stderr.strip()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 400 kB, with a run in it."""
    folder = tmp_path / "small"
    folder.mkdir()
    why = mount("-t", "tmpfs", "-o", "size=400k", "none", folder)
    if why:
        pytest.skip(f"no file system can be mounted here: {why}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def state(output: Path) -> dict[str, bytes]:
    """Every file of an output folder but the lock, with what it holds."""
    files = [path for path in output.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(output)): path.read_bytes() for path in files}


def refused(done: Done, *words: str) -> None:
    """An error in words, one remedy, nothing else."""
    assert (done.code, done.out) == (2, "")
    head, hint = done.err.splitlines()
    assert head.startswith("error: cannot write ")
    assert hint.startswith("hint:  ")
    assert "--output" in hint
    for word in words:
        assert word in head


def test_a_full_disk_is_named_and_the_old_result_stays(small: Path) -> None:
    at = site(small)
    room = os.statvfs(small)
    (small / "filler").write_bytes(bytes(room.f_bavail * room.f_bsize))
    before = state(at.output)
    for command in (PREDICT, TRAIN):
        refused(forecast(*command, cwd=small), "No space left on device", "output")
        assert state(at.output) == before
        assert hidden(at.output) == set()
        at.look()
    (small / "filler").unlink()
    assert forecast(*PREDICT, cwd=small).code == 0  # and all is well again
    at.look()


def test_a_read_only_folder_is_named_and_the_old_result_stays(small: Path) -> None:
    at = site(small)
    before = state(at.output)
    assert mount("-o", "remount,ro", small) == ""
    for command in (PREDICT, TRAIN):
        refused(forecast(*command, cwd=small), "Read-only file system", "output")
        assert state(at.output) == before
        at.look()
    done = forecast("predict", "a.csv", "-o", "-", cwd=small)
    assert done.code == 0  # to read a run takes no writing, to keep the forecast for score does
    assert done.err.startswith("note: not kept for forecast score: cannot write")
    assert len(done.err.splitlines()) == 1
    assert done.out in at.forecasts


def test_a_folder_that_belongs_to_others_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    at = site(tmp_path)
    before = state(at.output)
    folders = [at.output, at.output / "runs", at.output / "runs" / OLD]
    try:
        for folder in folders:
            folder.chmod(0o555)
        for command in (PREDICT, TRAIN):
            refused(forecast(*command, cwd=tmp_path), "Permission denied", "output")
            assert state(at.output) == before
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_a_forecast_that_may_not_grow_to_its_size_is_not_begun(tmp_path: Path) -> None:
    at = site(tmp_path)
    before = state(at.output)
    limited = subprocess.run(
        [sys.executable, "-B", "-m", "forecast", *PREDICT],
        cwd=tmp_path, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )  # fmt: skip
    refused(Done(limited.returncode, limited.stdout, limited.stderr), "File too large")
    assert state(at.output) == before
    assert hidden(at.output) == set()


# One process trains again and again; no file may be larger than it is allowed to be.
LIMITED = """
    import resource, sys
    from pathlib import Path
    from forecast import nets
    from forecast.errors import OutputError
    from forecast.flows.train import train
    from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec

    spec = RunSpec(DataSpec("a.csv"), NetSpec(units=4), FitSpec(members=1, steps=10))
    for size in (500, 20_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        try:
            train(spec, Path("output"), "", lambda event: None)
        except OutputError as error:
            print(size, error.message)
"""


def test_a_training_stops_at_whatever_file_it_cannot_write(tmp_path: Path) -> None:
    """The network in ONNX, after the fits; the one for Keras."""
    at = site(tmp_path)
    before = state(at.output)
    done = subprocess.run(
        [sys.executable, "-B", "-c", textwrap.dedent(LIMITED)],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = done.stdout.splitlines()
    assert [line.split()[0] for line in said] == ["500", "20000"]
    assert all("cannot write output" in line and "File too large" in line for line in said)
    assert state(at.output) == before
    assert hidden(at.output) == set()
    assert len(store.runs_in(at.output)) == 1
    at.look()
