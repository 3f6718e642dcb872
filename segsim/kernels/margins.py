"""Totals of a table of counts: by unit, by group, in all."""

import numpy as np

from segsim.kernels.compile import kernel


@kernel
def margins(counts):
    """Return the unit totals, the group totals and the total of a table (units x groups).

    The total is NaN if a count is negative or not finite, so that every index of a bad table is NaN.
    """
    n_units, n_groups = counts.shape
    units = np.zeros(n_units)
    groups = np.zeros(n_groups)
    lowest = 0.0
    for j in range(n_units):
        total = 0.0
        for k in range(n_groups):
            n = counts[j, k]
            total += n
            groups[k] += n
            lowest = min(lowest, n)
        units[j] = total
    total = groups.sum()
    if not (lowest >= 0.0 and total < np.inf):
        total = np.nan
    return units, groups, total


@kernel
def n_present(totals):
    """Return how many units or groups are not empty."""
    n = 0
    for total in totals:
        if total > 0.0:
            n += 1
    return n


@kernel
def without_roundoff(value):
    """Return 0 for a value that only rounding made negative, else the value."""
    if -1e-12 < value <= 0.0:
        return 0.0
    return value


@kernel
def against_rest(counts, k):
    """Return the two-group table of group k and everyone else."""
    pair = np.empty((counts.shape[0], 2))
    for j in range(counts.shape[0]):
        rest = 0.0
        for other in range(counts.shape[1]):
            if other != k:
                rest += counts[j, other]
        pair[j, 0] = counts[j, k]
        pair[j, 1] = rest
    return pair


@kernel
def only_pair(counts, a, b):
    """Return the two-group table of groups a and b."""
    pair = np.empty((counts.shape[0], 2))
    for j in range(counts.shape[0]):
        pair[j, 0] = counts[j, a]
        pair[j, 1] = counts[j, b]
    return pair
