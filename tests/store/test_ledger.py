"""The ledger: whole, bounded, readable by others, whatever happens to its writers."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pytest

from forecast import store
from forecast.errors import OutputError, RunError
from forecast.spec import LedgerSpec
from forecast.types import Forecast
from tests.show.made import FAN, ahead, panel_of

BOUNDS = LedgerSpec()
ABOUT = store.About(
    made="2024-05-01T02:15:00.000001+00:00",
    command="predict",
    run="20240101T000000Z-a-1234",
    source="/data/a.csv",
    target="units",
    ids=("shop",),
    freq="MS",
    tz=None,
    levels=FAN,
    horizon=6,
    known="2024-04-01T00:00:00.000000",
)


def forecast_of(count: int = 3) -> Forecast:
    return ahead(panel_of(count, ids=[f"Größe {i}" for i in range(count)]), levels=FAN)


def at(minute: int) -> store.About:
    return dataclasses.replace(ABOUT, made=f"2024-05-01T02:{minute:02}:00.000001+00:00")


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    forecast = forecast_of()
    path = store.keep(tmp_path / "ledger", ABOUT, forecast, BOUNDS)
    assert store.kept_in(tmp_path / "ledger") == [path]
    kept = store.open_kept(path)
    assert kept is not None
    about, again = kept
    assert about == ABOUT
    np.testing.assert_allclose(again.values, forecast.values, rtol=1e-7)
    assert again.levels == forecast.levels
    assert again.ids.tolist() == forecast.ids.tolist()
    assert (again.time == forecast.time).all()
    assert (again.cutoff == forecast.cutoff).all()


def test_numbered_rows_and_numbers_beyond_half_a_double_come_back_too(tmp_path: Path) -> None:
    panel = panel_of(2, time=np.arange(72))
    forecast = ahead(panel)
    forecast = dataclasses.replace(forecast, values=forecast.values * 1e60)
    about = dataclasses.replace(ABOUT, freq="1", levels=(0.5,))
    kept = store.open_kept(store.keep(tmp_path, about, forecast, BOUNDS))
    assert kept is not None
    np.testing.assert_array_equal(kept[1].values, forecast.values)
    assert kept[1].time.tolist() == forecast.time.tolist()


def test_anybody_reads_it_as_the_documentation_says(tmp_path: Path) -> None:
    forecast = forecast_of(2)
    path = store.keep(tmp_path, ABOUT, forecast, BOUNDS)
    table = pd.read_feather(path)
    assert list(table) == [
        "series", "cutoff", "step", "time", "q0.025", "q0.1", "q0.5", "q0.9", "q0.975",
    ]  # fmt: skip
    assert table["series"].astype(str).tolist() == ["Größe 0"] * 6 + ["Größe 1"] * 6
    assert table["step"].tolist() == [1, 2, 3, 4, 5, 6] * 2
    assert table["time"].tolist() == pd.to_datetime(forecast.time.ravel()).tolist()
    np.testing.assert_allclose(table["q0.5"], forecast.point.ravel(), rtol=1e-7)
    metadata = json.loads(pa.ipc.open_file(path).schema.metadata[b"forecast"])
    assert metadata["format"] == 1
    assert metadata["run"] == ABOUT.run


def test_the_oldest_go_when_there_are_too_many_or_they_are_too_large(tmp_path: Path) -> None:
    few = LedgerSpec(forecasts=3)
    paths = [store.keep(tmp_path, at(minute), forecast_of(), few) for minute in range(6)]
    assert store.kept_in(tmp_path) == paths[3:]
    size = paths[-1].stat().st_size
    small = LedgerSpec(size=2 * size + 1)
    newest = store.keep(tmp_path, at(7), forecast_of(), small)
    assert store.kept_in(tmp_path) == [paths[-1], newest]
    alone = store.keep(tmp_path, at(8), forecast_of(), LedgerSpec(size=1))
    assert store.kept_in(tmp_path) == [alone]


def test_one_that_was_let_go_in_between_is_none(tmp_path: Path) -> None:
    assert store.open_kept(tmp_path / "gone.arrow") is None


def test_what_is_none_or_damaged_or_newer_is_refused_by_name(tmp_path: Path) -> None:
    whole = store.keep(tmp_path, ABOUT, forecast_of(), BOUNDS)
    short = tmp_path / "short.arrow"
    short.write_bytes(whole.read_bytes()[:-50])
    foreign = tmp_path / "foreign.arrow"
    pd.DataFrame({"a": [1]}).to_feather(foreign)
    newer = tmp_path / "newer.arrow"
    metadata = {b"forecast": json.dumps(dataclasses.asdict(ABOUT) | {"format": 2}).encode()}
    table = pa.feather.read_table(whole).replace_schema_metadata(metadata)
    pa.feather.write_feather(table, str(newer))
    for path in (short, foreign, newer):
        with pytest.raises(RunError, match=path.name):
            store.open_kept(path)


def test_the_ledger_is_the_output_folders_or_the_runs_own_where_that_is_alone(
    tmp_path: Path,
) -> None:
    run = tmp_path / "output" / "runs" / "20240101T000000Z-a-1234"
    (run / "groups" / "MS").mkdir(parents=True)
    (tmp_path / "output" / "latest").symlink_to(run)
    for folder in (run, tmp_path / "output" / "latest", run / "groups" / "MS"):
        assert store.ledger_of(store.Run(folder)) == tmp_path / "output" / "ledger"
    copied = tmp_path / "srv" / "runs" / "latest"
    copied.mkdir(parents=True)
    assert store.ledger_of(store.Run(copied)) == copied / "ledger"


def test_a_folder_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("mine")
    with pytest.raises(OutputError, match="ledger"):
        store.keep(tmp_path / "ledger", ABOUT, forecast_of(), BOUNDS)


# A process that adds one forecast after the other, as fast as it can, until it is killed.
WRITER = """
import sys
from pathlib import Path
from tests.store.test_ledger import ABOUT, BOUNDS, forecast_of
from forecast import store
import dataclasses, datetime
print("ready", flush=True)
while True:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
    store.keep(Path(sys.argv[1]), dataclasses.replace(ABOUT, made=now), forecast_of(), BOUNDS)
"""


def test_writers_at_once_that_are_killed_at_any_moment_leave_it_whole(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(ledger)],
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
    time.sleep(0.3)
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        assert writer.stdout is not None
        writer.stdout.close()
    paths = store.kept_in(ledger)
    assert len(paths) >= 4
    assert len({path.name.split("-")[1] for path in paths}) == 2
    for path in paths:
        kept = store.open_kept(path)
        assert kept is not None
        assert kept[1].values.shape == (3, 6, 5)
    # What a killed one was about to add is cleared away by the next.
    store.keep(ledger, ABOUT, forecast_of(), BOUNDS)
    assert {path.suffix for path in ledger.iterdir()} == {".arrow"}
    assert not [path for path in ledger.iterdir() if path.name.startswith(".")]
