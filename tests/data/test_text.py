"""What a text file may look like around its cells."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast.errors import DataError, SpecError
from tests.data.written import load, monthly, target, times

PLAIN = monthly([5, 7, 6])


def test_a_plain_file_needs_no_flag(tmp_path: Path) -> None:
    loaded = load(tmp_path, PLAIN)
    assert target(loaded) == [5.0, 7.0, 6.0]
    assert times(loaded) == ["2020-01", "2020-02", "2020-03"]
    assert loaded.panel.freq == "MS"
    assert loaded.rows == 3
    assert loaded.schema.target == "sales"
    assert loaded.schema.time == ("month",)
    assert loaded.repairs == ()


@pytest.mark.parametrize("mark", [";", "\t", "|", ":"])
def test_any_delimiter_is_found_or_taken(tmp_path: Path, mark: str) -> None:
    flags: dict[str, Any] = {"delimiter": ":"} if mark == ":" else {}
    loaded = load(tmp_path, PLAIN.replace(",", mark), **flags)
    assert target(loaded) == [5.0, 7.0, 6.0]
    assert loaded.schema.dialect["delimiter"] == mark


def test_columns_between_runs_of_blanks(tmp_path: Path) -> None:
    text = "# made by hand\n# year month level\n 2020  1   5.25\n 2020  2  -7.5\n 2020 11   6\n"
    loaded = load(tmp_path, text, fill="none")
    assert times(loaded)[:2] == ["2020-01", "2020-02"]
    assert target(loaded)[:2] == [5.25, -7.5]
    assert target(loaded)[-1] == 6.0


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"]
)
def test_any_common_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = PLAIN.replace("sales", "Umsätze in Köln für Äpfel")
    loaded = load(tmp_path, text.encode(encoding))
    assert loaded.schema.target == "Umsätze in Köln für Äpfel"
    assert target(loaded) == [5.0, 7.0, 6.0]


@pytest.mark.parametrize(
    "name",
    ["Größe", "Ort Köln", "Menge (°C)", "Año", "São Paulo", "Umsatz März", "Überschuß", "ÄÖÜ",
     "prix en €", "Température", "température à côté"],
)  # fmt: skip
def test_one_accent_is_western_and_not_chinese(tmp_path: Path, name: str) -> None:
    text = monthly([5, 7]).replace("sales", name)
    assert load(tmp_path, text.encode("cp1252")).schema.target == name


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("销售数据和温度", "gb18030"),
        ("売上データとそのほか", "cp932"),
        ("판매 데이터와 온도", "euc_kr"),
    ],
)
def test_two_byte_encodings_are_found(tmp_path: Path, name: str, encoding: str) -> None:
    text = monthly([5, 7]).replace("sales", name)
    assert load(tmp_path, text.encode(encoding)).schema.target == name


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_any_line_ending(tmp_path: Path, ending: str) -> None:
    assert target(load(tmp_path, PLAIN.replace("\n", ending))) == [5.0, 7.0, 6.0]


def _zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inner.csv", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zip", _zipped)],
)
def test_compressed_files(tmp_path: Path, suffix: str, pack) -> None:  # type: ignore[no-untyped-def]
    loaded = load(tmp_path, pack(PLAIN.encode()), name=f"file.csv.{suffix}")
    assert target(loaded) == [5.0, 7.0, 6.0]


def test_zstandard(tmp_path: Path) -> None:
    import pyarrow

    packed = pyarrow.compress(PLAIN.encode(), codec="zstd", asbytes=True)
    assert target(load(tmp_path, packed, name="file.csv.zst")) == [5.0, 7.0, 6.0]


def test_lines_above_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "Monthly sales of the shop\nhttps://example.org/sales\nSource: the shop\n" + PLAIN
    loaded = load(tmp_path, text)
    assert target(loaded) == [5.0, 7.0, 6.0]
    assert loaded.schema.dialect["header"] == "4"


def test_no_header(tmp_path: Path) -> None:
    loaded = load(tmp_path, "2020-01,5\n2020-02,7\n2020-03,6\n")
    assert target(loaded) == [5.0, 7.0, 6.0]
    assert loaded.schema.target == "column2"


def test_a_line_of_units_and_a_footer_are_left_out_and_counted(tmp_path: Path) -> None:
    text = PLAIN.replace("month,sales\n", "month,sales\n,thousands\n") + ",\nSum,18\nSource: shop\n"
    loaded = load(tmp_path, text)
    assert target(loaded) == [5.0, 7.0, 6.0]
    repair = next(r for r in loaded.repairs if "above or below" in r.what)
    assert (repair.count, repair.lines) == (2, (7, 8))


def test_trailing_delimiters_and_empty_rows(tmp_path: Path) -> None:
    text = "month;sales;;\n2020-01;5;;\n;;;\n2020-02;7;;\n2020-03;6;;\n;;;\n;;;\n"
    loaded = load(tmp_path, text)
    assert target(loaded) == [5.0, 7.0, 6.0]
    assert loaded.unused == ()


def test_comment_lines_in_the_middle(tmp_path: Path) -> None:
    loaded = load(tmp_path, PLAIN.replace("2020-02", "# checked\n2020-02"))
    assert target(loaded) == [5.0, 7.0, 6.0]


def test_quoted_cells_with_delimiters_and_line_breaks(tmp_path: Path) -> None:
    text = 'date,note,sales\n"Jan 01, 2020","a, b",5\n"Jan 02, 2020","two\nlines",7\n'
    text += '"Jan 03, 2020","",6\n'
    assert target(load(tmp_path, text)) == [5.0, 7.0, 6.0]


@pytest.mark.parametrize("mark", ["", ".", "NA", "N/A", "-", ":", "nan", "null", "#N/A"])
def test_markers_of_missing_values(tmp_path: Path, mark: str) -> None:
    loaded = load(tmp_path, monthly([5, mark, 6]), fill="none")
    assert target(loaded)[0] == 5.0
    assert target(loaded)[1] != target(loaded)[1]
    assert next(r for r in loaded.repairs if "missing" in r.what).lines == (3,)


def test_a_sentinel_is_missing_only_where_a_flag_says_so(tmp_path: Path) -> None:
    text = monthly([5, -200, 6, 7, 5, -200, 6, 8, -200, 7])
    plain = load(tmp_path, text)
    assert target(plain)[1] == -200.0
    assert any("--na -200" in note for note in plain.notes)
    assert target(load(tmp_path, text, na=("-200",)))[1] == 5.0


def test_the_number_of_cells_must_fit_the_header(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the header on line 1 names 2 columns, line 2 has 3"):
        load(tmp_path, "day,level\n2020-01-01,3,5\n2020-01-02,4,5\n2020-01-03,4,7\n")


def test_a_row_with_too_many_cells_is_named(tmp_path: Path) -> None:
    rows = [f"2020-{m:02d}-{d:02d},{d}" for m in (1, 2, 3) for d in range(1, 28)]
    rows[10] += ",9,9"
    with pytest.raises(DataError, match="line 12 has 4 cells, the others have 2"):
        load(tmp_path, "day,level\n" + "\n".join(rows))


@pytest.mark.parametrize("row", [10, 79])
def test_a_quote_that_is_never_closed_is_named_and_swallows_nothing(
    tmp_path: Path, row: int
) -> None:
    rows = [f'2020-{m:02d}-{d:02d},"{d % 3} a",{d},0' for m in (1, 2, 3) for d in range(1, 28)]
    rows[row] = rows[row].replace(' a"', " a")
    with pytest.raises(DataError, match=f"line {row + 2} opens a quote in cell 2 and never"):
        load(tmp_path, "day,what,level,more\n" + "\n".join(rows), target="level")


def test_inches_and_a_quoted_word_of_the_footer_are_no_open_quotes(tmp_path: Path) -> None:
    rows = [f'2020-01-{d:02d},{d % 3}",{d}' for d in range(1, 28)]
    rows += ['Source: "the office, 2020']
    loaded = load(tmp_path, "day,pipe,level\n" + "\n".join(rows), target="level")
    assert target(loaded) == [float(d) for d in range(1, 28)]


def test_a_short_row_lacks_its_value(tmp_path: Path) -> None:
    loaded = load(tmp_path, "month,sales\n2020-01,5\n2020-02\n2020-03,7\n")
    assert target(loaded) == [5.0, 5.0, 7.0]


def test_several_files_by_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "a1.csv").write_text(monthly([5, 7]))
    (tmp_path / "a2.csv").write_text(monthly([6, 9], start=3))
    from forecast import data
    from forecast.spec import DataSpec

    loaded = data.load(DataSpec(str(tmp_path / "a*.csv")))
    assert target(loaded) == [5.0, 7.0, 6.0, 9.0]
    (tmp_path / "a3.csv").write_text("month,other\n2020-05,1\n")
    with pytest.raises(DataError, match="different columns: other, sales"):
        data.load(DataSpec(str(tmp_path / "a*.csv")))


def test_parquet_json_lines_and_json(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {"when": pd.date_range("2020-01-01", periods=3, freq="MS"), "sales": [5.0, 7.0, 6.0]}
    )
    frame.to_parquet(tmp_path / "x.parquet")
    text = frame.assign(when=frame["when"].astype(str)).to_json(orient="records", lines=True)
    packed = (tmp_path / "x.parquet").read_bytes()
    contents: list[tuple[str | bytes, str]] = [(packed, "y.parquet"), (text, "y.jsonl")]
    for content, name in contents:
        loaded = load(tmp_path, content, name=name)
        assert target(loaded) == [5.0, 7.0, 6.0]
        assert loaded.panel.freq == "MS"
    rows = '[{"when": "2020-01-01", "sales": 5}, {"when": "2020-01-02", "sales": 7}]'
    assert target(load(tmp_path, rows, name="y.json")) == [5.0, 7.0]


@pytest.mark.parametrize("kind", ["ns", "us", "ms", "s", "date", "zone"])
def test_parquet_in_several_parts_of_any_type_of_time(tmp_path: Path, kind: str) -> None:
    import pandas as pd

    months = pd.date_range("1968-01-01", periods=30, freq="MS")
    times: Any = months.to_numpy("M8[us]" if kind in ("date", "zone") else f"M8[{kind}]")
    frame = pd.DataFrame(
        {
            "shop": pd.Categorical(["b"] * 30 + ["a"] * 30),
            "month": np.tile(times, 2),
            "y": np.arange(60, dtype=np.int32),
        }
    )
    if kind == "date":
        frame["month"] = frame["month"].dt.date
    if kind == "zone":
        frame["month"] = frame["month"].dt.tz_localize("UTC")
    frame.to_parquet(tmp_path / "x.parquet", index=False, row_group_size=7)
    loaded = load(tmp_path, (tmp_path / "x.parquet").read_bytes(), name="y.parquet")
    assert loaded.panel.ids.tolist() == ["a", "b"]
    assert loaded.panel.freq == "MS"
    assert loaded.panel.values[:, 0].tolist() == [*range(30, 60), *range(30)]
    np.testing.assert_array_equal(loaded.panel.time[:30], months.to_numpy("M8[us]"))


def test_words_and_gaps_of_parquet_are_the_same_in_any_number_of_parts(tmp_path: Path) -> None:
    import decimal

    import pandas as pd

    days = pd.date_range("2024-01-01", periods=10).to_numpy("M8[us]")
    frame = pd.DataFrame(
        {
            "shop": [f"s{k // 10}" for k in range(60)],  # others in every part
            "day": np.tile(days, 6),
            "kind": [None, "b", "a", "b", "c", None] * 10,
            "open": [True, False, None] * 20,
            "price": [decimal.Decimal(k) / 4 for k in range(60)],
            "y": pd.array([None if k % 7 == 3 else k for k in range(60)], dtype="Int64"),
        }
    )
    found = []
    for size in (60, 25, 7, 1):
        frame.to_parquet(tmp_path / "x.parquet", index=False, row_group_size=size)
        content = (tmp_path / "x.parquet").read_bytes()
        past = ("kind", "open", "price")
        found.append(
            load(tmp_path, content, name="y.parquet", ids=("shop",), target="y", past=past)
        )
    panel, first = found[0].panel, found[0].schema
    assert panel.ids.tolist() == [f"s{k}" for k in range(6)]
    assert first.categories == {"kind": ("a", "b", "c")}
    assert panel.values[:5, 0].tolist() == [0, 1, 2, 2, 4]
    assert panel.values[4:9, 3].tolist() == [1, 1.25, 1.5, 1.75, 2]
    for each in found[1:]:
        assert each.schema == first
        np.testing.assert_array_equal(each.panel.values, panel.values)
        assert each.panel.observed is not None
        assert panel.observed is not None
        np.testing.assert_array_equal(each.panel.observed, panel.observed)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of numbers that became too large to square
def test_damaged_parquet_is_refused_or_read(tmp_path: Path) -> None:
    """Whatever a few bytes do to it: no error of ours is left to chance."""
    import pandas as pd

    days = np.tile(pd.date_range("2024-01-01", periods=30).to_numpy(), 30)
    columns = {"day": days, "sky": ["a", "b", None] * 300, "y": np.arange(900.0)}
    frame = pd.DataFrame({"shop": [f"s{k // 30}" for k in range(900)], **columns})
    content, random = frame.to_parquet(row_group_size=100), np.random.default_rng(0)
    refused = 0
    for count in (1, 3, 20) * 40:
        damaged = np.frombuffer(content, np.uint8).copy()
        damaged[random.integers(0, len(damaged), count)] = random.integers(0, 256, count)
        try:
            load(tmp_path, damaged.tobytes(), name="y.parquet", target="y", past=("sky",))
        except DataError:
            refused += 1
    assert refused > 60


def test_a_text_that_its_dictionary_lacks_is_damage() -> None:
    import pyarrow as pa

    from forecast.data.cells import cells_for

    cells = cells_for("sky", pa.string(), rows=2)
    assert cells is not None
    words = pa.DictionaryArray.from_arrays(pa.array([0, 7], pa.int32()), ["a"], safe=False)
    with pytest.raises(pa.ArrowInvalid, match="not in its dictionary"):
        cells.put(0, pa.chunked_array([words]))


def test_columns_of_one_name_in_parquet_are_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [pa.array(["2024-01-01", "2024-01-02"]), pa.array([1, 2]), pa.array([3, 4])]
    pq.write_table(pa.table(columns, names=["day", "y", "y"]), tmp_path / "x.parquet")
    with pytest.raises(DataError, match="has 2 columns named 'y'"):
        load(tmp_path, (tmp_path / "x.parquet").read_bytes(), name="y.parquet")


def test_parquet_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=900), "y": range(900)})
    content = frame.to_parquet(row_group_size=100)
    for cut in (content[:-1], content[: len(content) // 2], content[:4] + content[500:]):
        with pytest.raises(DataError, match="is not a whole Parquet file"):
            load(tmp_path, cut, name="y.parquet")


def test_an_id_that_starts_like_a_comment_is_kept(tmp_path: Path) -> None:
    rows = [f"{name},2024-01-0{day},{day}" for name in ("#1", "b", "//c") for day in (1, 2, 3)]
    loaded = load(tmp_path, "id,day,y\n" + "\n".join(rows))
    assert loaded.panel.ids.tolist() == ["#1", "//c", "b"]


@pytest.mark.parametrize("cell", ["-200", "-200.0", "-200.00"])
def test_a_sentinel_is_a_number_however_the_file_writes_it(tmp_path: Path, cell: str) -> None:
    plain = f"day,y\n2024-01-01,5.5\n2024-01-02,{cell}\n2024-01-03,7.5\n"
    comma = plain.replace(",", ";").replace(".", ",")
    for text in (plain, comma):
        assert target(load(tmp_path, text, na=("-200",))) == [5.5, 5.5, 7.5]


def test_a_spreadsheet(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from datetime import datetime

    book = openpyxl.Workbook()
    for row in [["Sales of the shop"], ["month", "sales"], [datetime(2020, 1, 1), 5],
                [datetime(2020, 2, 1), 7.5], [datetime(2020, 3, 1), None]]:  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "made.xlsx")
    loaded = load(tmp_path, (tmp_path / "made.xlsx").read_bytes(), name="file.xlsx")
    assert target(loaded) == [5.0, 7.5]
    assert loaded.panel.freq == "MS"


def _workbook(path: Path, sheets: dict[str, list[list[object]]]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path.read_bytes()


def _sales(first: float) -> list[list[object]]:
    return [["month", "sales"], *([f"2020-{m:02d}", first + m] for m in range(1, 5))]


def test_of_several_sheets_the_first_with_cells_is_read_and_said(tmp_path: Path) -> None:
    content = _workbook(tmp_path / "a.xlsx", {"Cover": [], "North": _sales(0), "South": _sales(9)})
    loaded = load(tmp_path, content, name="file.xlsx")
    assert target(loaded) == [1.0, 2.0, 3.0, 4.0]
    assert loaded.notes == ("read sheet 'North' of Cover, North, South; change: --sheet",)
    south = load(tmp_path, content, name="file.xlsx", sheet="South")
    assert target(south) == [10.0, 11.0, 12.0, 13.0]
    again = load(tmp_path, content, south.schema, name="file.xlsx")
    assert target(again) == target(south)


def test_a_sheet_that_is_not_there_or_is_the_wrong_one(tmp_path: Path) -> None:
    content = _workbook(tmp_path / "a.xlsx", {"Notes": [["who", "ann"]], "South": _sales(9)})
    with pytest.raises(DataError, match="no sheet 'south'; it has Notes, South") as caught:
        load(tmp_path, content, name="file.xlsx", sheet="south")
    assert caught.value.hint == "did you mean --sheet South?"
    with pytest.raises(DataError, match="read sheet 'Notes' of Notes, South") as caught:
        load(tmp_path, content, name="file.xlsx")
    assert caught.value.hint.endswith("or name another sheet with --sheet")
    content = _workbook(tmp_path / "b.xlsx", {"Empty": [], "South": _sales(9)})
    with pytest.raises(DataError, match="no cells on sheet 'Empty'"):
        load(tmp_path, content, name="file.xlsx", sheet="Empty")
    with pytest.raises(SpecError, match="no spreadsheet, it has no sheet 'South'"):
        load(tmp_path, PLAIN, sheet="South")


def test_json_lines_are_counted_with_the_empty_ones(tmp_path: Path) -> None:
    text = '\n{"t": "2020-01-01", "y": "1"}\n\n{"t": "2020-01-02", "y": "x"}\n'
    text += '{"t": "2020-01-03", "y": "3"}\n{"t": "2020-01-04", "y": "4"}\n'
    with pytest.raises(DataError, match="line 4: 'x' in target 'y' is no number"):
        load(tmp_path, text, name="file.jsonl")


def test_nested_values_are_left_out_unless_a_flag_names_them(tmp_path: Path) -> None:
    rows = [f'{{"t": "2020-01-0{d}", "y": {d}, "at": {{"x": {d}}}, "tags": ["a"]}}' for d in (1, 2)]
    text = "\n".join(rows)
    loaded = load(tmp_path, text, name="file.jsonl")
    assert target(loaded) == [1.0, 2.0]
    assert loaded.notes == ("no single values, left out: at, tags",)
    with pytest.raises(DataError, match="'at' holds objects, not single values"):
        load(tmp_path, text, name="file.jsonl", target="at")
    with pytest.raises(DataError, match="'tags' holds lists, not single values"):
        load(tmp_path, text, name="file.jsonl", past=("tags",))


def test_nested_columns_of_parquet_likewise(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"t": pd.date_range("2020-01-01", periods=3), "y": [1.0, 2.0, 3.0]})
    tags = pd.Series([["a"]] * 3, dtype=object)
    content = frame.assign(tags=tags).to_parquet()
    assert load(tmp_path, content).notes == ("no single values, left out: tags",)
    with pytest.raises(DataError, match="'tags' holds values of type list"):
        load(tmp_path, content, ids=("tags",))
