"""What is not a network of ours is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast import infer
from forecast.errors import RunError


@pytest.mark.parametrize("content", [b"", b"not a graph", b"\x08\x07" * 50])
def test_a_file_that_is_no_graph_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(RunError, match=r"model\.onnx"):
        infer.load_network(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"model\.onnx"):
        infer.load_network(tmp_path / "model.onnx")
