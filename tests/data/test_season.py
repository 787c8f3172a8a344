"""The season: from the calendar, from the data, and how strong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast import data
from forecast.data.season import find_season, strength
from tests.data.written import load, monthly


@pytest.mark.parametrize(
    ("freq", "season", "words"),
    [
        ("MS", 12, "monthly"),
        ("ME", 12, "monthly"),
        ("QS-JAN", 4, "quarterly"),
        ("YE-DEC", 1, "yearly"),
        ("W-SUN", 52, "weekly"),
        ("D", 7, "daily"),
        ("B", 5, "business daily"),
        ("h", 24, "hourly"),
        ("2h", 12, "every 2 hours"),
        ("30min", 48, "every 30 minutes"),
        ("15min", 96, "every 15 minutes"),
        ("5min", 288, "every 5 minutes"),
        ("10s", 360, "every 10 seconds"),
        ("1", 1, "numbered"),
        ("5", 1, "every 5 steps"),
    ],
)
def test_what_a_frequency_brings(freq: str, season: int, words: str) -> None:
    assert data.calendar(freq).length == season
    assert data.describe_freq(freq) == words


def test_a_season_needs_two_of_them(tmp_path: Path) -> None:
    assert load(tmp_path, monthly(list(range(23)))).season == 1
    assert load(tmp_path, monthly(list(range(24)))).season == 12
    assert load(tmp_path, monthly(list(range(24))), season=6).season == 6


def test_the_season_of_numbered_rows_is_found_in_the_data(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    t = np.arange(48 * 14)
    level = 100 + 10 * np.sin(2 * np.pi * t / 48) + 4 * np.sin(2 * np.pi * t / 336)
    text = "t,y\n" + "\n".join(
        f"{i},{v:.4f}" for i, v in enumerate(level + rng.normal(0, 1, len(t)))
    )
    loaded = load(tmp_path, text)
    assert loaded.season == 48
    assert loaded.season_strength > 0.9


def test_noise_has_no_season() -> None:
    rng = np.random.default_rng(3)
    assert find_season([rng.normal(size=500)]) == 1
    assert find_season([np.cumsum(rng.normal(size=500))]) == 1
    assert find_season([np.zeros(100)]) == 1


def test_strength_is_one_for_pure_season_and_small_for_noise() -> None:
    rng = np.random.default_rng(5)
    assert strength(np.tile([1.0, 5.0, 2.0, 8.0], 10), 4) == pytest.approx(1.0)
    assert strength(rng.normal(size=400), 4) < 0.1
    assert strength(np.full(40, 3.0), 4) == 0.0
