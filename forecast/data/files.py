"""Files of every kind to one table."""

from __future__ import annotations

from forecast.data.csvfile import read_csv
from forecast.data.source import open_sources
from forecast.data.table import Table
from forecast.spec import DataSpec

__all__ = ["read_table"]


def read_table(spec: DataSpec) -> tuple[Table, str]:
    """The table that a path, a pattern or standard input holds, and its SHA-256.

    Raises:
        DataError: it cannot be read.
    """
    sources = open_sources(spec.source)
    return read_csv(sources[0], spec), sources[0].sha256
