"""Whether the runtime runs: the smallest graph there is, x + x."""

from __future__ import annotations

import numpy as np

from forecast.errors import InstallError

__all__ = ["try_runtime"]

# ONNX, IR 8, opset 13: one Add node from "x" (any length) to "y".
DOUBLE = (
    b'\x08\x08\x12\x00:1\n\x0e\n\x01x\n\x01x\x12\x01y"\x03Add\x12\x01gZ\r\n\x01x\x12\x08\n\x06'
    b"\x08\x01\x12\x02\n\x00b\r\n\x01y\x12\x08\n\x06\x08\x01\x12\x02\n\x00B\x04\n\x00\x10\r"
)


def try_runtime() -> str:
    """Let onnxruntime double some numbers; its version.

    Raises:
        InstallError: it cannot be loaded, or doubles wrongly.
    """
    hint = "install it again: pip install --force-reinstall onnxruntime"
    try:
        import onnxruntime

        session = onnxruntime.InferenceSession(DOUBLE, providers=["CPUExecutionProvider"])
        asked = np.array([1.5, -2.0, 0.0], dtype=np.float32)
        (said,) = session.run(None, {"x": asked})
    except Exception as error:  # a missing library raises ImportError, the rest their own
        raise InstallError(f"onnxruntime does not run: {error}", hint=hint) from error
    if not np.array_equal(said, 2 * asked):
        raise InstallError(f"onnxruntime doubles {asked} to {said}", hint=hint)
    return str(onnxruntime.__version__)
