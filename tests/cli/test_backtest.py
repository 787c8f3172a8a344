"""forecast backtest as a person would use it: the real command on the sample data."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.command import SAMPLES, Done, forecast, forecast_here

AIRLINE = SAMPLES / "airline-passengers.csv"
METHODS = ("LSTM", "seasonal naive", "naive", "theta")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def only(folder: Path) -> Path:
    """The one backtest of an output folder."""
    (place,) = (folder / "output" / "backtests").glob("[!.]*")
    return place


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A folder with one backtest, and what it said."""
    folder = tmp_path_factory.mktemp("backtest")
    done = forecast_here(
        "backtest", AIRLINE, "--folds", "3", "--step", "6", "--gap", "1", "--horizon", "5",
        "--methods", "lstm,naive,theta", "--steps", "10", "--members", "1", "--if-worse", "warn",
        cwd=folder,
    )  # fmt: skip
    return folder, done


@pytest.mark.slow
def test_it_says_what_was_tested_how_well_each_did_and_where_it_is(
    tested: tuple[Path, Done],
) -> None:
    folder, done = tested
    assert (done.code, done.err) == (0, "")
    assert "folds     3 from 1959-06 to 1960-06 · horizon 5 · step 6 · gap 1" in done.out
    for method in METHODS:
        assert f"\n          {method} " in done.out
    assert "in 80%  in 95%\n" in done.out
    assert "verdict   " in done.out
    assert f"scores    output/backtests/{only(folder).name}/backtest.json" in done.out


@pytest.mark.slow
def test_the_folder_holds_everything_and_no_latest_is_moved(tested: tuple[Path, Done]) -> None:
    folder, _ = tested
    assert [path.name for path in (folder / "output").iterdir()] == ["backtests"]
    place = only(folder)
    assert {path.name for path in place.iterdir()} == {
        "backtest.json", "forecasts.csv", "series_metrics.csv", "plots", "report.html",
    }  # fmt: skip
    assert {path.name for path in (place / "plots").iterdir()} == {
        "folds.png", "skill.png", "steps.png",
    }  # fmt: skip


@pytest.mark.slow
def test_the_scores_are_those_of_the_forecasts(tested: tuple[Path, Done]) -> None:
    place = only(tested[0])
    document = json.loads((place / "backtest.json").read_text())
    table = rows(place / "forecasts.csv")
    assert (len(table), document["schema"], document["aligned"]) == (15, 1, "time")
    assert [fold["cutoff"] for fold in document["folds"]] == ["1959-06", "1959-12", "1960-06"]
    assert [row["Month"] for row in table[:5]] == [f"1959-{m:02}" for m in range(8, 13)]
    assert [row["step"] for row in table[:5]] == ["2", "3", "4", "5", "6"]
    for method in METHODS:
        off = [abs(float(row["actual"]) - float(row[method])) for row in table]
        assert document["methods"][method]["mae"] == pytest.approx(sum(off) / 15, rel=1e-6)
        by_fold = [sum(off[k : k + 5]) / 5 for k in (0, 5, 10)]
        told = [fold["mae"] for fold in document["by_fold"][method]]
        assert told == pytest.approx(by_fold, rel=1e-6)
        by_step = [sum(off[k::5]) / 3 for k in range(5)]
        assert document["by_step"][method]["mae"] == pytest.approx(by_step, rel=1e-6)
    inside = [
        float(row["LSTM lo80"]) <= float(row["actual"]) <= float(row["LSTM hi80"]) for row in table
    ]
    assert document["methods"]["LSTM"]["coverage80"] == pytest.approx(sum(inside) / 15)
    values = {row["Month"]: float(row["Passengers"]) for row in rows(AIRLINE)}
    assert all(float(row["actual"]) == values[row["Month"]] for row in table)
    assert all(float(row["naive"]) == values[row["cutoff"]] for row in table)
    assert {row["method"] for row in rows(place / "series_metrics.csv")} == set(METHODS)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run that was trained up to 1958-12."""
    folder = tmp_path_factory.mktemp("model")
    lines = AIRLINE.read_text().splitlines(keepends=True)
    (folder / "old.csv").write_text("".join(lines[:121]))
    done = forecast_here(
        "train", "old.csv", "-q", "--steps", "10", "--members", "1", "--no-report", cwd=folder
    )
    assert (done.code, done.err) == (0, "")
    return folder


@pytest.mark.slow
def test_a_saved_run_is_tested_on_rows_after_its_training_without_tensorflow(old: Path) -> None:
    code = (
        "import sys; sys.argv = sys.argv[1:]\n"
        "from forecast.cli import main\n"
        "try: main()\n"
        "finally: print('awake:', *sorted({n.split('.')[0] for n in sys.modules}))"
    )
    import subprocess
    import sys

    command = ["forecast", "backtest", str(AIRLINE), "--model", "output", "--folds", "2"]
    done = subprocess.run(
        [sys.executable, "-c", code, *command, "--methods", "lstm,drift", "--json"],
        cwd=old, capture_output=True, text=True, check=True,
    )  # fmt: skip
    text, awake = done.stdout.split("awake: ")
    assert {"onnxruntime", "matplotlib"} <= set(awake.split())
    assert not set(awake.split()) & {"tensorflow", "keras", "statsforecast"}
    document = json.loads(text)
    assert (document["command"], document["horizon"]) == ("backtest", 12)
    assert document["model"].startswith("output/runs/")
    assert [fold["cutoff"] for fold in document["folds"]] == ["1958-12", "1959-12"]
    # What the run says of 1960 it says to `predict` too.
    lines = AIRLINE.read_text().splitlines(keepends=True)
    (old / "newer.csv").write_text("".join(lines[:133]))
    predicted = forecast("predict", "newer.csv", "-o", "-", cwd=old)
    said = [row["forecast"] for row in csv.DictReader(predicted.out.splitlines())]
    table = rows(old / document["files"]["forecasts"])
    assert [row["LSTM"] for row in table[12:]] == said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["--folds", "3"], 4, "has been trained on rows up to 1958-12"),
        (["--folds", "3"], 4, "take --folds 2"),
        (["--units", "8"], 2, "--model tests a network that is trained"),
        (["--past", "rain"], 2, "--model tests a network that is trained"),
        (["--gap", "12"], 2, "--gap 12 leaves none to score"),
        (["--horizon", "5"], 2, "--horizon 5 is another"),
        (["--methods", "ets"], 2, "add lstm to --methods"),
    ],
)
def test_what_a_saved_run_cannot_be_tested_on_is_refused(
    old: Path, flags: list[str], code: int, words: str
) -> None:
    before = list((old / "output").rglob("*"))
    done = forecast("backtest", AIRLINE, "--model", "output", *flags, cwd=old)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert list((old / "output").rglob("*")) == before


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["--methods", "lstm,prophet"], 2, "no method is called 'prophet'"),
        (["--folds", "0"], 2, "--folds must be at least 1"),
        (["--gap", "-1"], 2, "--gap must be 0 or more"),
        (["--refit", "sometimes"], 2, "--refit must be one of 'never', 'every'"),
        (["--folds", "30"], 3, "take --folds 11"),
        (["--folds", "11"], 3, "take --folds 9"),
        (["--by-frequency"], 2, "--freq"),
        (["--holdout", "3"], 2, "No such option: --holdout"),
    ],
)
def test_wrong_usage_is_refused_with_what_to_do_and_leaves_nothing(
    tmp_path: Path, flags: list[str], code: int, words: str
) -> None:
    done = forecast("backtest", AIRLINE, *flags, cwd=tmp_path)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert not list(tmp_path.iterdir())
