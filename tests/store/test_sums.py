"""What was published is what is loaded: anything else is refused by name."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast import infer, store
from forecast.errors import ForecastError, RunError
from tests.store.kept import BUNDLES, NEWEST, copied, expected, forecast_of

LOADED = ("run.json", "model.onnx", "golden.npz")


@pytest.mark.parametrize("name", [*LOADED, "SHA256SUMS"])
@pytest.mark.parametrize("damage", ["cut", "edited", "missing", "foreign"])
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, name: str, damage: str) -> None:
    run = copied(NEWEST, tmp_path)
    path = run.folder / name
    content = path.read_bytes()
    middle = len(content) // 2 if name in LOADED else content.index(b"run.json") - 9
    if damage == "cut":
        path.write_bytes(content[:middle])
    elif damage == "edited":
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    elif damage == "missing":
        path.unlink()
    else:
        path.write_bytes((run.folder / "forecast.csv").read_bytes())
    with pytest.raises(RunError) as caught:
        forecast_of(run)
    # Half a list of sums still vouches for the files that come first in it.
    assert any(word in caught.value.message for word in (name, "SHA256SUMS"))
    assert caught.value.hint


def test_one_changed_weight_is_refused(tmp_path: Path) -> None:
    from onnx import load, numpy_helper, save

    run = copied(NEWEST, tmp_path)
    graph = load(str(run.onnx))
    tensor = max(graph.graph.initializer, key=lambda each: len(each.raw_data))
    values = numpy_helper.to_array(tensor).copy()
    values.flat[0] += 1e-3
    tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    save(graph, str(run.onnx))
    infer.load_network(run.onnx)  # a network like any other, as far as the runtime can see
    with pytest.raises(RunError, match=r"model\.onnx has been changed"):
        forecast_of(run)


def test_an_answer_that_is_not_that_of_the_training_is_refused(tmp_path: Path) -> None:
    run = copied(NEWEST, tmp_path)
    with np.load(run.golden) as kept:
        parts = {name: kept[name] for name in kept.files}
    parts["answer"][0, 0, 0] += 1e-2
    np.savez_compressed(run.golden, **parts)
    store.seal(run)
    with pytest.raises(RunError, match="no longer says what it said"):
        forecast_of(run)


@pytest.mark.parametrize("parts", [{}, {"answer": np.ones((1, 2, 1))}, {"x": np.array([{}])}])
def test_a_golden_file_of_something_else_is_refused(
    tmp_path: Path, parts: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]
) -> None:
    run = copied(NEWEST, tmp_path)
    np.savez(run.golden, **parts)  # type: ignore[arg-type]
    store.seal(run)
    with pytest.raises(RunError, match=r"golden\.npz"):
        forecast_of(run)


def test_a_run_that_was_moved_or_copied_is_the_same_run(tmp_path: Path) -> None:
    run = copied(NEWEST, tmp_path / "a")
    moved = store.Run(tmp_path / "far" / "away")
    moved.folder.parent.mkdir()
    run.folder.rename(moved.folder)
    np.testing.assert_allclose(forecast_of(moved), expected(NEWEST), rtol=1e-5)


def test_a_new_forecast_does_not_break_the_seal(tmp_path: Path) -> None:
    run = copied(NEWEST, tmp_path)
    store.seal(run)
    before = run.sums.read_text()
    store.write_text(run.forecast, "another\n")
    run.plot("forecast").parent.mkdir()
    run.plot("forecast").write_bytes(b"picture")
    assert forecast_of(run).shape == (12, 5)
    store.seal(run)
    assert run.sums.read_text() == before


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum command here")
def test_the_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    run = copied(NEWEST, tmp_path)
    store.seal(run)
    command = ["sha256sum", "--check", "--strict", run.sums.name]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    run.onnx.write_bytes(b"other")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from([*LOADED, "SHA256SUMS", "model.keras"]),
    place=st.floats(0, 1, exclude_max=True),
    new=st.one_of(st.binary(max_size=4), st.sampled_from([b"\n", b" ", b"0", b"{}"])),
    taken=st.integers(0, 5),
)
def test_whatever_happens_to_the_bytes_the_answer_is_right_or_there_is_none(
    tmp_path: Path, name: str, place: float, new: bytes, taken: int
) -> None:
    run = copied(NEWEST, tmp_path)
    content = (run.folder / name).read_bytes()
    at = int(place * len(content))
    (run.folder / name).write_bytes(content[:at] + new + content[at + taken :])
    try:
        said = forecast_of(run)
    except RunError:
        return
    np.testing.assert_allclose(said, expected(NEWEST), rtol=1e-5)


@pytest.mark.parametrize("name", LOADED)
@pytest.mark.parametrize("other", [bundle for bundle in BUNDLES if bundle != NEWEST])
def test_a_file_of_another_run_is_refused(tmp_path: Path, name: str, other: Path) -> None:
    run = copied(NEWEST, tmp_path)
    source = other / (name if (other / name).exists() else "model.onnx")
    shutil.copy(source, run.folder / name)
    with pytest.raises(RunError, match=name):
        forecast_of(run)


def values() -> st.SearchStrategy[object]:
    """Anything that JSON can hold."""
    plain = st.none() | st.booleans() | st.integers(-9, 10**6) | st.floats() | st.text(max_size=3)
    return st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
    )


def places(document: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Where the values of a nest of dicts are, inner ones too."""
    if not isinstance(document, dict):
        return [path]
    inner = [place for key, value in document.items() for place in places(value, (*path, key))]
    return [path, *inner] if path else inner


PLACES = places(json.loads((NEWEST / "run.json").read_text()))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.sampled_from(PLACES), value=values())
def test_a_document_that_somebody_sealed_again_ends_in_words_too(
    tmp_path: Path, place: tuple[str, ...], value: object
) -> None:
    run = copied(NEWEST, tmp_path)
    document = json.loads(run.document.read_text())
    inner = document
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    run.document.write_text(json.dumps(document))
    store.seal(run)
    with suppress(ForecastError):  # anything else is a bug
        forecast_of(run)


def published(folder: Path) -> store.Run:
    """A sealed run of two files, with a picture that no sum is of."""
    run = store.Run(folder)
    run.plot("").parent.mkdir(parents=True)
    run.onnx.write_bytes(b"weights")
    run.document.write_text("{}")
    run.plot("loss").write_bytes(b"picture")
    store.seal(run)
    return run


def test_a_published_run_is_taken_over_file_by_file(tmp_path: Path) -> None:
    before, run = published(tmp_path / "before"), store.Run(tmp_path / "run")
    run.folder.mkdir()
    run.keras.write_bytes(b"of one that lost")
    store.take_over(before, run)
    for path in before.folder.rglob("*.*"):
        assert (run.folder / path.relative_to(before.folder)).read_bytes() == path.read_bytes()
    assert not run.keras.exists()
    assert store.read(run, run.onnx) == b"weights"


@pytest.mark.parametrize("name", ["model.onnx", "SHA256SUMS"])
@pytest.mark.parametrize("damage", ["edited", "missing"])
def test_a_damaged_run_is_not_taken_over(tmp_path: Path, name: str, damage: str) -> None:
    before, run = published(tmp_path / "before"), store.Run(tmp_path / "run")
    run.folder.mkdir()
    if damage == "edited":
        (before.folder / name).write_bytes(b"others")
    else:
        (before.folder / name).unlink()
    with pytest.raises(RunError, match=name.replace(".", r"\.")):
        store.take_over(before, run)
