"""One training, whole, as JSON and back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from forecast.errors import SpecError
from forecast.spec.data import DataSpec
from forecast.spec.fit import FitSpec
from forecast.spec.net import NetSpec
from forecast.spec.typed import typed

__all__ = ["DEFAULT_OUTPUT", "RunSpec"]

DEFAULT_OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One training, whole.

    Example:
        >>> spec = RunSpec(DataSpec("sales.csv", target="units"), seed=7)
        >>> RunSpec.from_json(spec.to_json()) == spec
        True
    """

    data: DataSpec
    net: NetSpec = field(default_factory=NetSpec)
    fit: FitSpec = field(default_factory=FitSpec)
    seed: int = 1

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and text."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(document: dict[str, Any]) -> RunSpec:
        """The spec a document describes.

        Raises:
            SpecError: an unknown or missing field.
        """
        try:
            parts = dict(document)
            return RunSpec(
                data=typed(DataSpec, parts["data"]),
                net=typed(NetSpec, parts["net"]),
                fit=typed(FitSpec, parts["fit"]),
                seed=int(parts["seed"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise SpecError(f"these settings are not of this version: {error}") from error
