"""The run folder: all or nothing, and clear words about what is not a run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from forecast import store
from forecast.errors import OutputError, RunError


def fill(run: store.Run, **more: object) -> None:
    store.write_document(run.document, {"tool": "forecast", "format": store.FORMAT, **more})


def tree(folder: Path) -> set[str]:
    """What a person sees; the lock stays and is nothing to look at."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.name != ".lock"}


def test_a_run_appears_whole_and_latest_points_to_it(tmp_path: Path) -> None:
    with store.new_run(tmp_path, "sales", "abcdef") as (run, place):
        fill(run)
        assert not place.exists()
        assert not (tmp_path / "latest").exists()
    assert store.Run(place).document.is_file()
    assert place.name.endswith("-sales-abcd")
    assert (tmp_path / "latest").resolve() == place.resolve()
    assert not os.path.isabs(os.readlink(tmp_path / "latest"))
    parts = ("plots", "run.json", "SHA256SUMS")
    assert tree(tmp_path / "runs") == {place.name, *(f"{place.name}/{part}" for part in parts)}


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    with store.new_run(tmp_path, "a", "1111") as (run, first):
        fill(run)
    before = tree(tmp_path)

    def fail() -> None:
        with store.new_run(tmp_path, "b", "2222") as (run, _):
            fill(run)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert tree(tmp_path) == before
    assert (tmp_path / "latest").resolve() == first.resolve()


def test_two_runs_of_the_same_second_are_two_folders(tmp_path: Path) -> None:
    places = []
    for _ in range(3):
        with store.new_run(tmp_path, "a", "1111") as (run, place):
            fill(run)
        places.append(place)
    assert len(set(places)) == 3
    assert (tmp_path / "latest").resolve() == places[-1].resolve()


def test_a_name_with_slashes_and_blanks_stays_one_folder(tmp_path: Path) -> None:
    with store.new_run(tmp_path, "../a b/ü", "1111") as (run, place):
        fill(run)
    assert place.parent == tmp_path / "runs"


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("mine")
    with (
        pytest.raises(OutputError, match="cannot write"),
        store.new_run(tmp_path / "output", "a", "1111"),
    ):
        pass
    assert (tmp_path / "output").read_text() == "mine"


def test_writing_text_replaces_all_or_nothing(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "forecast.csv"
    store.write_text(place, "old")
    place.parent.chmod(0o755)
    with pytest.raises(UnicodeEncodeError):
        store.write_text(place, "new \ud800")
    assert place.read_text() == "old"
    assert tree(place.parent) == {"forecast.csv"}
    store.write_text(place, "new")
    assert place.read_text() == "new"


def test_not_a_number_is_written_as_null(tmp_path: Path) -> None:
    store.write_document(tmp_path / "x.json", {"a": float("nan"), "b": [float("inf"), 1.5]})
    assert json.loads((tmp_path / "x.json").read_text()) == {"a": None, "b": [None, 1.5]}


def test_a_run_is_found_as_latest_by_folder_by_output_and_by_name(tmp_path: Path) -> None:
    with store.new_run(tmp_path, "a", "1111") as (run, place):
        fill(run)
    for model in (None, place, tmp_path, Path(place.name)):
        found = store.find_run(tmp_path, model)
        assert found.folder.resolve() == place.resolve()


def test_the_latest_run_is_called_latest_and_another_by_its_folder(tmp_path: Path) -> None:
    places = []
    for name in ("a", "b"):
        with store.new_run(tmp_path, name, "1111") as (run, place):
            fill(run)
        places.append(store.Run(place))
    assert store.shortest(places[0]) == places[0]
    assert store.shortest(places[1]) == store.Run(tmp_path / "latest")


def test_no_run_at_all_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        store.find_run(tmp_path / "nowhere", None)
    assert "forecast train" in caught.value.hint
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[1]", "no JSON object"),
        ('{"name": "package"}', "not written by forecast"),
        ('{"tool": "forecast", "format": "1"}', "not written by forecast"),
        ('{"tool": "forecast", "format": 99}', "reads up to"),
        ('{"tool": "forecast", "format": 0}', "not written by forecast"),
        ('{"tool": "forecast", "format": true}', "not written by forecast"),
        ('{"tool": "forecast", "format": 1, "spec": []}', "changed or cut short"),
        ('{"tool": "forecast", "format": 2}', "SHA256SUMS is missing"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_a_foreign_or_broken_document_is_refused(tmp_path: Path, text: str, rule: str) -> None:
    run = store.Run(tmp_path)
    run.document.write_text(text)
    with pytest.raises(RunError, match=rule):
        store.open_run(run)


def test_the_latest_run_is_found_by_its_own_folder_which_stays_when_another_is_published(
    tmp_path: Path,
) -> None:
    with store.new_run(tmp_path, "a", "1111") as (run, first):
        fill(run)
    found = store.find_run(tmp_path, None)
    assert found == store.Run(first) == store.find_run(tmp_path, tmp_path / "latest")
    with store.new_run(tmp_path, "b", "2222") as (run, second):
        fill(run)
    assert found.document.read_bytes() == store.Run(first).document.read_bytes()
    assert store.find_run(tmp_path, None) == store.Run(second)
