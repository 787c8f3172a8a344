"""The plan of the house, guarded: who imports whom, and what a command may wake."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "forecast"
ROOMS = {"data", "prep", "nets", "infer", "judge", "show"}
GROUND = {"types", "spec", "errors", "threads"}
FLOORS = [GROUND, ROOMS | {"store", "engine"}, {"flows"}, {"cli"}]
HEAVY = {
    "tensorflow",
    "keras",
    "sklearn",
    "statsforecast",
    "matplotlib",
    "pandas",
    "onnxruntime",
    "jinja2",
}

SOURCES = sorted(ROOT.rglob("*.py"))


def room_of(path: Path) -> str:
    """The first name under the package: a room, or a module of the ground floor."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Dotted names that a file imports, at the top or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def floor(room: str) -> int:
    return next(i for i, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down_and_siblings_do_not_know_each_other(path: Path) -> None:
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "forecast" or len(parts) < 2 or parts[1] == "__version__":
            continue
        if parts[1] == room:
            continue
        if room in GROUND:
            assert parts[1] in GROUND, f"{path} imports {name}"
        else:
            assert floor(parts[1]) < floor(room), f"{path} imports {name}"


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("keras", "nets"),
        ("tensorflow", "nets"),
        ("matplotlib", "show"),
        ("statsforecast", "judge"),
        ("onnxruntime", "infer"),
        ("typer", "cli"),
        ("rich", "cli"),
        ("jinja2", "show"),
    ],
)
def test_a_heavy_package_lives_in_one_room(package: str, home: str) -> None:
    users = {room_of(p) for p in SOURCES if any(n.split(".")[0] == package for n in imports(p))}
    assert users <= {home}


def loaded_after(code: str, folder: Path) -> set[str]:
    """Top-level packages in sys.modules after some code, in a process of its own."""
    tail = "\nimport json, sys; print(json.dumps(sorted({n.split('.')[0] for n in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_command_line_wakes_nothing_heavy(tmp_path: Path) -> None:
    loaded = loaded_after("import forecast.cli", tmp_path)
    assert not loaded & (HEAVY | {"numpy", "rich"})


def test_importing_the_package_wakes_nothing_at_all(tmp_path: Path) -> None:
    assert not loaded_after("import forecast", tmp_path) & (HEAVY | {"numpy", "typer"})
