"""From what the network says to the forecast that is shipped: blended, calibrated, in bounds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forecast import judge
from forecast.judge import Calibration, Scores
from forecast.prep import Cutoffs, Units
from forecast.spec import RunSpec
from forecast.types import Forecast, Loaded, Panel

if TYPE_CHECKING:
    from forecast.flows.rehearsal import Rehearsal

__all__ = ["AS_IT_IS", "Finish", "choose_finish", "network_part"]

ALONE = {judge.LSTM: 1.0}


@dataclass(frozen=True, slots=True)
class Finish:
    """What is done to the network's answer; chosen on rows that no fit had seen.

    Attributes:
        weights: method -> its part of the forecast.
        calibration: of the intervals, None where there was nothing to calibrate them by.
        scores: method -> its errors on those rows, the network's first; {} where there were none.
        failures: what is wrong with the forecast of those rows, a sentence for each.
    """

    weights: dict[str, float] = field(default_factory=lambda: dict(ALONE))
    calibration: Calibration | None = None
    scores: dict[str, Scores] = field(default_factory=dict)
    failures: tuple[str, ...] = ()

    @property
    def is_network_alone(self) -> bool:
        """Whether no simple method has a part in the forecast."""
        return self.weights == ALONE

    def apply(
        self, said: Forecast, panel: Panel, cutoffs: Cutoffs, units: Units, season: int
    ) -> Forecast:
        """The forecast that is shipped.

        Args:
            said: by the network at these cutoffs, original units.
            panel: the series, for the simple methods.
            cutoffs: (W,) of the windows.
            units: the bounds.
            season: rows in a season.
        """
        tried = {judge.LSTM: said}
        for name in self.weights:
            if name != judge.LSTM:
                tried[name] = judge.baseline(name, panel, said, cutoffs.row, season)
        made = judge.blended(tried, self.weights)
        if self.calibration:
            horizon = made.values.shape[1]
            change = judge.usual_change(panel, cutoffs.row, season, horizon)
            made = self.calibration.apply(made, change)
        return _in_bounds(made, units)


AS_IT_IS = Finish()


def network_part(said: Forecast, units: Units) -> Forecast:
    """What the network says beside a blend: one number a step, as only the blend is calibrated."""
    alone = dataclasses.replace(said, values=said.point[:, :, None], levels=(0.5,))
    return _in_bounds(alone, units)


def _in_bounds(forecast: Forecast, units: Units) -> Forecast:
    """The forecast within what --min, --max and --integer allow."""
    return dataclasses.replace(forecast, values=units.within(forecast.values))


def choose_finish(rehearsal: Rehearsal | None, spec: RunSpec, loaded: Loaded) -> Finish:
    """Weights as `--if-worse` asks for them, and the calibration of what they make.

    Args:
        rehearsal: forecasts of rows that no fit had seen; None where there are none.
        spec: the settings.
        loaded: the data.
    """
    if rehearsal is None:
        return AS_IT_IS
    said, cutoffs, panel = rehearsal.forecast, rehearsal.cutoffs, loaded.panel
    tried = {judge.LSTM: said}
    for name in judge.BASELINES:
        tried[name] = judge.baseline(name, panel, said, cutoffs.row, loaded.season)
    weights = dict(ALONE)
    if spec.fit.if_worse == "blend":
        weights = judge.choose_weights(tried, cutoffs.series, rehearsal.spans)
    elif spec.fit.if_worse == "fallback":
        weights = {judge.best_of(tried, cutoffs.series): 1.0}
    made, season = judge.blended(tried, weights), loaded.season
    change = judge.usual_change(panel, cutoffs.row, season, made.values.shape[1])
    return Finish(
        weights=weights,
        calibration=judge.calibrate(made, change, rehearsal.horizons),
        scores=judge.score_all(tried, panel, cutoffs.row, season),
        failures=judge.failures(made, panel, cutoffs.row, season),
    )
