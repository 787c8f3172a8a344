"""forecast check, as a person and as a machine sees it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.cli.command import SAMPLES, forecast

DIRTY = "Tag;Last\n03.01.2024;1.250,5\n02.01.2024;1.200,0\n01.01.2024;1.100,25\n15.01.2024;990,0\n"


def test_a_person_sees_what_was_understood_and_the_command_to_run(tmp_path: Path) -> None:
    done = forecast("check", SAMPLES / "airline-passengers.csv", cwd=tmp_path)
    assert done.code == 0, done.err
    heads = [line.split()[0] for line in done.out.splitlines()]
    assert heads == ["data", "written", "columns", "season", "mended", "plan", "train"]
    assert "monthly · season 12" in done.out
    assert "12 rows, strong" in done.out
    command = shlex.split(done.out.splitlines()[-1].removeprefix("train"))
    assert command[:2] == ["forecast", "train"]
    assert command[3:] == ["--target", "Passengers", "--time", "Month"]


def test_repairs_are_counted_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "dirty.csv").write_text(DIRTY)
    done = forecast("check", "dirty.csv", "--json", cwd=tmp_path)
    document = json.loads(done.out)
    assert document["columns"]["dialect"]["delimiter"] == ";"
    assert (document["first"], document["last"]) == ("01.01.2024", "15.01.2024")
    assert document["repairs"] == [
        {
            "what": "steps without a row",
            "count": 11,
            "action": "filled with the value before",
            "lines": [2],
            "flag": "--fill",
        }
    ]
    assert document["enough"] is False
    assert "too few rows" in document["lacking"]


def test_flags_stand_in_the_command_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "dirty.csv").write_text(DIRTY)
    done = forecast(
        "check", "dirty.csv", "--fill", "zero", "--na", "-1", "--horizon", "2", "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(done.out)["train"] == (
        "forecast train dirty.csv --target Last --time Tag --fill zero --na=-1 --horizon 2"
    )


def test_what_cannot_be_read_ends_with_code_3_and_a_hint(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("day,a,b\n2024-01-01,5,6\n2024-01-02,7,7\n2024-01-03,6,9\n")
    done = forecast("check", "two.csv", "--json", cwd=tmp_path)
    assert done.code == 3
    assert "--target a" in json.loads(done.out)["error"]["hint"]
    assert "2 columns could be the target: a, b" in done.err


def test_a_picture_is_drawn_where_asked(tmp_path: Path) -> None:
    done = forecast(
        "check", SAMPLES / "airline-passengers.csv", "--plot", "data.png", "-q", cwd=tmp_path
    )
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / "data.png").read_bytes().startswith(b"\x89PNG")
    failed = forecast(
        "check", SAMPLES / "airline-passengers.csv", "--plot", "no/data.png", cwd=tmp_path
    )
    assert failed.code == 2


def test_it_wakes_no_heavy_library(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from forecast.flows.check import check; from forecast.spec import *;"
        f"check(RunSpec(DataSpec({str(SAMPLES / 'airline-passengers.csv')!r})));"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'matplotlib', 'onnxruntime', 'scipy'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
