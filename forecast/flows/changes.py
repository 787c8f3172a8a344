"""Whether a training would do anything that the latest run has not done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forecast import __version__, store
from forecast.errors import RunError
from forecast.flows.events import Changed, Watch
from forecast.spec import Guard, RunSpec
from forecast.types import Loaded

__all__ = ["NotTrained", "see_need", "settings_changed", "what_changed"]


class NotTrained(Exception):
    """Nothing is to be trained, and nothing is wrong.

    Attributes:
        why: a training would be needed; "" where it would not.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def see_need(guard: Guard, spec: RunSpec, loaded: Loaded, output: Path, watch: Watch) -> None:
    """Go on where there is a need to train.

    Args:
        guard: whether it is to be looked at, and whether that is all.
        spec: the settings, as the run's document will have them.
        loaded: the data, or those of the first group.
        output: the output folder.
        watch: is told of the need.

    Raises:
        NotTrained: there is none, or it is a rehearsal.
    """
    if not guard.only_changes and not guard.rehearse:
        return
    why = what_changed(spec, loaded, output) if guard.only_changes else "it is asked for"
    if guard.rehearse or not why:
        raise NotTrained(why)
    watch(Changed(why))


def what_changed(spec: RunSpec, loaded: Loaded, output: Path) -> str:
    """What is not as it was in the latest run of the output folder, "" where all is."""
    try:
        document = store.open_run(store.find_run(output, None))
        told = settings_changed(document["spec"], store.plain(spec.to_json()))
        version = document["versions"]["lstm-forecast"]
        digest = document["data"]["sha256"]
    except RunError as error:
        return f"no run to keep: {error.message}"
    except (KeyError, TypeError, AttributeError) as error:
        return f"no run to keep: its document lacks {error}"
    if digest != loaded.sha256:
        return "the data changed"
    if "updated" in document:
        return "the latest run is an update of one that was trained"
    if version != __version__:
        return f"the program changed from {version} to {__version__}"
    return f"the settings changed: {', '.join(told)}" if told else ""


def settings_changed(
    before: dict[str, Any], now: dict[str, Any], but: tuple[str, ...] = ()
) -> list[str]:
    """Each setting that is not as it was, with what it was and what it is.

    Args:
        before: a spec as JSON holds it.
        now: likewise.
        but: settings that do not count.

    Raises:
        KeyError, TypeError, AttributeError: one of them is no spec.
    """
    was, has = _flat(before), _flat(now)
    names = [name for name in has if has[name] != was.get(name) and name not in but]
    return [f"{name} {was.get(name)} to {has[name]}" for name in names]


def _flat(spec: dict[str, Any]) -> dict[str, Any]:
    """All settings by their names, but the path of the file: what counts is its content."""
    parts = (spec["data"], spec["net"], spec["fit"], {"seed": spec["seed"]})
    return {name: value for part in parts for name, value in part.items() if name != "source"}
