"""forecast export: what it writes runs elsewhere, and is never half written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from forecast.spec import EXPORTS
from tests.cli.command import forecast, forecast_here
from tests.store.kept import BUNDLES, NEWEST, ROWS, expected

PLACES = {
    "onnx": "model.onnx",
    "litert": "model.tflite",
    "keras": "model.keras",
    "savedmodel": "model",
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run that the test may change."""
    return Path(shutil.copytree(NEWEST, tmp_path / "run"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLACES)
def test_the_network_is_written_and_its_inputs_are_explained(run: Path, kind: str) -> None:
    done = forecast("export", "run", "--to", kind, cwd=run.parent)
    assert (done.code, done.err) == (0, "")
    place = Path("run") / "export" / PLACES[kind]
    assert f"file      {place}" in done.out
    for words in ("x         (windows, 36, 1) float32", "static    (windows, 1) float32"):
        assert words in done.out
    assert "forecast  (windows, 12, 5) float32" in done.out
    assert [path.name for path in (run / "export").iterdir()] == [PLACES[kind]]
    assert (run / "export" / PLACES[kind]).is_dir() == (kind == "savedmodel")


def test_onnx_takes_the_golden_windows_by_name_and_says_the_same(run: Path) -> None:
    import onnxruntime

    done = forecast("export", "run", "-o", "mine.onnx", "--json", cwd=run.parent)
    document = json.loads(done.out)
    assert (done.code, document["schema"], document["command"]) == (0, 1, "export")
    session = onnxruntime.InferenceSession(run.parent / document["path"])
    with np.load(run / "golden.npz") as kept:
        parts = {port["name"]: kept[port["name"]] for port in document["inputs"]}
        (said,) = session.run([document["output"]["name"]], parts)
        np.testing.assert_allclose(said, kept["answer"], atol=1e-5)
    for port in document["inputs"]:
        assert list(parts[port["name"]].shape[1:]) == port["shape"][1:]
        assert len(port["columns"]) == port["shape"][-1]
    assert document["inputs"][0]["columns"] == ["Passengers"]


def test_the_recipe_of_the_readme_gives_the_forecast_from_outside(run: Path) -> None:
    import onnxruntime

    document = json.loads((run / "run.json").read_text())
    (low,), (high,) = document["scale"]["low"][0], document["scale"]["high"][0]
    rows = ROWS.read_text().split()[-document["plan"]["window"] :]
    newest = np.array([float(row.split(",")[1]) for row in rows])
    x = 2 * (newest - low) / (high - low) - 1
    zero = min(max(1 + 2 * (low + 0.01 * high) / (high - low), 1.021), 20)
    session = onnxruntime.InferenceSession(run / "model.onnx")
    parts = {"x": x[None, :, None], "static": np.array([[zero]])}
    (said,) = session.run(
        ["forecast"], {name: part.astype(np.float32) for name, part in parts.items()}
    )
    fan = low + (said[0] + 1) / 2 * (high - low)  # steps by quantiles
    plan, finish = document["plan"], document["finish"]
    network = fan[:, plan["levels"].index(0.5)]
    simple = newest[np.arange(plan["horizon"]) % plan["season"] - plan["season"]]
    weights = finish["weights"]
    middle = weights.get("LSTM", 0) * network + weights.get("seasonal naive", 0) * simple
    calibration = finish["calibration"]
    factors, widths = np.array(calibration["factors"]), np.array(calibration["widths"])
    values = np.array([float(row.split(",")[1]) for row in ROWS.read_text().split()[1:]])
    lags = (plan["season"], plan["horizon"] // 2)
    change = min(abs(values[lag:] - values[:-lag]).mean() for lag in lags)
    away = fan - network[:, None]
    width = abs(away).sum(axis=1) / (len(plan["levels"]) - 1)
    temper = np.sqrt(change * widths / width)
    made = middle[:, None] + away * temper[:, None] * factors
    # forecast.csv has the middle, then the bounds from the innermost, the lower of each first.
    np.testing.assert_allclose(made[:, [2, 1, 3, 0, 4]], expected(NEWEST), 1e-5)


def test_what_is_there_is_replaced_only_by_force(run: Path) -> None:
    (run.parent / "mine").write_text("mine")
    (run.parent / "tensorflow.py").write_text("raise SystemExit('tensorflow is awake')")
    for kind in EXPORTS:
        done = forecast("export", "run", "--to", kind, "-o", "mine", cwd=run.parent)
        assert (done.code, done.out) == (2, "")
        assert "mine is already there" in done.err
        assert "--force" in done.err
        assert (run.parent / "mine").read_text() == "mine"
    done = forecast("export", "run", "-o", "mine", "--force", "--quiet", cwd=run.parent)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (run.parent / "mine").read_bytes() == (run / "model.onnx").read_bytes()
    assert {path.name for path in run.parent.iterdir()} == {"run", "mine", "tensorflow.py"}


@pytest.mark.slow
def test_a_folder_is_replaced_whole(run: Path) -> None:
    old = run / "export" / "model"
    old.mkdir(parents=True)
    (old / "old").write_text("old")
    done = forecast_here("export", "run", "--to", "savedmodel", "--force", "-q", cwd=run.parent)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (old / "saved_model.pb").is_file()
    assert not (old / "old").exists()
    assert [path.name for path in old.parent.iterdir()] == ["model"]


def test_a_format_that_does_not_exist_is_wrong_usage(run: Path) -> None:
    done = forecast("export", "run", "--to", "pickle", cwd=run.parent)
    assert done.code == 2
    assert "pickle" in done.err
    assert "savedmodel" in done.err


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), [("onnx", "model.onnx"), ("keras", "model.keras")])
def test_a_changed_network_is_not_exported_and_what_was_there_stays(
    run: Path, kind: str, name: str
) -> None:
    (run / name).write_bytes((run / name).read_bytes()[:-1])
    (run.parent / "mine").write_text("mine")
    done = forecast_here("export", "run", "--to", kind, "-o", "mine", "--force", cwd=run.parent)
    assert done.code == 4
    assert f"{name} has been changed" in done.err
    assert (run.parent / "mine").read_text() == "mine"


def test_a_run_without_the_network_of_keras_is_refused_in_words_and_at_once(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text("raise SystemExit('tensorflow is awake')")
    for kind in ("litert", "savedmodel", "keras"):
        done = forecast("export", BUNDLES[0], "--to", kind, "-o", "m", cwd=tmp_path)
        assert done.code == 4, done.err
        assert "model.keras" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["tensorflow.py"]
