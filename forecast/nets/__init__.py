"""The only Keras room: networks by name, their training, their export."""

from forecast.nets.backend import silence, start

silence()
from keras import Model  # noqa: E402

from forecast.nets.convert import OnnxGraph, predict  # noqa: E402
from forecast.nets.course import Batches, Course  # noqa: E402
from forecast.nets.ensemble import join, members_of, refill  # noqa: E402
from forecast.nets.export import ask_export, export, load, some_windows  # noqa: E402
from forecast.nets.fit import Trainer  # noqa: E402
from forecast.nets.network import BODIES, build  # noqa: E402
from forecast.nets.paused import Mean, Paused  # noqa: E402
from forecast.nets.shape import Shape, Static  # noqa: E402
from forecast.nets.trial import try_training  # noqa: E402

__all__ = [
    "BODIES",
    "Batches",
    "Course",
    "Mean",
    "Model",
    "OnnxGraph",
    "Paused",
    "Shape",
    "Static",
    "Trainer",
    "ask_export",
    "build",
    "export",
    "join",
    "load",
    "members_of",
    "predict",
    "refill",
    "some_windows",
    "start",
    "try_training",
]
