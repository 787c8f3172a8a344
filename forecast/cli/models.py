"""forecast models"""

from __future__ import annotations

import dataclasses

from forecast.cli import options as o
from forecast.cli.streams import say, say_json
from forecast.spec import ARCHS, NetSpec

__all__ = ["models"]

_INDENT = " " * 4


def models(quiet: o.Quiet = False, as_json: o.Json = False, debug: o.Debug = False) -> None:
    """List the networks that --arch takes."""
    if as_json:
        listed = [{"name": name, **dataclasses.asdict(arch)} for name, arch in ARCHS.items()]
        say_json({"command": "models", "default": NetSpec().arch, "models": listed})
        return
    if quiet:
        return
    for name, arch in ARCHS.items():
        default = "  (the default)" if name == NetSpec().arch else ""
        say(f"{name}{default}")
        say(f"{_INDENT}{arch.line}")
        for line in arch.diagram.splitlines():
            say(f"{_INDENT}  {line}")
        say(f"{_INDENT}{arch.when}")
        say("")
