"""The sample data is what its README says, and clean."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "sample_data"
TABLE = dict(
    re.findall(r"^\| (\S+\.csv) \| (\d+) \|", (FOLDER / "README.md").read_text("utf-8"), re.M)
)
# file -> name of the time column, the id column, the frequency
LAYOUT = {
    "airline-passengers.csv": ("Month", None, "MS"),
    "us-employment.csv": ("month", "sector", "MS"),
    "town-electricity.csv": ("time", None, "h"),
    "river-discharge.csv": ("date", None, "D"),
    "ibm-stock.csv": ("Date", None, "B"),
}


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, parse_dates=[LAYOUT[name][0]])


def stamps(name: str) -> list[pd.DatetimeIndex]:
    """The time stamps of each series in a file."""
    time, series, _ = LAYOUT[name]
    table = read(name)
    parts = [table] if series is None else [part for _, part in table.groupby(series)]
    return [pd.DatetimeIndex(part[time]) for part in parts]


def test_the_readme_lists_every_file_and_no_other() -> None:
    assert set(TABLE) == set(LAYOUT) == {path.name for path in FOLDER.glob("*.csv")}


def test_all_files_together_are_small() -> None:
    sizes = [(FOLDER / name).stat().st_size for name in LAYOUT]
    assert max(sizes) < 300_000
    assert sum(sizes) < 1_000_000


@pytest.mark.parametrize("name", LAYOUT)
def test_a_file_has_the_rows_that_the_readme_says_and_no_missing_value(name: str) -> None:
    table = read(name)
    assert len(table) == int(TABLE[name])
    assert not table.isna().any(axis=None)


@pytest.mark.parametrize("name", [name for name in LAYOUT if name != "ibm-stock.csv"])
def test_every_series_has_each_step_of_its_frequency_once(name: str) -> None:
    for time in stamps(name):
        expected = pd.date_range(time[0], time[-1], freq=LAYOUT[name][2])
        assert time.tolist() == expected.tolist()


def test_stock_prices_are_on_business_days_and_lack_only_the_exchange_holidays() -> None:
    (time,) = stamps("ibm-stock.csv")
    weekdays = pd.bdate_range(time[0], time[-1])
    assert time.is_monotonic_increasing
    assert time.is_unique
    assert time.isin(weekdays).all()
    assert len(weekdays) - len(time) == 48


def test_the_generator_writes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(FOLDER / "generate.py"), str(tmp_path)], check=True)
    written = sorted(tmp_path.iterdir())
    assert [path.name for path in written] == ["town-electricity.csv"]
    for path in written:
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()
