"""Memory that is kept while a large file is read."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import pytest

from forecast.data import memory


class Library:
    """A C library that tells what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def mallopt(self, what: int, value: int) -> int:
        self.asked.append((what, value))
        return 1


@pytest.mark.skipif(os.name != "posix", reason="there is no mallopt")
def test_only_for_a_large_file_is_kept_what_is_freed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large").write_text("x" * 10)
    (tmp_path / "small").write_text("x" * 9)
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    monkeypatch.setattr(memory, "LARGE", 10)
    for name in ("small", "missing", "a*b", "\0"):
        memory.keep_for_more(str(tmp_path / name))
    memory.keep_for_more("-")
    assert library.asked == []
    memory.keep_for_more(str(tmp_path / "large"))
    assert library.asked == [(-3, 1 << 30), (-1, 1 << 30)]


def test_a_library_without_the_switch_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large").write_text("x" * 10)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    monkeypatch.setattr(memory, "LARGE", 10)
    memory.keep_for_more(str(tmp_path / "large"))
