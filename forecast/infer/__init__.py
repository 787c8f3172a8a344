"""The light runtime: an ONNX graph answers, TensorFlow stays where it is."""

from forecast.infer.recursive import recursive
from forecast.infer.session import Network, load_network

__all__ = ["Network", "load_network", "recursive"]
