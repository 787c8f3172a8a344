"""The picture of errors over time: what is drawn is what was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.lines import Line2D

from forecast.show import live_figure, save
from forecast.types import Times
from tests.show.made import months


def lines(figure: object) -> dict[str, Line2D]:
    return {str(line.get_label()): line for line in figure.axes[0].get_lines()}  # type: ignore[attr-defined]


def test_both_methods_and_the_holdout_are_drawn_as_they_are() -> None:
    errors, simple = np.array([0.5, 0.7, np.nan, 0.6]), np.array([1.0, 0.9, 1.1, 1.2])
    figure = live_figure(months("2024-01", 4), errors, simple, "MASE", since=2, holdout=0.4)
    drawn = lines(figure)
    np.testing.assert_array_equal(np.asarray(drawn["forecast"].get_ydata()), errors)
    np.testing.assert_array_equal(np.asarray(drawn["seasonal naive"].get_ydata()), simple)
    assert set(np.asarray(drawn["the holdout of the training"].get_ydata())) == {0.4}
    assert [patch.get_label() for patch in figure.axes[0].patches] == ["clearly worse"]
    assert figure.axes[0].get_ylim() == pytest.approx((0, 1.32))


@pytest.mark.parametrize("time", [months("2024-01", 1), np.array([7])], ids=["dates", "numbers"])
def test_one_cutoff_and_nothing_known_can_be_drawn(time: Times, tmp_path: Path) -> None:
    nothing = np.array([np.nan])
    save(live_figure(time, nothing, nothing, "MASE"), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
