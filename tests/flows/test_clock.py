"""A time limit shared out, by a clock that stands still."""

from __future__ import annotations

import pytest

from forecast.flows import clock
from forecast.flows.clock import NO_LIMIT, Clock


class Still:
    """A clock that shows one time."""

    def __init__(self, now: float) -> None:
        self.now = now

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Still:
    watch = Still(1000.0)
    monkeypatch.setattr(clock, "time", watch)
    return watch


def test_without_a_limit_nothing_has_to_be_done_at_any_time() -> None:
    assert Clock.of(5.0, None) == NO_LIMIT
    assert (NO_LIMIT.first(), NO_LIMIT.share(3), NO_LIMIT.affordable(7.0)) == (None, None, None)


def test_the_fits_leave_time_for_what_comes_after_them(still: Still) -> None:
    end = Clock.of(began=990.0, limit=60.0).end
    assert end is not None
    assert 1000 < end < 990 + 60


def test_fits_share_what_is_left_alike(still: Still) -> None:
    limit = Clock(end=1030.0)
    assert limit.share(3) == pytest.approx(1010)
    still.now = 1010.0
    assert limit.share(2) == pytest.approx(1020)
    still.now = 1020.0
    assert limit.share(1) == pytest.approx(1030)


def test_the_first_fit_gets_more_than_its_share(still: Still) -> None:
    limit = Clock(end=1030.0)
    first, share = limit.first(), limit.share(6)
    assert first is not None
    assert share is not None
    assert share < first < 1030


@pytest.mark.parametrize("late", [0.0, 500.0])
def test_a_fit_that_comes_too_late_has_to_be_done_at_once(still: Still, late: float) -> None:
    limit = Clock(end=1000.0 - late)
    assert (limit.first(), limit.share(4)) == (1000, 1000)


@pytest.mark.parametrize(
    ("left", "each", "members"),
    [
        (50.0, 10.0, 3),  # the first member's refit, and two more members fitted twice
        (49.0, 10.0, 2),
        (10.0, 10.0, 1),
        (0.0, 10.0, 1),  # one there always is
        (-90.0, 10.0, 1),
        (100.0, 0.0, 50_000),
    ],
)
def test_as_many_members_go_on_as_can_be_fitted_twice(
    still: Still, left: float, each: float, members: int
) -> None:
    assert Clock(end=1000.0 + left).affordable(each) == members
