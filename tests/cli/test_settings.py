"""The flags of the network and of the training: refused in words, and done as asked."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import SAMPLES, Done, forecast, forecast_here
from tests.cli.test_errors import GOOD, refused

AIRLINE = SAMPLES / "airline-passengers.csv"

# --- refused


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--window", "long"], ["--window", "'long'", "auto"]),
        (["--window", "0"], ["--window", "at least 1"]),
        (["--fold", "-3"], ["--fold"]),
        (["--fold", "0"], ["--fold", "at least 1"]),
        (["--window", "10", "--fold", "4"], ["--window", "10 and 4", "--window 8"]),
        (["--preset", "slow"], ["--preset", "'slow'", "'balanced'"]),
        (["--members", "0"], ["--members", "at least 1"]),
        (["--members", "two"], ["--members", "'two' is not a whole number"]),
        (["--time-limit", "0"], ["--time-limit", "above 0"]),
        (["--time-limit", "soon"], ["--time-limit", "is not a number"]),
        (["--arch", "lstm2"], ["'lstm2'", "encoder-decoder", "forecast models"]),
        (["--units", "0"], ["--units", "at least 1"]),
        (["--layers", "0"], ["--layers", "at least 1"]),
        (["--dropout", "1"], ["--dropout", "less than 1"]),
        (["--recurrent-dropout", "-0.1"], ["--recurrent-dropout", "from 0"]),
        (["--l2", "-1"], ["--l2", "0 or more"]),
        (["--l2", "nan"], ["--l2", "0 or more"]),
        (["--batch-norm", "--layer-norm"], ["--batch-norm", "--layer-norm"]),
        (["--strategy", "both"], ["--strategy", "'both'", "'recursive'"]),
        (["--stateful", "--arch", "attention"], ["--stateful", "attention", "--arch vanilla"]),
        (["--last-year", "maybe"], ["--last-year", "'maybe'", "'auto'"]),
        (["--if-worse", "cry"], ["--if-worse", "'cry'", "'blend'"]),
        (["--levels", "0,90"], ["--levels", "'0,90'", "below 100"]),
        (["--levels", "80,x"], ["--levels", "'80,x'"]),
        (["--levels", "50", "--quantiles", "0.1"], ["--levels", "--quantiles"]),
        (["--quantiles", "1.5"], ["--quantiles", "'1.5'", "below 1"]),
        (["--loss", "mape"], ["--loss", "'mape'", "'pinball'"]),
        (["--optimizer", "lion"], ["--optimizer", "'lion'", "'adam'"]),
        (["--learning-rate", "0"], ["--learning-rate", "above 0"]),
        (["--learning-rate", "nan"], ["--learning-rate", "above 0"]),
        (["--batch", "0"], ["--batch", "at least 1"]),
        # What the data rule out.
        (["--strategy", "recursive", "--past", "rain"], ["--past", "--strategy direct"]),
        (["--last-year", "yes"], ["--last-year", "leave it out"]),
        (["--id", "shop", "--stateful"], ["--stateful", "the data hold 2"]),
    ],
    ids=" ".join,
)
def test_a_wrong_setting_is_refused_with_one_message(
    tmp_path: Path, flags: list[str], words: list[str]
) -> None:
    header, *lines = GOOD.splitlines()
    shops = [f"{line},{7 * i % 13},{shop}" for shop in "ab" for i, line in enumerate(lines)]
    alone = shops[: len(lines)] if "shop" not in flags else shops
    (tmp_path / "data.csv").write_text("\n".join([f"{header},rain,shop", *alone]))
    done = forecast("train", "data.csv", "--target", "sales", *flags, cwd=tmp_path)
    refused(done, 2, *words)
    assert len(done.err.splitlines()) == 2
    assert not list((tmp_path / "output").glob("runs/*"))


# --- done


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trained(folder: Path, *arguments: str | Path) -> tuple[Done, Path, dict[str, Any]]:
    """Train, and the run's folder and document."""
    done = forecast_here("train", *arguments, cwd=folder)
    assert done.code == 0, done.err
    latest = folder / "output" / "latest"
    return done, latest, json.loads((latest / "run.json").read_text())


BANDS = ["lo95", "lo80", "forecast", "hi80", "hi95"]


@pytest.mark.slow
def test_intervals_by_a_decoder_with_folds_of_six_and_the_month_known_ahead(tmp_path: Path) -> None:
    _, latest, document = trained(
        tmp_path, AIRLINE, "--arch", "encoder-decoder", "--loss", "pinball", "--fold", "6",
        "--window", "auto", "--calendar", "month", "--members", "1", "--steps", "20",
        "--units", "8", "--layers", "1", "--layer-norm", "--dropout", "0.1",
    )  # fmt: skip
    assert document["spec"]["net"] | {"horizon": 12} == {
        "arch": "encoder-decoder", "horizon": 12, "window": None, "fold": 6, "units": 8,
        "layers": 1, "dropout": 0.1, "recurrent_dropout": 0.0, "l2": 0.0, "norm": "layer",
        "strategy": "direct", "state": "fresh", "last_year": "no", "identity": "unknown",
    }  # fmt: skip
    assert document["plan"]["fold"] == 6
    assert all(member["window"] % 6 == 0 for member in document["training"]["members"])
    table = rows(latest / "forecast.csv")
    assert sorted(table[0]) == sorted(["Month", "step", *BANDS])
    for row in table:
        values = [float(row[name]) for name in BANDS]
        assert values == sorted(values)
        assert values[0] < values[-1]
    looks = [json.loads(line) for line in (latest / "log.jsonl").read_text().splitlines()]
    assert {look["member"] for look in looks} == {1}
    assert all(look["gradient_norm"] > 0 for look in looks)
    again = forecast("predict", "-o", "-", cwd=tmp_path)
    assert (again.code, again.err) == (0, "")
    assert again.out == (latest / "forecast.csv").read_text()
    said = json.loads(forecast("predict", "-o", "-", "--json", cwd=tmp_path).out)
    assert set(said["forecast"][0]) >= set(BANDS)


@pytest.mark.slow
def test_step_after_step_by_one_network_within_a_time_limit(tmp_path: Path) -> None:
    _, latest, document = trained(
        tmp_path, AIRLINE, "--strategy", "recursive", "--calendar", "month", "--steps", "900000",
        "--time-limit", "16", "--units", "4", "--optimizer", "nadam", "--loss", "huber",
        "--batch-norm", "--recurrent-dropout", "0.1", "--l2", "0.0001", "--batch", "32",
    )  # fmt: skip
    training = document["training"]
    assert training["steps"] == 900000
    assert sum(member["steps"] for member in training["members"]) < 900000
    table = rows(latest / "forecast.csv")
    assert [row["step"] for row in table] == [str(step) for step in range(1, 13)]
    assert len({row["forecast"] for row in table}) > 6
    again = forecast("predict", "-o", "-", cwd=tmp_path)
    assert (again.code, again.err) == (0, "")
    assert again.out == (latest / "forecast.csv").read_text()


@pytest.mark.slow
def test_a_state_carried_along_one_series_by_one_member(tmp_path: Path) -> None:
    done, latest, document = trained(
        tmp_path, AIRLINE, "--stateful", "--arch", "gru", "--members", "1", "--steps", "12",
        "--window", "24", "--units", "8", "--batch", "8",
    )  # fmt: skip
    assert done.err == ""
    assert len(document["training"]["members"]) == 1
    assert document["plan"]["chunks"] > 1
    assert document["plan"]["window"] == 24 * document["plan"]["chunks"]
    values = [float(row["forecast"]) for row in rows(latest / "forecast.csv")]
    assert 300 < min(values) < max(values) < 900
    again = forecast("predict", "-o", "-", cwd=tmp_path)
    assert again.out == (latest / "forecast.csv").read_text()


@pytest.mark.slow
def test_a_vector_for_each_series_and_none_for_one_that_is_new(tmp_path: Path) -> None:
    months = [line.split(",")[0] for line in GOOD.splitlines()[1:61]]

    def written(name: str, shops: str) -> Path:
        lines = [f"{m},{ord(s) + 9 * (i % 12)},{s}" for s in shops for i, m in enumerate(months)]
        (tmp_path / name).write_text("\n".join(["month,sales,shop", *lines]))
        return tmp_path / name

    _, latest, document = trained(
        tmp_path, written("old.csv", "abc"), "--embed-series", "--preset", "fast", "--steps", "10",
        "--horizon", "3", "--units", "4",
    )  # fmt: skip
    assert document["spec"]["net"]["identity"] == "embedded"
    assert len(document["training"]["members"]) == 1
    first = rows(latest / "forecast.csv")
    later = forecast("predict", written("new.csv", "cax"), "-o", "next.csv", cwd=tmp_path)
    assert later.code == 0, later.err
    assert "1 series are new to the model" in later.out
    second = rows(tmp_path / "next.csv")
    assert {row["shop"] for row in second} == {"a", "c", "x"}
    # A series that the training had is told by its name, wherever it stands in the file.
    said = {(row["shop"], row["step"]): row["forecast"] for row in second}
    for row in first:
        if row["shop"] != "b":
            assert float(said[row["shop"], row["step"]]) == pytest.approx(
                float(row["forecast"]), rel=1e-5
            )
