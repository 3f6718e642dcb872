"""Paired differences of many quantities at once: the functions of `inference`, one line per quantity."""

import numpy as np
import pandas as pd
from scipy import stats

from segsim.tables import Array


def tabulate_differences(baseline: Array, scenario: Array) -> pd.DataFrame:
    """Compare two arrays of quantities by seeds, line by line.

    Parameters
    ----------
    baseline, scenario : array
        Quantities by seeds; NaN where undefined.

    Returns
    -------
    DataFrame
        baseline_mean, scenario_mean, difference, lower, upper (95 %, Student's t), sd (of the difference), n,
        undefined, p (paired t), correlation, variance_reduction, share_positive, identical. All differences 0
        gives the interval (0, 0) and p 1; fewer than two seeds gives NaN.
    """
    both = np.isfinite(baseline) & np.isfinite(scenario)
    n = both.sum(axis=1)
    b_mean, b_var = moments(baseline, both)
    s_mean, s_var = moments(scenario, both)
    d = np.where(both, scenario - baseline, np.nan)
    mean, var = moments(d, both)
    identical = (n > 1) & ~np.any(np.where(both, d, 0.0), axis=1)
    sd = np.sqrt(var)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = sd / np.sqrt(n)
        half = stats.t.ppf(0.975, np.where(n > 1, n - 1, np.nan)) * error
        p = 2 * stats.t.sf(np.abs(mean / error), np.where(n > 1, n - 1, np.nan))
        products = np.where(both, (baseline - b_mean[:, None]) * (scenario - s_mean[:, None]), 0.0)
        correlation = np.clip(products.sum(axis=1) / (n - 1) / np.sqrt(b_var * s_var), -1, 1)
        reduction = (b_var + s_var) / var
    return pd.DataFrame(
        {
            "baseline_mean": b_mean,
            "scenario_mean": s_mean,
            "difference": mean,
            "lower": np.where(identical, 0.0, mean - half),
            "upper": np.where(identical, 0.0, mean + half),
            "sd": sd,
            "n": n,
            "undefined": both.shape[1] - n,
            "p": np.where(identical, 1.0, p),
            "correlation": np.where((b_var > 0) & (s_var > 0), correlation, np.nan),
            "variance_reduction": reduction,
            "share_positive": share(d > 0, n),
            "identical": identical,
        }
    )


def moments(values: Array, known: Array) -> tuple[Array, Array]:
    """Return mean and variance (divisor n - 1) per line; one repeated value has variance 0 exactly."""
    n = known.sum(axis=1)
    filled = np.where(known, values, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = filled.sum(axis=1) / np.where(n > 0, n, np.nan)
        rest = np.where(known, values - mean[:, None], 0.0)
        variance = (rest**2).sum(axis=1) / np.where(n > 1, n - 1, np.nan)
    lowest = np.where(known, values, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(known, values, -np.inf).max(axis=1, initial=-np.inf)
    same = lowest == highest
    return np.where(same, lowest, mean), np.where(same & (n > 1), 0.0, variance)


def share(true: Array, n: Array) -> Array:
    """Return the share of seeds for which something holds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(true.sum(axis=1) / np.where(n > 0, n, np.nan))
