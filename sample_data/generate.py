"""Write the sample data that is generated: hourly electricity load of an invented town.

`python sample_data/generate.py` writes town-electricity.csv beside this file, byte for byte the
same each time: the only random numbers come from SEED.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SEED = 20230101
YEAR = 2023

# Public holidays of 2023 in much of Germany; the town keeps them like Sundays.
HOLIDAYS = (
    "2023-01-01",
    "2023-04-07",
    "2023-04-10",
    "2023-05-01",
    "2023-05-18",
    "2023-05-29",
    "2023-10-03",
    "2023-12-25",
    "2023-12-26",
)

# Load by hour of the day as a share of the daily mean: morning rise, noon, evening peak.
WORKDAY = np.ravel(
    [
        [74, 70, 68, 68, 71, 80, 95, 110, 116, 117, 117, 118],
        [117, 114, 111, 109, 110, 116, 122, 121, 113, 102, 91, 81],
    ]
)
SUNDAY = np.ravel(
    [
        [72, 68, 65, 63, 63, 65, 68, 74, 83, 91, 97, 101],
        [102, 98, 93, 90, 91, 98, 106, 107, 102, 94, 86, 77],
    ]
)


def wander(size: int, memory: float, spread: float, random: np.random.Generator) -> Floats:
    """(size,) a first-order autoregression around 0 with standard deviation `spread`."""
    shocks = random.standard_normal(size) * spread * np.sqrt(1 - memory**2)
    path = np.empty(size)
    level = 0.0
    for step, shock in enumerate(shocks):
        level = memory * level + shock
        path[step] = level
    return path


def air_temperature(time: pd.DatetimeIndex, random: np.random.Generator) -> Floats:
    """(R,) degrees Celsius: the year, the day (stronger in summer), and a few days' weather."""
    summer = -np.cos(2 * np.pi * (time.day_of_year.to_numpy() - 15) / 365)
    afternoon = -np.cos(2 * np.pi * (time.hour.to_numpy() - 3) / 24)
    weather = wander(len(time), memory=0.985, spread=3.2, random=random)
    return 10.0 + 9.0 * summer + (3.0 + 1.5 * summer) * afternoon + weather


def electricity_load(
    time: pd.DatetimeIndex,
    temperature: Floats,
    holiday: NDArray[np.bool_],
    random: np.random.Generator,
) -> Floats:
    """(R,) megawatts: hour and kind of day, heating below 15 degrees, cooling above 22."""
    weekday = time.day_of_week.to_numpy()
    sunday = (weekday == 6) | holiday
    saturday = (weekday == 5) & ~holiday
    shape = np.where(sunday, SUNDAY[time.hour], WORKDAY[time.hour]) / 100
    shape = np.where(saturday, (SUNDAY + WORKDAY)[time.hour] / 200, shape)
    heating = 1.6 * np.clip(15.0 - temperature, 0, None)
    cooling = 2.4 * np.clip(temperature - 22.0, 0, None)
    noise = wander(len(time), memory=0.9, spread=2.5, random=random)
    return 120.0 * shape + heating + cooling + noise


def town_electricity() -> pd.DataFrame:
    """One year of hours: time, load_mw, temperature_c, holiday (1 on public holidays)."""
    random = np.random.default_rng(SEED)
    time = pd.date_range(f"{YEAR}-01-01", f"{YEAR}-12-31 23:00", freq="h")
    holiday = np.asarray(time.normalize().isin(pd.to_datetime(list(HOLIDAYS))))
    temperature = air_temperature(time, random)
    load = electricity_load(time, temperature, holiday, random)
    return pd.DataFrame(
        {
            "time": time.strftime("%Y-%m-%d %H:%M"),
            "load_mw": [f"{value:.1f}" for value in load],
            "temperature_c": [f"{value:.1f}" for value in temperature],
            "holiday": holiday.astype(int),
        }
    )


def main() -> None:
    """Write every generated file into the folder asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    path = parser.parse_args().folder / "town-electricity.csv"
    town_electricity().to_csv(path, index=False, lineterminator="\n")
    print(path)


if __name__ == "__main__":
    main()
