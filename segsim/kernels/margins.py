"""Totals of a table of counts: by unit, by group, in all."""

import numpy as np

from segsim.kernels.compile import kernel


@kernel
def margins(counts):
    """Return the unit totals, the group totals and the total of a table (units x groups).

    The total is NaN if a count is negative or not finite, so that every index of a bad table is NaN. Four
    units are added to a group total at a time, because one addition must wait for the last.
    """
    n_units, n_groups = counts.shape
    units = np.zeros(n_units)
    groups = np.zeros(n_groups)
    fours = n_units - n_units % 4
    for j in range(0, fours, 4):
        for k in range(n_groups):
            a, b, c, d = counts[j, k], counts[j + 1, k], counts[j + 2, k], counts[j + 3, k]
            units[j] += a
            units[j + 1] += b
            units[j + 2] += c
            units[j + 3] += d
            groups[k] += (a + b) + (c + d)
    for j in range(fours, n_units):
        for k in range(n_groups):
            units[j] += counts[j, k]
            groups[k] += counts[j, k]
    total = groups.sum()
    if not total < np.inf or has_negative(counts):
        total = np.nan
    return units, groups, total


@kernel
def has_negative(counts):
    """Return whether any count is below 0; the signs of all are read first, because most tables have none."""
    words = counts.ravel().view(np.int64)
    signs = np.int64(0)
    for word in words:
        signs |= word
    if signs < 0:
        for n in counts.ravel():
            if n < 0.0:
                return True
    return False


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
