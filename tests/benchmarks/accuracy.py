"""Every set's row: ours beside the published, the classical and the seasonal naive."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.cases import Case, Floats, seasonal_naive
from tests.benchmarks.metrics import METRICS, inside, msis
from tests.benchmarks.others import BENCH_PYTHON, classical
from tests.benchmarks.ours import WAYS, Job
from tests.benchmarks.process import Cost
from tests.benchmarks.river import LEADS, RIVERS, discharge
from tests.benchmarks.rolling import (
    ROLLING,
    ROLLING_PANELS,
    rolling_classics,
    rolling_panel,
)
from tests.benchmarks.sets import SETS, Goal, Set

__all__ = ["NAMES", "Asked", "measure"]

NAMES = [*SETS, ROLLING, *ROLLING_PANELS, *RIVERS]
Bounds = dict[str, Floats]
INTERVALS: dict[str, tuple[Callable[[Case, Bounds], float], Goal]] = {
    "% in 80": (lambda case, said: inside(case, said["lo80"], said["hi80"]), Goal(aim=80)),
    "% in 95": (lambda case, said: inside(case, said["lo95"], said["hi95"]), Goal(aim=95)),
    "MSIS": (
        lambda case, said: msis(case, said["lo95"], said["hi95"]),
        Goal(16.2, published={"best entrant": 16.2, "ES-RNN": 22.03}),
    ),
}
RIVER_GOALS = {1: Goal(0.93, 0.95), 3: Goal(0.72, 0.80), 7: Goal(0.48, 0.55)}
RIVER_LIMIT_S = 60

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """How to measure.

    Attributes:
        data: folder with the sets.
        seeds: runs of ours per set.
        flags: more of `forecast train`; the defaults are measured without any.
        classical: whether AutoETS and AutoTheta are run.
    """

    data: Path
    seeds: int
    flags: list[str]
    classical: bool


def measure(name: str, asked: Asked) -> list[Row]:
    """A set's rows, one per metric."""
    if name == ROLLING:
        return rolling_classics(asked.data, [*_seed(1), *asked.flags])
    if name in ROLLING_PANELS:
        seeds = [_seed(seed) for seed in range(1, asked.seeds + 1)]
        return rolling_panel(name, asked.data, seeds, asked.flags)
    return _river(name, asked) if name in RIVERS else _set(name, SETS[name], asked)


def _set(name: str, chosen: Set, asked: Asked) -> list[Row]:
    table = chosen.read(asked.data / chosen.path)
    case = chosen.case(table)
    outcomes = [
        WAYS[chosen.way](Job(table, case, [*chosen.flags, *_seed(seed), *asked.flags]))
        for seed in range(1, asked.seeds + 1)
    ]
    trainings = [cost for each in outcomes for cost in each.train]
    predictions = [cost for each in outcomes for cost in each.predict]
    others: dict[str, Floats] = {}
    costs: dict[str, float] = {}
    if asked.classical and BENCH_PYTHON.exists():
        for method in chosen.methods:
            made = classical(method, case.recent(chosen.recent), chosen.periods)
            others[method], costs[method] = made.said, round(made.seconds, 1)
    others["seasonal naive"] = seasonal_naive(case)
    return [
        {
            **_ours(name, metric, [METRICS[metric](case, each.said) for each in outcomes], goal),
            **{other: _score(metric, case, said) for other, said in others.items()},
            **_costs(trainings, predictions, chosen.limit_s),
            "classical_seconds": costs,
        }
        for metric, goal in chosen.goals.items()
    ] + [
        {
            **_ours(name, metric, [score(case, each.bounds) for each in outcomes], goal),
            **_costs(trainings, predictions, chosen.limit_s),
        }
        for metric, (score, goal) in INTERVALS.items()
        if metric != "MSIS" or name == "m4-weekly"
    ]


def _river(name: str, asked: Asked) -> list[Row]:
    """Three rows, one per lead; here higher is better."""
    found = [
        discharge(RIVERS[name], asked.data, [*_seed(seed), *asked.flags])
        for seed in range(1, asked.seeds + 1)
    ]
    rows = []
    for place, lead in enumerate(LEADS):
        goal = RIVER_GOALS[lead] if RIVERS[name].filled else Goal()
        ours = [scores["ours"][place] for scores, _ in found]
        row = _ours(name, f"NSE {lead} d", ours, goal)
        row["persistence"] = round(found[0][0]["persistence"][place], 4)
        row |= _costs([cost for _, cost in found], [], RIVER_LIMIT_S)
        rows.append(row)
    return rows


def _seed(seed: int) -> list[str]:
    return ["--seed", str(seed)]


def _score(metric: str, case: Case, said: Floats) -> float:
    return round(METRICS[metric](case, said), 4)


def _ours(name: str, metric: str, scores: list[float], goal: Goal) -> Row:
    return {
        "set": name,
        "metric": metric,
        "ours": round(statistics.mean(scores), 4),
        "seeds": [round(score, 4) for score in scores],
        "must": goal.must,
        "aim": goal.aim,
        "published": goal.published,
    }


def _costs(trainings: list[Cost], predictions: list[Cost], limit_s: int) -> Row:
    """Of one whole command, on average; the most memory that any took."""
    row: Row = {
        "seconds": round(statistics.mean(cost.seconds for cost in trainings), 1),
        "cpu_seconds": round(statistics.mean(cost.cpu_seconds for cost in trainings), 1),
        "peak_mb": round(max(cost.peak_mb for cost in [*trainings, *predictions])),
        "limit_s": limit_s,
    }
    if predictions:
        row["predict_seconds"] = round(statistics.median(cost.seconds for cost in predictions), 2)
    return row
