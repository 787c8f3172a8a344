"""Numbers as people write them, and those that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import DataError
from tests.data.written import load, target


def _semicolons(cells: list[str]) -> str:
    rows = [f"2020-01-{i + 1:02d};{cell}" for i, cell in enumerate(cells)]
    return "\n".join(["day;level", *rows])


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,5", "2,25", "3"], [1.5, 2.25, 3.0]),
        (["1.234,5", "2.000,25", "17"], [1234.5, 2000.25, 17.0]),
        (["1,234.5", "2,000.25", "17"], [1234.5, 2000.25, 17.0]),
        (["1 234,5", "12 000,25", "17"], [1234.5, 12000.25, 17.0]),
        (["1'234.5", "12'000.25", "17"], [1234.5, 12000.25, 17.0]),
        (["8,73M", "950K", "1,2B"], [8_730_000.0, 950_000.0, 1_200_000_000.0]),
        (["12%", "12.5%", "-3%"], [12.0, 12.5, -3.0]),
        (["$1,234.50", "$99.00", "-$5.00"], [1234.5, 99.0, -5.0]),
        (["12,50 €", "3,75 €", "0,99 €"], [12.5, 3.75, 0.99]),
        (["(5.5)", "7", "6.25-"], [-5.5, 7.0, -6.25]),
        (["1e3", "2.5E-1", "+4"], [1000.0, 0.25, 4.0]),
        (["1.234.567", "1.234", "987"], [1234567.0, 1234.0, 987.0]),
        (["0.125", "1.250", "3.375"], [0.125, 1.25, 3.375]),
        (["−5", "7", "6"], [-5.0, 7.0, 6.0]),
    ],
)
def test_numbers_in_any_convention(tmp_path: Path, cells: list[str], numbers: list[float]) -> None:
    assert target(load(tmp_path, _semicolons(cells))) == numbers


def test_a_number_that_could_be_read_in_two_ways_is_refused_with_the_flag(tmp_path: Path) -> None:
    text = _semicolons(["1.234", "2.345", "3.456"])
    with pytest.raises(DataError, match=r"'1\.234' in column 'level'") as caught:
        load(tmp_path, text)
    assert "--decimal" in caught.value.hint
    assert target(load(tmp_path, text, decimal=".")) == [1.234, 2.345, 3.456]
    assert target(load(tmp_path, text, decimal=",")) == [1234.0, 2345.0, 3456.0]


def test_one_column_decides_for_the_others_of_the_file(tmp_path: Path) -> None:
    text = "day;level;other\n2020-01-01;1.234;0,5\n2020-01-02;2.345;1,5\n2020-01-03;1.000;2,5\n"
    assert target(load(tmp_path, text, target="level")) == [1234.0, 2345.0, 1000.0]


def test_a_decimal_point_between_commas_is_no_thousand(tmp_path: Path) -> None:
    text = "day,level\n2020-01-01,1.234\n2020-01-02,2.345\n2020-01-03,3.456\n"
    assert target(load(tmp_path, text)) == [1.234, 2.345, 3.456]


def test_quoted_thousands(tmp_path: Path) -> None:
    text = 'day,level\n2020-01-01,"1,234.50"\n2020-01-02,"2,345.00"\n2020-01-03,"987.25"\n'
    assert target(load(tmp_path, text)) == [1234.5, 2345.0, 987.25]


def test_a_word_among_numbers_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 3: 'closed' in target 'level' is no number") as error:
        load(tmp_path, _semicolons(["5", "closed", "7", "8"]))
    assert error.value.hint == "if it means missing: --na closed"
    assert target(load(tmp_path, _semicolons(["5", "closed", "7"]), na=("closed",))) == [5, 5, 7]


def test_a_late_change_of_convention_is_not_read_silently(tmp_path: Path) -> None:
    cells = [str(1000 + i) for i in range(28)]
    cells[-1] = "1.028,50"
    text = _semicolons(cells)
    loaded = load(tmp_path, text)
    assert target(loaded)[-1] == 1028.5
    assert target(loaded)[0] == 1000.0


def test_ids_keep_their_leading_zeros(tmp_path: Path) -> None:
    rows = [f"2020-01-{d:02d},{i},{d}" for i in ("007", "7") for d in range(1, 6)]
    loaded = load(tmp_path, "day,id,level\n" + "\n".join(rows))
    assert loaded.panel.ids.tolist() == ["007", "7"]


def test_ids_that_look_like_numbers_stay_apart(tmp_path: Path) -> None:
    rows = [f"2020-01-{d:02d},{i},{d}" for i in ("1e0", "1", "1.0") for d in range(1, 6)]
    loaded = load(tmp_path, "day,id,level\n" + "\n".join(rows))
    assert loaded.panel.ids.tolist() == ["1", "1.0", "1e0"]


@pytest.mark.parametrize("dates", ["%d.%m.%Y", "%m.%Y", "%Y.%m", "%d.%m.%Y %H:%M"])
def test_dotted_dates_do_not_decide_what_a_point_means(tmp_path: Path, dates: str) -> None:
    import pandas as pd

    stamps = [f"{t:{dates}}" for t in pd.date_range("2020-01-01", periods=15, freq="MS")]
    text = "date;level\n" + "\n".join(f"{s};{i + 1}.{234 + i}" for i, s in enumerate(stamps))
    with pytest.raises(DataError, match=r"'1\.234' in column 'level' may be a decimal number or"):
        load(tmp_path, text)
    assert target(load(tmp_path, text, decimal=","))[:2] == [1234.0, 2235.0]
