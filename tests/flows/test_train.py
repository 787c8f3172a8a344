"""The training as a whole: the holdout is not seen, and the run can be read back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from forecast import store
from forecast.errors import RunError
from forecast.flows.events import Event, Planned, Published, Read, Stage, Training
from forecast.flows.recall import recall
from forecast.flows.train import train
from forecast.prep import Plan
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec

MONTHS = [f"{year}-{month:02}" for year in range(2000, 2008) for month in range(1, 13)]


def write(path: Path, holdout: float) -> Path:
    """Eight years of months with a trend and a season; the last six are given."""
    values = [100.0 + i + 10 * (i % 12 in (5, 6, 7)) for i in range(len(MONTHS))]
    values[-6:] = [holdout] * 6
    rows = "".join(f"{month},{value}\n" for month, value in zip(MONTHS, values, strict=True))
    path.write_text("month,sales\n" + rows)
    return path


def run(path: Path, output: Path, events: list[Event]) -> store.Run:
    fit = FitSpec(steps=40, members=2)
    net = NetSpec(horizon=6, window=24, units=8)
    spec = RunSpec(DataSpec(str(path)), net, fit, seed=3, report="none")
    return train(spec, output, "", events.append).run


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> tuple[store.Run, list[Event]]:
    """A run, and what was told of it."""
    folder, events = tmp_path_factory.mktemp("honest"), list[Event]()
    return run(write(folder / "sales.csv", 190.0), folder / "output", events), events


def said(made: store.Run) -> list[str]:
    with made.holdout.open() as file:
        return [row["LSTM"] for row in csv.DictReader(file)]


@pytest.mark.slow
def test_nothing_before_the_scores_depends_on_the_holdout(
    honest: tuple[store.Run, list[Event]], tmp_path: Path
) -> None:
    one, _ = honest
    other = run(write(tmp_path / "sales.csv", -5000.0), tmp_path / "output", [])
    assert len(said(one)) == 6
    assert said(other) == said(one)
    assert other.log.read_text() == one.log.read_text()
    assert other.metrics.read_text() != one.metrics.read_text()


@pytest.mark.slow
def test_who_watches_is_told_everything_in_order(honest: tuple[store.Run, list[Event]]) -> None:
    made, events = honest
    kinds = [type(event) for event in events]
    assert kinds[:3] == [Read, Planned, Stage]
    assert kinds[-2:] == [Stage, Published]
    told = [event for event in events if isinstance(event, Training)]
    fits = ["training 1/2", "training 2/2", "rehearsal 1/2", "refit 1/2", "refit 2/2"]
    assert list(dict.fromkeys(event.what for event in told)) == fits
    looks = [json.loads(line) for line in made.log.read_text().splitlines()]
    assert [(f"training {look['member']}/2", look["step"]) for look in looks] == [
        (event.what, event.step.step) for event in told if event.what.startswith("training")
    ]
    for look in looks:
        assert min(look["loss"], look["val_loss"], look["gradient_norm"]) > 0


@pytest.mark.slow
def test_the_run_says_what_each_member_is_and_is_read_back(
    honest: tuple[store.Run, list[Event]],
) -> None:
    made, events = honest
    (planned,) = [event for event in events if isinstance(event, Planned)]
    assert recall(made).plan == planned.plan
    training = json.loads(made.document.read_text())["training"]
    assert training["steps"] == 40
    assert [member["form"] for member in training["members"]] == list(planned.plan.forms)
    assert [member["window"] for member in training["members"]] == list(planned.plan.windows)
    assert all(0 < member["steps"] <= 40 for member in training["members"])


GOOD: dict[str, Any] = {
    "tool": "forecast",
    "format": store.FORMAT,
    "spec": RunSpec(DataSpec("sales.csv")).to_json(),
    "plan": {
        "horizon": 6, "window": 24, "fold": 12, "season": 12, "holdout": 6, "validation": 6,
        "least": 12, "marked": False, "windows": [24, 12], "forms": ["additive", "multiplicative"],
        "levels": [0.1, 0.5, 0.9], "chunks": 1,
    },
    "schema": {"target": "sales", "time": ["month"], "categories": {"shop": ["a", "b"]}},
    "data": {"path": "sales.csv"},
    "transform": "none",
    "finish": {
        "weights": {"LSTM": 0.75, "drift": 0.25},
        "calibration": {"factors": [[1.5, 1.0, 2.0]] * 6, "horizons": 9.5},
    },
    "scale": {"ids": ["a", "b"], "low": [[0], [1]], "high": [[2], [3]]},
}  # fmt: skip


def written(folder: Path, document: dict[str, Any]) -> store.Run:
    made = store.Run(folder)
    store.write_document(made.document, document)
    store.seal(made)
    return made


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    made = recall(written(tmp_path, GOOD))
    assert made.ids == ("a", "b")
    assert made.units.scale.high.tolist() == [[2], [3]]
    assert made.schema.time == ("month",)
    assert made.schema.categories == {"shop": ("a", "b")}
    assert made.plan == Plan(
        horizon=6,
        window=24,
        fold=12,
        season=12,
        holdout=6,
        validation=6,
        least=12,
        windows=(24, 12),
        forms=("additive", "multiplicative"),
        levels=(0.1, 0.5, 0.9),
    )
    assert made.plan.of_member(1).window == 12
    assert made.finish.weights == {"LSTM": 0.75, "drift": 0.25}
    assert made.finish.calibration is not None
    assert made.finish.calibration.factors.tolist() == [[1.5, 1.0, 2.0]] * 6
    assert made.finish.calibration.horizons == 9.5


@pytest.mark.parametrize(
    "finish",
    [
        {"weights": {"oracle": 1.0}, "calibration": None},
        {"weights": {}, "calibration": None},
        {"weights": {"LSTM": "much"}, "calibration": None},
        {"weights": {"LSTM": 1.0}},
        {"weights": {"LSTM": 1.0}, "calibration": {"factors": [[1, 1, 1]], "horizons": 1}},
        {"weights": {"LSTM": 1.0}, "calibration": {"factors": [[1, 1, -1]] * 6, "horizons": 1}},
        {"weights": {"LSTM": 1.0}, "calibration": {"factors": [[1, 1, None]] * 6, "horizons": 1}},
        {"weights": {"LSTM": 1.0}, "calibration": {"factors": [[1, 1, 1]] * 6}},
    ],
    ids=str,
)
def test_a_finish_that_does_not_fit_the_run_is_refused(tmp_path: Path, finish: Any) -> None:
    made = written(tmp_path, {**GOOD, "finish": finish})
    with pytest.raises(RunError, match="changed or cut short"):
        recall(made)


@pytest.mark.parametrize("part", ["spec", "plan", "schema", "data", "scale", "transform", "finish"])
@pytest.mark.parametrize("damage", [None, 7, [], {}, {"foreign": 1}])
def test_a_part_that_is_not_what_it_should_be_is_refused(
    tmp_path: Path, part: str, damage: object
) -> None:
    with pytest.raises(RunError, match=r"run\.json"):
        recall(written(tmp_path, GOOD | {part: damage}))


@pytest.mark.parametrize("part", ["spec", "plan", "schema", "data", "scale", "transform"])
def test_a_missing_part_is_refused(tmp_path: Path, part: str) -> None:
    with pytest.raises(RunError, match=r"run\.json"):
        recall(written(tmp_path, {key: value for key, value in GOOD.items() if key != part}))
