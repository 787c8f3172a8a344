"""Time stamps as people write them: read, continued, and written alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast import data
from forecast.errors import DataError, SpecError
from tests.data.written import following, load, target, times


def _file(stamps: list[str], name: str = "date") -> str:
    return "\n".join([f"{name};level", *(f"{s};{i + 1}" for i, s in enumerate(stamps))])


@pytest.mark.parametrize(
    ("stamps", "freq", "after"),
    [
        (["2024-01-01", "2024-01-02", "2024-01-03"], "D", "2024-01-04"),
        (["1995M01", "1995M02", "1995M03"], "MS", "1995M04"),
        (["2004Q1", "2004Q2", "2004Q3"], "QS-JAN", "2004Q4"),
        (["Q1 2004", "Q2 2004", "Q3 2004"], "QS-JAN", "Q4 2004"),
        (["Jan-02", "Feb-02", "Mar-02"], "MS", "Apr-02"),
        (["Nov-69", "Dec-69", "Jan-70"], "MS", "Feb-70"),
        (["Jan-60", "Feb-60", "Mar-60"], "MS", "Apr-60"),
        (["1-11", "1-12", "2-01"], "MS", "2-02"),
        (["January 2020", "February 2020", "March 2020"], "MS", "April 2020"),
        (["31/01/2020", "29/02/2020", "31/03/2020"], "ME", "30/04/2020"),
        (["31.01.2020", "29.02.2020", "31.03.2020"], "ME", "30.04.2020"),
        (["12/30/2019", "12/31/2019", "1/1/2020"], "D", "1/2/2020"),
        (["20240229", "20240301", "20240302"], "D", "20240303"),
        (["202311", "202312", "202401"], "MS", "202402"),
        (["2019", "2020", "2021"], "YS-JAN", "2022"),
        (["11.2023", "12.2023", "01.2024"], "MS", "02.2024"),
        (["2023.10", "2023.11", "2023.12"], "MS", "2024.01"),
        (["1999.0", "1999.25", "1999.5"], "QS-JAN", "1999.75"),
        (["1999.0", "1999.0833", "1999.1667"], "MS", "1999.25"),
        (["2024-W51", "2024-W52", "2025-W01"], "W-MON", "2025-W02"),
        (["Feb 28, 2020", "Feb 29, 2020", "Mar 01, 2020"], "D", "Mar 02, 2020"),
        (["28-Feb-2020", "29-Feb-2020", "01-Mar-2020"], "D", "02-Mar-2020"),
        (["3. März 2024", "4. März 2024", "5. März 2024"], "D", "6. Mar 2024"),
        (["2024-01-01 22:00", "2024-01-01 23:00", "2024-01-02 00:00"], "h", "2024-01-02 01:00"),
        (["2024-01-01T22:00:00Z", "2024-01-01T23:00:00Z"], "h", "2024-01-02T00:00:00Z"),
        (["2024-01-01 22:00 UTC", "2024-01-01 23:00 UTC"], "h", "2024-01-02 00:00 UTC"),
        (["2024-01-01 22:00 CET", "2024-01-01 23:00 CET"], "h", "2024-01-02 00:00 CET"),
        (["01.07.2024 22:00 CST", "01.07.2024 23:00 CST"], "h", "02.07.2024 00:00 CST"),
        (["2024-01-01 22:00 UTC+1", "2024-01-01 23:00 UTC+1"], "h", "2024-01-02 00:00 UTC+1"),
        (["2024-10-27 02:00 CEST", "2024-10-27 02:00 CET"], "h", "2024-10-27 03:00 CET"),
        (["2024-11-03 1:00 AM EDT", "2024-11-03 1:00 AM EST"], "h", "2024-11-03 2:00 AM EST"),
        (["2024-10-27 01:00 BST", "2024-10-27 01:00 GMT"], "h", "2024-10-27 02:00 GMT"),
        (["2024-03-10 01:00 CST", "2024-03-10 03:00 CDT"], "h", "2024-03-10 04:00 CDT"),
        (["01/01/2024 11:30 PM", "01/02/2024 12:00 AM"], "30min", "01/02/2024 12:30 AM"),
        (["1700000000", "1700000010", "1700000020"], "10s", "1700000030"),
        (["1700000000000", "1700003600000", "1700007200000"], "h", "1700010800000"),
        (["13.01.2024 00:00 - 13.01.2024 01:00", "13.01.2024 01:00 - 13.01.2024 02:00"], "h",
         "13.01.2024 02:00"),
        (["2024-01-01 23:00", "2024-01-01 24:00", "2024-01-02 01:00"], "h", "2024-01-02 02:00"),
    ],
)  # fmt: skip
def test_stamps_are_read_and_continued(
    tmp_path: Path, stamps: list[str], freq: str, after: str
) -> None:
    flags: dict[str, Any] = {"day_order": "monthfirst"} if "PM" in stamps[0] else {}
    loaded = load(tmp_path, _file(stamps), **flags)
    assert loaded.panel.freq == freq
    assert target(loaded) == [float(i + 1) for i in range(len(stamps))]
    assert following(loaded) == [after]


def test_the_instants_are_right() -> None:
    from forecast.data.times import read_times

    reading = read_times(["03/31/2019 11:00:00 PM", "04/01/2019 12:00:00 AM"])
    assert reading.values.astype("datetime64[s]").astype(str).tolist() == [
        "2019-03-31T23:00:00",
        "2019-04-01T00:00:00",
    ]


def test_day_and_month_are_told_apart_by_the_whole_column(tmp_path: Path) -> None:
    stamps = [f"{d:02d}/02/2020" for d in range(1, 20)]
    assert load(tmp_path, _file(stamps)).panel.time[0] == np.datetime64("2020-02-01")


def test_first_days_of_months_make_a_monthly_series(tmp_path: Path) -> None:
    stamps = [f"{m}/1/{y}" for y in (2019, 2020) for m in range(1, 13)]
    loaded = load(tmp_path, _file(stamps))
    assert loaded.panel.freq == "MS"
    assert following(loaded) == ["1/1/2021"]


def test_day_and_month_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    text = _file([f"{d:02d}/02/2020" for d in range(1, 12)])
    with pytest.raises(DataError, match="may be day first or month first") as caught:
        load(tmp_path, text)
    assert caught.value.hint == "--dayfirst or --monthfirst"
    assert load(tmp_path, text, day_order="dayfirst").panel.freq == "D"
    assert load(tmp_path, text, day_order="monthfirst").panel.freq == "MS"


def test_a_numbers_of_epochs_that_changes_its_unit(tmp_path: Path) -> None:
    stamps = ["1699996400", "1700000000", "1700003600000", "1700007200000"]
    loaded = load(tmp_path, _file(stamps, "unix"))
    assert loaded.panel.freq == "h"
    assert loaded.panel.time[0] == np.datetime64("2023-11-14T21:13:20")
    assert following(loaded) == ["1700010800000"]


def test_date_and_clock_in_two_columns(tmp_path: Path) -> None:
    text = (
        "Date;Time;level\n10/03/2004;18.00.00;2,5\n10/03/2004;19.00.00;2\n31/03/2004;20.00.00;3\n"
    )
    loaded = load(tmp_path, text, fill="zero")
    assert loaded.schema.time == ("Date", "Time")
    assert loaded.panel.time[0] == np.datetime64("2004-03-10T18:00")
    assert loaded.panel.freq == "h"


def test_date_and_hour_in_two_columns(tmp_path: Path) -> None:
    rows = [f"{i},2011-01-0{d},{h},{h}.5" for d in (1, 2) for i, h in enumerate(range(24))]
    loaded = load(tmp_path, "n,day,hr,level\n" + "\n".join(rows), target="level")
    assert loaded.schema.time == ("day", "hr")
    assert loaded.panel.freq == "h"
    assert len(loaded.panel.time) == 48


def test_year_month_day_and_hour_in_columns(tmp_path: Path) -> None:
    rows = [f"{i + 1},2010,12,31,{h},{h}" for i, h in enumerate(range(20, 24))]
    loaded = load(tmp_path, "No,year,month,day,hour,level\n" + "\n".join(rows))
    assert loaded.schema.time == ("year", "month", "day", "hour")
    assert loaded.schema.target == "level"
    assert following(loaded) == ["2011-01-01 00:00"]


def test_steps_that_only_count(tmp_path: Path) -> None:
    loaded = load(tmp_path, "t,level\n10,5\n20,6\n40,8\n")
    assert loaded.panel.freq == "10"
    assert loaded.panel.time.tolist() == [10, 20, 30, 40]
    assert target(loaded) == [5.0, 6.0, 6.0, 8.0]
    assert following(loaded) == ["50"]


def test_rows_without_any_time_are_numbered(tmp_path: Path) -> None:
    loaded = load(tmp_path, "level\n5.5\n6.5\n8.5\n")
    assert loaded.schema.time == ()
    assert loaded.panel.time.tolist() == [1, 2, 3]
    assert any("numbered" in note for note in loaded.notes)


def test_of_two_unlike_time_columns_neither_is_guessed(tmp_path: Path) -> None:
    rows = [f"2020-01-{d:02d},2020-02-{28 - d * 7 % 20:02d},{d}" for d in range(1, 20)]
    with pytest.raises(DataError, match="2 columns could be the time: order_date, ship_date"):
        load(tmp_path, "order_date,ship_date,level\n" + "\n".join(rows))
    loaded = load(tmp_path, "order_date,ship_date,level\n" + "\n".join(rows), time=("order_date",))
    assert loaded.schema.time == ("order_date",)


def test_columns_that_say_the_same_time_are_no_riddle(tmp_path: Path) -> None:
    text = "unix,date,level\n1577836800,2020-01-01,5\n1577923200,2020-01-02,6\n"
    assert load(tmp_path, text).schema.time == ("date",)


def test_a_line_whose_time_is_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 3: 'soon' in column date is no time stamp like"):
        load(tmp_path, _file(["2020-01-01", "soon", "2020-01-03", "2020-01-04"]))


def test_a_column_asked_for_that_is_no_time(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column shop is no time stamp: 'north'"):
        load(tmp_path, "shop,level\nnorth,5\nsouth,6\n", time=("shop",))


def _hours(tz_day: list[str]) -> str:
    return _file(tz_day)


def test_the_day_of_25_hours(tmp_path: Path) -> None:
    stamps = ["2024-10-27 00:00", "2024-10-27 01:00", "2024-10-27 02:00", "2024-10-27 02:00",
              "2024-10-27 03:00"]  # fmt: skip
    with pytest.raises(DataError, match="occur more than once") as caught:
        load(tmp_path, _hours(stamps))
    assert "--tz" in caught.value.hint
    loaded = load(tmp_path, _hours(stamps), tz="Europe/Berlin")
    assert target(loaded) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert loaded.panel.time[0] == np.datetime64("2024-10-26T22:00")
    assert times(loaded)[2:4] == ["2024-10-27 02:00", "2024-10-27 02:00"]


def test_the_day_of_23_hours(tmp_path: Path) -> None:
    stamps = ["2024-03-31 00:00", "2024-03-31 01:00", "2024-03-31 03:00", "2024-03-31 04:00"]
    loaded = load(tmp_path, _hours(stamps), tz="Europe/Berlin")
    assert target(loaded) == [1.0, 2.0, 3.0, 4.0]
    assert loaded.panel.freq == "h"


def test_the_day_of_25_hours_newest_first(tmp_path: Path) -> None:
    stamps = ["2024-10-27 03:00", "2024-10-27 02:00", "2024-10-27 02:00", "2024-10-27 01:00"]
    loaded = load(tmp_path, _hours(stamps), tz="Europe/Berlin")
    assert target(loaded) == [4.0, 3.0, 2.0, 1.0]


def test_daily_steps_keep_local_midnight_over_a_clock_change(tmp_path: Path) -> None:
    stamps = ["2024-03-29", "2024-03-30", "2024-03-31"]
    loaded = load(tmp_path, _file(stamps), tz="Europe/Berlin")
    assert loaded.panel.freq == "D"
    assert following(loaded, 2) == ["2024-04-01", "2024-04-02"]


def test_offsets_that_differ_are_instants(tmp_path: Path) -> None:
    stamps = ["2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00", "2024-10-27T03:00:00+01:00"]
    loaded = load(tmp_path, _file(stamps))
    assert loaded.panel.tz == "UTC"
    assert target(loaded) == [1.0, 2.0, 3.0]
    assert loaded.panel.time[0] == np.datetime64("2024-10-27T00:00")
    local = load(tmp_path, _file(stamps), tz="Europe/Berlin")
    assert times(local)[0] == "2024-10-27T02:00:00+02:00"


def test_names_of_zones_are_instants(tmp_path: Path) -> None:
    stamps = ["2024-03-31 01:00 CET", "2024-03-31 03:00 CEST", "2024-03-31 04:00 CEST"]
    loaded = load(tmp_path, _file(stamps))
    assert loaded.panel.tz == "CET"
    assert loaded.panel.time[0] == np.datetime64("2024-03-31T00:00")
    assert times(loaded) == stamps
    there = load(tmp_path, _file(stamps), tz="America/New_York")
    assert times(there)[:1] == ["2024-03-30 20:00 EDT"]


def test_one_name_for_all_rows_is_placed_by_tz(tmp_path: Path) -> None:
    for name, tz, utc in [
        ("CET", "Europe/Berlin", "2024-07-01T11:00"),
        ("CST", "Asia/Shanghai", "2024-07-01T04:00"),
        ("CST", "America/Chicago", "2024-07-01T18:00"),
        ("IST", "Asia/Kolkata", "2024-07-01T06:30"),
    ]:
        text = _file([f"2024-07-01 {hour}:00 {name}" for hour in (12, 13, 14)])
        assert load(tmp_path, text, tz=tz).panel.time[0] == np.datetime64(utc)
    with pytest.raises(DataError, match="end in IST, which is no time of Europe/Berlin"):
        load(tmp_path, text, tz="Europe/Berlin")


def test_a_row_without_its_zone_among_others_with_one_is_named(tmp_path: Path) -> None:
    stamps = [f"2024-01-01 {hour:02d}:00 UTC" for hour in range(10)]
    stamps[4] = "2024-01-01 04:00"
    with pytest.raises(DataError, match="line 6: '2024-01-01 04:00' in column date is no time"):
        load(tmp_path, _file(stamps))


def test_an_hour_that_should_stand_twice_and_stands_once_is_counted(tmp_path: Path) -> None:
    stamps = [f"2024-10-27 {hour}" for hour in ("01:30", "02:00", "02:30", "03:00", "03:30")]
    loaded = load(tmp_path, _hours(stamps), tz="Europe/Berlin", fill="none")
    first = loaded.repairs[0]
    assert (first.what, first.count, first.lines) == (
        "clock times that occur twice when clocks go back but stand once", 2, (3, 4),
    )  # fmt: skip
    assert first.action == "taken as summer time"
    assert loaded.panel.time[1] == np.datetime64("2024-10-27T00:00")
    with pytest.raises(DataError, match="--strict allows no repair, and 2 clock times"):
        load(tmp_path, _hours(stamps), tz="Europe/Berlin", repairs="forbid")
    whole = load(tmp_path, _hours([*stamps[:3], *stamps[1:]]), tz="Europe/Berlin")
    assert whole.repairs == ()


@pytest.mark.parametrize(
    ("stamps", "first"),
    [
        (["12.29.2024", "12.30.2024", "12.31.2024", "01.01.2025"], "2024-12-29"),
        (["01.02.2024", "02.02.2024", "03.02.2024"], "2024-02-01"),
        (["01.02.2024", "01.03.2024", "01.04.2024"], "2024-02-01"),
        (["01.11.2024", "01.12.2024", "01.13.2024", "01.14.2024"], "2024-01-11"),
    ],
)
def test_dates_with_points_are_day_first_unless_only_month_first_fits(
    tmp_path: Path, stamps: list[str], first: str
) -> None:
    loaded = load(tmp_path, _file(stamps))
    assert loaded.panel.time[0] == np.datetime64(first)
    assert times(loaded) == stamps


def test_an_hour_that_the_zone_skips_is_refused(tmp_path: Path) -> None:
    stamps = ["2024-03-31 01:00", "2024-03-31 02:00", "2024-03-31 03:00"]
    with pytest.raises(DataError, match="does not exist in Europe/Berlin"):
        load(tmp_path, _hours(stamps), tz="Europe/Berlin")


def test_an_unknown_zone(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="is no time zone") as caught:
        load(tmp_path, _file(["2020-01-01", "2020-01-02"]), tz="Europe/Berln")
    assert caught.value.hint == "did you mean --tz Europe/Berlin?"


def test_rendering_keeps_the_shape(tmp_path: Path) -> None:
    loaded = load(tmp_path, _file(["2024-01", "2024-02", "2024-03"]))
    ahead = data.future_time(loaded.panel, 4)
    assert data.render_time(ahead, loaded.schema).shape == (1, 4)
