"""Every file is read twice: as the small file that it is, and as if it were a large one."""

from __future__ import annotations

import pytest

from forecast.data import source


@pytest.fixture(params=["small", "large"], autouse=True)
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Which of the two ways a plain text file takes."""
    if request.param == "large":
        monkeypatch.setattr(source, "LARGE", 1)
    return str(request.param)
