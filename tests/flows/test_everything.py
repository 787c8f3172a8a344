"""Everything that a panel may hold and a network may be asked for, at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast import infer, store
from forecast.flows.predict import predict
from forecast.flows.train import Trained, train
from forecast.spec import ARCHS, DataSpec, FitSpec, NetSpec, RunSpec

MONTHS = [f"{year}-{month:02}" for year in range(2010, 2014) for month in range(1, 13)]
AHEAD = [f"2014-{month:02}" for month in range(1, 5)]
SHOPS = {"a": ("north", 10), "b": ("south", 25), "c": ("north", 40)}


def write(path: Path, shops: dict[str, tuple[str, int]], *, price_ahead: object = 1.0) -> Path:
    """Sales with gaps, beside rain and sky (past), price and event (known ahead), region and size.

    Price and event are known ahead, region and size static; most months have no event.
    """
    random = np.random.default_rng(3)
    lines = ["month,shop,sales,rain,sky,price,event,region,size"]
    for name, (region, size) in shops.items():
        for i, month in enumerate(MONTHS):
            price = 1 + (i % 5 == 0)
            sales = size * (10 + i % 12) / price + random.normal()
            shown = "" if i % 17 == 3 else f"{sales:.3f}"
            rain = random.gamma(2)
            seen = f"{rain:.3f},{'dry' if rain < 1 else 'wet' if rain < 3 else 'flood'}"
            event = {2: "fair", 7: "strike"}.get(i % 11, "")
            lines.append(f"{month},{name},{shown},{seen},{price},{event},{region},{size}")
        known = [f"{price_ahead},{event},{region},{size}" for event in ("", "fair", "", "")]
        lines += [f"{m},{name},,,,{row}" for m, row in zip(AHEAD, known, strict=True)]
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Trained]:
    folder = tmp_path_factory.mktemp("everything")
    spec = RunSpec(
        DataSpec(
            str(write(folder / "sales.csv", SHOPS)),
            target="sales",
            past=("rain", "sky"),
            future=("price", "event"),
            static=("region", "size"),
            calendar=("month",),
        ),
        NetSpec(arch="attention", horizon=4, units=4, identity="embedded"),
        FitSpec(loss="pinball", members=2, steps=10),
    )
    return folder, train(spec, folder / "output", "", lambda event: None)


@pytest.mark.slow
def test_it_trains_is_scored_and_forecasts_intervals(trained: tuple[Path, Trained]) -> None:
    _, made = trained
    assert made.plan.marked
    assert made.forecast is not None
    assert made.forecast.values.shape == (3, 4, 5)
    assert np.isfinite(made.forecast.values).all()
    assert (np.diff(made.forecast.values, axis=2) >= 0).all()
    assert len(made.scores) > 1


@pytest.mark.slow
def test_predict_makes_the_forecast_of_the_training_from_the_same_rows(
    trained: tuple[Path, Trained],
) -> None:
    folder, made = trained
    again = predict(store.Run(made.run.folder), str(folder / "sales.csv"))
    assert made.forecast is not None
    np.testing.assert_array_equal(again.forecast.values, made.forecast.values)


@pytest.mark.slow
def test_a_price_known_ahead_bears_on_the_forecast_and_a_new_shop_has_one(
    trained: tuple[Path, Trained],
) -> None:
    folder, made = trained
    assert made.forecast is not None
    dear = predict(made.run, str(write(folder / "dear.csv", SHOPS, price_ahead=2.0)))
    assert (dear.forecast.values != made.forecast.values).all()
    others = {"b": SHOPS["b"], "new": ("west", 15)}
    later = predict(made.run, str(write(folder / "new.csv", others)))
    assert later.unseen == ("new",)
    assert later.forecast.values.shape == (2, 4, 5)
    assert np.isfinite(later.forecast.values).all()


@pytest.mark.slow
def test_a_gap_in_what_is_known_ahead_leaves_the_forecast_out(tmp_path: Path) -> None:
    spec = RunSpec(
        DataSpec(
            str(write(tmp_path / "sales.csv", SHOPS, price_ahead="")),
            target="sales",
            future=("price", "event"),
        ),
        NetSpec(horizon=4, units=4),
        FitSpec(members=1, steps=5),
    )
    made = train(spec, tmp_path / "output", "", lambda event: None)
    assert made.forecast is None
    assert "'price' is known ahead but missing for 4 of 4 steps" in made.missing
    given = write(tmp_path / "given.csv", SHOPS)
    assert np.isfinite(predict(made.run, str(given)).forecast.values).all()


# Known up to now, known ahead, fixed.
Names = tuple[str, ...]
COVARIATES: dict[str, tuple[Names, Names, Names]] = {
    "alone": ((), (), ()),
    "covariates": (("rain", "sky"), ("price", "event"), ("region",)),
}


@pytest.mark.slow
@pytest.mark.grid
@pytest.mark.parametrize("beside", COVARIATES)
@pytest.mark.parametrize("shops", [1, 3])
@pytest.mark.parametrize("arch", ARCHS)
def test_every_network_trains_is_loaded_and_forecasts(
    arch: str, shops: int, beside: str, tmp_path: Path
) -> None:
    file = write(tmp_path / "sales.csv", dict(list(SHOPS.items())[:shops]))
    past, future, static = COVARIATES[beside]
    taken = DataSpec(
        str(file), target="sales", ids=("shop",), past=past, future=future, static=static
    )
    spec = RunSpec(
        taken, NetSpec(arch=arch, horizon=4, units=4), FitSpec(members=1, steps=10), report="none"
    )
    made = train(spec, tmp_path / "output", "", lambda event: None)
    again = predict(made.run, None)
    assert made.forecast is not None
    assert np.isfinite(made.forecast.values).all()
    np.testing.assert_array_equal(again.forecast.values, made.forecast.values)
    # What was seen when it was trained, asked of both files again.
    windows, expected = infer.golden_windows(made.run.golden, made.run.golden.read_bytes())
    light = infer.load_network(made.run.onnx)(windows)
    from forecast import nets

    np.testing.assert_allclose(light, expected, atol=1e-5)
    np.testing.assert_allclose(nets.predict(nets.load(made.run.keras), windows), light, atol=1e-5)
