"""The only Keras room: networks by name, their training, their export."""

from forecast.nets.backend import silence, start

silence()
from forecast.nets.convert import export_onnx, predict  # noqa: E402
from forecast.nets.fit import Batches, History, Trainer  # noqa: E402
from forecast.nets.network import BODIES, Shape, build  # noqa: E402

__all__ = [
    "BODIES",
    "Batches",
    "History",
    "Shape",
    "Trainer",
    "build",
    "export_onnx",
    "predict",
    "start",
]
