"""What a random allocation with the same margins gives: exactly (hypergeometric) or nearly (binomial)."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.indices.evenness import dissimilarity, entropy_of, mutual_information, relative_diversity
from segsim.kernels.indices.margins import margins, n_present
from segsim.tables import Array

_LEAST_MASS = 1e-16
"""Probability so small that what lies further out does not reach the tenth digit of an expectation."""


@kernel
def stirling_error(n: float) -> float:
    """Return ln n! minus Stirling's formula (Loader 2000)."""
    if n < 16.0:  # the series below is good to the last digit from here on
        factorial = 1.0
        for i in range(2, int(n) + 1):
            factorial *= i
        if n == 0.0:
            return 0.0
        return float(np.log(factorial) - (0.5 * np.log(2.0 * np.pi * n) + n * np.log(n) - n))
    nn = n * n
    tail = 1.0 / 1680.0 - (1.0 / 1188.0 - 691.0 / 360360.0 / nn) / nn
    return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - tail / nn) / nn) / nn) / n


@kernel
def deviance(x: float, mean: float) -> float:
    """Return x ln(x / mean) + mean - x without cancellation (Loader 2000)."""
    if abs(x - mean) < 0.1 * (x + mean):  # near the mean the two terms below would cancel: a series instead
        v = (x - mean) / (x + mean)
        value = (x - mean) * v
        term = 2.0 * x * v
        for j in range(1, 1000):
            term *= v * v
            following = value + term / (2 * j + 1)
            if following == value:  # a further term no longer changes the last digit
                break
            value = following
        return value
    return float(x * np.log(x / mean) + mean - x)


@kernel
def binomial_mass(x: float, n: float, p: float) -> float:
    """Return the binomial probability of x successes in n draws, to machine precision (Loader 2000)."""
    q = 1.0 - p
    if p <= 0.0:
        return 1.0 if x == 0.0 else 0.0
    if q <= 0.0:
        return 1.0 if x == n else 0.0
    if x == 0.0:
        return float(np.exp(n * np.log1p(-p)))
    if x == n:
        return float(np.exp(n * np.log(p)))
    # the saddle point: no factorials, whose logarithms would lose as many digits as the population has
    log_mass = (
        stirling_error(n)
        - stirling_error(x)
        - stirling_error(n - x)
        - deviance(x, n * p)
        - deviance(n - x, n * q)
    )
    return float(np.exp(log_mass) * np.sqrt(n / (2.0 * np.pi * x * (n - x))))


@kernel
def hypergeometric_mass(x: float, draws: float, members: float, total: float) -> float:
    """Return the chance that x of `draws` people out of `total` belong to a group of `members`."""
    if x < 0.0 or x > draws or x > members or draws - x > total - members:
        return 0.0
    p = draws / total
    # a ratio of three binomials of any common p; this p makes all three large
    return (
        binomial_mass(x, members, p)
        * binomial_mass(draws - x, total - members, p)
        / binomial_mass(draws, total, p)
    )


@kernel
def mean_deviation(draws: float, members: float, total: float) -> float:
    """Return E|X - EX| of the hypergeometric, in closed form (Diaconis and Zabell 1991, telescoping sum)."""
    m = np.floor(draws * members / total) + 1.0
    return float(
        2.0 * m * (total - members - draws + m) / total * hypergeometric_mass(m, draws, members, total)
    )


@kernel
def mean_deviation_binomial(draws: float, members: float, total: float) -> float:
    """Return E|X - EX| of the binomial, in closed form (De Moivre)."""
    p = members / total
    m = np.floor(draws * p) + 1.0
    if m > draws:
        return 0.0
    return float(2.0 * m * (1.0 - p) * binomial_mass(m, draws, p))


@kernel
def expected_dissimilarity(counts: Array, binomial: bool) -> float:
    """Return the expectation of multigroup D when people are spread over the units at random."""
    units, groups, total = margins(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    if n_present(units) == total:  # everybody lives alone: separate for certain, and not but for rounding
        return 1.0
    apart, mixed = 0.0, 0.0
    for members in groups:
        mixed += members * (total - members)
        if members > 0.0:
            for draws in units:
                if draws > 0.0:
                    if binomial:
                        apart += mean_deviation_binomial(draws, members, total)
                    else:
                        apart += mean_deviation(draws, members, total)
    return apart * total / (2.0 * mixed)


@kernel
def expectation_term(draws: float, members: float, total: float, logs: Array) -> float:
    """Return E[X ln(X total / (draws members))] for the hypergeometric X, summed outwards from its mode.

    `logs[n]` is ln n where the table reaches; beyond it logarithms are taken.
    """
    low = max(0.0, draws + members - total)
    high = min(draws, members)
    mode = min(max(np.floor((draws + 1.0) * (members + 1.0) / (total + 2.0)), low), high)
    peak = hypergeometric_mass(mode, draws, members, total)
    scale = np.log(total / (draws * members))
    outside = total - members - draws
    value = 0.0
    # from the mode both ways by the ratio of neighbouring masses, which falls under 1e-16 some eight SDs away
    x, mass = mode, peak
    while x >= low and x > 0.0 and mass > _LEAST_MASS:
        value += mass * x * (log_of(x, logs) + scale)
        mass *= x * (outside + x) / ((members - x + 1.0) * (draws - x + 1.0))
        x -= 1.0
    x, mass = mode, peak
    while x < high and mass > _LEAST_MASS:
        mass *= (members - x) * (draws - x) / ((x + 1.0) * (outside + x + 1.0))
        x += 1.0
        value += mass * x * (log_of(x, logs) + scale)
    return value


@kernel
def log_of(x: float, logs: Array) -> float:
    """Return ln x of a positive whole number."""
    return float(logs[int(x)] if x < logs.size else np.log(x))


@kernel
def expected_mutual_information(counts: Array, logs: Array) -> float:
    """Return the expectation of M in nats when people are spread over the units at random."""
    units, groups, total = margins(counts)
    if not total > 0.0:
        return np.nan
    value = 0.0
    for members in groups:
        if members > 0.0:
            for draws in units:
                if draws > 0.0:
                    value += expectation_term(draws, members, total, logs)
    return max(value / total, 0.0)  # rounding may leave -1e-17 where nothing can vary


@kernel
def expected_theil(counts: Array, logs: Array) -> float:
    """Return the expectation of H when people are spread over the units at random."""
    units, groups, total = margins(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    if n_present(units) == total:  # as in `expected_dissimilarity`
        return 1.0
    return expected_mutual_information(counts, logs) / entropy_of(groups, total)


@kernel
def compare_with_chance(
    counts: Array, logs: Array, with_information: bool
) -> tuple[float, float, float, float, float, float, float]:
    """Return D, V and H of a table, each before its expectation at random, and M.

    H and M cost most, and are NaN unless asked for by `with_information`.
    """
    units, groups, total = margins(counts)
    present = n_present(groups)
    if not (total > 0.0 and present > 1):
        return np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan
    h, expected_h, m = np.nan, np.nan, np.nan
    if with_information:
        m = mutual_information(counts)
        h = m / entropy_of(groups, total)
        expected_h = expected_theil(counts, logs)
    expected_v = (n_present(units) - 1) / (total - 1.0)
    d, v = dissimilarity(counts), relative_diversity(counts)
    return d, expected_dissimilarity(counts, False), v, expected_v, h, expected_h, m
