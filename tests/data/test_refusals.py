"""Files that cannot be read: one clear message each."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from forecast import data
from forecast.errors import DataError, SpecError
from forecast.spec import DataSpec
from tests.data.written import load, monthly


def test_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("x")
    with pytest.raises(DataError, match="no file") as caught:
        data.load(DataSpec(str(tmp_path / "sale.csv")))
    assert "did you mean" in caught.value.hint


def test_a_directory(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    with pytest.raises(DataError, match="is a directory") as caught:
        data.load(DataSpec(str(tmp_path)))
    assert "a.csv" in caught.value.hint


def test_a_pattern_without_files(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file matches"):
        data.load(DataSpec(str(tmp_path / "*.csv")))


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match="is empty"):
        load(tmp_path, content)


def test_a_header_alone(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        load(tmp_path, "date,y\n")


def test_a_broken_archive(tmp_path: Path) -> None:
    packed = gzip.compress(monthly(list(range(50))).encode())
    with pytest.raises(DataError, match="not a whole gz file"):
        load(tmp_path, packed[:40], name="file.csv.gz")


def test_no_numeric_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no numeric column to forecast; other columns: who"):
        load(tmp_path, "date,who\n2020-01-01,ann\n2020-01-02,bob\n")


def test_no_column_that_parses_as_time(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column holds time stamps; 'date' is not one: 'soon'"):
        load(tmp_path, "date,y\nsoon,1\nlater,2\n")


def test_a_target_that_is_text(tmp_path: Path) -> None:
    text = "date,who,y\n2020-01-01,ann,1\n2020-01-02,bob,2\n"
    with pytest.raises(DataError, match="target 'who' is text, not numbers: 'ann' on line 2"):
        load(tmp_path, text, target="who")


def test_an_unknown_column_gets_its_likely_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no column 'sale'") as caught:
        load(tmp_path, monthly([1, 2]), target="sale")
    assert caught.value.hint == "did you mean --target sales?"


def test_a_target_without_any_value(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        load(tmp_path, "date,y\n2020-01-01,\n2020-01-02,\n", target="y")


def test_one_row_is_too_few(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="one row only"):
        load(tmp_path, "date,y\n2020-01-01,5\n")


def test_an_unknown_encoding_and_a_wrong_one(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="is not an encoding"):
        load(tmp_path, monthly([1, 2]), encoding="utf-99")
    with pytest.raises(DataError, match="is not utf-8: byte 0xe4 on line 1"):
        load(
            tmp_path, monthly([1, 2]).replace("sales", "säles").encode("latin-1"), encoding="utf-8"
        )


def test_a_frequency_that_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not fit time stamps that are dates"):
        load(tmp_path, monthly([1, 2]), freq="3")
    with pytest.raises(SpecError, match="is no frequency"):
        load(tmp_path, monthly([1, 2]), freq="sometimes")


@pytest.mark.parametrize(
    "flags",
    [
        {"decimal": ";"},
        {"duplicates": "median"},
        {"fill": "guess"},
        {"delimiter": ";;"},
        {"low": 3.0, "high": 1.0},
        {"calendar": ("moon",)},
        {"target": "a", "past": ("a",)},
    ],
)
def test_flags_that_are_wrong_in_themselves(flags: dict[str, object]) -> None:
    with pytest.raises(SpecError):
        DataSpec("x.csv", **flags)  # type: ignore[arg-type]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys
    from types import SimpleNamespace

    text = io.BytesIO(monthly([5, 7, 6]).encode())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=text))
    assert data.load(DataSpec("-")).panel.series(0).tolist() == [5.0, 7.0, 6.0]


def test_numbers_too_large_to_count_are_no_time(tmp_path: Path) -> None:
    loaded = load(tmp_path, "t,y\n1e30,5\n2e30,6\n3e30,7\n", target="y")
    assert loaded.schema.time == ()


def test_a_broken_row_does_not_make_a_comma_the_delimiter(tmp_path: Path) -> None:
    rows = [f"2024-10-26 {hour:02d}:00;{hour},5" for hour in range(24)]
    rows[20] = "2024-1o;18,5"
    with pytest.raises(DataError, match="line 22: '2024-1o' in column date is no time stamp"):
        load(tmp_path, "date;y\n" + "\n".join(rows))
