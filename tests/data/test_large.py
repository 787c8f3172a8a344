"""A large file is read from disk in parts, understood from its two ends: the answer is the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast import data
from forecast.data import large, source
from forecast.errors import DataError, ForecastError
from forecast.spec import DataSpec
from tests.data.written import load, target

HEADER = "id;day;y"
ROWS = [
    f"s{k};2024-{m:02d}-{d:02d};{k * 1000 + m * 30 + d},5"
    for k in (1, 2) for m in range(1, 7) for d in range(1, 29)
]  # fmt: skip


@pytest.fixture(autouse=True)
def only_ends(monkeypatch: pytest.MonkeyPatch, size: str) -> str:
    """The ends of a large file are a few lines, so that its middle is not seen in advance."""
    monkeypatch.setattr(source, "_HEAD", 600)
    monkeypatch.setattr(source, "_TAIL", 200)
    return size


def with_middle(*lines: str, end: str = "\n") -> str:
    """The file, with some lines between two of its rows; the first is line 202."""
    return end.join([HEADER, *ROWS[:200], *lines, *ROWS[200:], ""])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_counted_with_the_empty_ones(tmp_path: Path, end: str) -> None:
    text = with_middle("", "", end=end).replace("s2;2024-05-05;2155,5", "s2;2024-05-05;")
    loaded = load(tmp_path, text)
    row = text.split(end).index("s2;2024-05-05;") + 1
    assert next(r for r in loaded.repairs if r.what == "missing values of y").lines == (row,)
    with pytest.raises(DataError, match=f"line {row}: 'soon' in target 'y' is no number"):
        load(tmp_path, text.replace("s2;2024-05-05;", "s2;2024-05-05;soon"))


@pytest.mark.parametrize("above", ["", "\n\n", "# made up\n\n", "A title\n\n\n# and more\n"])
def test_lines_above_the_header_are_counted_too(tmp_path: Path, above: str) -> None:
    text = above + with_middle().replace("s2;2024-05-05;2155,5", "s2;2024-05-05;")
    row = text.split("\n").index("s2;2024-05-05;") + 1
    loaded = load(tmp_path, text)
    assert next(r for r in loaded.repairs if r.what == "missing values of y").lines == (row,)
    assert len(loaded.panel) == 2


@pytest.mark.parametrize(
    "middle",
    ["# checked by hand", "s1;2024-12-01", "s1;2024-12-01;1,5;;", '"s1";"2024-12-01";"1,5"'],
)
def test_a_broken_line_in_the_middle_is_read_as_in_a_small_file(
    tmp_path: Path, middle: str, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(tmp_path, with_middle(middle), fill="none")
    monkeypatch.setattr(source, "LARGE", 64_000_000)
    small = load(tmp_path, with_middle(middle), fill="none")
    assert loaded.repairs == small.repairs
    assert str(loaded.panel.values.tolist()) == str(small.panel.values.tolist())


def test_a_line_that_is_too_long_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 202 has 5 cells, the others have 3"):
        load(tmp_path, with_middle("s1;2024-12-01;1,5;7;8"))


def test_a_quoted_cell_over_two_lines_in_the_middle(tmp_path: Path) -> None:
    text = with_middle('"s1";"2024-12-01\n";"1,5"')
    row = len(text.split("\n")) - 1
    text = text.replace(ROWS[-1], ROWS[-1].split(",")[0] + "?")
    with pytest.raises(DataError, match=f"line {row}: "):
        load(tmp_path, text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("place", ["header", "middle"])
def test_letters_in_any_encoding(tmp_path: Path, encoding: str, place: str) -> None:
    text = with_middle(*(f"Köln;2024-01-{d:02d};{d},5" for d in range(1, 20)))
    text = text.replace("y\n", "Größe\n", 1) if place == "header" else text
    loaded = load(tmp_path, text.encode(encoding))
    assert loaded.panel.ids.tolist() == ["Köln", "s1", "s2"]
    assert loaded.schema.target == ("Größe" if place == "header" else "y")
    assert target(loaded)[:2] == [1.5, 2.5]


def test_words_where_the_ends_have_numbers_alone(tmp_path: Path) -> None:
    for cell in ("2.155,5", " 2155,5 ", '"2155,5"'):
        loaded = load(tmp_path, with_middle().replace("2155,5", cell))
        assert target(loaded, 1)[125] == 2155.5  # 5 May


def test_what_is_no_text_is_told_by_its_bytes_whatever_its_name(tmp_path: Path) -> None:
    import gzip

    import pandas as pd

    text = with_middle()
    assert target(load(tmp_path, gzip.compress(text.encode())))[0] == 1031.5
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=9), "y": range(9)})
    assert target(load(tmp_path, frame.to_parquet()))[8] == 8.0


def test_zero_bytes_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds zero bytes"):
        load(tmp_path, with_middle("s\0;2024-12-01;1,5"))


def test_an_irregular_file_beyond_all_bounds_is_refused_with_the_reason(
    tmp_path: Path, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if size == "small":
        pytest.skip("a small file is never too large")
    monkeypatch.setattr(large, "LARGEST_IRREGULAR", 1000)
    assert len(load(tmp_path, with_middle()).panel) == 2
    with pytest.raises(DataError, match="Expected 3 columns, got 2") as caught:
        load(tmp_path, with_middle("s1;2024-12-01"))
    assert "Parquet" in caught.value.hint


LINES = st.sampled_from(
    ["", "", " ", "# remark", "s1;2024-12-01;1,5", "s3;2025-01-01;2", "s1;2024-12-02", ";;",
     "Sum;;9", 's1;"2024-12-03";"1;5"', "s1;2024-12-04;n/a", "s1;2024-12-05;1.000,5",
     "ä;2024-12-05;1", 's1;"2024-12-\n06";3', "s1;2024-12-07;1;", "s1;2024-12-08;1;2",
     "s1;32.13.2024;1", "\rs1;x"]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(ROWS)), LINES), max_size=4))
def test_any_mixture_of_lines_gives_the_same_panel_or_the_same_error(
    more: list[tuple[int, str]],
) -> None:
    rows = [HEADER, *ROWS]
    for place, line in more:
        rows.insert(place + 1, line)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "file.csv"
        path.write_bytes("\n".join(rows).encode())
        said = []
        for least in (10**9, 1):
            patch.setattr(source, "LARGE", least)
            said.append(_said(path))
        assert said[0] == said[1]


def _said(path: Path) -> object:
    try:
        loaded = data.load(DataSpec(str(path)))
    except ForecastError as error:
        return error.message
    panel = loaded.panel
    return (
        panel.ids.tolist(), panel.time.tolist(), str(panel.values.tolist()), loaded.repairs,
        loaded.rows, loaded.notes,
    )  # fmt: skip
