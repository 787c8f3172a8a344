"""Rows that stopped coming."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from forecast import data
from forecast.errors import SpecError, StaleError
from forecast.flows.staleness import refuse_stale, spelt
from forecast.spec import DataSpec
from forecast.types import Loaded

DAY = 86_400.0


def loaded(folder: Path, days: list[str], **how: str) -> Loaded:
    rows = "\n".join(f"{day},{i}" for i, day in enumerate(days))
    (folder / "data.csv").write_text("day,y\n" + rows)
    return data.load(DataSpec(str(folder / "data.csv"), **how))  # type: ignore[arg-type]


def test_a_row_may_be_as_old_as_is_allowed_and_no_older(tmp_path: Path) -> None:
    rows = loaded(tmp_path, ["2024-03-01", "2024-03-02", "2024-03-03"])
    local = datetime(2024, 3, 5, 12).astimezone()  # the clock on the wall here
    refuse_stale(rows, None, local)
    refuse_stale(rows, 2.5 * DAY, local)
    with pytest.raises(StaleError) as raised:
        refuse_stale(rows, 2.5 * DAY - 1, local)
    assert raised.value.exit_code == 6
    assert raised.value.message == (
        "the newest row, 2024-03-03, is 2 d 12 h old, more than 2 d 11 h"
    )


def test_times_of_a_zone_are_compared_with_the_clock_of_the_world(tmp_path: Path) -> None:
    hours = [f"2024-03-01 {hour:02d}:00" for hour in range(10)]
    rows = loaded(tmp_path, hours, tz="America/New_York")  # five hours behind
    refuse_stale(rows, 3_600, datetime(2024, 3, 1, 15, tzinfo=UTC))
    with pytest.raises(StaleError, match="is 1 h 1 min old, more than 1 h"):
        refuse_stale(rows, 3_600, datetime(2024, 3, 1, 15, 1, tzinfo=UTC))


def test_the_newest_row_of_all_series_counts_and_rows_to_come_are_never_stale(
    tmp_path: Path,
) -> None:
    rows = loaded(tmp_path, ["2024-03-01", "2124-03-02", "2224-03-03"], freq="D", fill="zero")
    refuse_stale(rows, 0.0)


def test_numbered_rows_cannot_tell(tmp_path: Path) -> None:
    rows = loaded(tmp_path, ["1", "2", "3"])
    assert np.issubdtype(rows.panel.time.dtype, np.integer)
    with pytest.raises(SpecError, match="--max-staleness takes time stamps"):
        refuse_stale(rows, DAY)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (86_400 * 800.0, "800 d"), (86_405.0, "1 d")]
)
def test_a_length_of_time_in_words(seconds: float, words: str) -> None:
    assert spelt(seconds) == words
