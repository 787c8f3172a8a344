"""What the words of a report mean, each in a line."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["LABELS", "meanings"]

# Metrics as `judge` names them -> as people write them.
LABELS = {
    "mae": "MAE",
    "rmse": "RMSE",
    "mase": "MASE",
    "rmsse": "RMSSE",
    "smape": "sMAPE",
    "mape": "MAPE",
    "wape": "WAPE",
    "owa": "OWA",
    "bias": "bias",
    "bias_share": "bias share",
    "wql": "WQL",
    "nse": "NSE",
    "skill": "skill",
}

_MEANINGS = {
    "MAE": "Mean absolute error: how far off the forecast was on average, in the data's own units.",
    "RMSE": "Root mean square error: the same, but large errors count for more.",
    "MASE": "Mean absolute scaled error: 1 is what repeating the last season got wrong on average "
    "before the test; below 1 is better. It compares series of any size.",
    "RMSSE": "As MASE, but large errors count for more.",
    "sMAPE": "Symmetric mean absolute percentage error: from 0 (perfect) to 200 per cent.",
    "MAPE": "Mean absolute percentage error; it cannot be had where a value is 0.",
    "WAPE": "All errors added up, as a share of all values added up.",
    "OWA": "Overall weighted average: MASE and sMAPE held against a seasonal naive method; "
    "below 1 is better than that.",
    "bias": "Whether the forecast is too high (positive) or too low on average.",
    "bias share": "The same as a share of all values added up.",
    "WQL": "Weighted quantile loss: how far off the whole range of possible values was.",
    "NSE": "Nash-Sutcliffe efficiency: 1 is perfect, 0 is no better than the mean.",
    "skill": "The share of the seasonal naive method's error that is gone: 1 is perfect, 0 no "
    "better, below 0 worse.",
    "LSTM": "The recurrent network that was trained.",
    "blend": "What is shipped: the network mixed with a simple method, as much of each as was best "
    "on rows that no training had seen.",
    "before": "What the network that was updated would have shipped.",
    "coverage": "How many of the values lay within the interval; for an 80% interval it should be "
    "about 80%.",
    "seasonal naive": "The simple method that says: the same as last season.",
    "naive": "The simple method that says: the same as the last value, again and again.",
    "drift": "The simple method that continues the line from the first to the last value.",
}


def meanings(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Those of the words that there is something to say about, with what there is.

    Example:
        >>> [word for word, _ in meanings(["MAE", "something else", "drift"])]
        ['MAE', 'drift']
    """
    return tuple((word, _MEANINGS[word]) for word in dict.fromkeys(words) if word in _MEANINGS)
