"""`make bench`: how fast, beside TensorFlow's import and PyTorch; how accurate, beside others.

    python -m tests.benchmarks                     speed alone
    python -m tests.benchmarks --data FOLDER       and accuracy, on the sets found there
    python -m tests.benchmarks --quick             two minutes, of which FOLDER takes one
    python -m tests.benchmarks --markdown          print the last table, run nothing

Nothing here is asserted: machines differ. Tables are printed and written to benchmarks.json.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.table import markdown, text

REPORT = Path("benchmarks.json")
QUICK = ["hospital", "nn5-weekly"]


def main() -> None:
    asked = arguments()
    if asked.markdown:
        last = json.loads(REPORT.read_text())
        print(markdown(last["accuracy"]), _listed(last["machine"]), sep="\n\n")
        return
    from tests.benchmarks.machine import machine

    report: dict[str, Any] = {"machine": machine()}
    if not asked.no_speed:
        report.update(speed(asked))
    if asked.data:
        report["accuracy"] = accuracy(asked)
    REPORT.write_text(json.dumps(report, indent=1) + "\n")
    print("", _listed(report["machine"]), sep="\n")


def _listed(machine: dict[str, str]) -> str:
    return ", ".join(f"{name} {what}" for name, what in machine.items())


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--data", type=Path, help="folder with the competition sets (README)")
    parser.add_argument("--sets", help="which, separated by commas; all if left out")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--train-flags", default="", help="more of `forecast train`, in one string")
    parser.add_argument("--no-classical", action="store_true", help="leave AutoETS and others out")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--quick", action="store_true", help="speed ratios and two small sets")
    parser.add_argument("--large", action="store_true", help="100,000 series too")
    parser.add_argument("--rows", type=int, default=2_000_000, help="of the file to load")
    parser.add_argument("--series", type=int, default=10_000, help="in the file to load")
    parser.add_argument("--markdown", action="store_true")
    return parser.parse_args()


def speed(asked: argparse.Namespace) -> dict[str, Any]:
    """Everything that is measured in seconds, each block printed as it is done."""
    from tests.benchmarks.growth import LARGE, LINEAR, growth
    from tests.benchmarks.others import BENCH_PYTHON
    from tests.benchmarks.speed import ratios, training_memory
    from tests.benchmarks.steps import steps_beside_torch

    rounds = 5 if not asked.quick else 1 if asked.data else 2
    report: dict[str, Any] = {"speed": ratios(rounds)}
    if BENCH_PYTHON.exists():
        report["training step"] = steps_beside_torch(rounds=1 if asked.quick else 3)
    if asked.quick:
        return report
    from tests.benchmarks.bench_load import load_beside_pandas

    flags = shlex.split(asked.train_flags)
    report["training memory"] = training_memory()
    report["growth"] = growth(LINEAR, flags)
    if asked.large:
        report["large"] = growth(LARGE, flags)
    report["load"] = [load_beside_pandas(asked.rows, asked.series)]
    return report


def accuracy(asked: argparse.Namespace) -> list[dict[str, Any]]:
    """The rows of every set, the table growing on the terminal as they come."""
    from tests.benchmarks.accuracy import NAMES, Asked, measure

    wanted = asked.sets.split(",") if asked.sets else QUICK if asked.quick else NAMES
    unknown = set(wanted) - set(NAMES)
    if unknown:
        sys.exit(f"no set is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    how = Asked(
        data=asked.data,
        seeds=1 if asked.quick else asked.seeds,
        flags=shlex.split(asked.train_flags),
        classical=not asked.no_classical,
    )
    rows: list[dict[str, Any]] = []
    for name in wanted:
        rows += measure(name, how)
        print(f"{name} done", file=sys.stderr, flush=True)
    print(text(rows), flush=True)
    return rows


if __name__ == "__main__":
    main()
