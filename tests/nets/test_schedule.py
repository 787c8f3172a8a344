"""The learning rate along its cosine."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.nets.schedule import Cosine
from tests.nets.made import told

pytestmark = pytest.mark.slow


def test_the_rate_falls_along_half_a_cosine_to_zero_and_stays_there() -> None:
    schedule = Cosine()
    schedule.plan(0.3, 8)
    steps = np.arange(12)
    expected = 0.3 * (1 + np.cos(np.pi * np.minimum(steps / 8, 1))) / 2
    np.testing.assert_allclose([told(schedule(step)) for step in steps], expected, atol=1e-7)
    assert told(schedule(0)) == pytest.approx(0.3)
    assert told(schedule(8)) == pytest.approx(0, abs=1e-7)


def test_a_schedule_can_be_made_shorter_on_the_way() -> None:
    schedule = Cosine()
    schedule.plan(0.3, 100)
    before = told(schedule(10))
    schedule.plan(0.3, 12)
    assert told(schedule(10)) < before
    assert told(schedule(12)) == pytest.approx(0, abs=1e-7)
