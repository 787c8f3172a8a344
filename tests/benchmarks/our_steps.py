"""A training step of ours: the whole network in the Trainer, gathering of windows included.

    python -m tests.benchmarks.our_steps SHAPES

As torch_steps.py, whose plain LSTM does less: no normalisation, no gates to simple forecasts.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
import time
from itertools import pairwise

import numpy as np

from forecast import nets, prep
from forecast.spec import FitSpec, NetSpec
from forecast.types import Panel


def milliseconds(shape: list[int]) -> tuple[float, float]:
    """Of one training step: the median, the least. The first look, which compiles, is left out."""
    steps, time_steps, features, units, batch, horizon = shape
    window = time_steps * features
    values = np.random.default_rng(1).uniform(-1, 1, window + horizon + 20_000)
    panel = dataclasses.replace(
        Panel.single(values, freq="h", start="2024-01-01"), static=np.zeros((1, 1))
    )
    plan = prep.Plan(
        window=window,
        horizon=horizon,
        fold=features,
        season=features,
        holdout=0,
        validation=0,
        least=1,
    )
    split = prep.split_panel(panel, validation=0, holdout=0, least=1)
    cutoffs, _ = prep.supervised_cutoffs(split, plan)
    nets.start(1)
    built = nets.Shape(window, horizon, fold=features, season=features)
    trainer = nets.Trainer(built, NetSpec(units=units), FitSpec(batch=batch))
    looks: list[tuple[int, float]] = []
    trainer.fit(
        nets.Course(
            train=lambda order: prep.gather(panel, cutoffs.take(order), plan),
            count=len(cutoffs),
            validation=None,
            steps=steps,
            seed=1,
        ),
        lambda step: looks.append((step.step, time.perf_counter())),
    )
    spans = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(looks)]
    return 1000 * statistics.median(spans), 1000 * min(spans)


def main() -> None:
    shapes = json.loads(sys.argv[1])
    print(json.dumps([milliseconds(shape) for shape in shapes]))


if __name__ == "__main__":
    main()
