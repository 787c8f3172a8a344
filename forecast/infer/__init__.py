"""The light runtime: an ONNX graph answers, TensorFlow stays where it is."""

from forecast.infer.golden import check_golden, golden_windows, write_golden
from forecast.infer.recursive import recursive
from forecast.infer.session import Network, load_network
from forecast.infer.trial import try_runtime

__all__ = [
    "Network",
    "check_golden",
    "golden_windows",
    "load_network",
    "recursive",
    "try_runtime",
    "write_golden",
]
