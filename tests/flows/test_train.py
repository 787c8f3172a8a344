"""The training as a whole: the holdout is not seen, and the run can be read back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from forecast import store
from forecast.errors import RunError
from forecast.flows.events import Event, Planned, Read, Stage, Training
from forecast.flows.recall import recall
from forecast.flows.train import train
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
    spec = RunSpec(
        DataSpec(str(path)), NetSpec(horizon=6, window=24, units=8), FitSpec(steps=40), seed=3
    )
    return train(spec, output, "", events.append).run


@pytest.mark.slow
def test_nothing_before_the_scores_depends_on_the_holdout(tmp_path: Path) -> None:
    said, losses = [], []
    for holdout in (190.0, -5000.0):
        folder = tmp_path / str(holdout)
        folder.mkdir()
        made = run(write(folder / "sales.csv", holdout), folder / "output", [])
        with made.holdout.open() as file:
            said.append([row["LSTM"] for row in csv.DictReader(file)])
        losses.append(made.log.read_text())
    assert len(said[0]) == 6
    assert said[0] == said[1]
    assert losses[0] == losses[1]


@pytest.mark.slow
def test_who_watches_is_told_everything_in_order(tmp_path: Path) -> None:
    events: list[Event] = []
    made = run(write(tmp_path / "sales.csv", 190), tmp_path / "output", events)
    kinds = [type(event) for event in events]
    assert kinds[:3] == [Read, Planned, Stage]
    told = [event for event in events if isinstance(event, Training)]
    assert [event.what for event in told] == sorted((e.what for e in told), reverse=True)
    assert told[0].what == "training"
    looks = [json.loads(line) for line in made.log.read_text().splitlines()]
    assert [look["step"] for look in looks] == [e.step.step for e in told if e.what == "training"]


GOOD: dict[str, Any] = {
    "tool": "forecast",
    "format": store.FORMAT,
    "spec": RunSpec(DataSpec("sales.csv")).to_json(),
    "plan": {
        "horizon": 6, "window": 24, "fold": 12, "season": 12, "holdout": 6, "validation": 6,
        "least": 12, "marked": False,
    },
    "schema": {"target": "sales", "time": ["month"], "categories": {"shop": ["a", "b"]}},
    "data": {"path": "sales.csv"},
    "transform": "none",
    "scale": {"ids": ["a", "b"], "low": [[0], [1]], "high": [[2], [3]]},
}  # fmt: skip


def written(folder: Path, document: dict[str, Any]) -> store.Run:
    made = store.Run(folder)
    store.write_document(made.document, document)
    return made


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    made = recall(written(tmp_path, GOOD))
    assert made.ids == ("a", "b")
    assert made.units.scale.high.tolist() == [[2], [3]]
    assert made.schema.time == ("month",)
    assert made.schema.categories == {"shop": ("a", "b")}
    assert made.plan.window == 24


@pytest.mark.parametrize("part", ["spec", "plan", "schema", "data", "scale", "transform"])
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
