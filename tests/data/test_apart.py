"""Series of several frequencies in one file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from forecast import data
from forecast.errors import DataError
from forecast.spec import DataSpec
from forecast.types import Loaded, Repair
from tests.data.written import following, load, target, times


def rows(name: str, start: str, freq: str, count: int, drop: Iterable[int] = ()) -> list[str]:
    """A series whose values are 0, 1, 2 ..."""
    stamps = pd.date_range(start, periods=count, freq=freq)
    return [f"{name},{t:%Y-%m-%d},{i}" for i, t in enumerate(stamps) if i not in set(drop)]


DAYS = [*rows("d1", "2024-01-01", "D", 40), *rows("d2", "2024-02-01", "D", 30)]
MONTHS = [*rows("m1", "2020-01-01", "MS", 24), *rows("m2", "2021-01-01", "MS", 12)]
MONTHS += rows("m3", "2021-03-01", "MS", 20)
YEARS = rows("y", "1990-12-31", "YE", 30)


def grouped(
    folder: Path, lines: list[str], before: list[Loaded] | None = None, **flags: str
) -> tuple[list[Loaded], tuple[Repair, ...]]:
    """The groups in a file of these rows."""
    path = folder / "mixed.csv"
    path.write_text("\n".join(["id,date,y", *lines]))
    known = [data.KnownGroup(each.schema, tuple(each.panel.ids.tolist())) for each in before or []]
    spec = DataSpec(str(path), frequencies="by-series", **flags)  # type: ignore[arg-type]
    return data.load_groups(spec, known)


def test_every_frequency_is_a_panel_of_its_own_those_of_most_series_first(tmp_path: Path) -> None:
    groups, left = grouped(tmp_path, [*YEARS, *DAYS, *MONTHS])
    assert left == ()
    assert [each.panel.freq for each in groups] == ["MS", "D", "YE-DEC"]
    assert [each.panel.ids.tolist() for each in groups] == [["m1", "m2", "m3"], ["d1", "d2"], ["y"]]
    assert [each.rows for each in groups] == [56, 70, 30]
    assert target(groups[0], 1) == [float(i) for i in range(12)]
    assert times(groups[2])[-1] == "2019-12-31"


def test_a_group_is_what_the_file_of_that_group_alone_is(tmp_path: Path) -> None:
    groups, _ = grouped(tmp_path, [*DAYS, *MONTHS, *YEARS])
    for each, lines in zip(groups, (MONTHS, DAYS, YEARS), strict=True):
        alone = load(tmp_path, "\n".join(["id,date,y", *lines]), ids=("id",))
        assert alone.panel.values.tolist() == each.panel.values.tolist()
        assert alone.panel.time.tolist() == each.panel.time.tolist()
        assert alone.panel.ids.tolist() == each.panel.ids.tolist()
        assert alone.schema == each.schema
        assert alone.season == each.season


def test_one_of_several_frequencies_can_be_taken_and_the_others_are_counted(
    tmp_path: Path,
) -> None:
    text = "\n".join(["id,date,y", *DAYS, *MONTHS])
    daily = load(tmp_path, text, frequencies="by-series", freq="D")
    assert daily.panel.ids.tolist() == ["d1", "d2"]
    assert [(r.what, r.count, r.lines) for r in daily.repairs] == [
        ("series of monthly rows (m1, m2, m3)", 3, (72, 96, 108))
    ]


def test_gaps_do_not_make_another_frequency(tmp_path: Path) -> None:
    sparse = rows("m4", "2020-01-01", "MS", 12, drop=[1, 2, 5, 6, 7, 9])
    groups, left = grouped(tmp_path, [*DAYS, *MONTHS, *sparse])
    assert left == ()
    assert groups[0].panel.ids.tolist() == ["m1", "m2", "m3", "m4"]
    assert target(groups[0], 3)[:5] == [0.0, 0.0, 0.0, 3.0, 4.0]


def test_three_months_beside_days_are_no_days_with_gaps(tmp_path: Path) -> None:
    groups, _ = grouped(tmp_path, [*DAYS, *rows("m", "2024-01-01", "MS", 3)])
    assert [(each.panel.freq, len(each.panel.time)) for each in groups] == [("D", 70), ("MS", 3)]


def test_month_starts_and_month_ends_are_two_groups_weeks_of_any_day_are_one(
    tmp_path: Path,
) -> None:
    lines = [*rows("s", "2020-01-01", "MS", 12), *rows("e", "2020-01-31", "ME", 12)]
    lines += [*rows("w1", "2020-01-06", "W-MON", 9), *rows("w2", "2020-01-07", "W-TUE", 9)]
    groups, _ = grouped(tmp_path, lines)
    assert [each.panel.ids.tolist() for each in groups] == [["w1", "w2"], ["e"], ["s"]]


def test_a_business_calendar_stands_apart_from_days_and_a_short_week_does_not(
    tmp_path: Path,
) -> None:
    lines = [*DAYS, *rows("b", "2024-01-01", "B", 30), *rows("few", "2024-01-01", "B", 5)]
    groups, _ = grouped(tmp_path, lines)
    assert [(each.panel.freq, each.panel.ids.tolist()) for each in groups] == [
        ("D", ["d1", "d2", "few"]),
        ("B", ["b"]),
    ]


def test_a_series_of_one_row_is_left_out_with_its_line(tmp_path: Path) -> None:
    groups, left = grouped(tmp_path, [*DAYS, *MONTHS, "lone,2020-01-17,5"])
    assert len(groups) == 2
    assert [(r.what, r.count, r.lines) for r in left] == [
        ("series of no frequency of a group (lone)", 1, (128,))
    ]
    with pytest.raises(DataError, match="--strict allows no repair"):
        grouped(tmp_path, [*DAYS, *MONTHS, "lone,2020-01-17,5"], repairs="forbid")


def test_integers_of_several_steps_are_groups_too(tmp_path: Path) -> None:
    lines = [f"a,{i},{i}" for i in range(20)] + [f"b,{10 * i},{i}" for i in range(20)]
    groups, _ = grouped(tmp_path, lines, time=("date",))  # type: ignore[arg-type]
    assert [each.panel.freq for each in groups] == ["1", "10"]


def test_repairs_and_errors_name_their_group(tmp_path: Path) -> None:
    days = [line for line in DAYS if line != "d1,2024-01-05,4"]
    groups, _ = grouped(tmp_path, [*days, *MONTHS])
    assert [r.what for r in groups[0].repairs] == []
    assert [(r.what, r.count) for r in groups[1].repairs] == [("steps without a row", 1)]
    with pytest.raises(DataError, match=r"mixed\.csv, daily series: 1 time stamps occur"):
        grouped(tmp_path, [*DAYS, "d1,2024-01-05,99", *MONTHS])


def test_side_by_side_a_monthly_column_is_empty_on_most_days(tmp_path: Path) -> None:
    stamps = pd.date_range("2023-01-01", periods=365, freq="D")
    text = ["date,stock,rate"]
    text += [f"{t:%Y-%m-%d},{i},{t.month if t.day == 1 else ''}" for i, t in enumerate(stamps)]
    path = tmp_path / "wide.csv"
    path.write_text("\n".join(text))
    groups, left = data.load_groups(DataSpec(str(path), layout="wide", frequencies="by-series"))
    assert left == ()
    assert [(each.panel.freq, each.panel.ids.tolist()) for each in groups] == [
        ("MS", ["rate"]),
        ("D", ["stock"]),
    ]
    assert target(groups[0]) == [float(month) for month in range(1, 13)]
    assert groups[0].repairs == ()


def test_every_group_writes_its_time_stamps_as_the_file_does(tmp_path: Path) -> None:
    years = [f"y,{1990 + i},{i}" for i in range(30)]
    quarters = [f"q,{2010 + i // 4}-Q{i % 4 + 1},{i}" for i in range(40)]
    months = [f"m,{2015 + i // 12}-{i % 12 + 1:02d},{i}" for i in range(60)]
    groups, _ = grouped(tmp_path, [*years, *quarters, *months])
    said = {each.panel.freq: following(each)[0] for each in groups}
    assert said == {"MS": "2020-01", "QS-JAN": "2020-Q1", "YS-JAN": "2020"}
    alone, _ = grouped(tmp_path, years, groups)
    assert alone[0].notes == ()


def test_typed_time_stamps_of_all_groups_are_written_alike(tmp_path: Path) -> None:
    frames = [
        pd.DataFrame({"id": name, "t": pd.date_range("2024-01-01", periods=9, freq=freq), "y": 1.5})
        for name, freq in (("d", "D"), ("h", "h"))
    ]
    path = tmp_path / "mixed.parquet"
    pd.concat(frames).to_parquet(path)
    groups, _ = data.load_groups(DataSpec(str(path), frequencies="by-series"))
    assert sorted(following(each)[0] for each in groups) == [
        "2024-01-01 09:00:00", "2024-01-10 00:00:00",
    ]  # fmt: skip


def test_a_later_file_keeps_its_groups_and_new_series_join_their_frequency(
    tmp_path: Path,
) -> None:
    before, _ = grouped(tmp_path, [*DAYS, *MONTHS, *YEARS])
    new = [*rows("m9", "2022-01-01", "MS", 7), *rows("q", "2020-01-01", "QS", 9)]
    after, left = grouped(tmp_path, [*MONTHS, *DAYS, *YEARS, *new], before)
    assert [each.panel.freq for each in after] == ["MS", "D", "YE-DEC"]
    assert after[0].panel.ids.tolist() == ["m1", "m2", "m3", "m9"]
    assert [(r.what, r.count) for r in left] == [("series of no frequency of a group (q)", 1)]


def test_a_group_without_rows_in_a_later_file_is_passed_over(tmp_path: Path) -> None:
    before, _ = grouped(tmp_path, [*DAYS, *MONTHS])
    after, _ = grouped(tmp_path, DAYS, before)
    assert [each.panel.freq for each in after] == ["D"]
    with pytest.raises(DataError, match="no series that the model knows"):
        grouped(tmp_path, YEARS, before)


@pytest.mark.parametrize("freq", ["D", "QS", "W-SUN"])
def test_a_series_that_changed_its_frequency_is_refused(tmp_path: Path, freq: str) -> None:
    before, _ = grouped(tmp_path, [*DAYS, *MONTHS])
    changed = [line for line in MONTHS if not line.startswith("m1")]
    changed += rows("m1", "2020-01-01", freq, 40)
    with pytest.raises(DataError, match="has changed since the training: its rows were monthly"):
        grouped(tmp_path, [*DAYS, *changed], before)
