"""Updating beats not updating where the world drifts; what is worse is never published."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from forecast import data, judge, prep, store
from forecast.errors import RunError
from forecast.flows.answer import answer, network_of
from forecast.flows.events import Event
from forecast.flows.predict import predict
from forecast.flows.recall import recall
from forecast.flows.train import train
from forecast.flows.update import update
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec, UpdateSpec
from forecast.types import Floats
from tests.cli.command import forecast
from tests.show.walked import walked

OUTPUT = Path("output")
OLD, NEW, ALL = 600, 840, 960  # rows at the training, at the update, and in the end
SEASON = 12


def deaf(event: Event) -> None:
    pass


def drifting(seed: int) -> Floats:
    """(ALL,) every season was like the one before; after the training it is its opposite."""
    step = np.arange(ALL)
    sign = np.where(step < OLD, 1, (-1) ** (step // SEASON))
    pattern = np.resize(np.random.default_rng(seed).normal(0, 10, SEASON), ALL)
    noise: Floats = np.random.default_rng(seed + 1).normal(0, 3, ALL)
    return 100 + sign * pattern + noise


def write(values: Floats) -> None:
    text = "".join(f"{step},{value:.4f}\n" for step, value in enumerate(values))
    Path("a.csv").write_text("step,y\n" + text)


def mase_of_what_came(run: store.Run, values: Floats) -> float:
    """The error on the rows after the update, which nothing was trained or judged on."""
    made = recall(run)
    write(values)
    loaded = data.load(made.spec.data, made.schema)
    rows = np.arange(NEW, ALL - made.plan.horizon + 1, 3)
    cutoffs = prep.Cutoffs(np.zeros(len(rows), dtype=np.int64), rows)
    said = answer(
        network_of(run, made.spec, made.plan), loaded.panel, made.units, cutoffs, made.plan
    )
    return judge.score(said, loaded.panel, rows, SEASON).overall["mase"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network that was trained before the drift."""
    folder, home = tmp_path_factory.mktemp("drift"), Path.cwd()
    os.chdir(folder)
    try:
        write(drifting(1)[:OLD])
        source = DataSpec("a.csv", target="y", time=("step",), season=SEASON)
        fit = FitSpec(members=1, steps=120, holdout=0)
        train(RunSpec(source, NetSpec(horizon=6, units=16), fit), OUTPUT, "", deaf)
    finally:
        os.chdir(home)
    return folder


@pytest.mark.slow
def test_updating_beats_not_updating_and_a_worse_network_is_never_published(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trained)
    values = drifting(1)
    first = store.find_run(OUTPUT, None)
    champion = first.onnx.read_bytes()

    # Nothing new: TensorFlow is not even loaded.
    write(values[:OLD])
    none = forecast("update", "--json", cwd=trained)
    said = json.loads(none.out)
    assert (none.code, said["updated"], said["why"]) == (0, False, "the data are the same")
    write(values[: OLD + 1])
    few = forecast("update", cwd=trained)
    assert few.out.endswith("update    none: 1 new row is too few; output/latest stays\n")

    # A challenger that was spoilt is trained, judged, and thrown away.
    write(values[:NEW])
    spoilt = update(OUTPUT, None, deaf, UpdateSpec(steps=20, learning_rate=30.0))
    assert spoilt.why == "the updated network is worse"
    new, old = (spoilt.scores[name].overall["mase"] for name in (judge.LSTM, judge.BEFORE))
    assert new > old
    assert spoilt.verdict == ""  # it is of what is published
    assert spoilt.run == first
    assert len(store.runs_in(OUTPUT)) == 1
    assert store.find_run(OUTPUT, None).onnx.read_bytes() == champion
    assert {path.name for path in (OUTPUT / "runs").glob(".*")} <= {".lock"}

    # One that learnt of the drift takes its place, and does better on what comes after.
    updated = update(OUTPUT, None, deaf)
    assert (updated.why, updated.fresh.new, updated.fresh.judged) == ("", NEW - OLD, 48)
    new, old = (updated.scores[name].overall["mase"] for name in (judge.LSTM, judge.BEFORE))
    assert new <= old
    latest = store.find_run(OUTPUT, None)
    assert latest.folder.resolve() == updated.run.folder.resolve() != first.folder.resolve()
    document = store.open_run(latest)
    assert document["data"]["ends"] == [NEW - 48 - 1]  # what judged is still to be learnt from
    metrics = json.loads(latest.metrics.read_text())
    assert metrics["methods"]["LSTM"]["mase"] == new
    assert metrics["methods"][judge.BEFORE]["mase"] == old
    simple = min(metrics["methods"][name]["mase"] for name in judge.BASELINES)
    assert bool(updated.verdict) == (new > simple)
    assert updated.verdict == metrics["verdict"]
    again = forecast("train", "a.csv", "--if-changed", "--dry-run", cwd=trained)
    assert again.out.endswith("would: the latest run is an update of one that was trained\n")

    # Its report says what an update is, with the test, and only with what there is.
    page = walked(latest.report.read_text(encoding="utf-8"))
    assert page.problems == []
    assert page.text("h2") == [
        "Forecast", "Test on rows it had not seen", "How sure it may be", "Residuals",
        "Data", "How it was made",
    ]  # fmt: skip
    told = page.text("p")
    assert any(f"MASE {new:.4g}, before {old:.4g}" in text for text in told)
    assert any(text.startswith("The losses are those of the update alone") for text in told)
    assert any(text.endswith("and has still to learn from these rows.") for text in told)
    assert not any("trained again on all rows" in text for text in told)
    assert {judge.LSTM, judge.BEFORE, judge.REFERENCE} <= set(page.text("th"))
    back = f"forecast runs rollback {first.folder.resolve().name}"
    assert page.text("code") == [f"{back} && forecast update"]

    # `predict` says of the same rows what the update said, and goes on from there.
    write(values[:NEW])
    assert updated.forecast is not None
    np.testing.assert_array_equal(predict(latest, None).forecast.values, updated.forecast.values)
    stale, fresh = mase_of_what_came(first, values), mase_of_what_came(latest, values)
    assert fresh < 0.95 * stale


def test_there_has_to_be_a_run_to_update(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run in"):
        update(tmp_path, None, deaf)
