"""One training, whole, as JSON and back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from forecast.errors import SpecError
from forecast.spec.data import DataSpec
from forecast.spec.fit import FitSpec
from forecast.spec.net import NetSpec
from forecast.spec.rules import one_of
from forecast.spec.typed import typed

__all__ = ["DEFAULT_OUTPUT", "EXPORTS", "REPORTS", "RunSpec"]

DEFAULT_OUTPUT = "output"
EXPORTS = ("onnx", "savedmodel", "litert", "keras")  # the first where nobody asks
REPORTS = ("html", "none")


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One training, whole.

    Attributes:
        data: which file.
        net: which network.
        fit: how it is trained.
        seed: of everything that is left to chance.
        report: what is written for a person to read, one of REPORTS.

    Example:
        >>> spec = RunSpec(DataSpec("sales.csv", target="units"), seed=7)
        >>> import json
        >>> RunSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec
        True
    """

    data: DataSpec
    net: NetSpec = field(default_factory=NetSpec)
    fit: FitSpec = field(default_factory=FitSpec)
    seed: int = 1
    report: str = "html"

    def __post_init__(self) -> None:
        one_of("report", self.report, REPORTS)

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
                report=str(parts.get("report", REPORTS[0])),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise SpecError(f"these settings are not of this version: {error}") from error
