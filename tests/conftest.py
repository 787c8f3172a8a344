"""For every test."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tests.cli.command import DATA, SAMPLES, Done, forecast

# How long an example takes says nothing: the first one may import half a scientific library.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def first_training(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A folder with the sample data and `forecast train` on one of them, without flags.

    It is trained once, whichever process comes first; to be copied before anything runs in it.
    """
    from filelock import FileLock

    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "first-training"
    said = place.with_suffix(".json")
    with FileLock(place.with_suffix(".lock")):
        if not said.exists():
            shutil.copytree(SAMPLES, place / SAMPLES.name)
            done = forecast("train", DATA, cwd=place)
            said.write_text(json.dumps([done.code, done.out, done.err]))
    return place, Done(*json.loads(said.read_text()))
