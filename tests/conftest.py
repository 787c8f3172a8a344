"""For every test."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says nothing: the first one may import half a scientific library.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
