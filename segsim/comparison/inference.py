"""Judging one paired difference over seeds: intervals, tests, equivalence and what more seeds would buy.

The unit of analysis is one seed. Baseline and scenario are run on the same seeds with common random numbers,
so every function works on the differences, seed by seed. Undefined values (NaN) are left out and counted.
"""

import random

import numpy as np
from scipy import optimize, stats

from segsim.tables import Array

Interval = tuple[float, float]

MOST_EXACT = 16
"""Largest number of seeds for which all 2**n sign flips are counted."""

RESAMPLES = 9_999
"""Random sign flips or bootstrap samples beyond that."""


def pairs_with_values(baseline: Array, scenario: Array) -> tuple[Array, Array, Array]:
    """Return which seeds have a value in both, and those values."""
    b, s = np.asarray(baseline, float), np.asarray(scenario, float)
    if b.shape != s.shape or b.ndim != 1:
        raise ValueError(
            f"baseline and scenario must be one value per seed; shapes are {b.shape} and {s.shape}"
        )
    both = np.isfinite(b) & np.isfinite(s)
    return both, b[both], s[both]


def drop_undefined(differences: Array) -> Array:
    """Return the differences that are not NaN."""
    d = np.asarray(differences, float)
    return np.asarray(d[np.isfinite(d)])


def spread(values: Array) -> float:
    """Return the standard deviation over seeds (divisor n - 1); exactly 0 if all values are the same."""
    if values.size < 2:
        return np.nan
    return 0.0 if np.all(values == values[0]) else float(values.std(ddof=1))


def t_interval(differences: Array, level: float = 0.95) -> Interval:
    """Return Student's interval of the mean difference; (0, 0) if all are 0, NaN for one seed."""
    d = drop_undefined(differences)
    if d.size < 2:
        return np.nan, np.nan
    if not d.any():
        return 0.0, 0.0
    half = float(stats.t.ppf((1 + level) / 2, d.size - 1) * spread(d) / np.sqrt(d.size))
    return float(d.mean()) - half, float(d.mean()) + half


def correlation(baseline: Array, scenario: Array) -> float:
    """Return Pearson's correlation over seeds; NaN if either does not vary."""
    if spread(baseline) > 0 and spread(scenario) > 0:
        return float(np.corrcoef(baseline, scenario)[0, 1])
    return np.nan


def sign_flip_p(differences: Array, resamples: int = RESAMPLES, seed: int = 1) -> float:
    """Return the two-sided p of the sign-flip test of the mean.

    Exact over all 2**n flips for up to 16 seeds, else (b + 1) / (B + 1) over B random flips.
    """
    d = drop_undefined(differences)
    if not d.size:
        return np.nan
    return flip_share(abs(d.mean()), np.abs(flips(d.size, resamples, seed) @ d) / d.size, d.size)


def flips(n: int, resamples: int = RESAMPLES, seed: int = 1) -> Array:
    """Return sign patterns as rows of -1 and 1: all of them for up to 16 seeds, else random ones."""
    if n <= MOST_EXACT:
        return 1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
    drawn = np.frombuffer(random.Random(seed).randbytes(resamples * n // 8 + 1), np.uint8)
    return 1.0 - 2.0 * np.unpackbits(drawn)[: resamples * n].reshape(resamples, n)


def flip_share(observed: float, flipped: Array, n: int) -> float:
    """Return the share of flipped statistics at least as large as the observed one, apart from rounding."""
    reached = int((flipped >= observed - 1e-12 * max(abs(observed), 1e-300)).sum())
    return reached / flipped.size if n <= MOST_EXACT else (reached + 1) / (flipped.size + 1)


def bootstrap_interval(
    differences: Array, level: float = 0.95, resamples: int = RESAMPLES, seed: int = 1
) -> Interval:
    """Return the studentised bootstrap interval of the mean difference, as a check on the t interval.

    It keeps its coverage for skewed outcomes; percentile and BCa fall short below 20 seeds. Where so many
    seeds agree that resamples of one value alone reach its tail, it has no end there (infinite); two seeds
    give NaN. All differences the same: that number twice.
    """
    d = drop_undefined(differences)
    if d.size < 2:
        return np.nan, np.nan
    if spread(d) == 0:
        return float(d[0]), float(d[0])
    if d.size == 2:
        return np.nan, np.nan
    n = d.size
    rows = np.array(random.Random(seed).choices(range(n), k=resamples * n)).reshape(resamples, n)
    samples = d[rows]
    off, errors = samples.mean(axis=1) - d.mean(), samples.std(axis=1, ddof=1) / np.sqrt(n)
    same = samples.min(axis=1) == samples.max(axis=1)  # t is infinite, and leaves the interval without an end
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(same, np.sign(off) * np.inf, off / errors)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(np.where(np.isnan(t), 0.0, t), tails, method="inverted_cdf")
    error = spread(d) / np.sqrt(n)
    return float(d.mean() - high * error), float(d.mean() - low * error)


def tost_p(differences: Array, margin: float) -> float:
    """Return p of two one-sided t tests: small means the mean difference lies within -margin and +margin."""
    if not margin > 0:
        raise ValueError(f"the margin is {margin}; it must be above 0")
    d = drop_undefined(differences)
    if d.size < 2:
        return np.nan
    error = spread(d) / np.sqrt(d.size)
    if error == 0:
        return 0.0 if abs(d[0]) < margin else 1.0
    above, below = (d.mean() + margin) / error, (d.mean() - margin) / error
    return float(max(stats.t.sf(above, d.size - 1), stats.t.cdf(below, d.size - 1)))


def minimum_detectable_effect(sd: float, n: int, alpha: float = 0.01, power: float = 0.95) -> float:
    """Return the mean difference that a two-sided paired t test finds with this power."""
    if n < 2 or not sd > 0:
        return 0.0 if sd == 0 and n >= 2 else np.nan
    critical = stats.t.isf(alpha / 2, n - 1)
    # the power rises with the effect; at 20 standard errors beyond four critical values it is 1
    high = 20.0 + 4 * float(critical)
    effect = optimize.brentq(lambda x: stats.nct.sf(critical, n - 1, x) - power, 0.0, high)
    return float(effect * sd / np.sqrt(n))
