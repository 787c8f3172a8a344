"""The command that a report shows makes the run that it is of."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from forecast.flows.settings import changed, repeat_command
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec
from forecast.types import Loaded, Panel, Schema

LOADED = Loaded(
    Panel.single([1.0, 2.0], freq="MS", start="2024-01"), Schema("y", time=("month",)), 2, "", 1
)

SPECS = [
    RunSpec(DataSpec("a.csv", season=12), NetSpec(horizon=3, fold=12, last_year="no")),
    RunSpec(
        DataSpec("my file.csv", fill="zero", past=("a b", "c,d")),
        NetSpec(arch="gru", layers=2, dropout=0.1, recurrent_dropout=0.2, l2=1e-4, norm="layer"),
        FitSpec(preset="fast", members=2, epochs=3, time_limit=60.0, holdout=0, batch=64),
        seed=9,
    ),
    RunSpec(
        DataSpec("a.csv"),
        NetSpec(window=24, units=8, state="carried", strategy="recursive", norm="batch"),
        FitSpec(steps=5, optimizer="sgd", learning_rate=0.01, loss="huber"),
    ),
    RunSpec(DataSpec("a.csv"), NetSpec(identity="embedded")),
    RunSpec(DataSpec("a.csv"), fit=FitSpec(levels=(0.05, 0.5, 0.95), if_worse="warn")),
    RunSpec(DataSpec("a.csv"), fit=FitSpec(levels=(0.5,))),
]


def understood(command: str, monkeypatch: pytest.MonkeyPatch) -> RunSpec:
    """The settings that the command line makes of a command."""
    from typer.testing import CliRunner

    from forecast.cli.app import app
    from forecast.flows import train

    got: list[RunSpec] = []

    def stop(spec: RunSpec, *rest: Any) -> None:
        got.append(spec)
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "train", stop)
    CliRunner().invoke(app, shlex.split(command)[1:])
    return got[0]


@pytest.mark.parametrize("spec", SPECS)
def test_the_command_is_understood_as_the_settings_that_it_was_made_of(
    spec: RunSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    data = dataclasses.replace(spec.data, target="y", time=("month",), ids=None)
    got = understood(repeat_command(spec, LOADED), monkeypatch)
    assert (got.net, got.fit, got.seed) == (spec.net, spec.fit, spec.seed)
    assert dataclasses.replace(got.data, ids=None) == data


def test_only_what_is_not_a_default_is_listed() -> None:
    assert list(changed(RunSpec(DataSpec("a.csv", target="y")))) == []
    spec = RunSpec(DataSpec("a.csv"), NetSpec(horizon=3), FitSpec(loss="mse"))
    assert list(changed(spec)) == [("horizon", "3", "from the data"), ("loss", "mse", "mae")]


def test_a_group_is_named_by_its_frequency() -> None:
    spec = RunSpec(DataSpec("a.csv", frequencies="by-series"))
    assert "--freq MS --by-frequency" in repeat_command(spec, LOADED)
