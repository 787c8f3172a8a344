"""The length of the season, from the calendar or the data, and how strong it is."""

from __future__ import annotations

import numpy as np

from forecast.data.freq import calendar, parse_freq
from forecast.types import Floats, Ints

__all__ = ["find_season", "season_of", "strength"]

# Series and rows looked at; more would tell no more.
_SERIES = 50
_ROWS = 20_000
# A numbered series is seasonal from this autocorrelation of its differences on.
_CORRELATED = 0.3
# Peaks of the autocorrelation that are tried.
_TRIED = 12
_ROWS_TRIED = 5_000


def season_of(values: Floats, bounds: Ints, freq: str, given: int | None) -> tuple[int, float]:
    """Rows in a season, 1 for none, and its strength from 0 to 1.

    Args:
        values: (R,) the target, without NaN in the middle of a series where possible.
        bounds: (N + 1,) of the series.
        freq: as in `Panel`.
        given: the season that was asked for.
    """
    lengths = np.diff(bounds)
    longest = np.argsort(-lengths, kind="stable")[:_SERIES]
    looked = [values[bounds[i] : bounds[i + 1]][-_ROWS:] for i in longest]
    if given is not None:
        season = given
    elif parse_freq(freq).unit == "step":
        season = find_season([each[-_ROWS_TRIED:] for each in looked[:20]])
    else:
        season = calendar(freq).length
        season = season if lengths.max() >= 2 * season else 1
    if season < 2:
        return season, 0.0
    strengths = [strength(each, season) for each in looked if len(each) >= 2 * season]
    return season, float(np.median(strengths)) if strengths else 0.0


def strength(values: Floats, season: int) -> float:
    """How much of the detrended series is season: 1 - var(remainder) / var(season + remainder).

    The measure of Wang, Smith and Hyndman (2006), with a centred moving average for the trend
    and the mean of each place in the season.

    Example:
        >>> round(strength(np.tile([1.0, 2.0, 4.0, 1.0], 6), 4), 6)
        1.0
    """
    known = np.where(np.isnan(values), np.nanmean(values), values)
    if len(known) < 2 * season + 1 or np.ptp(known) == 0:
        known = np.concatenate([known, known[-season:]]) if np.ptp(known) > 0 else known
    if len(known) < 2 * season + 1 or np.ptp(known) == 0:
        return 0.0
    half = season // 2
    weights = np.ones(2 * half + 1)
    if season % 2 == 0:
        weights[[0, -1]] = 0.5
    total = np.cumsum(np.concatenate([[0.0], known]))
    width = 2 * half + 1
    window = total[width:] - total[:-width]
    if season % 2 == 0:
        window = window - 0.5 * known[: len(window)] - 0.5 * known[width - 1 :]
    detrended = known[half : half + len(window)] - window / weights.sum()
    phase = (np.arange(len(detrended)) + half) % season
    counts = np.bincount(phase, minlength=season)
    means = np.bincount(phase, detrended, minlength=season) / np.maximum(counts, 1)
    remainder = detrended - means[phase]
    spread = float(np.var(detrended))
    return max(0.0, 1.0 - float(np.var(remainder)) / spread) if spread > 0 else 0.0


def find_season(series: list[Floats]) -> int:
    """The season that most of some numbered series share, 1 if there is none.

    Example:
        >>> wave = np.sin(np.arange(480) * 2 * np.pi / 48)
        >>> find_season([wave]), find_season([np.arange(50.0)])
        (48, 1)
    """
    found = [_period(each) for each in series if len(each) >= 8]
    if not found:
        return 1
    lengths, counts = np.unique(found, return_counts=True)
    best = int(counts.argmax())
    return int(lengths[best]) if counts[best] * 2 > len(found) else 1


def _period(values: Floats) -> int:
    """The shortest lag whose autocorrelation stands out and that explains nearly most."""
    known = np.where(np.isnan(values), np.nanmean(values), values)
    correlation = _autocorrelation(np.diff(known))
    # Correlations of n random numbers stay below 2 / sqrt(n) nearly always.
    needed = max(_CORRELATED, 2.5 / np.sqrt(len(values)))
    lags = range(2, len(correlation) // 3)
    peaks = [lag for lag in lags if correlation[lag] >= needed and _is_peak(correlation, lag)]
    peaks = sorted(peaks, key=lambda lag: -correlation[lag])[:_TRIED]
    explained: dict[int, float] = {}
    for peak in peaks:
        # Noise may move a peak by a row or two.
        near = [lag for lag in range(peak - 2, peak + 3) if lag >= 2]
        shares = [_adjusted(strength(known, lag), lag, len(known)) for lag in near]
        explained[near[int(np.argmax(shares))]] = max(shares)
    most = max(explained.values(), default=0.0)
    if most < _CORRELATED:
        return 1
    return min(lag for lag, share in explained.items() if share >= 0.8 * most)


def _adjusted(share: float, season: int, count: int) -> float:
    """A share explained by `season` means, less what so many means explain of pure noise."""
    return 1.0 - (1.0 - share) * (count - 1) / (count - season)


def _autocorrelation(values: Floats) -> Floats:
    """(n,) by Fourier transform."""
    centred = values - values.mean()
    if not centred.any():
        return np.zeros(len(values))
    size = 2 ** int(np.ceil(np.log2(2 * len(centred))))
    spectrum = np.abs(np.fft.rfft(centred, size)) ** 2
    correlation = np.fft.irfft(spectrum)[: len(centred)]
    return np.asarray(correlation / correlation[0])


def _is_peak(correlation: Floats, lag: int) -> bool:
    around = correlation[max(1, lag - max(1, lag // 4)) : lag + max(1, lag // 4) + 1]
    return bool(correlation[lag] >= around.max())
