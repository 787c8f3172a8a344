"""What a command needs beside what predicting needs: found out before it begins."""

from __future__ import annotations

from importlib.util import find_spec

from forecast.errors import InstallError

__all__ = ["TO_DRAW", "TO_REPORT", "TO_ROLL", "TO_TRAIN", "need"]

TO_DRAW = ("matplotlib",)
TO_REPORT = ("matplotlib", "jinja2")
TO_ROLL = ("statsforecast",)
TO_TRAIN = ("tensorflow", "keras", "tf2onnx", "onnx", "sklearn", *TO_REPORT)


def need(packages: tuple[str, ...], what: str) -> None:
    """See that packages are there, without importing them.

    Args:
        packages: names as they are imported.
        what: they are needed for, such as "training".

    Raises:
        InstallError: one of them is not installed.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise InstallError(
            f"{what} needs {', '.join(missing)}, this installation has what predicting needs only",
            hint="install the whole: pip install lstm-forecast, without --no-deps",
        )
