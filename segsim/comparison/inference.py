"""Judging one paired difference over seeds: intervals, tests, equivalence and what more seeds would buy.

The unit of analysis is one seed. Baseline and scenario are run on the same seeds with common random numbers,
so every function works on the differences, seed by seed. Undefined values (NaN) are left out and counted.
"""

import random
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import stats

from segsim.tables import Array

Interval = tuple[float, float]

MOST_EXACT = 16
"""Largest number of seeds for which all 2**n sign flips are counted."""

RESAMPLES = 9_999
"""Random sign flips or bootstrap samples beyond that."""


@dataclass(frozen=True)
class PairedDifference:
    """A scenario against its baseline in one number, over seeds.

    Attributes
    ----------
    n, undefined : int
        Seeds with a value in both, and seeds without.
    baseline_mean, scenario_mean, mean_diff, sd_diff, se_diff : float
        Means, and mean, standard deviation and standard error of scenario minus baseline.
    ci95_t : (float, float)
        95 % interval of the mean difference by Student's t; (0, 0) if all differences are 0.
    t, df, p_t : float
        Paired t test. p is 1 if all differences are 0, and 0 if all are the same number but 0.
    corr : float
        Correlation of baseline and scenario over seeds.
    variance_reduction_factor : float
        (Var b + Var s) / Var d: by how much pairing cuts the seeds needed; below 1 pairing gained nothing.
    cohen_dz, cohen_dav : float
        Mean difference in standard deviations of the difference, and of the average of the two spreads.
    prob_superiority_paired : float
        Share of seeds in which the scenario is above its baseline, ties counting half.
    vargha_delaney_A : float
        Chance that a random scenario run is above a random baseline run, ties counting half.
    identical : bool
        Whether every one of several seeds gives exactly the same value in both: the policy changed nothing
        here.
    """

    n: int
    undefined: int
    baseline_mean: float
    scenario_mean: float
    mean_diff: float
    sd_diff: float
    se_diff: float
    t: float
    df: int
    p_t: float
    ci95_t: Interval
    corr: float
    variance_reduction_factor: float
    cohen_dz: float
    cohen_dav: float
    prob_superiority_paired: float
    vargha_delaney_A: float  # noqa: N815  the name the measure goes by
    identical: bool


def paired_difference(baseline: Array, scenario: Array) -> PairedDifference:
    """Compare a scenario with its baseline, seed by seed.

    Parameters
    ----------
    baseline, scenario : array
        One value per seed, in the same order of seeds.
    """
    both, b, s = pairs_with_values(baseline, scenario)
    d = s - b
    n = d.size
    sd, mean = spread(d), float(d.mean()) if n else np.nan
    pooled = np.sqrt((spread(b) ** 2 + spread(s) ** 2) / 2)
    above = np.sign(s[:, None] - b[None, :])
    return PairedDifference(
        n=n,
        undefined=both.size - n,
        baseline_mean=float(b.mean()) if n else np.nan,
        scenario_mean=float(s.mean()) if n else np.nan,
        mean_diff=mean,
        sd_diff=sd,
        se_diff=sd / np.sqrt(n) if n else np.nan,
        t=t_statistic(d),
        df=n - 1,
        p_t=p_paired_t(d),
        ci95_t=t_interval(d),
        corr=correlation(b, s),
        variance_reduction_factor=variance_reduction(b, s),
        cohen_dz=ratio(mean, sd),
        cohen_dav=ratio(mean, float(pooled)),
        prob_superiority_paired=float((np.sign(d) + 1).mean() / 2) if n else np.nan,
        vargha_delaney_A=float((above + 1).mean() / 2) if n else np.nan,
        identical=bool(n > 1 and not d.any()),
    )


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


def ratio(part: float, whole: float) -> float:
    """Return part / whole; NaN for 0 / 0, infinite with the sign of the part for the rest over 0."""
    if whole == 0:
        return np.nan if part == 0 or np.isnan(part) else float(np.copysign(np.inf, part))
    return part / whole


def t_statistic(differences: Array) -> float:
    """Return mean difference / standard error; NaN if all differences are 0."""
    d = drop_undefined(differences)
    return ratio(float(d.mean()), spread(d) / np.sqrt(d.size)) if d.size > 1 else np.nan


def p_paired_t(differences: Array) -> float:
    """Return the two-sided p of the paired t test; 1 if all differences are 0, NaN for one seed."""
    d = drop_undefined(differences)
    if d.size < 2:
        return np.nan
    return float(2 * stats.t.sf(abs(t_statistic(d)), d.size - 1)) if d.any() else 1.0


def t_interval(differences: Array, level: float = 0.95) -> Interval:
    """Return Student's interval of the mean difference; (0, 0) if all are 0, NaN for one seed."""
    d = drop_undefined(differences)
    if d.size < 2:
        return np.nan, np.nan
    if not d.any():
        return 0.0, 0.0
    half = half_width(spread(d), d.size, level)
    return float(d.mean()) - half, float(d.mean()) + half


def half_width(sd: float, n: int, level: float = 0.95) -> float:
    """Return t(level, n - 1) sd / sqrt(n)."""
    return float(stats.t.ppf((1 + level) / 2, n - 1) * sd / np.sqrt(n))


def correlation(baseline: Array, scenario: Array) -> float:
    """Return Pearson's correlation over seeds; NaN if either does not vary."""
    if spread(baseline) > 0 and spread(scenario) > 0:
        return float(np.corrcoef(baseline, scenario)[0, 1])
    return np.nan


def variance_reduction(baseline: Array, scenario: Array) -> float:
    """Return (Var b + Var s) / Var d; infinite if the difference never varies but the values do."""
    return ratio(spread(baseline) ** 2 + spread(scenario) ** 2, spread(scenario - baseline) ** 2)


def welch_unpaired(baseline: Array, scenario: Array) -> tuple[float, Interval]:
    """Return p and 95 % interval of the difference as if the seeds were not shared, to judge the pairing."""
    _, b, s = pairs_with_values(baseline, scenario)
    found = stats.ttest_ind(s, b, equal_var=False)
    low, high = found.confidence_interval(0.95)
    return float(found.pvalue), (float(low), float(high))


def wilcoxon_p(differences: Array) -> float:
    """Return the two-sided p of Wilcoxon's signed-rank test; 1 if all differences are 0."""
    d = drop_undefined(differences)
    if not d.size:
        return np.nan
    return float(stats.wilcoxon(d).pvalue) if d.any() else 1.0


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


def flip_share(found: float, flipped: Array, n: int) -> float:
    """Return the share of flipped statistics at least as large as the one found, apart from rounding."""
    reached = int((flipped >= found - 1e-12 * max(abs(found), 1e-300)).sum())
    return reached / flipped.size if n <= MOST_EXACT else (reached + 1) / (flipped.size + 1)


def bootstrap_interval(
    differences: Array,
    method: Literal["studentised", "percentile", "basic", "BCa"] = "studentised",
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> Interval:
    """Return a bootstrap interval of the mean difference, as a check on the t interval.

    The studentised one keeps its coverage for skewed outcomes; percentile and BCa fall short below 20 seeds.
    Where so many seeds agree that resamples of one value alone reach its tail, it has no end there
    (infinite); two seeds give NaN. All differences the same: that number twice, where BCa would be NaN.
    """
    d = drop_undefined(differences)
    if d.size < 2:
        return np.nan, np.nan
    if spread(d) == 0:
        return float(d[0]), float(d[0])
    if method == "studentised":
        if d.size == 2:
            return np.nan, np.nan
        return _bootstrap_t(d, level, resamples, seed)
    options: dict[str, Any] = {
        "confidence_level": level,
        "n_resamples": resamples,
        "rng": seed,
        "method": method,
    }
    low, high = stats.bootstrap((d,), np.mean, **options).confidence_interval
    return float(low), float(high)


def _bootstrap_t(d: Array, level: float, resamples: int, seed: int) -> Interval:
    """Return mean - quantiles of the bootstrapped t times the standard error."""
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


def seeds_needed(sd: float, wanted: float, level: float = 0.95) -> int:
    """Return the smallest number of seeds whose interval has a half-width of at most `wanted`."""
    if not wanted > 0 or not sd >= 0:
        raise ValueError(f"half-width {wanted} must be above 0 and the spread {sd} at least 0")
    high = 2
    while half_width(sd, high, level) > wanted:
        high *= 2
    low = max(2, high // 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(sd, middle, level) <= wanted else (middle + 1, high)
    return low


def minimum_detectable_effect(sd: float, n: int, alpha: float = 0.01, power: float = 0.95) -> float:
    """Return the mean difference that a two-sided paired t test finds with this power."""
    if n < 2 or not sd > 0:
        return 0.0 if sd == 0 and n >= 2 else np.nan
    critical = stats.t.isf(alpha / 2, n - 1)
    low, high = 0.0, 20.0 + 4 * float(critical)
    for _ in range(60):
        middle = (low + high) / 2
        enough = stats.nct.sf(critical, n - 1, middle) >= power
        low, high = (low, middle) if enough else (middle, high)
    return float(high * sd / np.sqrt(n))
