"""A later file beside the one that was trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import DataError
from tests.data.written import load, monthly, target, times

MONTHS = monthly(list(range(30)))


def test_a_longer_file_is_read_alike(tmp_path: Path) -> None:
    before = load(tmp_path, MONTHS)
    after = load(tmp_path, monthly(list(range(33))), before.schema)
    assert after.schema == before.schema
    assert target(after)[-1] == 32.0


def test_a_new_column_does_not_make_it_ambiguous(tmp_path: Path) -> None:
    before = load(tmp_path, MONTHS)
    wider = "\n".join(line + ",9" for line in MONTHS.splitlines()).replace("sales,9", "sales,other")
    assert target(load(tmp_path, wider, before.schema)) == target(before)


def test_a_missing_column_is_named_with_the_likely_one(tmp_path: Path) -> None:
    before = load(tmp_path, MONTHS)
    with pytest.raises(DataError, match=r"'sales' \(target\) is gone; was it renamed to 'Sales'"):
        load(tmp_path, MONTHS.replace("sales", "Sales"), before.schema)


def test_another_frequency_is_refused(tmp_path: Path) -> None:
    before = load(tmp_path, MONTHS)
    days = "month,sales\n" + "\n".join(f"2020-01-{d:02d},{d}" for d in range(1, 29))
    with pytest.raises(DataError, match="its rows were monthly, now they are daily"):
        load(tmp_path, days, before.schema)
    numbers = "month,sales\n" + "\n".join(f"{d},{d}" for d in range(1, 29))
    with pytest.raises(DataError, match="now they are whole numbers"):
        load(tmp_path, numbers, before.schema)


def test_another_dialect_is_read_and_said(tmp_path: Path) -> None:
    before = load(tmp_path, MONTHS)
    text = MONTHS.replace(",", ";").replace("2020-0", "2020M0").replace("2020-1", "2020M1")
    text = text.replace("2021-", "2021M").replace("2022-", "2022M")
    after = load(tmp_path, text, before.schema)
    assert target(after) == target(before)
    assert any("delimiter is ';'" in note for note in after.notes)
    assert any("%YM%m" in note for note in after.notes)


def test_day_first_stays_day_first(tmp_path: Path) -> None:
    long = "day;y\n" + "\n".join(f"{d:02d}/01/2024;{d}" for d in range(1, 20))
    before = load(tmp_path, long)
    short = "day;y\n" + "\n".join(f"{d:02d}/02/2024;{d}" for d in range(1, 8))
    assert times(load(tmp_path, short, before.schema))[-1] == "07/02/2024"
    assert load(tmp_path, short, before.schema).panel.freq == "D"


def test_a_few_new_rows_are_enough(tmp_path: Path) -> None:
    before = load(tmp_path, MONTHS)
    assert target(load(tmp_path, monthly([5, 6]), before.schema)) == [5.0, 6.0]
