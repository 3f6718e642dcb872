"""A paired difference in plain Python, beside `segsim.comparison.paired_differences`."""

from collections.abc import Sequence
from math import inf, isfinite, nan, sqrt
from statistics import mean, stdev, variance
from typing import NamedTuple

from scipy import stats


class Difference(NamedTuple):
    """A scenario against its baseline in one number, over seeds."""

    n: int
    undefined: int
    difference: float
    sd: float
    lower: float
    upper: float
    p: float
    variance_reduction: float
    identical: bool


def paired_difference(baseline: Sequence[float], scenario: Sequence[float]) -> Difference:
    """Compare a scenario with its baseline, seed by seed; seeds without a value in either are left out."""
    pairs = [(b, s) for b, s in zip(baseline, scenario, strict=True) if isfinite(b) and isfinite(s)]
    d = [s - b for b, s in pairs]
    n, undefined = len(d), len(baseline) - len(d)
    if n < 2:
        return Difference(n, undefined, d[0] if d else nan, nan, nan, nan, nan, nan, False)
    m, sd = mean(d), stdev(d)
    if not any(d):
        return Difference(n, undefined, 0.0, 0.0, 0.0, 0.0, 1.0, inf, True)
    error = sd / sqrt(n)
    half = float(stats.t.ppf(0.975, n - 1)) * error
    p = 2 * float(stats.t.sf(abs(m) / error, n - 1)) if error else 0.0
    own = variance([b for b, _ in pairs]) + variance([s for _, s in pairs])
    return Difference(n, undefined, m, sd, m - half, m + half, p, own / sd**2 if sd else inf, False)
