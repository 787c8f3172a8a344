"""Random tables written in random dialects read back equal; broken bytes never crash the door."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast import data
from forecast.errors import ForecastError
from forecast.spec import DataSpec
from tests.data.written import load, monthly

FREQS = ["MS", "ME", "QE-DEC", "W-MON", "D", "B", "h", "30min", "10s"]
LAYOUTS = ["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%b %d, %Y %H:%M:%S"]
VALUES = st.floats(-1e6, 1e6).map(lambda number: round(number, 2))

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[float], pd.DatetimeIndex, str]:
    """A text, and the values, stamps and frequency that were written into it."""
    freq = draw(st.sampled_from(FREQS))
    values = draw(st.lists(VALUES, min_size=15, max_size=40))
    start = draw(st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2030-01-01")))
    stamps = pd.date_range(start.replace(microsecond=0), periods=len(values), freq=freq)
    mark, decimal = draw(st.sampled_from([(",", "."), (";", ","), ("\t", "."), ("|", ",")]))
    layout = draw(st.sampled_from(LAYOUTS))
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    rows = [
        (f'"{stamp.strftime(layout)}"' if mark == "," else stamp.strftime(layout))
        + mark
        + f"{value:.2f}".replace(".", decimal)
        for stamp, value in zip(stamps, values, strict=True)
    ]
    above = draw(st.sampled_from([[], ["# made up"], ["A title", ""]]))
    if draw(st.booleans()):
        rows = rows[::-1]
    return ends.join([*above, f"when{mark}level", *rows, ""]), values, stamps, freq


@quick
@given(files())
def test_a_file_in_any_dialect_reads_back_equal(
    file: tuple[str, list[float], pd.DatetimeIndex, str],
) -> None:
    text, values, stamps, freq = file
    with tempfile.TemporaryDirectory() as folder:
        loaded = load(Path(folder), text)
    assert loaded.panel.series(0).tolist() == values
    assert loaded.panel.time.tolist() == stamps.to_numpy("datetime64[us]").tolist()
    assert loaded.panel.freq == freq
    written = data.render_time(loaded.panel.time, loaded.schema)
    assert set(written.tolist()) <= {part.strip('"') for part in _cells(text)}


def _cells(text: str) -> list[str]:
    for mark in ('",', ";", "\t", "|"):
        if mark in text:
            return [line.split(mark)[0] for line in text.splitlines()]
    return []


@quick
@given(
    st.dictionaries(
        st.text("abcdefgh/\\ -_0123456789", min_size=1, max_size=6).filter(
            lambda name: any(map(str.isalpha, name)) and name.strip() == name
            and "  " not in name and name not in ("na", "nan")
        ),
        st.lists(VALUES, min_size=3, max_size=8), min_size=2, max_size=5,
    )
)  # fmt: skip
def test_a_panel_reads_back_equal_whatever_its_ids(panel: dict[str, list[float]]) -> None:
    rows = [
        f"{name};2024-01-{day + 1:02d};{value:.2f}"
        for name, values in panel.items()
        for day, value in enumerate(values)
    ]
    with tempfile.TemporaryDirectory() as folder:
        text = "id;day;level\n" + "\n".join(rows)
        loaded = load(Path(folder), text, ids=("id",), decimal=".", freq="D")
    assert loaded.panel.ids.tolist() == sorted(panel)
    for index, name in enumerate(sorted(panel)):
        assert loaded.panel.series(index).tolist() == panel[name]


SEEDS = [
    monthly(list(range(30))).encode(),
    b'"Date","Price"\r\n"Feb 23, 2018","2,747.30"\r\n"Feb 22, 2018","2,703.96"\r\n"","High: 3"\r\n',
    "Datum;Zeit;Größe [m³]\n01.02.2024;00:00;1,5\n13.02.2024;00:15;2,5\n".encode("latin-1"),
    b"id,ds,y\na,1,5\na,2,6\nb,1,7\nb,2,8\n",
    b"# c\n 1958 3 1958.208 315.71\n 1958 4 1958.292 317.45\n 1958 5 1958.375 317.5\n",
    b"Country,2015,2016,2017\nAruba,1,2,3\nChad,4,5,6\n",
    b'{"t": "2024-01-01", "y": 1}\n{"t": "2024-01-02", "y": 2}\n',
    "t,y\n2024-01-01,1\n2024-01-02,2\n".encode("utf-16"),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_mutated_bytes_give_a_panel_or_a_clean_error(seed: bytes, draws: st.DataObject) -> None:
    content = bytearray(seed)
    for _ in range(draws.draw(st.integers(1, 6))):
        place = draws.draw(st.integers(0, max(0, len(content) - 1)))
        what = draws.draw(st.sampled_from(["set", "insert", "cut", "double"]))
        if what == "set" and content:
            content[place] = draws.draw(st.integers(0, 255))
        elif what == "insert":
            content[place:place] = draws.draw(
                st.sampled_from([b'"', b"\n", b",", b";", b"\x00", b"\xff", b"1e999", b"-", b"#"])
            )
        elif what == "cut":
            del content[place : place + draws.draw(st.integers(1, 30))]
        else:
            content[place:place] = content[place : place + 20]
    _check(bytes(content))


@pytest.mark.parametrize("columns", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)], ids=str)
@pytest.mark.parametrize("header", ["step,other,y", "time,n,y"])
def test_numbers_without_end_give_a_panel_or_a_clean_error(
    columns: tuple[int, ...], header: str
) -> None:
    cells = [[row, row % 2, row * 2.5] for row in range(6)]
    for row in (1, 2, 3):
        for column in columns:
            cells[row][column] = math.inf
    rows = [",".join("1e999" if each == math.inf else str(each) for each in row) for row in cells]
    _check("\n".join([header, *rows, ""]).encode())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_give_a_panel_or_a_clean_error(content: bytes) -> None:
    _check(content)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from(list("0123456789,;.-/: \n\t\"'abTZ#$%")), max_size=150))
def test_random_text_gives_a_panel_or_a_clean_error(text: str) -> None:
    _check(text.encode())


def _check(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(content)
        try:
            panel = data.load(DataSpec(str(path))).panel
        except ForecastError as error:
            if not error.message:
                raise
            return
    assert len(panel.time) == len(panel.values) == panel.bounds[-1]
    assert np.isfinite(panel.values).all()
    assert len(panel.values) < 100_000


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"PAR1broken", b"\x1f\x8b\x08broken"])
def test_broken_containers(content: bytes) -> None:
    _check(content)
