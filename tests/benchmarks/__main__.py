"""`make bench`: how fast, beside TensorFlow's import and PyTorch; how accurate, beside others.

    python -m tests.benchmarks                     speed alone
    python -m tests.benchmarks --data FOLDER       and accuracy, on the sets found there
    python -m tests.benchmarks --quick             two minutes, of which FOLDER takes one
    python -m tests.benchmarks --markdown          print the last table, run nothing

Nothing here is asserted: machines differ. Tables are printed and written to benchmarks.json, where
a set's rows replace those it had; runs with --quick or --train-flags to benchmarks-trial.json.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.accuracy import NAMES, Asked, measure
from tests.benchmarks.machine import machine
from tests.benchmarks.process import CommandFailed
from tests.benchmarks.table import markdown, text

REPORT = Path("benchmarks.json")
TRIAL = Path("benchmarks-trial.json")  # not the defaults, or not all seeds
Row = dict[str, Any]
QUICK = ["hospital", "nn5-weekly"]


def main() -> None:
    asked = arguments()
    place = TRIAL if asked.quick or asked.train_flags else REPORT
    report: dict[str, Any] = json.loads(place.read_text()) if place.exists() else {}
    if asked.markdown:
        print(markdown(report["accuracy"]), _listed(report["accuracy"][-1]["machine"]), sep="\n\n")
        return
    here = machine()
    if not asked.no_speed:
        report.update(speed(asked), machine=here)
        _write(place, report)
    failed, measured = False, []
    for name in wanted(asked) if asked.data else []:
        try:
            rows = [{**row, "machine": here} for row in measure(name, how(asked))]
        except CommandFailed as error:
            print(f"{name}: {error}", file=sys.stderr, flush=True)
            failed = True
            continue
        print(text(rows), "", sep="\n", flush=True)
        measured += rows
        report["accuracy"] = merged(report.get("accuracy", []), rows)
        _write(place, report)
    if len(measured) > 1:
        print(text(measured), "", sep="\n")
    print(_listed(here))
    sys.exit(failed)


def merged(before: list[Row], rows: list[Row]) -> list[Row]:
    """The rows of one set instead of those it had, in the order of the sets."""
    name = rows[0]["set"]
    kept = [row for row in before if row["set"] != name]
    return sorted([*kept, *rows], key=lambda row: NAMES.index(row["set"]))


def _write(place: Path, report: dict[str, Any]) -> None:
    place.write_text(json.dumps(report, indent=1) + "\n")


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
    parser.add_argument("--cycles", type=int, default=300, help="of training, update, forecast")
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
    from tests.benchmarks.kills import kills
    from tests.benchmarks.many import predict_many
    from tests.benchmarks.soak import soak

    flags = shlex.split(asked.train_flags)
    report["predict many"] = predict_many(rounds=3)
    report["training memory"] = training_memory()
    report["growth"] = growth(LINEAR, flags)
    if asked.large:
        report["large"] = growth(LARGE, flags)
    report["kills"] = kills()
    report["soak"] = soak(asked.cycles)
    report["load"] = [load_beside_pandas(asked.rows, asked.series)]
    return report


def wanted(asked: argparse.Namespace) -> list[str]:
    """The sets to measure."""
    names = asked.sets.split(",") if asked.sets else QUICK if asked.quick else NAMES
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.exit(f"no set is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return list(names)


def how(asked: argparse.Namespace) -> Asked:
    """How to measure them."""
    return Asked(
        data=asked.data,
        seeds=1 if asked.quick else asked.seeds,
        flags=shlex.split(asked.train_flags),
        classical=not asked.no_classical,
    )


if __name__ == "__main__":
    main()
