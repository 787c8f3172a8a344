"""What a training leaves in a process that goes on."""

from __future__ import annotations

import gc

import pytest
from tensorflow.python.framework.func_graph import FuncGraph

from forecast import nets
from forecast.spec import FitSpec, NetSpec
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
