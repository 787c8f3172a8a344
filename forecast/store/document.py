"""Read run.json and the scores: ours, whole, and of a format that is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from forecast.errors import RunError
from forecast.store.folder import Run
from forecast.store.migrate import FORMAT, migrated
from forecast.store.sums import AGAIN, read

__all__ = ["open_run", "open_scores"]

SEALED_FROM = 2  # the format since which every run has sums


def open_run(run: Run) -> dict[str, Any]:
    """The document of a run, as this version would have written it.

    Raises:
        RunError: it cannot be read, is not ours, is not as it was published, or was written by a
            newer version.
    """
    document = _parsed(run.document, read(run, run.document))
    found = document.get("format")
    if type(found) is not int or found < 1 or document.get("tool") != "forecast":
        raise RunError(
            f"{run.document} was not written by forecast train",
            hint="name another run with --model, or train again",
        )
    if found > FORMAT:
        raise RunError(
            f"{run.document} has format {found}, this version reads up to {FORMAT}",
            hint="upgrade: pip install --upgrade lstm-forecast",
        )
    if found >= SEALED_FROM and not run.sums.exists():
        raise RunError(f"{run.sums} is missing: the run is not whole", hint=AGAIN)
    try:
        return migrated(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise RunError(
            f"{run.document} has been changed or cut short: {error!r}", hint=AGAIN
        ) from error


def open_scores(run: Run) -> dict[str, Any]:
    """The errors on the holdout, as the training wrote them down.

    Raises:
        RunError: they cannot be read, or are not as they were published.
    """
    return _parsed(run.metrics, read(run, run.metrics))


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        RunError: there is none.
    """
    try:
        document = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RunError(
            f"{path} cannot be read: {error}", hint="name another run with --model, or train again"
        ) from error
    if not isinstance(document, dict):
        raise RunError(f"{path} holds no JSON object", hint="train again")
    return document


def _no_number(text: str) -> float:
    """JSON has no NaN and no infinity, though Python would read them."""
    raise ValueError(f"{text} is no JSON")
