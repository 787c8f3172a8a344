"""Every command that the README shows is run, and says what the README says it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.command import DATA, Done

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def sessions() -> list[list[tuple[str, str]]]:
    """The console blocks: commands, each with the output shown under it."""
    blocks = re.findall(r"^```console\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    found = []
    for block in blocks:
        parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)[1:]
        found.append(list(zip(parts[::2], parts[1::2], strict=True)))
    return found


def masked(text: str) -> str:
    """Numbers differ between machines, and with them the widths of columns and the runs' names."""
    text = re.sub(r"(\d{8}T\d{6}Z-\S+-)[0-9a-f]{4}\b", r"\1#", text)
    return re.sub(r"[ \t]+", " ", re.sub(r"[-+]?[\d.,]*\d", "#", text)).strip()


@pytest.fixture(scope="module")
def folder(first_training: tuple[Path, Done], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with the sample data, the command on the path, and the first command done."""
    place = tmp_path_factory.mktemp("readme") / "place"
    shutil.copytree(first_training[0], place, symlinks=True)
    command = place / "bin" / "forecast"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m forecast "$@"\n')
    command.chmod(0o755)
    (place / "bin" / "python").symlink_to(sys.executable)
    return place


@pytest.mark.slow
@pytest.mark.parametrize("session", sessions(), ids=lambda session: str(session[0][0])[:50])
def test_the_commands_of_the_readme_say_what_it_shows(
    session: list[tuple[str, str]], folder: Path, first_training: tuple[Path, Done]
) -> None:
    done = first_training[1]
    if session[0][0] == f"forecast train {DATA}":  # which other tests look at too
        assert done.code == 0
        assert masked(done.out + done.err) == masked(session[0][1])
        session = session[1:]
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for command, shown in session:
        ended = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=os.environ | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert masked(ended.stdout) == masked(shown), command


@pytest.fixture(scope="module")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the packages that the README's JavaScript imports."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no node and npm to run JavaScript with")
    place = tmp_path_factory.mktemp("javascript")
    install = ["npm", "install", "--no-audit", "--no-fund", "onnxruntime-web@1"]
    done = subprocess.run(install, cwd=place, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.skip(f"npm fetches no onnxruntime-web: {done.stderr.strip()[:200]}")
    return place / "node_modules"


@pytest.mark.slow
def test_the_javascript_of_the_readme_says_what_predict_says(
    first_training: tuple[Path, Done], javascript: Path, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    shutil.copytree(first_training[0], place, symlinks=True)
    for command in (["export", "--to", "onnx"], ["predict", "-o", "said.csv"]):
        subprocess.run([sys.executable, "-m", "forecast", *command], cwd=place, check=True)
    (block,) = re.findall(r"^```js\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    (place / "call.mjs").write_text(block)
    (place / "node_modules").symlink_to(javascript)
    done = subprocess.run(
        ["node", "call.mjs"], cwd=place, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    printed = np.array([line.split() for line in done.stdout.splitlines()], dtype=np.float64)
    said = pd.read_csv(place / "said.csv")
    for column, name in enumerate(["lo95", "lo80", "forecast", "hi80", "hi95"]):
        np.testing.assert_allclose(printed[:, column], said[name], rtol=1e-5, err_msg=name)


def test_the_readme_shows_commands_at_all() -> None:
    commands = [command for session in sessions() for command, _ in session]
    assert len(sessions()) >= 6
    assert any(command.startswith("forecast train") for command in commands)
    assert any(command.startswith("forecast predict") for command in commands)


def test_the_readme_and_the_sample_data_show_a_picture_that_is_there() -> None:
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")


def test_the_make_targets_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`?make ([a-z-]+)`?", README)):
        assert f"\n{target}:" in makefile, target


def test_every_exit_code_of_an_error_is_in_the_readme_and_in_the_help() -> None:
    from forecast import errors
    from forecast.cli.app import EPILOG

    for name in errors.__all__:
        code = getattr(errors, name).exit_code
        assert re.search(rf"^\| {code} \|", README, re.MULTILINE), name
        assert re.search(rf"\b{code} ", EPILOG), name
