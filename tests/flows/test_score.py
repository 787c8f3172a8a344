"""Two years of daily forecasts, replayed and held against what happened."""

from __future__ import annotations

import dataclasses
import json
import shutil
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from forecast import data, prep, store
from forecast.errors import RunError
from forecast.flows.answer import answer, network_of
from forecast.flows.keeping import keep_forecast
from forecast.flows.predict import predict
from forecast.flows.recall import recall
from forecast.flows.score import Scored, score
from forecast.spec import LedgerSpec
from forecast.types import Floats, Forecast
from tests.cli.command import forecast, forecast_here
from tests.store.kept import NEWEST, ROWS

pytestmark = pytest.mark.slow

TRAINED, NIGHTS, HORIZON = 400, 730, 7
CHANGE = TRAINED + NIGHTS - 150
FLAGS = ["--horizon", "7", "--window", "28", "--members", "1", "--steps", "60", "--units", "8"]


def days(count: int, change: int = 10**9) -> Floats:
    """(count,) a week's shape and noise; from `change` on the noise is three times as loud."""
    generator = np.random.default_rng(7)
    week = np.array([0.0, 2.0, 3.0, 3.0, 5.0, 12.0, 9.0])
    noise = generator.normal(size=count) * np.where(np.arange(count) < change, 1.0, 3.0)
    return 100 + week[np.arange(count) % 7] + noise


def written(path: Path, values: Floats) -> Path:
    start = datetime(2020, 1, 1)
    rows = [f"{start + timedelta(days=i):%Y-%m-%d},{v:.6f}" for i, v in enumerate(values)]
    path.write_text("\n".join(["day,visits", *rows, ""]))
    return path


def replayed(folder: Path, source: Path) -> None:
    """Keep the forecast of every night, as `predict` would have made and kept it then."""
    run = store.find_run(folder / "output", None)
    made = recall(run)
    loaded = data.load(dataclasses.replace(made.spec.data, source=str(source)), made.schema)
    rows = np.arange(TRAINED + 1, TRAINED + NIGHTS + 1)
    cutoffs = prep.Cutoffs(np.zeros(len(rows), dtype=np.int64), rows)
    network = network_of(run, made.spec, made.plan)
    said = answer(network, loaded.panel, made.units, cutoffs, made.plan)
    whole = made.finish.apply(said, loaded.panel, cutoffs, made.units, loaded.season)
    for k in range(NIGHTS):
        pick = slice(k, k + 1)
        one = Forecast(
            whole.values[pick], whole.levels, whole.time[pick], whole.ids[pick], whole.cutoff[pick]
        )
        night = datetime(2021, 2, 4, 2, 15, tzinfo=UTC) + timedelta(days=k)
        keep_forecast(run, "predict", loaded, one, lambda event: None, night)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with a training and two years of nights after it; rows that go on as
    they were in `all.csv`."""
    folder = tmp_path_factory.mktemp("steady")
    written(folder / "visits.csv", days(TRAINED))
    done = forecast_here("train", "visits.csv", *FLAGS, "--loss", "pinball", cwd=folder)
    assert done.code == 0, done.err
    written(folder / "visits.csv", days(TRAINED + NIGHTS))
    replayed(folder, folder / "visits.csv")
    return folder


def scored(folder: Path, source: Path | None = None, files: str = "alike") -> Scored:
    run = store.find_run(folder / "output", None)
    (part,) = score(run, str(source) if source else None, files)
    return part


def test_the_training_and_every_night_is_kept(steady: Path) -> None:
    kept = [store.open_kept(path) for path in store.kept_in(steady / "output" / "ledger")]
    assert len(kept) == NIGHTS + 1
    commands = [about.command for about, _ in filter(None, kept)]
    assert sorted(set(commands)) == ["predict", "train"]
    known = {about.known for about, _ in filter(None, kept)}
    assert known == {"2021-02-03T00:00:00.000000"}


def test_two_years_of_nights_are_scored_as_a_naive_loop_scores_them(steady: Path) -> None:
    part = scored(steady)
    values = days(TRAINED + NIGHTS)
    off = np.full((NIGHTS, HORIZON), np.nan)
    naive, inside = off.copy(), off.copy()
    for path in store.kept_in(steady / "output" / "ledger"):
        kept = store.open_kept(path)
        assert kept is not None
        start = int((kept[1].cutoff[0] - np.datetime64("2020-01-01")) / np.timedelta64(1, "D")) + 1
        for step in range(HORIZON):
            if start + step < len(values):
                actual, place = values[start + step], start - TRAINED
                off[place, step] = kept[1].point[0, step] - actual
                naive[place, step] = values[start - 7 + step] - actual
                low, high = kept[1].values[0, step, [1, 3]]
                inside[place, step] = low <= actual <= high
    by_step = part.tally.means(axis=0)
    np.testing.assert_allclose(by_step["mae"], np.nanmean(np.abs(off), axis=0), rtol=1e-5)
    np.testing.assert_allclose(by_step["rmse"], np.sqrt(np.nanmean(off**2, axis=0)), rtol=1e-5)
    np.testing.assert_allclose(by_step["bias"], np.nanmean(off, axis=0), atol=1e-4)
    np.testing.assert_allclose(by_step["naive_mae"], np.nanmean(np.abs(naive), axis=0), rtol=1e-5)
    np.testing.assert_allclose(by_step["in80"], 100 * np.nanmean(inside, axis=0), rtol=1e-5)
    by_cutoff = part.tally.means(axis=1)["mae"]
    np.testing.assert_allclose(by_cutoff, np.nanmean(np.abs(off), axis=1), rtol=1e-5)
    assert part.cutoff[0] == np.datetime64("2021-02-03")
    assert (part.forecasts, part.waiting, part.left) == (NIGHTS, 1, {})
    assert part.tally.means()["mae"] < part.tally.means()["naive_mae"]


def test_steady_data_raise_no_alarm_and_a_real_change_does(steady: Path, tmp_path: Path) -> None:
    part = scored(steady)
    assert not part.drift.found
    assert not part.drift.lacking
    changed = written(tmp_path / "visits.csv", days(TRAINED + NIGHTS, CHANGE))
    drift = scored(steady, changed).drift
    assert drift.found
    assert drift.ratio > 1.8
    assert drift.since + TRAINED == pytest.approx(CHANGE, abs=70)


def test_nights_on_the_way_alarm_when_the_change_has_come_and_not_before(
    steady: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "open_kept", cache(store.open_kept))  # read the same files once
    values = days(TRAINED + NIGHTS, CHANGE)
    ends = range(TRAINED + 100, TRAINED + NIGHTS + 1, 45)
    said = {
        end: scored(steady, written(tmp_path / "visits.csv", values[:end])).drift.found
        for end in ends
    }
    early = [found for end, found in said.items() if end <= CHANGE]
    late = [found for end, found in said.items() if end > CHANGE + 60]
    assert len(early) >= 10
    assert not any(early)
    assert len(late) >= 2
    assert all(late)


def test_a_few_nights_through_the_real_command_are_those_of_the_replay(
    steady: Path, tmp_path: Path
) -> None:
    shutil.copytree(steady, tmp_path / "copy", symlinks=True)
    folder = tmp_path / "copy"
    before = set(store.kept_in(folder / "output" / "ledger"))
    for night in (1, 300):
        written(folder / "visits.csv", days(TRAINED + NIGHTS)[: TRAINED + night + 1])
        assert forecast("predict", "visits.csv", "-q", cwd=folder).code == 0
    replay = {}
    for path in before:
        kept = store.open_kept(path)
        assert kept is not None
        replay[str(kept[1].cutoff[0])] = kept[1].values
    (first, second) = sorted(set(store.kept_in(folder / "output" / "ledger")) - before)
    for path in (first, second):
        kept = store.open_kept(path)
        assert kept is not None
        np.testing.assert_allclose(kept[1].values, replay[str(kept[1].cutoff[0])], rtol=1e-5)


def test_what_a_network_had_seen_is_no_forecast_and_the_newest_of_a_night_counts(
    steady: Path, tmp_path: Path
) -> None:
    shutil.copytree(steady, tmp_path / "copy", symlinks=True)
    folder = tmp_path / "copy"
    run = store.find_run(folder / "output", None)
    before = scored(folder)
    # One that looks back over what was trained on, one that does so with its first steps alone,
    # and one of a night that had a forecast.
    for rows, shift in ((200, 50.0), (TRAINED - 3, 50.0), (TRAINED + 100, 1000.0)):
        made = predict(run, str(written(tmp_path / "some.csv", days(TRAINED + NIGHTS)[:rows])))
        moved = dataclasses.replace(made.forecast, values=made.forecast.values + shift)
        keep_forecast(run, "predict", made.loaded, moved, lambda event: None)
    after = scored(folder)
    assert after.left == {"windows that lie wholly in what the training had seen": 1}
    assert len(after.cutoff) == len(before.cutoff) + 1
    counts = after.tally.table("mae")[1]
    np.testing.assert_array_equal(counts[0], [0, 0, 0, 1, 1, 1, 1])
    errors = dict(zip(after.cutoff.tolist(), after.tally.means(axis=1)["mae"], strict=True))
    night = datetime(2020, 1, 1) + timedelta(days=TRAINED + 99)
    assert errors[night] > 900


def test_gaps_in_what_happened_do_not_count(steady: Path, tmp_path: Path) -> None:
    lines = (steady / "visits.csv").read_text().splitlines()
    del lines[1 + TRAINED + 200]
    (tmp_path / "visits.csv").write_text("\n".join(lines))
    whole = scored(steady).tally.table("mae")[1].sum()
    assert scored(steady, tmp_path / "visits.csv").tally.table("mae")[1].sum() == whole - HORIZON


def test_forecasts_of_something_else_are_left_out_and_told(steady: Path, tmp_path: Path) -> None:
    shutil.copytree(steady, tmp_path / "copy", symlinks=True)
    folder = tmp_path / "copy"
    ledger = folder / "output" / "ledger"
    kept = store.open_kept(store.kept_in(ledger)[1])
    assert kept is not None
    about, made = kept
    others = (
        dataclasses.replace(about, target="sales"),
        dataclasses.replace(about, freq="h"),
        dataclasses.replace(about, source="/data/others.csv"),
    )
    for each in others:
        store.keep(ledger, each, made, LedgerSpec())
    (ledger / "broken.arrow").write_bytes(b"ARROW1")
    part = scored(folder)
    assert sorted(part.left.values()) == [1, 1, 1, 1]
    told = " ".join(part.left)
    for words in ("another column (sales)", "frequency (h)", "others.csv", "broken.arrow"):
        assert words in told
    assert part.forecasts == NIGHTS
    assert len(scored(folder, files="any").left) == 3


def test_an_empty_ledger_says_what_fills_it(tmp_path: Path) -> None:
    shutil.copytree(NEWEST, tmp_path / "run")
    with pytest.raises(RunError, match="no forecast has been kept") as error:
        score(store.Run(tmp_path / "run"), str(ROWS))
    assert "forecast predict" in error.value.hint


def test_the_command_says_it_draws_it_and_exits_5_on_a_drift(steady: Path, tmp_path: Path) -> None:
    done = forecast("score", "--fail-on-drift", "--plot", tmp_path / "live.png", cwd=steady)
    assert (done.code, done.err) == (0, ""), done
    assert "drift     none: the newest" in done.out
    assert (tmp_path / "live.png").read_bytes().startswith(b"\x89PNG")
    assert max(map(len, done.out.splitlines())) <= 135
    table = [line.split() for line in done.out.splitlines() if line.startswith("  ")]
    assert table[0][:5] == ["step", "MAE", "RMSE", "MASE", "sMAPE"]
    assert [row[0] for row in table[1:9]] == ["1", "2", "3", "4", "5", "6", "7", "all"]

    changed = written(tmp_path / "visits.csv", days(TRAINED + NIGHTS, CHANGE))
    alarm = forecast("score", changed, "--fail-on-drift", "-q", cwd=steady)
    assert (alarm.code, alarm.out) == (5, "")
    assert alarm.err.startswith("error: the newest ")
    document = json.loads(forecast("score", changed, "--json", cwd=steady).out)
    assert (document["command"], document["drift"]) == ("score", True)
    (group,) = document["groups"]
    assert [row["step"] for row in group["by_step"]] == list(range(1, HORIZON + 1))
    assert len(group["by_cutoff"]) == group["cutoffs"] == NIGHTS
    assert 40 < group["overall"]["in80"] <= 100
