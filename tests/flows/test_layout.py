"""What is said of the inputs is what the network takes, whatever is trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast import store
from forecast.flows.layout import layout
from forecast.flows.recall import recall
from forecast.flows.train import train
from forecast.spec import DataSpec, FitSpec, NetSpec, RunSpec


def trained(folder: Path, net: NetSpec, **data: object) -> store.Run:
    """A tiny run on two shops with covariates and a gap."""
    days = pd.date_range("2024-01-01", periods=80)
    random = np.random.default_rng(1)
    table = pd.concat(
        pd.DataFrame(
            {"shop": shop, "size": size, "day": days, "sales": random.uniform(5, 9, 80),
             "rain": random.uniform(0, 1, 80), "price": random.uniform(1, 2, 80)}
        )
        for shop, size in (("a", 3.0), ("b", 5.0))
    )  # fmt: skip
    table.iloc[7, 3] = np.nan
    table.to_csv(folder / "data.csv", index=False)
    spec = DataSpec(str(folder / "data.csv"), target="sales", **data)  # type: ignore[arg-type]
    fit = FitSpec(steps=4, members=1)
    return train(
        RunSpec(spec, net, fit, report="none"), folder / "output", "", lambda event: None
    ).run


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "covariates", "recursive"])
def test_the_layout_is_that_of_the_windows_that_were_kept(kind: str, tmp_path: Path) -> None:
    net = NetSpec(horizon=3, units=4, identity="embedded" if kind == "covariates" else "unknown")
    if kind == "recursive":
        net = NetSpec(horizon=3, units=4, strategy="recursive")
    more: dict[str, object] = {"static": ("size",)}
    if kind == "covariates":
        more |= {"past": ("rain",), "future": ("price",), "calendar": ("weekday",)}
    run = trained(tmp_path, net, **more)
    ports = {port.name: port for port in layout(recall(run))}
    with np.load(run.golden) as kept:
        for name in ("x", "known", "static"):
            if name in ports or kept[name].shape[-1]:
                assert kept[name].shape[1:] == ports[name].shape[1:], name
        assert kept["answer"].shape[1:] == ports["forecast"].shape[1:]
    for port in ports.values():
        assert len(port.columns) == port.shape[-1]
    if kind == "covariates":
        ahead = ("price", "weekday_sin", "weekday_cos")
        assert ports["x"].columns[:5] == ("sales", "rain", *ahead)
        assert ports["known"].columns == ahead
        assert ports["static"].columns == ("size", "series", "zero")
