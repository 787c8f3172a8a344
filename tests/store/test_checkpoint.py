"""The checkpoint of a training that was stopped: what is written is read back, or refused."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from forecast import store
from forecast.errors import OutputError, RunError

names = some.text("abc/ 1", min_size=1, max_size=8).filter(lambda name: name == name.strip("/ "))
values = arrays.arrays(
    some.sampled_from([np.float32, np.float64, np.int64]),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    return tmp_path


@given(kept=some.dictionaries(names, values, max_size=4))
def test_every_array_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[str, Any]
) -> None:
    output = tmp_path_factory.mktemp("output")
    (output / "runs").mkdir()
    store.save_checkpoint(output, {"rate": 0.1}, kept)
    document, found = store.load_checkpoint(output)
    assert document == {"rate": 0.1}
    assert found.keys() == kept.keys()
    for name, value in kept.items():
        assert (found[name].dtype, found[name].shape) == (value.dtype, value.shape)
        assert found[name].tobytes() == value.tobytes()


def test_where_nothing_was_stopped_there_is_nothing_to_resume(output: Path) -> None:
    with pytest.raises(RunError, match="nothing to resume: no training was stopped in") as caught:
        store.load_checkpoint(output)
    assert "--resume" in caught.value.hint


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "text"])
def test_one_that_is_damaged_is_refused(output: Path, damage: str) -> None:
    store.save_checkpoint(output, {"a": 1}, {"w": np.arange(1000.0)})
    place = store.checkpoint_place(output)
    content = bytearray(place.read_bytes())
    if damage == "bit":
        content[2000] ^= 1
    changed = {"cut": content[:-300], "bit": content, "empty": b"", "text": b"hello"}[damage]
    place.write_bytes(bytes(changed))
    with pytest.raises(RunError, match="changed or cut short") as caught:
        store.load_checkpoint(output)
    assert "without --resume" in caught.value.hint


class Code:
    """What an attacker would put into a pickle."""

    def __reduce__(self) -> Any:
        return (os.mkdir, ("harm",))


def test_code_in_it_is_not_run(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bad = np.empty(1, dtype=object)
    bad[0] = Code()
    np.savez(store.checkpoint_place(output), document=bad)
    with pytest.raises(RunError, match="changed or cut short"):
        store.load_checkpoint(output)
    store.checkpoint_place(output).write_bytes(pickle.dumps(Code()))
    with pytest.raises(RunError, match="changed or cut short"):
        store.load_checkpoint(output)
    assert not (tmp_path / "harm").exists()


def test_a_new_one_that_cannot_be_written_leaves_the_old_one(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save_checkpoint(output, {"turn": 1}, {})

    def full(*arguments: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OutputError, match="No space left"):
        store.save_checkpoint(output, {"turn": 2}, {})
    assert store.load_checkpoint(output)[0] == {"turn": 1}
    assert [path.name for path in (output / "runs").iterdir()] == [".checkpoint.npz"]


def test_it_is_no_run_and_goes_when_one_is_published(output: Path) -> None:
    store.save_checkpoint(output, {}, {"w": np.ones(3)})
    (output / "runs" / "..checkpoint.npz-dead").mkdir()  # of a writer that was killed
    assert store.runs_in(output) == []
    with pytest.raises(ZeroDivisionError), store.new_run(output, "a", "1111"):
        raise ZeroDivisionError
    assert store.checkpoint_place(output).exists()  # who fails publishes nothing
    assert not (output / "runs" / "..checkpoint.npz-dead").exists()
    with store.new_run(output, "a", "1111") as (run, _):
        store.write_document(run.document, {})
    assert not store.checkpoint_place(output).exists()
