"""Columns beside the target."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast import data
from forecast.data import covariates
from forecast.errors import DataError, SpecError
from tests.data.written import load, target

DAYS = "\n".join(
    f"2024-01-{d:02d},{d if d < 6 else ''},{d * 10},{'sun' if d % 2 else 'rain'},{d % 3}"
    for d in range(1, 9)
)
TEXT = "day,y,temp,sky,price\n" + DAYS


@pytest.fixture
def every_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """However rare, a text has a code of its own."""
    monkeypatch.setattr(covariates, "SEEN", 1)


def test_covariates_stand_in_order_behind_the_target(tmp_path: Path) -> None:
    loaded = load(tmp_path, TEXT, target="y", past=("temp",), future=("price",))
    assert loaded.panel.columns == ("y", "temp", "price")
    assert loaded.panel.known == 1
    assert loaded.panel.values[2].tolist() == [3.0, 30.0, 0.0]
    assert loaded.unused == ("sky",)


def test_rows_after_the_last_target_carry_what_is_known_ahead(tmp_path: Path) -> None:
    loaded = load(tmp_path, TEXT, target="y", future=("price",))
    assert target(loaded) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert loaded.panel.future.tolist() == [[0.0], [1.0], [2.0]]
    assert loaded.panel.future_bounds.tolist() == [0, 3]


def test_missing_future_rows_are_named(tmp_path: Path) -> None:
    loaded = load(tmp_path, TEXT, target="y", future=("price",))
    assert data.with_future(loaded.panel, 3, loaded.schema).future.shape == (3, 1)
    with pytest.raises(DataError, match=r"missing for 2 of 5 steps.*: 2024-01-09 to 2024-01-10"):
        data.with_future(loaded.panel, 5, loaded.schema)


def test_missing_future_rows_of_a_panel_are_named_by_the_first_series(tmp_path: Path) -> None:
    rows = [f"2024-01-{d:02d},{shop},{d},1" for shop in ("north", "south") for d in range(1, 9)]
    text = "day,shop,y,price\n" + "\n".join(rows) + "\n2024-01-09,north,,1"
    loaded = load(tmp_path, text, target="y", ids=("shop",), future=("price",))
    with pytest.raises(DataError) as raised:
        data.with_future(loaded.panel, 2, loaded.schema)
    assert raised.value.message == (
        "'price' is known ahead but missing for 1 of 2 steps to forecast of series 'north': "
        "2024-01-10 (and 1 more series)"
    )


def test_future_rows_from_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "ahead.csv").write_text("day,promo\n" + "\n".join(
        f"2024-01-{d:02d},{d * 100}" for d in range(1, 11)))  # fmt: skip
    loaded = load(
        tmp_path, TEXT, target="y", future=("promo",), future_data=str(tmp_path / "ahead.csv")
    )
    assert loaded.panel.values[:, 1].tolist() == [100.0, 200.0, 300.0, 400.0, 500.0]
    assert loaded.panel.future.ravel().tolist() == [600.0, 700.0, 800.0, 900.0, 1000.0]


def test_future_rows_for_every_series_of_a_panel(tmp_path: Path) -> None:
    rows = [f"{i},2024-01-{d:02d},{d}" for i in "ab" for d in range(1, 4)]
    (tmp_path / "ahead.csv").write_text(
        "day,holiday\n" + "\n".join(f"2024-01-{d:02d},{d % 2}" for d in range(1, 6))
    )
    loaded = load(
        tmp_path, "id,day,y\n" + "\n".join(rows), future=("holiday",),
        future_data=str(tmp_path / "ahead.csv"),
    )  # fmt: skip
    assert loaded.panel.future.ravel().tolist() == [0.0, 1.0, 0.0, 1.0]
    assert loaded.panel.future_bounds.tolist() == [0, 2, 4]


@pytest.mark.usefixtures("every_text")
def test_text_becomes_codes_and_an_unseen_one_has_its_own(tmp_path: Path) -> None:
    loaded = load(tmp_path, TEXT, target="y", past=("sky",))
    assert loaded.schema.categories == {"sky": ("rain", "sun")}
    assert loaded.panel.values[:3, 1].tolist() == [2.0, 1.0, 2.0]
    later = load(
        tmp_path, TEXT.replace("5,50,sun", "5,50,fog"), loaded.schema, target="y", past=("sky",)
    )
    assert later.panel.values[:, 1].tolist() == [2.0, 1.0, 2.0, 1.0, 0.0]


EVENTS = ["fair", "", "", "storm", "", "", "fair", "", ""]
WITH_EVENTS = "day,y,event\n" + "\n".join(
    f"2024-01-{d:02d},{d if d < 8 else ''},{event}" for d, event in enumerate(EVENTS, start=1)
)


@pytest.mark.usefixtures("every_text")
def test_a_day_without_an_event_is_no_gap(tmp_path: Path) -> None:
    loaded = load(tmp_path, WITH_EVENTS, target="y", future=("event",), fill="forward")
    assert loaded.panel.values[:, 1].tolist() == [1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 1.0]
    assert loaded.panel.texts == (0, 2)
    assert loaded.panel.observed is None
    assert not [repair for repair in loaded.repairs if "event" in repair.what]
    ahead = data.with_future(loaded.panel, 2, loaded.schema)
    assert ahead.future.tolist() == [[0.0], [0.0]]
    with pytest.raises(DataError, match="missing for 1 of 3 steps"):
        data.with_future(loaded.panel, 3, loaded.schema)


@pytest.mark.usefixtures("every_text")
def test_a_run_of_before_reads_its_events_as_it_did(tmp_path: Path) -> None:
    loaded = load(tmp_path, WITH_EVENTS, target="y", past=("event",))
    before = dataclasses.replace(loaded.schema, blanks="a gap")
    again = load(tmp_path, WITH_EVENTS, before)
    assert again.panel.values[:, 1].tolist() == [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 1.0]
    assert again.panel.observed is not None
    assert again.schema.blanks == "a gap"


@pytest.mark.usefixtures("every_text")
def test_between_two_texts_there_is_none(tmp_path: Path) -> None:
    """No straight line and no mean: a row that is put in takes the text before it."""
    text = "day,y,sky\n2024-01-01,1,fog\n2024-01-02,2,fog\n2024-01-03,3,fog\n2024-01-04,4,fog\n"
    text += "2024-01-07,7,sun\n2024-01-08,8,sun\n2024-01-08,9,fog\n2024-01-09,9,rain\n"
    loaded = load(tmp_path, text, target="y", past=("sky",), fill="linear", duplicates="mean")
    assert loaded.schema.categories == {"sky": ("fog", "rain", "sun")}
    assert loaded.panel.values[:, 0].tolist() == [1, 2, 3, 4, 5, 6, 7, 8.5, 9]
    assert loaded.panel.values[:, 1].tolist() == [1, 1, 1, 1, 1, 1, 3, 3, 2]


def skies(days: list[str]) -> str:
    """Two shops under one sky, on these days."""
    rows = [
        f"{shop},{day},{i},{sky}"
        for shop in "ab"
        for i, (day, sky) in enumerate(
            (f"2024-01-{d:02d}", sky) for d, sky in enumerate(days, start=1)
        )
    ]
    return "shop,day,y,sky\n" + "\n".join(rows) + "\n"


def test_a_text_of_few_days_is_taken_for_none_and_it_is_said(tmp_path: Path) -> None:
    """Days count, not rows: what two shops saw once was once."""
    text = skies(["fog", "sun"] * 5 + ["hail", "hail", "hail", "hail", "snow"])
    loaded = load(tmp_path, text, target="y", past=("sky",))
    assert loaded.schema.categories == {"sky": ("fog", "sun")}
    assert loaded.panel.values[8:15, 1].tolist() == [1, 2, 0, 0, 0, 0, 0]
    assert loaded.notes == (
        "2 texts of sky at fewer than 5 time stamps (hail, snow): too rare to learn from, "
        "taken for none",
    )
    alone = load(tmp_path, skies(["fog", "sun"] * 5 + ["hail"]), target="y", past=("sky",))
    assert alone.notes[0].startswith("1 text of sky at fewer than 5 time stamps (hail): too rare")
    later = load(tmp_path, skies(["hail"] * 10), loaded.schema)
    assert set(later.panel.values[:, 1]) == {0.0}
    assert not later.notes


def test_a_text_that_comes_after_the_target_is_not_learnt_from(tmp_path: Path) -> None:
    days = "\n".join(f"2024-01-{d:02d},{d if d < 9 else ''},fog" for d in range(1, 13))
    (tmp_path / "ahead.csv").write_text(
        "day,event\n"
        + "\n".join(f"2024-01-{d:02d},{'sale' if d > 4 else ''}" for d in range(1, 13))
    )
    where = str(tmp_path / "ahead.csv")
    for last, known in ((8, ()), (9, ("sale",))):
        text = "day,y,sky\n" + days.replace("2024-01-09,,", f"2024-01-09,{9 if last == 9 else ''},")
        loaded = load(tmp_path, text, target="y", future=("event",), future_data=where)
        assert loaded.schema.categories == {"event": known}
        assert len(loaded.notes) == (not known)
        again = load(tmp_path, text, loaded.schema, future_data=where)
        assert again.panel.values[:, 1].tolist() == loaded.panel.values[:, 1].tolist()
        assert again.schema.categories == loaded.schema.categories


def test_static_covariates_are_one_value_for_each_series(tmp_path: Path) -> None:
    rows = [f"{i},2024-01-{d:02d},{d},{s},{k}" for i, s, k in (("a", 50, "big"), ("b", 9, "small"))
            for d in (1, 2)]  # fmt: skip
    text = "id,day,y,area,kind\n" + "\n".join(rows)
    loaded = load(tmp_path, text, target="y", static=("area", "kind"))
    assert loaded.panel.static.tolist() == [[50.0, 1.0], [9.0, 2.0]]
    assert loaded.panel.static_columns == ("area", "kind")
    with pytest.raises(DataError, match="line 2: static column 'area' changes"):
        load(tmp_path, text.replace("2,50,", "2,51,"), target="y", static=("area",))


def test_calendar_features_lie_on_a_circle(tmp_path: Path) -> None:
    loaded = load(tmp_path, TEXT, target="y", calendar=("weekday", "month"))
    assert loaded.panel.columns == ("y", "weekday_sin", "weekday_cos", "month_sin", "month_cos")
    assert loaded.panel.known == 4
    monday = loaded.panel.values[0, 1:]  # 1 January 2024 was a Monday
    assert monday.tolist() == [0.0, 1.0, 0.0, 1.0]
    ahead = data.with_future(loaded.panel, 3, loaded.schema).future
    assert ahead.shape == (3, 4)
    np.testing.assert_allclose(ahead[2, :2], [0.0, 1.0], atol=1e-9)  # Monday, 8 January


def test_calendar_features_need_dates(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="calendar features need dates"):
        load(tmp_path, "t,y\n1,5\n2,6\n3,7\n", calendar=("hour",))


def test_future_data_without_future_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="--future-data"):
        load(tmp_path, TEXT, target="y", future_data="x.csv")


def test_gaps_in_covariates_take_their_neighbours(tmp_path: Path) -> None:
    text = TEXT.replace("2024-01-01,1,10,", "2024-01-01,1,,").replace("3,30,", "3,,")
    loaded = load(tmp_path, text, target="y", past=("temp",))
    assert loaded.panel.values[:, 1].tolist() == [20.0, 20.0, 20.0, 40.0, 50.0]
    assert loaded.panel.observed is not None
    assert loaded.panel.observed[:, 1].tolist() == [False, True, False, True, True]


def test_holidays_of_a_country(tmp_path: Path) -> None:
    pytest.importorskip("holidays")
    loaded = load(tmp_path, TEXT, target="y", holidays="DE")
    assert loaded.panel.columns == ("y", "holiday_DE")
    assert loaded.panel.values[:, 1].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]  # New Year's Day
    with pytest.raises(SpecError, match="no country"):
        load(tmp_path, TEXT, target="y", holidays="XX")


PANEL = [f"{i},2024-01-{d:02d},{d},{'' if d in (2, 5) else d}" for i in "abc" for d in range(1, 7)]


def _known_ahead(folder: Path, lines: list[str], **flags: Any) -> list[list[float]]:
    """Values of --future columns p and q, the rows after the last target at the end."""
    (folder / "ahead.csv").write_text("\n".join(lines))
    loaded = load(
        folder, "\n".join(["id,day,y,p", *PANEL]), target="y", future=("p", "q"), fill="none",
        future_data=str(folder / "ahead.csv"), **flags,
    )  # fmt: skip
    panel = loaded.panel
    return [*panel.values[:, 1:].tolist(), *panel.future.tolist()]


def test_two_files_come_together_as_in_a_loop_over_their_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    ahead = {
        (i, int(d)): (float(rng.integers(100)), float(rng.integers(100)))
        for i in "abx" for d in rng.permutation(np.arange(1, 10))[:6]
    }  # fmt: skip
    ahead |= {(i, d): (7.0, 8.0) for i in "ab" for d in range(7, 10)}
    lines = [f"{i},2024-01-{d:02d},{p},{q}" for (i, d), (p, q) in ahead.items()]
    expected, after = [], []
    for i in "abc":
        for d in range(1, 7):
            p, q = ahead.get((i, d), (np.nan, np.nan))
            expected.append([p if d in (2, 5) else float(d), q])
        after += [[7.0, 8.0]] * 3 if i in "ab" else []
    found = _known_ahead(tmp_path, ["id,day,p,q", *lines])
    np.testing.assert_array_equal(found, [*expected, *after])


def test_repeated_rows_ahead_are_an_error_that_names_their_file(tmp_path: Path) -> None:
    lines = ["id,day,q", "a,2024-01-07,1", "b,2024-01-07,1", "a,2024-01-07,2"]
    with pytest.raises(DataError, match=r"ahead\.csv: 1 time stamps occur more .* lines 2 and 4"):
        _known_ahead(tmp_path, lines)
    found = _known_ahead(tmp_path, lines, duplicates="last")
    assert found[-2][1] == 2.0


def test_a_file_ahead_that_fits_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ahead\.csv has no row of a series of") as caught:
        _known_ahead(tmp_path, ["id,day,q", "z,2024-01-07,1"])
    assert caught.value.hint == "check its id"
    with pytest.raises(
        DataError, match=r"its time stamps are whole numbers, those of .* are dates"
    ):
        _known_ahead(tmp_path, ["id,day,q", "a,7,1", "a,8,1"])
