"""Train, then predict, as a person would: the real command on the sample data."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import DATA, SAMPLES, Done, forecast, forecast_here

pytestmark = pytest.mark.slow

FILES = {
    "run.json",
    "model.keras",
    "model.onnx",
    "golden.npz",
    "SHA256SUMS",
    "metrics.json",
    "series_metrics.csv",
    "forecast.csv",
    "holdout.csv",
    "log.jsonl",
    "plots",
    "report.html",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def airline(
    first_training: tuple[Path, Done], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Done]:
    """A folder with the airline file and one training on it; tests do not change it."""
    folder, done = first_training
    return copied(folder, tmp_path_factory.mktemp("airline")), done


def copied(folder: Path, to: Path) -> Path:
    """The same folder elsewhere, links kept."""
    shutil.copytree(folder, to / "copy", symlinks=True)
    return to / "copy"


def test_a_training_without_flags_says_what_it_took_and_how_well_it_did(
    airline: tuple[Path, Done],
) -> None:
    _, done = airline
    assert (done.code, done.err) == (0, "")
    for words in (
        "data      airline-passengers.csv · 144 rows · 1949-01 to 1960-12 · monthly · season 12",
        "target Passengers, time Month",
        "change: --target --time --id",
        "horizon 12 · holdout 12",
        "change: --horizon --holdout --window",
        "training  ",
        "LSTM",
        "seasonal naive",
        "drift",
        "forecast  1961-01 to 1961-12    output/latest/forecast.csv",
        "plots     output/latest/plots/forecast.png",
        "next      forecast predict",
    ):
        assert words in done.out


def test_the_run_folder_holds_everything_and_nothing_else(airline: tuple[Path, Done]) -> None:
    folder, _ = airline
    latest = folder / "output" / "latest"
    assert {path.name for path in latest.iterdir()} == FILES
    assert {path.name for path in (latest / "plots").iterdir()} == {
        "forecast.png",
        "holdout.png",
        "loss.png",
    }
    assert {path.name for path in (folder / "output").iterdir()} == {"latest", "ledger", "runs"}
    assert re.fullmatch(
        r"\d{8}T\d{6}Z-airline-passengers-[0-9a-f]{4}", os.readlink(latest).split("/")[-1]
    )


def test_the_forecast_goes_on_where_the_data_end(airline: tuple[Path, Done]) -> None:
    table = rows(airline[0] / "output" / "latest" / "forecast.csv")
    assert list(table[0]) == ["Month", "step", "forecast", "lo80", "hi80", "lo95", "hi95"]
    assert [row["Month"] for row in table] == [f"1961-{month:02}" for month in range(1, 13)]
    assert [row["step"] for row in table] == [str(step) for step in range(1, 13)]
    # In passengers, not in the scale of the network; summer above winter as in every year.
    values = [float(row["forecast"]) for row in table]
    assert 350 < min(values) < max(values) < 800
    assert max(values[6:8]) > max(values[0:2])


def test_the_scores_are_those_of_the_holdout_file(airline: tuple[Path, Done]) -> None:
    latest = airline[0] / "output" / "latest"
    metrics = json.loads((latest / "metrics.json").read_text())
    table = rows(latest / "holdout.csv")
    assert [row["Month"] for row in table] == [f"1960-{month:02}" for month in range(1, 13)]
    for method, scores in metrics["methods"].items():
        errors = [abs(float(row["actual"]) - float(row[method])) for row in table]
        assert scores["mae"] == pytest.approx(sum(errors) / 12, rel=1e-6)
    methods = metrics["methods"]
    assert methods["seasonal naive"]["mae"] == pytest.approx(47.8333, abs=1e-3)
    assert methods["seasonal naive"]["skill"] == 0
    skill = 1 - methods["LSTM"]["mase"] / methods["seasonal naive"]["mase"]
    assert methods["LSTM"]["skill"] == pytest.approx(skill)
    best = min(("seasonal naive", "naive", "drift"), key=lambda name: methods[name]["mase"])
    assert metrics["best_simple"] == best
    assert bool(metrics["verdict"]) == (methods["LSTM"]["mase"] > methods[best]["mase"])


def test_the_run_document_repeats_the_run_bit_for_bit(
    airline: tuple[Path, Done], tmp_path: Path
) -> None:
    folder, _ = airline
    first = json.loads((folder / "output" / "latest" / "run.json").read_text())
    spec = first["spec"]
    shutil.copytree(folder / SAMPLES.name, tmp_path / SAMPLES.name)
    done = forecast_here(
        "train", DATA, "-q", "--target", first["schema"]["target"],
        "--horizon", spec["net"]["horizon"], "--fold", spec["net"]["fold"],
        "--season", spec["data"]["season"], "--holdout", spec["fit"]["holdout"],
        "--seed", spec["seed"], cwd=tmp_path,
    )  # fmt: skip
    assert (done.code, done.out, done.err) == (0, "", "")
    for name in ("forecast.csv", "holdout.csv", "plots/forecast.png"):
        again = (tmp_path / "output" / "latest" / name).read_bytes()
        assert again == (folder / "output" / "latest" / name).read_bytes(), name
    second = json.loads((tmp_path / "output" / "latest" / "run.json").read_text())
    assert second["scale"] == first["scale"] == {"ids": [""], "low": [[104]], "high": [[622]]}
    assert second["data"]["sha256"] == first["data"]["sha256"]
    assert set(first["versions"]) >= {"lstm-forecast", "python", "tensorflow", "keras", "numpy"}


def test_another_seed_gives_another_forecast(airline: tuple[Path, Done], tmp_path: Path) -> None:
    folder, _ = airline
    source = folder / DATA
    done = forecast_here(
        "train", source, "--seed", "2", "--steps", "20", "--members", "1", cwd=tmp_path
    )
    assert done.code == 0
    ours = (tmp_path / "output" / "latest" / "forecast.csv").read_text()
    assert ours != (folder / "output" / "latest" / "forecast.csv").read_text()


def test_predicting_from_the_same_rows_gives_the_forecast_of_the_training(
    airline: tuple[Path, Done],
) -> None:
    folder, _ = airline
    trained = (folder / "output" / "latest" / "forecast.csv").read_text()
    done = forecast("predict", "-o", "-", cwd=folder)
    assert (done.code, done.err) == (0, "")
    assert done.out == trained


def test_appended_rows_move_the_forecast_forward_without_training(
    airline: tuple[Path, Done], tmp_path: Path
) -> None:
    folder = copied(airline[0], tmp_path)
    before = (folder / "output" / "latest" / "model.onnx").read_bytes()
    with (folder / DATA).open("a") as file:
        file.write("1961-01,450\n1961-02,420\n")
    done = forecast("predict", DATA, cwd=folder)
    assert (done.code, done.err) == (0, "")
    table = rows(folder / "output" / "latest" / "forecast.csv")
    assert [table[0]["Month"], table[-1]["Month"]] == ["1961-03", "1962-02"]
    assert "1961-03 to 1962-02" in done.out
    assert (folder / "output" / "latest" / "model.onnx").read_bytes() == before


def test_predict_reads_other_rows_from_a_file_and_from_standard_input(
    airline: tuple[Path, Done], tmp_path: Path
) -> None:
    folder, _ = airline
    text = (folder / DATA).read_text()
    shorter = "".join(text.splitlines(keepends=True)[:-12])
    (tmp_path / "rows.csv").write_text(shorter)
    model = folder / "output" / "latest"
    forecast("predict", "rows.csv", "--model", model, "-o", "mine.csv", cwd=tmp_path)
    piped = forecast(
        "predict", "-", "--model", folder / "output", "-o", "-", cwd=tmp_path, stdin=shorter
    )
    assert (tmp_path / "mine.csv").read_text() == piped.out
    assert rows(tmp_path / "mine.csv")[0]["Month"] == "1960-01"


def test_predict_as_json_is_one_document(airline: tuple[Path, Done], tmp_path: Path) -> None:
    folder, _ = airline
    done = forecast("predict", "--model", folder / "output", "-o", "x.csv", "--json", cwd=tmp_path)
    document = json.loads(done.out)
    assert (document["schema"], document["command"]) == (1, "predict")
    assert document["forecast"][0]["Month"] == "1961-01"
    written = rows(tmp_path / "x.csv")
    said = [row["forecast"] for row in document["forecast"]]
    assert said == pytest.approx([float(row["forecast"]) for row in written], rel=1e-8)
    piped = forecast("predict", "--model", folder / "output", "-o", "-", "--json", cwd=tmp_path)
    assert json.loads(piped.out) == document | {"file": None}


def test_predict_wakes_neither_tensorflow_nor_matplotlib_nor_pandas(
    airline: tuple[Path, Done], tmp_path: Path
) -> None:
    folder, _ = airline
    code = (
        "import sys; sys.argv = ['forecast', 'predict', '-o', '-']\n"
        "from forecast.cli import main\n"
        "try: main()\n"
        "finally: print(*sorted({n.split('.')[0] for n in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    awake = set(done.stderr.split())
    assert "onnxruntime" in awake
    asleep = {"tensorflow", "keras", "sklearn", "statsforecast", "matplotlib", "scipy", "rich"}
    asleep.add("pandas")  # which a file of ISO dates does not need either
    assert not awake & asleep


@pytest.mark.parametrize("command", ["predict", "score", "update"])
def test_a_flag_that_only_the_training_has_is_said_to_be_the_trainings(
    command: str, airline: tuple[Path, Done], tmp_path: Path
) -> None:
    twice = "Month,Passengers\n1961-01,3\n1961-02,4\n1961-02,5\n1961-03,6\n"
    (tmp_path / "other.csv").write_text(twice)
    shutil.copytree(airline[0] / "output", tmp_path / "output", symlinks=True)
    done = forecast(command, "other.csv", cwd=tmp_path)
    assert done.code == 3
    assert f"are flags of forecast train: {command} reads the file as the training did" in done.err
    assert "--duplicates" in done.err
    trained = forecast("train", "other.csv", cwd=tmp_path)
    assert trained.code == 3
    assert "--duplicates" in trained.err
    assert "forecast train" not in trained.err


def test_a_file_that_lost_its_target_column_is_refused(
    airline: tuple[Path, Done], tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("Month,Freight\n1961-01,3\n1961-02,4\n")
    done = forecast("predict", "other.csv", "--model", airline[0] / "output", cwd=tmp_path)
    assert done.code == 3
    assert "Passengers" in done.err


@pytest.mark.parametrize("damage", ["cut", "missing", "scale"])
def test_a_damaged_run_is_refused_and_the_old_forecast_stays(
    airline: tuple[Path, Done], tmp_path: Path, damage: str
) -> None:
    folder = copied(airline[0], tmp_path)
    latest = folder / "output" / "latest"
    before = (latest / "forecast.csv").read_text()
    if damage == "cut":
        (latest / "model.onnx").write_bytes((latest / "model.onnx").read_bytes()[:1000])
    elif damage == "missing":
        (latest / "model.onnx").unlink()
    else:
        document = json.loads((latest / "run.json").read_text())
        document["scale"]["low"] = [[0], [0]]
        (latest / "run.json").write_text(json.dumps(document))
    done = forecast("predict", cwd=folder)
    assert done.code == 4
    assert done.err.startswith("error: ")
    assert (latest / "forecast.csv").read_text() == before


def test_a_panel_trains_one_model_and_forecasts_every_series(tmp_path: Path) -> None:
    source = SAMPLES / "us-employment.csv"
    done = forecast_here(
        "train", source, "--steps", "60", "--horizon", "6", "--members", "2", cwd=tmp_path
    )
    assert (done.code, done.err) == (0, "")
    assert "8 series" in done.out
    latest = tmp_path / "output" / "latest"
    table = rows(latest / "forecast.csv")
    bounds = ["lo80", "hi80", "lo95", "hi95"]
    assert list(table[0]) == ["sector", "month", "step", "forecast", *bounds]
    for row in table:
        numbers = [float(row[name]) for name in ("lo95", "lo80", "forecast", "hi80", "hi95")]
        assert numbers == sorted(numbers)
    assert len(table) == 8 * 6
    assert len({row["sector"] for row in table}) == 8
    scored = rows(latest / "series_metrics.csv")
    assert {row["method"] for row in scored} == {"LSTM", "seasonal naive", "naive", "drift"}
    assert len(scored) == 8 * 4
    assert (latest / "plots" / "series.png").is_file()
    again = forecast("predict", "-o", "-", cwd=tmp_path)
    assert again.out == (latest / "forecast.csv").read_text()


def test_business_days_stay_business_days(tmp_path: Path) -> None:
    source = SAMPLES / "ibm-stock.csv"
    done = forecast_here(
        "train", source, "--steps", "40", "--horizon", "7", "--members", "1", "--no-report",
        cwd=tmp_path,
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert not (tmp_path / "output/latest/report.html").exists()
    from datetime import date

    days = [
        date.fromisoformat(row["Date"]) for row in rows(tmp_path / "output/latest/forecast.csv")
    ]
    assert len(days) == 7
    assert all(day.weekday() < 5 for day in days)
    assert days == sorted(set(days))


def test_without_a_holdout_there_are_no_scores_but_a_forecast(tmp_path: Path) -> None:
    source = SAMPLES / "airline-passengers.csv"
    done = forecast_here(
        "train", source, "--holdout", "0", "--steps", "20", "--members", "1", cwd=tmp_path
    )
    assert done.code == 0
    assert "no holdout" in done.out
    latest = tmp_path / "output" / "latest"
    assert len(rows(latest / "forecast.csv")) == 12
    assert not (latest / "holdout.csv").exists()


def test_the_data_may_come_from_standard_input(tmp_path: Path) -> None:
    text = (SAMPLES / "airline-passengers.csv").read_text()
    done = forecast(
        "train", "-", "--steps", "10", "--members", "1", "--json", cwd=tmp_path, stdin=text
    )
    document = json.loads(done.out)
    assert (done.code, done.err, document["command"]) == (0, "", "train")
    assert (tmp_path / document["files"]["forecast"]).is_file()
    again = forecast("predict", cwd=tmp_path)
    assert again.code == 4
    assert "standard input" in again.err


@pytest.mark.parametrize("moment", ["TensorFlow is imported", "steps are done"])
def test_a_training_that_is_terminated_leaves_the_run_that_was_there(
    airline: tuple[Path, Done], tmp_path: Path, moment: str
) -> None:
    folder = copied(airline[0], tmp_path)
    before = os.readlink(folder / "output" / "latest")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "forecast", "train", DATA),
            *("--steps", "90000", "--time-limit", "600", "--log", "log.jsonl"),  # looks soon
        ],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    log, deadline = folder / "log.jsonl", time.monotonic() + 60
    seen = '"stage"' if moment == "TensorFlow is imported" else '"look"'
    while not (log.exists() and seen in log.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 143, err
    assert "Traceback" not in err
    assert os.readlink(folder / "output" / "latest") == before
    left = {path.name for path in (folder / "output" / "runs").iterdir()}
    kept = ".checkpoint.npz" in left  # what was done by then
    assert left - {".lock", ".checkpoint.npz"} == {before.split("/")[-1]}
    assert ("--resume" if kept else "terminated; what was there before is unchanged") in err


@pytest.mark.slow
def test_a_second_training_is_told_of_the_first_and_a_killed_one_is_cleared_away(
    airline: tuple[Path, Done], tmp_path: Path
) -> None:
    folder = copied(airline[0], tmp_path)
    before = (folder / "output" / "latest" / "forecast.csv").read_bytes()
    endless = [sys.executable, "-m", "forecast", "train", DATA, "--quiet"]
    first = subprocess.Popen(
        [*endless, "--steps", "90000"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    runs, deadline = folder / "output" / "runs", time.monotonic() + 60
    while not (runs / ".holder").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    short = [DATA, "--members", "1", "--steps", "10", "--no-report", "--quiet"]
    second = forecast("train", *short, cwd=folder)
    assert (second.code, second.out) == (7, "")
    assert f"output is being written by process {first.pid} on " in second.err
    assert forecast("predict", "--quiet", cwd=folder).code == 0  # it waits for nobody
    waiting = subprocess.Popen(
        [*endless[:4], *short, "--wait", "60"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(3)
    assert waiting.poll() is None
    assert (folder / "output" / "latest" / "forecast.csv").read_bytes() == before
    first.kill()
    first.communicate()
    _, err = waiting.communicate(timeout=120)
    assert waiting.returncode == 0, err
    assert [path.name for path in runs.glob(".*")] == [".lock"]
    assert len(list(runs.glob("[!.]*"))) == 2


def test_a_forecast_below_zero_of_what_never_was_names_the_flag(tmp_path: Path) -> None:
    sold = [f"2024-{1 + k // 28:02d}-{1 + k % 28:02d},{7 * (k % 5 == 0)}" for k in range(100)]
    (tmp_path / "sold.csv").write_text("\n".join(["day,sold", *sold]))
    quick = ("train", "sold.csv", "--horizon", "5", "--steps", "5", "--members", "1")
    said = forecast_here(*quick, "--no-report", cwd=tmp_path).out
    assert "note      sold was never below zero, the forecast reaches there" in said
    assert "--non-negative" in said
    said = forecast_here(*quick, "--no-report", "--non-negative", cwd=tmp_path).out
    assert "forecast  " in said
    assert "below zero" not in said
