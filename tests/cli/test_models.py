"""forecast models, as a person and as a machine sees it."""

from __future__ import annotations

import json
from pathlib import Path

from forecast.spec import ARCHS
from tests.cli.command import forecast


def test_a_person_sees_what_each_network_is_and_when_to_take_it(tmp_path: Path) -> None:
    done = forecast("models", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    heads = [line for line in done.out.splitlines() if line and not line.startswith(" ")]
    assert [head.split()[0] for head in heads] == list(ARCHS)
    assert heads[0] == "vanilla  (the default)"
    for arch in ARCHS.values():
        assert arch.line in done.out
        assert arch.when in done.out
        for line in arch.diagram.splitlines():
            assert line in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_a_machine_reads_one_document(tmp_path: Path) -> None:
    done = forecast("models", "--json", cwd=tmp_path)
    document = json.loads(done.out)
    assert (done.code, document["schema"], document["command"]) == (0, 1, "models")
    assert [model["name"] for model in document["models"]] == list(ARCHS)
    assert all(set(model) == {"name", "line", "diagram", "when"} for model in document["models"])
    assert document["default"] == "vanilla"


def test_it_wakes_no_library_to_say_so(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.argv = ['forecast', 'models']\n"
        "from forecast.cli import main\n"
        "try: main()\n"
        "finally: print(*{n.split('.')[0] for n in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stderr.split()) & {"numpy", "pandas", "tensorflow", "keras", "onnxruntime"}
