"""What a training leaves in a process that goes on."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from tensorflow.python.framework.func_graph import FuncGraph

from forecast import nets
from forecast.spec import FitSpec, NetSpec
from tests.cli.command import SAMPLES, forecast
from tests.nets.made import SHAPE, course_of, ignore, noise, windows_of


def graphs_after_a_training() -> int:
    """How many TensorFlow graphs are alive once the next training begins."""
    nets.start(1)
    trainer = nets.Trainer(SHAPE, NetSpec(units=4), FitSpec(batch=8))
    trainer.fit(course_of(windows_of(noise(16)), 10), ignore)
    del trainer
    nets.start(1)
    gc.collect()
    return sum(isinstance(each, FuncGraph) for each in gc.get_objects())


@pytest.mark.slow
def test_the_graphs_of_a_training_go_with_it() -> None:
    assert graphs_after_a_training() == graphs_after_a_training()


# What TensorFlow says where it finds a GPU; it computes on the CPU all the same.
WITH_A_GPU = """
from unittest import mock
from forecast.nets.backend import silence
silence()
import tensorflow as tf
real = tf.config.list_physical_devices
def listed(kind=None):
    return ["a GPU"] if kind == "GPU" else real(kind)
with mock.patch.object(tf.config, "list_physical_devices", listed):
    from forecast.cli import main
    main()
"""


@pytest.mark.slow
def test_what_is_trained_as_on_a_gpu_is_deterministic_and_loads_without(tmp_path: Path) -> None:
    train = ["train", str(SAMPLES / "us-employment.csv"), "--steps", "5", "--members", "1", "-q"]
    said = []
    for place in ("once", "again"):
        command = [sys.executable, "-c", WITH_A_GPU, *train, "--no-report", "-o", place]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        said.append((tmp_path / place / "latest" / "forecast.csv").read_bytes())
        predicted = forecast("predict", "--model", f"{place}/latest", "-o", "-", cwd=tmp_path)
        assert predicted.out.encode() == said[-1]
    assert said[0] == said[1]
    exported = forecast("export", "once/latest", "--to", "savedmodel", cwd=tmp_path)
    assert (exported.code, exported.err) == (0, "")
