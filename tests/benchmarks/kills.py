"""kill -9 at random moments of `forecast train` and `forecast predict`: is anything ever torn?

python -m tests.benchmarks.kills [PREDICTS [TRAININGS]]
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from forecast import store
from forecast.errors import RunError
from tests.cli.killed import hidden, kill, site

__all__ = ["kills"]


def kills(predicts: int = 70, trainings: int = 30) -> list[dict[str, Any]]:
    """Print and return how many commands died where, and how often something was torn."""
    rows = []
    chance = random.Random(1)
    for name, times in (("predict", predicts), ("train", trainings)):
        phases, torn, left = Counter[str](), 0, 0
        with tempfile.TemporaryDirectory() as folder:
            at = site(Path(folder))
            for turn in range(times):
                phases[kill(at, name, turn, chance)] += 1
                left += bool(hidden(at.output))
                try:
                    at.look()
                except (AssertionError, RunError) as error:
                    torn += 1
                    print(error, file=sys.stderr)
            with store.only_writer(at.output):
                litter = hidden(at.output) - {".holder"}
        rows.append(
            {"command": name, **phases, "left a draft": left, "torn": torn, "litter": len(litter)}
        )
        print(", ".join(f"{what} {count}" for what, count in rows[-1].items()), flush=True)
    return rows


if __name__ == "__main__":
    kills(*map(int, sys.argv[1:3]))
