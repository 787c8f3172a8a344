"""One writer for an output folder, and what is left when one dies, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from forecast import store
from forecast.errors import BusyError

ALLOWED = {".lock"}  # the lock itself stays
OLD, NEW = "20240101T000000Z-old-0000", "-new-1111"

# A writer whose N-th call that changes the disk is its last: it dies without a word before it.
DYING = """
    import os, signal, sys
    from pathlib import Path
    from forecast import store

    left = [int(sys.argv[2])]

    def mortal(real):
        def call(*arguments, **more):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **more)
        return call

    for name in ("open", "mkdir", "rename", "replace", "symlink", "unlink", "rmdir", "fsync"):
        setattr(os, name, mortal(getattr(os, name)))
    output = Path(sys.argv[1])
"""
TRAIN = """
    with store.new_run(output, "new", "1111") as (run, place):
        store.write_document(run.document, {"tool": "forecast", "format": store.FORMAT})
        store.write_text(run.forecast, "new")
        store.write_text(run.plot("forecast"), "picture")
"""
PREDICT = """
    store.write_text(output / "latest" / "forecast.csv", "new")
"""


def start(code: str, *arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def publish(output: Path, text: str) -> Path:
    with store.new_run(output, "old", "0000") as (run, place):
        store.write_document(run.document, {"tool": "forecast", "format": store.FORMAT})
        store.write_text(run.forecast, text)
    return place


def hidden(output: Path) -> set[str]:
    return {p.name for p in output.rglob(".*")} - ALLOWED


HOLD = """
    import sys
    from pathlib import Path
    from forecast import store

    with store.new_run(Path(sys.argv[1]), "first", "1111") as (run, place):
        store.write_document(run.document, {"tool": "forecast", "format": store.FORMAT})
        print("holding", flush=True)
        import time
        time.sleep(float(sys.argv[2]))
"""


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    first = start(HOLD, tmp_path, "60")
    assert first.stdout is not None
    assert first.stdout.readline() == "holding\n"
    with (
        pytest.raises(BusyError, match=rf"process {first.pid} on \S+ since 20") as raised,
        store.new_run(tmp_path, "second", "2222"),
    ):
        pass
    assert raised.value.exit_code == 7
    with store.new_run(tmp_path / "other", "second", "2222") as (run, _):  # disturbs nobody
        store.write_document(run.document, {})
    first.kill()
    first.communicate()
    # A dead holder holds nothing, and what it was building is cleared away.
    assert any(name.startswith(".building-") for name in hidden(tmp_path))
    with store.new_run(tmp_path, "second", "2222") as (run, place):
        store.write_document(run.document, {})
    assert (tmp_path / "latest").resolve() == place.resolve()
    assert hidden(tmp_path) == set()


def test_a_second_writer_can_wait(tmp_path: Path) -> None:
    first = start(HOLD, tmp_path, "1")
    assert first.stdout is not None
    first.stdout.readline()
    with store.new_run(tmp_path, "second", "2222", wait=60) as (run, place):
        store.write_document(run.document, {})
    first.communicate()
    assert first.returncode == 0
    assert (tmp_path / "latest").resolve() == place.resolve()
    assert len(store.runs_in(tmp_path)) == 2


@pytest.mark.parametrize("job", ["train", "predict"])
def test_dying_at_any_moment_leaves_the_old_or_the_new(job: str, tmp_path: Path) -> None:
    """Every call that changes the disk is once the one before which the process is killed."""
    died = 0
    for moment in range(200):
        output = tmp_path / str(moment)
        old = publish(output, "old")
        writer = start(DYING + (TRAIN if job == "train" else PREDICT), output, str(moment))
        _, complaint = writer.communicate(timeout=60)
        assert writer.returncode in (0, -signal.SIGKILL), complaint
        died += writer.returncode != 0
        latest = output / "latest"
        said = (latest / "forecast.csv").read_text()
        assert said in ("old", "new")
        if job == "train":
            assert (said == "new") == (latest.resolve() != old.resolve())
            for run in store.runs_in(output):
                store.open_run(run)
                assert (run.forecast.read_text()) in ("old", "new")
        # The next one clears away whatever was left.
        if job == "train":
            publish(output, "next")
        else:
            store.write_text(latest / "forecast.csv", "next")
        assert (output / "latest" / "forecast.csv").read_text() == "next"
        assert hidden(output) == set()
        if writer.returncode == 0:
            break
    assert died >= (20 if job == "train" else 3)
    assert died == moment  # the last one lived to the end


def test_the_draft_of_a_writer_that_lives_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "forecast.csv"
    store.write_text(place, "old")
    ours = tmp_path / f".forecast.csv-{store.host()}-{os.getppid()}-abc"
    ours.write_text("half")
    elsewhere = tmp_path / ".forecast.csv-another.machine-1-abc"
    elsewhere.write_text("half")
    store.write_text(place, "new")
    assert hidden(tmp_path) == {ours.name, elsewhere.name}
