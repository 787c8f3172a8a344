"""A training step of PyTorch's nn.LSTM on the CPU, run by the benchmark's own environment.

    .venv-bench/bin/python tests/benchmarks/torch_steps.py STEPS SHAPES

SHAPES is JSON: lists of LSTM steps, features, units, batch, horizon. Prints milliseconds per step
as JSON: forward, mean absolute error, backward, clipping of the norm, Adam.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import torch
from torch import nn

WARM = 10  # first steps, left out
PATIENCE_S = 10.0  # for one shape; on a busy machine its threads wait for each other for long


def milliseconds(steps: int, shape: list[int]) -> float:
    """Of one training step, the median."""
    time_steps, features, units, batch, horizon = shape
    lstm = nn.LSTM(features, units, batch_first=True)
    head = nn.Linear(units, horizon)
    weights = [*lstm.parameters(), *head.parameters()]
    adam = torch.optim.Adam(weights, lr=3e-3)
    x = torch.randn(WARM + steps, batch, time_steps, features)
    y = torch.randn(WARM + steps, batch, horizon)
    took = []
    for step in range(WARM + steps):
        began = time.perf_counter()
        adam.zero_grad()
        states, _ = lstm(x[step])  # (B, T, U)
        nn.functional.l1_loss(head(states[:, -1]), y[step]).backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()
        took.append(time.perf_counter() - began)
        if sum(took) > PATIENCE_S:
            break
    return 1000 * statistics.median(took[WARM:] or took)


def main() -> None:
    torch.manual_seed(1)
    torch.set_num_threads(2)
    shapes = json.loads(sys.argv[2])
    print(json.dumps([milliseconds(int(sys.argv[1]), shape) for shape in shapes]))


if __name__ == "__main__":
    main()
