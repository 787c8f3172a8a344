"""Under what conditions a job that nobody watches goes ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass

from forecast.errors import SpecError

__all__ = ["Guard"]


@dataclass(frozen=True, slots=True)
class Guard:
    """What has to hold before anything is written.

    Attributes:
        wait: seconds to wait for another process that writes to the output folder.
        max_age: seconds that the newest row may be old; None for any age.
        only_changes: train only where data, settings or program are not those of the latest run.
        rehearse: stop before anything is trained or written.
        resume: go on with the training that was stopped; there has to be one, of this very kind.
    """

    wait: float = 0.0
    max_age: float | None = None
    only_changes: bool = False
    rehearse: bool = False
    resume: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.wait < math.inf:
            raise SpecError(
                f"--wait must be 0 or more, got {self.wait:g}", hint="such as --wait 60"
            )
