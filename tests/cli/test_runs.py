"""forecast runs, on run folders that are written down by hand: nothing is trained here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forecast import store
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec
from tests.cli.command import Done, forecast

NAMES = [
    "20240101T000000Z-sales-aaaa",
    "20240102T000000Z-sales-bbbb",
    "20240103T000000Z-sales-cccc",
]


def document(units: int, digest: str = "d1", horizon: int = 12) -> dict[str, Any]:
    spec = RunSpec(DataSpec("sales.csv"), NetSpec(units=units), FitSpec())
    return {
        "tool": "forecast",
        "format": store.FORMAT,
        "created": "2024-01-01T00:00:00+00:00",
        "versions": {"lstm-forecast": "0.1.0"},
        "spec": spec.to_json(),
        "plan": {"horizon": horizon, "holdout": 12, "window": 36},
        "data": {"path": "/srv/sales.csv", "sha256": digest},
        "finish": {"weights": {"LSTM": 0.7, "drift": 0.3}, "calibration": None},
    }


def scores(mase: float) -> dict[str, Any]:
    errors = {"mae": 10 * mase, "rmse": 12 * mase, "mase": mase, "smape": 3.5, "skill": 1 - mase}
    naive = {"mae": 10.0, "rmse": 12.0, "mase": 1.0, "smape": None, "skill": 0.0}
    return {
        "series": 1,
        "methods": {"LSTM": errors, "seasonal naive": naive},
        "best_simple": "seasonal naive",
        "verdict": "",
    }


def write(output: Path, name: str, mase: float, **what: Any) -> store.Run:
    run = store.Run(output / "runs" / name)
    run.folder.mkdir(parents=True)
    store.write_document(run.document, document(**what))
    store.write_document(run.metrics, scores(mase))
    store.seal(run)
    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three runs on the same data; the third is the latest, the second the best."""
    output = tmp_path / "output"
    made = [
        write(output, n, m, units=u)
        for n, m, u in zip(NAMES, (0.9, 0.5, 1.2), (64, 32, 8), strict=True)
    ]
    store.make_latest(output, made[2])
    return tmp_path


def runs(folder: Path, *arguments: str) -> Done:
    return forecast("runs", *arguments, cwd=folder)


def test_the_list_has_every_run_its_score_and_a_star_at_the_latest(folder: Path) -> None:
    done = runs(folder)
    assert (done.code, done.err) == (0, "")
    head, *rows = done.out.splitlines()
    assert head.split() == ["run", "data", "H", "MASE", "skill", "best", "simple", "method"]
    assert [row.split() for row in rows] == [
        [NAMES[0], "sales.csv", "12", "0.9", "+0.10", "seasonal", "naive", "1"],
        [NAMES[1], "sales.csv", "12", "0.5", "+0.50", "seasonal", "naive", "1"],
        ["*", NAMES[2], "sales.csv", "12", "1.2", "-0.20", "seasonal", "naive", "1"],
    ]


def test_the_list_as_json(folder: Path) -> None:
    listed = json.loads(runs(folder, "--json").out)
    assert [run["name"] for run in listed["runs"]] == NAMES
    assert [run["latest"] for run in listed["runs"]] == [False, False, True]
    assert listed["runs"][1]["methods"]["seasonal naive"]["smape"] is None
    assert listed["broken"] == listed["gone"] == []


def test_a_run_that_cannot_be_read_is_named_and_hides_no_other(folder: Path) -> None:
    broken = folder / "output" / "runs" / NAMES[0] / "metrics.json"
    broken.write_text(broken.read_text().replace("0.9", "0.1"))
    (folder / "output" / "runs" / ".building-x").mkdir()
    (folder / "output" / "runs" / "no-run").mkdir()
    done = runs(folder)
    assert done.code == 0
    assert len(done.out.splitlines()) == 1 + 2
    assert done.err.startswith("note: output/runs/")
    assert "metrics.json" in done.err


def test_no_run_at_all_is_an_error(tmp_path: Path) -> None:
    done = runs(tmp_path)
    assert (done.code, done.out) == (4, "")
    assert "no run in output/runs" in done.err


def test_a_run_is_shown_with_what_is_not_the_default(folder: Path) -> None:
    done = runs(folder, "show", NAMES[1])
    assert done.code == 0
    assert "settings  units 32\n" in done.out
    assert "blend     70% LSTM + 30% drift\n" in done.out
    assert "data      /srv/sales.csv · sha256 d1\n" in done.out
    assert "(the latest)" not in done.out
    latest = runs(folder, "show").out
    assert f"run       {NAMES[2]}  (the latest)\n" in latest
    assert runs(folder, "show", "output/latest").out == latest
    assert runs(folder, "show", "nothing").code == 4


@pytest.mark.parametrize(
    ("weights", "said"),
    [({"LSTM": 1.0}, False), ({"naive": 1.0}, "blend     100% naive\n")],
)
def test_a_blend_is_told_where_there_is_one(
    tmp_path: Path, weights: dict[str, float], said: str | bool
) -> None:
    run = write(tmp_path / "output", NAMES[0], 0.5, units=64)
    changed = document(units=64) | {"finish": {"weights": weights, "calibration": None}}
    store.write_document(run.document, changed)
    store.seal(run)
    out = runs(tmp_path, "show", NAMES[0]).out
    assert said in out if isinstance(said, str) else "blend" not in out


def test_runs_are_compared_best_first_with_what_differs(folder: Path) -> None:
    done = runs(folder, "compare", NAMES[0], NAMES[1], "latest", "--plot", "pictures/runs.png")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == [NAMES[1], NAMES[0], NAMES[2]]
    assert lines[1].split()[1:] == ["5", "6", "0.5", "3.5", "+0.50"]
    assert "differ    units: 32, 64, 8" in lines
    assert (folder / "pictures" / "runs.png").read_bytes().startswith(b"\x89PNG")


def test_runs_on_other_data_are_not_said_to_be_better(folder: Path) -> None:
    write(folder / "output", "20240104T000000Z-other-dddd", 0.1, units=64, digest="d2", horizon=6)
    done = runs(folder, "compare", "latest", "20240104T000000Z-other-dddd")
    assert done.code == 0
    assert "their data and horizons differ: the scores do not tell which run is better" in done.err
    told = json.loads(runs(folder, "compare", "latest", NAMES[0], "--json").out)
    assert told["warning"] == ""
    assert told["differences"] == {"units": ["64", "8"]}


def test_one_run_alone_is_no_comparison(folder: Path) -> None:
    done = runs(folder, "compare", "latest")
    assert done.code == 2
    assert "two runs or more, got 1" in done.err


def test_only_the_newest_are_kept_and_the_latest_in_any_case(folder: Path) -> None:
    store.make_latest(folder / "output", store.Run(folder / "output" / "runs" / NAMES[0]))
    done = runs(folder, "--keep", "1")
    assert done.code == 0
    assert done.err == f"note: {NAMES[1]} is deleted\n"
    left = sorted(path.name for path in (folder / "output" / "runs").glob("[!.]*"))
    assert left == [NAMES[0], NAMES[2]]
    assert runs(folder, "--keep", "0").code == 2


def test_a_rollback_makes_the_run_before_the_latest_or_any_other(folder: Path) -> None:
    latest = folder / "output" / "latest"
    assert runs(folder, "rollback").out == f"before    {NAMES[2]}\nlatest    {NAMES[1]}\n"
    assert latest.resolve().name == NAMES[1]
    assert runs(folder, "rollback", NAMES[2], "--quiet").out == ""
    assert latest.resolve().name == NAMES[2]
    assert runs(folder, "rollback", NAMES[0]).code == 0
    done = runs(folder, "rollback")
    assert done.code == 4
    assert "is the first run of output, there is none before it" in done.err


def test_there_is_no_way_back_to_a_run_that_cannot_be_used(folder: Path) -> None:
    (folder / "output" / "runs" / NAMES[1] / "run.json").write_text("{}")
    done = runs(folder, "rollback")
    assert done.code == 4
    assert (folder / "output" / "latest").resolve().name == NAMES[2]
    elsewhere = write(folder / "elsewhere", NAMES[0], 0.3, units=4)
    done = runs(folder, "rollback", str(elsewhere.folder))
    assert done.code == 4
    assert "is not a run of output" in done.err


def test_nothing_is_deleted_or_moved_while_another_process_writes(folder: Path) -> None:
    with store.only_writer(folder / "output"):
        for arguments in (("--keep", "1"), ("rollback",)):
            done = runs(folder, *arguments)
            assert (done.code, done.out) == (7, "")
            assert "output is being written by process" in done.err
            assert "when it is done" in done.err
    assert len(json.loads(runs(folder, "--json").out)["runs"]) == 3
