"""Time-series forecasting with a Keras LSTM, from a CSV to an honest forecast."""

from __future__ import annotations

__version__ = "0.1.0"
