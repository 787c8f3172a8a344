"""A document becomes settings, or is refused; nothing is guessed."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import SpecError
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec, typed
from forecast.types import Schema


@pytest.mark.parametrize(
    "value",
    [
        DataSpec("a.csv", ids=("a", "b"), low=0.5, na=("-",)),
        NetSpec(horizon=3, dropout=0.1),
        FitSpec(levels=(0.1, 0.5, 0.9), time_limit=60),
        Schema("y", dialect={"delimiter": ","}, categories={"kind": ("a", "b")}),
    ],
)
def test_what_was_written_is_read_back(value: object) -> None:
    written = json.loads(json.dumps(dataclasses.asdict(value)))  # type: ignore[call-overload]
    assert typed(type(value), written) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("units", 4.0),
        ("units", True),
        ("units", None),
        ("dropout", "0.1"),
        ("dropout", False),
        ("arch", 3),
        ("arch", ["vanilla"]),
        ("horizon", [3]),
        ("height", 3),
    ],
)
def test_another_type_or_name_is_refused(name: str, value: object) -> None:
    with pytest.raises(TypeError, match=name):
        typed(NetSpec, {name: value})


@pytest.mark.parametrize("inner", [[1], [["a"]], [None], "ab", {"a": "b"}])
def test_what_a_list_holds_is_looked_at_too(inner: object) -> None:
    with pytest.raises(TypeError, match="ids"):
        typed(DataSpec, {"source": "a.csv", "ids": inner})


@given(st.none() | st.integers() | st.text() | st.lists(st.integers()))
def test_settings_that_are_no_fields_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        typed(RunSpec, value)  # type: ignore[arg-type]


def test_a_report_is_asked_for_by_name_and_older_documents_have_one() -> None:
    spec = RunSpec(DataSpec("a.csv"), report="none")
    document = json.loads(json.dumps(spec.to_json()))
    assert RunSpec.from_json(document) == spec
    older = {name: part for name, part in document.items() if name != "report"}
    assert RunSpec.from_json(older).report == "html"
    with pytest.raises(SpecError, match="--report must be one of 'html', 'none'"):
        RunSpec(DataSpec("a.csv"), report="pdf")
