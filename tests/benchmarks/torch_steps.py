"""A training step of PyTorch's nn.LSTM on the CPU, run by the benchmark's own environment.

    .venv-bench/bin/python tests/benchmarks/torch_steps.py SHAPES

SHAPES is JSON: lists of training steps, LSTM steps, features, units, batch, horizon. Prints as
JSON for each the median and the least milliseconds per step, over blocks of 20: forward, mean
absolute error, backward, clipping of the norm, Adam; with two threads or one, whichever is faster.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import torch
from torch import nn

BLOCK = 20  # steps between two looks at the clock, as many as ours makes
PATIENCE_S = 6.0  # for one shape; on a busy machine its threads wait for each other for long


def milliseconds(shape: list[int]) -> tuple[float, float]:
    """Of one training step: the median, the least. The first block is left out."""
    steps, time_steps, features, units, batch, horizon = shape
    lstm = nn.LSTM(features, units, batch_first=True)
    head = nn.Linear(units, horizon)
    weights = [*lstm.parameters(), *head.parameters()]
    adam = torch.optim.Adam(weights, lr=3e-3)
    x = torch.randn(BLOCK, batch, time_steps, features)
    y = torch.randn(BLOCK, batch, horizon)
    took: list[float] = []
    while len(took) * BLOCK < steps and sum(took) * BLOCK < PATIENCE_S:
        began = time.perf_counter()
        for step in range(BLOCK):
            adam.zero_grad()
            states, _ = lstm(x[step])  # (B, T, U)
            nn.functional.l1_loss(head(states[:, -1]), y[step]).backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            adam.step()
        took.append((time.perf_counter() - began) / BLOCK)
    took = took[1:] or took
    return 1000 * statistics.median(took), 1000 * min(took)


def main() -> None:
    torch.manual_seed(1)
    found = []
    for shape in json.loads(sys.argv[1]):
        each = []
        for threads in (2, 1):  # small shapes, and busy machines, go better with one
            torch.set_num_threads(threads)
            each.append(milliseconds(shape))
        found.append([min(part) for part in zip(*each, strict=True)])
    print(json.dumps(found))


if __name__ == "__main__":
    main()
