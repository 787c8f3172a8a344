"""Honest numbers: simple methods to be beaten, and how far off each forecast was."""

from forecast.judge.baselines import BASELINES, baseline
from forecast.judge.classical import CLASSICAL, classical
from forecast.judge.failures import failures
from forecast.judge.metrics import METRICS, Scores, score, score_all, skill
from forecast.judge.standing import ranked, standing
from forecast.judge.verdict import LSTM, REFERENCE, best_simple, verdict

__all__ = [
    "BASELINES",
    "CLASSICAL",
    "LSTM",
    "METRICS",
    "REFERENCE",
    "Scores",
    "baseline",
    "best_simple",
    "classical",
    "failures",
    "ranked",
    "score",
    "score_all",
    "skill",
    "standing",
    "verdict",
]
