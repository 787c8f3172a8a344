"""The small installation: it predicts, it says what else it would need, and it is small."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command import Done
from tests.store.kept import NEWEST, ROWS, expected, numbers_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LARGEST_MB = 400


def called(*command: str | Path, cwd: Path) -> Done:
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True)
    return Done(done.returncode, done.stdout, done.stderr)


def image(instruction: str) -> list[str]:
    """The lines of the Dockerfile that begin with an instruction, without it."""
    lines = (ROOT / "recipes" / "Dockerfile").read_text().splitlines()
    return [line.removeprefix(f"{instruction} ") for line in lines if line.startswith(instruction)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment as the recipe for Docker makes it, in `.venv`, and a run that was made
    elsewhere."""
    folder = tmp_path_factory.mktemp("small")
    pip = [sys.executable, "-m", "pip", "--quiet"]
    probe = called(*pip, "download", "--no-deps", "typer", "-d", "probe", cwd=folder)
    if probe.code:
        pytest.skip(f"no package index can be reached: {probe.err.splitlines()[-1]}")
    shutil.rmtree(folder / "probe")
    for name in (name for line in image("COPY") for name in line.split()[:-1]):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    path = f"PATH={Path(sys.executable).parent}:{os.environ['PATH']}"
    for line in image("RUN"):
        step = line.replace("/opt/forecast", str(folder / ".venv"))
        done = called("env", path, "bash", "-c", step, cwd=folder)
        assert done.code == 0, (line, done.err)
    shutil.rmtree(folder / "forecast")  # what is installed shall be found, not this
    shutil.copytree(NEWEST, folder / "run")
    shutil.copy(ROWS, folder / "rows.csv")
    return folder


def forecast(place: Path, *arguments: str) -> Done:
    return called(place / ".venv" / "bin" / "forecast", *arguments, cwd=place)


def test_it_predicts_what_the_training_did_without_tensorflow(place: Path) -> None:
    python = place / ".venv" / "bin" / "python"
    assert "ModuleNotFoundError" in called(python, "-c", "import tensorflow", cwd=place).err
    done = forecast(place, "predict", "rows.csv", "--model", "run", "-o", "-")
    assert (done.code, done.err) == (0, "")
    np.testing.assert_allclose(numbers_of(done.out), expected(NEWEST), rtol=1e-5)


def test_it_exports_the_network_that_it_predicts_with(place: Path) -> None:
    done = forecast(place, "export", "run", "-o", "model.onnx", "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (place / "model.onnx").read_bytes() == (NEWEST / "model.onnx").read_bytes()


@pytest.mark.parametrize(
    "command",
    [
        ["train", "rows.csv"],
        ["train", "rows.csv", "--by-frequency"],
        ["export", "run", "--to", "litert"],
        ["check", "rows.csv", "--plot", "plot.png"],
    ],
)
def test_what_it_cannot_do_it_says_in_a_sentence(place: Path, command: list[str]) -> None:
    done = forecast(place, *command)
    assert (done.code, done.out) == (2, "")
    message, hint = done.err.splitlines()
    assert "matplotlib" in message
    assert "pip install" in hint
    assert not (place / "output").exists()


def test_the_image_predicts_from_what_is_mounted(place: Path) -> None:
    (entry,), (command,) = image("ENTRYPOINT"), image("CMD")
    mounted = place / "data"
    shutil.copytree(NEWEST, mounted / "output" / "runs" / "20240101T000000Z-sales-1234")
    (mounted / "output" / "latest").symlink_to("runs/20240101T000000Z-sales-1234")
    shutil.copy(ROWS, mounted / "sales.csv")
    words = [*json.loads(entry), *json.loads(command)]
    words[0] = words[0].replace("/opt/forecast", str(place / ".venv"))
    done = called(*words, cwd=mounted)
    assert (done.code, done.out, done.err) == (0, "", "")
    text = (mounted / "output" / "latest" / "forecast.csv").read_text()
    np.testing.assert_allclose(numbers_of(text), expected(NEWEST), rtol=1e-5)
    assert len(list((mounted / "output" / "ledger").iterdir())) == 1


def test_it_looks_after_itself_and_scores(place: Path) -> None:
    done = forecast(place, "doctor", "--full", "--json", "-o", "data/output")
    assert done.code == 0, done.err
    checks = {each["name"]: each for each in json.loads(done.out)["checks"]}
    assert checks["training"]["state"] == "none"
    assert "tensorflow" in checks["training"]["told"]
    assert checks["runtime"]["state"] == checks["clock"]["state"] == "ok"
    done = forecast(place, "score", "rows.csv", "--model", "data/output/latest")
    assert (done.code, done.err) == (0, "")
    assert "still wait" in done.out


def test_it_is_small(place: Path) -> None:
    # After the tests above: with the bytecode of whatever they imported.
    (packages,) = (place / ".venv" / "lib").glob("python*/site-packages")
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file())
    assert 100 < size / 1e6 < LARGEST_MB
