"""forecast doctor: a line for each check, and the exit code of whatever would fail."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from forecast import infer
from forecast.errors import InstallError
from forecast.flows import doctor
from tests.cli.command import forecast
from tests.store.kept import NEWEST, copied

NAMES = [
    "python", "packages", "training", "processors", "gpu", "runtime", "output", "latest",
    "ledger", "clock",
]  # fmt: skip


def shelved(folder: Path) -> Path:
    """An output folder with one run. The run's folder."""
    run = copied(NEWEST, folder / "output" / "runs" / "20240101T000000Z-a-1234")
    (folder / "output" / "latest").symlink_to(Path("runs") / run.folder.name)
    return run.folder


def test_all_is_well_in_a_new_folder_and_nothing_is_left_there(tmp_path: Path) -> None:
    done = forecast("doctor", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert [line.split()[0] for line in done.out.splitlines()] == NAMES
    assert "numpy " in done.out
    assert not list(tmp_path.iterdir())
    assert forecast("doctor", "-q", cwd=tmp_path).out == ""


def test_the_document_says_the_same(tmp_path: Path) -> None:
    shelved(tmp_path)
    document = json.loads(forecast("doctor", "--json", cwd=tmp_path).out)
    assert (document["schema"], document["command"], document["well"]) == (1, "doctor", True)
    checks = {each["name"]: each for each in document["checks"]}
    assert list(checks) == NAMES
    assert checks["latest"]["state"] == "ok"
    assert checks["ledger"]["state"] == "none"


@pytest.mark.parametrize(
    ("broken", "code", "words"),
    [
        ("run.json", 4, ["latest", "run.json"]),
        ("model.onnx", 4, ["latest", "model.onnx"]),
    ],
)
def test_a_broken_run_is_told(tmp_path: Path, broken: str, code: int, words: list[str]) -> None:
    (shelved(tmp_path) / broken).write_bytes(b"{}")
    done = forecast("doctor", cwd=tmp_path)
    assert done.code == code
    assert "latest      failed" in done.out
    assert done.err.startswith("error: latest: ")
    for word in words:
        assert word in done.err


def test_an_output_that_is_no_folder_and_a_broken_ledger_are_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    done = forecast("doctor", "-o", "taken", cwd=tmp_path)
    assert done.code == 2
    assert "--output" in done.err
    shelved(tmp_path)
    (tmp_path / "output" / "ledger").mkdir()
    (tmp_path / "output" / "ledger" / "a.arrow").write_bytes(b"ARROW1")
    assert "ledger: " in forecast("doctor", cwd=tmp_path).err


def test_a_full_disk_and_missing_packages_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage._replace(free=1_000_000))
    monkeypatch.setattr(doctor, "TO_PREDICT", ("numpy", "no-such-package"))
    checks = {each.name: each for each in doctor.examine(tmp_path / "output")}
    assert checks["output"].state == "failed"
    assert "forecast runs --keep" in checks["output"].hint
    assert checks["packages"].told == "no-such-package is not installed"
    assert checks["packages"].exit_code == 2


def test_a_runtime_that_reckons_wrongly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import onnxruntime

    assert infer.try_runtime() == onnxruntime.__version__

    class Wrong:
        def __init__(self, *arguments: object, **more: object) -> None:
            pass

        def run(self, *arguments: object) -> list[object]:
            return [np.zeros(3)]

    monkeypatch.setattr(onnxruntime, "InferenceSession", Wrong)
    with pytest.raises(InstallError, match="doubles"):
        infer.try_runtime()


def test_it_wakes_tensorflow_only_where_that_is_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from forecast.flows.doctor import examine;"
        "examine(Path('output')); sys.exit(int('tensorflow' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0


@pytest.mark.slow
def test_in_full_tensorflow_computes(tmp_path: Path) -> None:
    with (tmp_path / "err").open("w") as err:
        done = subprocess.run(
            [sys.executable, "-m", "forecast", "doctor", "--full"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            check=False,
        )
    assert done.returncode == 0
    assert " computes on " in done.stdout
    assert (tmp_path / "err").read_text() == ""
