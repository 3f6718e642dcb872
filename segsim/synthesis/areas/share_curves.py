"""Shares of areas that have a given mean and a given unevenness, and the tools to find them."""

from collections.abc import Callable

import numpy as np

from segsim.kernels.indices.evenness import dissimilarity
from segsim.tables import Array


def stretch_logistic(z: Array, persons: Array, mean: float, uneven: float) -> Array:
    """Return shares that are logistic in z, with a given mean over persons and a given dissimilarity."""

    def at(slope: float) -> Array:
        return shift_to_mean(slope * z, persons, mean)

    def miss(slope: float) -> float:
        share = at(slope)
        return unevenness(share * persons, (1 - share) * persons) - uneven

    return at(find_root(miss, 0.0, 12.0))


def stretch_exponential(z: Array, persons: Array, mean: float, uneven: float) -> Array:
    """Return shares that are exponential in z, with a given mean over persons and a given dissimilarity."""

    def at(slope: float) -> Array:
        raw = np.exp(slope * z)
        return np.asarray(raw * mean / np.average(raw, weights=persons))

    def miss(slope: float) -> float:
        share = np.minimum(at(slope), 1.0)  # steep slopes, tried on the way, pass the whole of an area
        return unevenness(share * persons, (1 - share) * persons) - uneven

    return at(find_root(miss, 0.0, 4.0))


def shift_to_mean(log_odds: Array, weights: Array, mean: float) -> Array:
    """Return logistic shares whose log odds are shifted alike so that their mean holds (Newton's method)."""
    if not 0 < mean < 1:
        return np.full(log_odds.size, float(mean))
    weights = weights / weights.sum()
    level = np.log(mean / (1 - mean)) - float(weights @ log_odds)
    for _ in range(60):
        share = 1 / (1 + np.exp(-np.clip(log_odds + level, -500, 500)))
        step = (float(weights @ share) - mean) / max(float(weights @ (share * (1 - share))), 1e-6)
        level -= np.clip(step, -4, 4)
        if abs(step) < 1e-10:
            break
    return np.asarray(share)


def unevenness(one: Array, other: Array) -> float:
    """Return the dissimilarity of two groups over areas; 0 if one is of nobody."""
    d = float(dissimilarity(np.column_stack((one, other)).astype(np.float64)))
    return 0.0 if np.isnan(d) else d


def correlation(one: Array, other: Array) -> float:
    """Return the correlation over areas; 0 if one does not vary."""
    if min(one.std(), other.std()) < 1e-9:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def find_root(miss: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function that changes sign is 0; the better end if it does not change."""
    at_low, at_high = miss(low), miss(high)
    if at_low * at_high >= 0:
        return low if abs(at_low) < abs(at_high) else high
    from scipy.optimize import brentq  # late: it takes .26 s, and only cities made from totals need it

    return float(brentq(miss, low, high))


def standardise(values: Array) -> Array:
    """Return values with mean 0 and SD 1 over areas."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-12))


def standardise_over(values: Array, weights: Array) -> Array:
    """Return values with mean 0 and SD 1 over weights, such as residents; zeros if they do not differ."""
    mean = np.average(values, weights=weights)
    sd = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    return np.asarray((values - mean) / sd if sd > 0 else np.zeros_like(values))


def residualise(values: Array, *others: Array) -> Array:
    """Return what is left of values, standardised, when others are taken away by least squares."""
    known = np.column_stack([np.ones(values.size), *others])
    return standardise(values - known @ np.linalg.lstsq(known, values, rcond=None)[0])
