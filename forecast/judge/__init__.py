"""Honest numbers: simple methods to be beaten, and how far off each forecast was."""

from forecast.judge.baselines import BASELINES, baseline
from forecast.judge.blend import best_of, blended, choose_weights
from forecast.judge.change import usual_change
from forecast.judge.classical import CLASSICAL, classical
from forecast.judge.drift import Drift, find_drift
from forecast.judge.failures import failures
from forecast.judge.intervals import Calibration, calibrate
from forecast.judge.live import Live, live_errors, scale_at, seasonal_at
from forecast.judge.metrics import METRICS, Scores, score, score_all, skill
from forecast.judge.residuals import Residuals, reliability, residuals
from forecast.judge.standing import ranked, shipped, standing
from forecast.judge.verdict import BEFORE, BLEND, LSTM, OURS, REFERENCE, best_simple, verdict

__all__ = [
    "BASELINES",
    "BEFORE",
    "BLEND",
    "CLASSICAL",
    "LSTM",
    "METRICS",
    "OURS",
    "REFERENCE",
    "Calibration",
    "Drift",
    "Live",
    "Residuals",
    "Scores",
    "baseline",
    "best_of",
    "best_simple",
    "blended",
    "calibrate",
    "choose_weights",
    "classical",
    "failures",
    "find_drift",
    "live_errors",
    "ranked",
    "reliability",
    "residuals",
    "scale_at",
    "score",
    "score_all",
    "seasonal_at",
    "shipped",
    "skill",
    "standing",
    "usual_change",
    "verdict",
]
