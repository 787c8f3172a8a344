"""One series, many below each other, many side by side, dates as columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast import data
from forecast.errors import DataError
from tests.data.written import following, load, target, times

PANEL = "day,store,item,sold\n" + "\n".join(
    f"2024-01-{d:02d},{s},{i},{d + 10 * (s == 'b') + 100 * (i == 'y')}"
    for d in (1, 2, 3)
    for s in ("a", "b")
    for i in ("x", "y")
)


def test_a_long_panel_finds_its_id_columns(tmp_path: Path) -> None:
    loaded = load(tmp_path, PANEL)
    assert loaded.schema.ids == ("store", "item")
    assert loaded.panel.ids.tolist() == ["a/x", "a/y", "b/x", "b/y"]
    assert target(loaded, 3) == [111.0, 112.0, 113.0]
    assert data.id_values(loaded.panel.ids, loaded.schema) == {
        "store": ["a", "a", "b", "b"],
        "item": ["x", "y", "x", "y"],
    }


def test_one_id_column_is_enough_where_it_is(tmp_path: Path) -> None:
    rows = [f"{i},{s},2024-01-{d:02d},{d}" for i, s in (("p/1", "p"), ("q/1", "q")) for d in (1, 2)]
    loaded = load(tmp_path, "unique_id,shop,day,y\n" + "\n".join(rows))
    assert loaded.schema.ids == ("unique_id",)
    assert loaded.unused == ("shop",)


def test_series_may_start_and_end_at_different_times(tmp_path: Path) -> None:
    text = "id,month,y\na,2020-01,1\na,2020-02,2\nb,2020-02,3\nb,2020-03,4\nb,2020-04,5\n"
    loaded = load(tmp_path, text)
    assert loaded.panel.bounds.tolist() == [0, 2, 5]
    assert following(loaded, series=0) == ["2020-03"]
    assert following(loaded, series=1) == ["2020-05"]


def test_a_wide_file_is_a_panel_on_demand(tmp_path: Path) -> None:
    text = "day,north,south\n2024-01-01,4,10\n2024-01-02,2,\n2024-01-03,3,30\n"
    with pytest.raises(DataError, match="2 columns could be the target: north, south") as caught:
        load(tmp_path, text)
    assert "--target north" in caught.value.hint
    assert "--wide" in caught.value.hint
    loaded = load(tmp_path, text, layout="wide")
    assert loaded.panel.ids.tolist() == ["north", "south"]
    assert target(loaded, 1) == [10.0, 10.0, 30.0]
    assert loaded.panel.observed is not None
    assert loaded.panel.observed[3:, 0].tolist() == [True, False, True]


def test_years_as_columns(tmp_path: Path) -> None:
    text = '"Country","Code","2015","2016","2017","2018"\n"Aruba","ABW","","2","3","4"\n'
    text += '"Chad","TCD","5","6","7","8"\n"Nowhere","NOW","","","",""\n'
    loaded = load(tmp_path, text)
    assert loaded.schema.ids == ("Country",)
    assert loaded.panel.ids.tolist() == ["Aruba", "Chad"]
    assert target(loaded) == [2.0, 3.0, 4.0]
    assert target(loaded, 1) == [5.0, 6.0, 7.0, 8.0]
    assert following(loaded) == ["2019"]
    again = load(tmp_path, text.replace('"8"', '"9"'), loaded.schema)
    assert target(again, 1)[-1] == 9.0


def test_months_as_columns(tmp_path: Path) -> None:
    text = "region,2020-11,2020-12,2021-01\nnorth,1,2,3\nsouth,4,5,6\n"
    loaded = load(tmp_path, text)
    assert loaded.panel.freq == "MS"
    assert target(loaded, 1) == [4.0, 5.0, 6.0]
    assert times(loaded)[:3] == ["2020-11", "2020-12", "2021-01"]


def test_text_beside_a_single_series_is_no_id(tmp_path: Path) -> None:
    text = "day,weather,y\n2024-01-01,sun,1\n2024-01-02,rain,2\n2024-01-03,sun,3\n"
    loaded = load(tmp_path, text)
    assert loaded.schema.ids == ()
    assert loaded.unused == ("weather",)


def test_two_equally_good_ids_are_refused(tmp_path: Path) -> None:
    rows = [f"2024-01-{d:02d},{c},{s},{d}" for d in (1, 2, 3) for c, s in (("r", "s"), ("g", "t"))]
    rows += ["2024-01-04,r,t,4", "2024-01-04,g,s,5"]
    with pytest.raises(DataError, match="2 columns could name the series: colour, size") as caught:
        load(tmp_path, "day,colour,size,y\n" + "\n".join(rows))
    assert caught.value.hint == "say which: --id colour"


@pytest.mark.parametrize("parts", [["a", "b"], ["a/b", "c"], ["a\\", "/"], ["", "x"], ["/", ""]])
def test_joined_ids_come_apart_again(parts: list[str]) -> None:
    from forecast.data.naming import join_ids
    from forecast.types import Schema

    joined = join_ids(parts)
    values = data.id_values([joined], Schema("y", ids=("one", "two")))
    assert [values["one"][0], values["two"][0]] == parts


def _mixed() -> str:
    rows = [f"a,2020-01-{d:02d},{d}" for d in range(1, 29)]
    rows += [
        f"m{k},20{y:02d}-{m:02d}-01,{m}" for k in (1, 2) for y in (20, 21) for m in range(1, 13)
    ]
    return "id,date,y\n" + "\n".join(rows)


def test_several_frequencies_are_refused_with_their_list(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mixes 2 frequencies: daily .a.; monthly") as caught:
        load(tmp_path, _mixed())
    assert "--by-frequency" in caught.value.hint


def test_one_of_several_frequencies_can_be_taken(tmp_path: Path) -> None:
    loaded = load(tmp_path, _mixed(), frequencies="by-series")
    assert loaded.panel.ids.tolist() == ["m1", "m2"]
    assert loaded.panel.freq == "MS"
    daily = load(tmp_path, _mixed(), frequencies="by-series", freq="D")
    assert daily.panel.ids.tolist() == ["a"]
