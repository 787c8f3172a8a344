"""What is wrong with rows, what is done about it, and that it is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast.errors import DataError
from tests.data.written import following, load, monthly, target, times


def _daily(days: list[int], values: list[float] | None = None) -> str:
    values = values or [float(day) for day in days]
    rows = [f"2024-01-{d:02d},{v}" for d, v in zip(days, values, strict=True)]
    return "day,y\n" + "\n".join(rows)


def test_newest_first_is_sorted_and_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, _daily([5, 4, 3, 2, 1]))
    assert target(loaded) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert loaded.notes == ("rows were newest first: sorted",)


def test_rows_out_of_order_are_sorted_and_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, _daily([2, 1, 3, 5, 4]))
    assert target(loaded) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert loaded.notes == ("rows were out of order: sorted",)


def test_repeated_stamps_are_an_error_that_names_the_lines(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="first 2024-01-02 on lines 3 and 4") as caught:
        load(tmp_path, _daily([1, 2, 2, 3], [1, 2, 4, 3]))
    assert "--duplicates first, last, mean or sum" in caught.value.hint


@pytest.mark.parametrize(("how", "value"), [("first", 2), ("last", 4), ("mean", 3), ("sum", 6)])
def test_repeated_stamps_as_the_flag_says(tmp_path: Path, how: str, value: float) -> None:
    loaded = load(tmp_path, _daily([1, 2, 2, 3], [1, 2, 4, 3]), duplicates=how)
    assert target(loaded) == [1.0, value, 3.0]
    assert [(r.what, r.count, r.lines) for r in loaded.repairs] == [
        ("repeated time stamps", 1, (4,))
    ]


def test_a_row_written_twice_is_kept_once(tmp_path: Path) -> None:
    loaded = load(tmp_path, _daily([1, 2, 2, 3]))
    assert target(loaded) == [1.0, 2.0, 3.0]
    assert loaded.repairs[0].what == "rows written twice"


@pytest.mark.parametrize(
    ("how", "values"),
    [
        ("linear", [1.0, 2.0, 3.0, 4.0, 9.0, 6.0]),
        ("forward", [1.0, 2.0, 2.0, 2.0, 9.0, 6.0]),
        ("zero", [1.0, 2.0, 0.0, 0.0, 9.0, 6.0]),
    ],
)
def test_gaps_are_filled_as_the_flag_says(tmp_path: Path, how: str, values: list[float]) -> None:
    values = values[:]
    text = _daily([1, 2, 5, 6], [1, 2, 5, 6] if how == "linear" else [1, 2, 9, 6])
    expected = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] if how == "linear" else values
    loaded = load(tmp_path, text, fill=how)
    assert target(loaded) == expected
    assert loaded.panel.observed is not None
    assert loaded.panel.observed[:, 0].tolist() == [True, True, False, False, True, True]
    assert [(r.what, r.count, r.lines) for r in loaded.repairs] == [
        ("steps without a row", 2, (3,))
    ]


def test_gaps_filled_from_the_season_before(tmp_path: Path) -> None:
    days = [d for d in range(1, 29) if d != 17]
    values = [float(d % 7 * 10) for d in days]
    loaded = load(tmp_path, _daily(days, values), fill="seasonal")
    assert target(loaded)[16] == 30.0  # 10 January, a week before the 17th


def test_gaps_left_as_they_are(tmp_path: Path) -> None:
    loaded = load(tmp_path, _daily([1, 2, 4]), fill="none")
    assert np.isnan(target(loaded)[2])
    assert loaded.panel.observed is not None


def test_missing_ends_are_cut_and_counted(tmp_path: Path) -> None:
    loaded = load(tmp_path, monthly(["", "", 5, 6, 7, "", ""]))
    assert target(loaded) == [5.0, 6.0, 7.0]
    assert times(loaded)[0] == "2020-03"
    assert [(r.what, r.count) for r in loaded.repairs] == [
        ("rows before the first value", 2),
        ("rows after the last value", 2),
    ]


def test_a_stamp_a_little_late_is_moved_to_its_step(tmp_path: Path) -> None:
    stamps = ["00:00:00", "00:10:00", "00:20:03", "00:30:00", "00:40:00"]
    text = "t,y\n" + "\n".join(f"2024-01-01 {s},{i}" for i, s in enumerate(stamps))
    loaded = load(tmp_path, text)
    assert times(loaded)[2] == "2024-01-01 00:20:00"
    assert loaded.repairs[0].what == "time stamps beside the steps"
    assert loaded.repairs[0].lines == (4,)


def test_stamps_without_any_rhythm_are_refused(tmp_path: Path) -> None:
    stamps = ["01-01 03:12", "01-01 17:44", "01-02 02:01", "01-05 11:59", "01-05 12:13"]
    text = "t,y\n" + "\n".join(f"2024-{s},{i}" for i, s in enumerate(stamps))
    with pytest.raises(DataError, match=r"no regular step|beside the steps|have no row") as caught:
        load(tmp_path, text)
    assert "--freq" in caught.value.hint


def test_rows_can_be_gathered_into_a_coarser_step(tmp_path: Path) -> None:
    stamps = ["01-01 03:12", "01-01 17:44", "01-02 02:01", "01-03 11:59", "01-03 12:13"]
    text = "t,y\n" + "\n".join(f"2024-{s},{i}" for i, s in enumerate(stamps))
    loaded = load(tmp_path, text, freq="D", duplicates="sum")
    assert target(loaded) == [1.0, 2.0, 7.0]
    assert loaded.panel.time[0] == np.datetime64("2024-01-01")


def test_mostly_gaps_is_refused(tmp_path: Path) -> None:
    days = [*range(1, 6), *(int(d) for d in range(20, 29))]
    text = "day,y\n" + "\n".join(f"2024-{m:02d}-{d:02d},1{d}" for m in (1, 12) for d in days)
    with pytest.raises(DataError, match="steps have no row") as caught:
        load(tmp_path, text)
    assert "--fill zero" in caught.value.hint
    assert len(load(tmp_path, text, fill="zero").panel.time) == 363


def test_strict_makes_a_repair_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--strict allows no repair, and 1 steps without a row"):
        load(tmp_path, _daily([1, 2, 4, 5]), repairs="forbid")
    assert target(load(tmp_path, _daily([1, 2, 3]), repairs="forbid")) == [1.0, 2.0, 3.0]


def test_outliers_are_told_and_left(tmp_path: Path) -> None:
    values = [10.0 + d % 3 for d in range(1, 29)]
    values[11] = 5000.0
    loaded = load(tmp_path, _daily(list(range(1, 29)), values))
    assert target(loaded)[11] == 5000.0
    assert any("first 5000 on line 13" in note for note in loaded.notes)


@pytest.mark.parametrize(
    ("start", "freq", "after"),
    [
        ("2024-01-31", "ME", "2024-04-30"),
        ("2024-01-01", "MS", "2024-04-01"),
        ("2024-01-15", "MS", "2024-04-15"),
        ("2024-01-04", "B", "2024-01-09"),
        ("2024-01-05", "W-FRI", "2024-01-26"),
        ("2024-03-31", "QE-DEC", "2024-12-31"),
        ("2023-12-31", "YE-DEC", "2026-12-31"),
        ("2024-01-01", "2D", "2024-01-07"),
    ],
)
def test_future_stamps_keep_the_rhythm(tmp_path: Path, start: str, freq: str, after: str) -> None:
    import pandas as pd

    from forecast.data.freq import parse_freq
    from forecast.data.steps import advance

    stamps = advance(np.datetime64(start, "us"), np.arange(4), parse_freq(freq))
    assert pd.Timestamp(stamps[3]) == pd.Timestamp(after)


@pytest.mark.parametrize("drop", [(), (3, 4, 9)])
@pytest.mark.parametrize(
    "freq",
    ["MS", "ME", "QS-JAN", "QE-DEC", "YS-JAN", "YE-DEC", "W-WED", "D", "B", "BME", "h", "30min",
     "15min", "10s", "2h", "6MS", "4W-MON"],
)  # fmt: skip
def test_the_frequency_is_the_one_that_pandas_made(freq: str, drop: tuple[int, ...]) -> None:
    import pandas as pd

    from forecast.data.rhythm import find_freq

    stamps = pd.date_range("2020-01-03", periods=40, freq=freq).to_numpy("datetime64[us]")
    assert find_freq(np.delete(stamps, drop)) == freq


def test_business_days_skip_the_weekend(tmp_path: Path) -> None:
    text = "day,y\n" + "\n".join(f"2024-01-{d:02d},{d}" for d in (1, 2, 3, 4, 5, 8, 9, 10, 11, 12))
    loaded = load(tmp_path, text)
    assert loaded.panel.freq == "B"
    assert loaded.repairs == ()
    assert following(loaded, 2) == ["2024-01-15", "2024-01-16"]
