"""Arrays by what they hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Ints", "Lines", "Times", "Weights"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Lines = NDArray[np.int32]  # of a file: half the memory of Ints, beside every row
Weights = list[NDArray[np.float32]]  # of one network, in Keras' order
Times = NDArray[np.datetime64] | NDArray[np.int64]
