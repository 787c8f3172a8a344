"""A training that is stopped anywhere and resumed publishes what it would have published."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from forecast import store
from forecast.errors import RunError, StoppedError
from forecast.flows import checkpoint
from forecast.flows.checkpoint import Progress, lasting
from forecast.flows.events import Event, Resumed, Training
from forecast.flows.train import train
from forecast.spec import DataSpec, FitSpec, Guard, NetSpec, RunSpec
from forecast.types import History, Loaded, Panel, Schema
from tests.cli.command import SAMPLES

SPEC = RunSpec(
    DataSpec("a.csv"),
    NetSpec(arch="rnn", units=4),
    FitSpec(members=1, steps=40, holdout=0),
    report="none",
)
DATA = Loaded(Panel.single([1.0, 2.0], freq="MS", start="2024-01"), Schema("y"), 2, "abc", 1)


def deaf(event: Event) -> None:
    pass


# --- what is written down


def history(looks: int) -> History:
    made = History(best_step=10, rate=0.003)
    for look in range(looks):
        made.add(10 * (look + 1), 1 / (look + 3), math.nan if look else 0.7, 2.5)
    return made


@pytest.mark.slow
def test_what_is_done_is_read_back_as_it_was(tmp_path: Path) -> None:
    from forecast import nets

    (tmp_path / "runs").mkdir()
    versions = dict.fromkeys(checkpoint.SAME)
    about = store.plain({"spec": SPEC.to_json(), "sha256": "abc", "versions": versions})
    progress = Progress(tmp_path, about)
    weights = [np.ones((2, 3), np.float32), np.zeros(2, np.float32)]
    progress.finish("MS training 1", (weights, history(3)))
    paused = nets.Paused(
        history(2), weights, weights[::-1], [np.array(7)], [], nets.Mean(4, 0.5, 0.25)
    )
    progress.keep("MS training 2", paused)
    assert progress.words == "1 finished fit, training 2 at step 24"
    progress.save()
    again = Progress(tmp_path, about)
    again.recall(tmp_path)
    assert again.words == progress.words
    assert again.paused("MS training 1") is None
    back = again.paused("MS training 2")
    assert back is not None
    assert str(back.history) == str(history(2))  # NaN is not equal to itself
    assert back.since == paused.since
    np.testing.assert_equal(dataclasses.astuple(back)[1:5], dataclasses.astuple(paused)[1:5])
    np.testing.assert_equal(again.finished["MS training 1"][0], weights)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 2}, ["seed 1 to 2"]),
        ({"net": NetSpec(units=5), "fit": FitSpec(steps=9)}, ["units 4 to 5", "steps 40 to 9"]),
        ({"data": DataSpec("a.csv", fill="zero")}, ["fill"]),
    ],
)
def test_another_training_is_not_gone_on_with(
    tmp_path: Path, change: dict[str, object], words: list[str]
) -> None:
    stop(tmp_path, SPEC, DATA)
    other = dataclasses.replace(SPEC, **change)  # type: ignore[arg-type]
    with pytest.raises(RunError, match="is another one") as caught, resumed(tmp_path, other, DATA):
        pass
    for word in words:
        assert word in caught.value.message


def test_other_data_and_other_versions_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop(tmp_path, SPEC, DATA)
    grown = dataclasses.replace(DATA, sha256="abd")
    with pytest.raises(RunError, match=r"changed since: the data$"), resumed(tmp_path, SPEC, grown):
        pass
    monkeypatch.setattr("forecast.flows.record.__version__", "99")
    with pytest.raises(RunError, match=r"lstm-forecast \S+ to 99"), resumed(tmp_path, SPEC, DATA):
        pass


def test_more_time_and_another_place_of_the_file_are_no_other_training(tmp_path: Path) -> None:
    stop(tmp_path, SPEC, DATA)
    more = dataclasses.replace(
        SPEC,
        data=DataSpec("elsewhere/a.csv"),
        fit=dataclasses.replace(SPEC.fit, time_limit=60),
    )
    with resumed(tmp_path, more, DATA) as progress:
        assert progress.words == "1 finished fit"


def stop(output: Path, spec: RunSpec, loaded: Loaded) -> None:
    """A training that was interrupted after its first fit."""
    (output / "runs").mkdir()
    kept = lasting(output, spec, loaded, deaf, resume=False)
    with pytest.raises(StoppedError) as caught, kept as progress:
        interrupted(progress)
    assert caught.value.exit_code == 130
    assert "kept in" in caught.value.message
    assert "--resume" in caught.value.hint


def interrupted(progress: Progress) -> None:
    progress.finish("MS training 1", ([], history(1)))
    raise KeyboardInterrupt


def resumed(output: Path, spec: RunSpec, loaded: Loaded):  # type: ignore[no-untyped-def]
    return lasting(output, spec, loaded, deaf, resume=True)


def test_who_is_stopped_before_anything_is_done_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    with pytest.raises(SystemExit), lasting(tmp_path, SPEC, DATA, deaf, resume=False):
        raise SystemExit(143)
    assert list((tmp_path / "runs").iterdir()) == []


# --- whole trainings


class StopAt:
    """A watcher that interrupts at the n-th look."""

    def __init__(self, looks: int) -> None:
        self.left, self.heard = looks, list[Event]()

    def __call__(self, event: Event) -> None:
        self.heard.append(event)
        self.left -= isinstance(event, Training)
        if self.left < 0:
            raise KeyboardInterrupt


def of(run: store.Run) -> list[bytes]:
    """What a training came to; run.json but for the time it was made."""
    from forecast import nets

    document = json.loads(run.document.read_text())
    del document["created"]
    weights = [each.tobytes() for each in nets.load(run.keras).get_weights()]
    files = [path.read_bytes() for path in (run.forecast, run.metrics, run.log)]
    return [json.dumps(document).encode(), *files, *weights]


@pytest.mark.slow
def test_a_training_that_is_stopped_again_and_again_comes_to_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLES / "airline-passengers.csv", "a.csv")
    seen: list[int] = []

    def watch_the_file(event: Event) -> None:
        if isinstance(event, Training) and store.checkpoint_place(Path("at once")).exists():
            seen.append(len(store.load_checkpoint(Path("at once"))[0]["finished"]))

    # One that nobody stops writes itself down from time to time, for the case of a kill -9.
    with monkeypatch.context() as now:
        now.setattr(checkpoint, "EVERY", -1.0)
        at_once = train(SPEC, Path("at once"), "", watch_the_file)
    assert set(seen) >= {0, 1}
    assert not store.checkpoint_place(Path("at once")).exists()
    output, go_on = Path("stopped"), Guard(resume=True)
    said = []
    for looks, guard in ((2, Guard()), (4, go_on)):
        watch = StopAt(looks)
        with pytest.raises(StoppedError) as caught:
            train(SPEC, output, "", watch, guard)
        assert caught.value.exit_code == 130
        said += [event.done for event in watch.heard if isinstance(event, Resumed)]
        assert not list(output.rglob(".building-*"))
        assert not (output / "latest").exists()
    watch = StopAt(1000)
    ended = train(SPEC, output, "", watch, go_on)
    said += [event.done for event in watch.heard if isinstance(event, Resumed)]
    assert said == ["training 1 at step 20", "1 finished fit, rehearsal 1 at step 30"]
    assert of(ended.run) == of(at_once.run)
    assert not store.checkpoint_place(output).exists()
