"""The only Keras room: networks by name, their training, their export."""

from forecast.nets.backend import silence, start

silence()
from forecast.nets.convert import export_onnx, predict  # noqa: E402
from forecast.nets.ensemble import join  # noqa: E402
from forecast.nets.fit import Batches, Course, Trainer  # noqa: E402
from forecast.nets.network import BODIES, build  # noqa: E402
from forecast.nets.shape import Shape, Static  # noqa: E402

__all__ = [
    "BODIES",
    "Batches",
    "Course",
    "Shape",
    "Static",
    "Trainer",
    "build",
    "export_onnx",
    "join",
    "predict",
    "start",
]
