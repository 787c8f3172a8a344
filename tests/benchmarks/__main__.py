"""`make bench`: how fast, against importing TensorFlow; how accurate, against published scores.

    python -m tests.benchmarks                     speed alone: the sample data, a large file
    python -m tests.benchmarks --data FOLDER       and accuracy, on the sets found there

Nothing here is asserted: machines differ. The table is printed and written to benchmarks.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.benchmarks.speed import ratios, training_memory


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--data", type=Path, help="folder with the competition sets (README)")
    parser.add_argument("--sets", help="which, separated by commas; all if left out")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=2_000_000, help="of the file to load")
    parser.add_argument("--series", type=int, default=10_000, help="in the file to load")
    parser.add_argument("--no-speed", action="store_true")
    asked = parser.parse_args()
    report: dict[str, list[dict[str, object]]] = {}
    if not asked.no_speed:
        report["speed"] = ratios()
        report["training memory"] = training_memory()
        # Not before that clock has run: a child's peak memory cannot read below this process's.
        from tests.benchmarks.bench_load import load_beside_pandas

        report["load"] = [load_beside_pandas(asked.rows, asked.series)]
    if asked.data:
        from tests.benchmarks.accuracy import SETS, measure

        names = asked.sets.split(",") if asked.sets else list(SETS)
        report["accuracy"] = [measure(name, asked.data, asked.seeds) for name in names]
    Path("benchmarks.json").write_text(json.dumps(report, indent=1) + "\n")


main()
