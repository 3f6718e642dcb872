"""Exposure: whom the members of a group meet in their unit."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.indices.margins import margins
from segsim.tables import Array


@kernel
def exposure(counts: Array) -> Array:
    """Return the matrix aPb: row a, the mean share of group b in the units of group a's members.

    The row of an absent group is NaN, its column 0.
    """
    units, groups, total = margins(counts)
    n_groups = groups.size
    out = np.zeros((n_groups, n_groups))
    for j in range(units.size):
        for a in range(n_groups):
            if counts[j, a] > 0.0:  # an absent group costs nothing, and an empty unit is never divided by
                weight = counts[j, a] / units[j]
                for b in range(n_groups):
                    out[a, b] += weight * counts[j, b]
    for a in range(n_groups):
        for b in range(n_groups):
            out[a, b] = out[a, b] / groups[a] if total > 0.0 and groups[a] > 0.0 else np.nan
    return out


@kernel
def isolation(counts: Array) -> Array:
    """Return, per group, the mean share of the own group (row 0) and of others (row 1) in its units."""
    units, groups, total = margins(counts)
    out = np.zeros((2, groups.size))
    for j in range(units.size):
        here = units[j] if units[j] > 0.0 else 1.0  # in an empty unit every n is 0, whatever divides it
        for k in range(groups.size):
            n = counts[j, k]
            share = n / here
            out[0, k] += n * share
            out[1, k] += (units[j] - n) * share
    for k in range(groups.size):
        present = total > 0.0 and groups[k] > 0.0
        out[0, k] = out[0, k] / groups[k] if present else np.nan
        out[1, k] = out[1, k] / groups[k] if present else np.nan
    return out


@kernel
def contact_without_self(pair: Array) -> tuple[float, float]:
    """Return, for x and y of a two-group table, the mean share of x among the other people of their unit.

    NaN if a group is absent or a populated unit holds one person only.
    """
    units, groups, total = margins(pair)
    x_meets_x, y_meets_x = 0.0, 0.0
    if not (total > 0.0 and groups[0] > 0.0 and groups[1] > 0.0):
        return np.nan, np.nan
    for j in range(units.size):
        if units[j] > 0.0:
            others = units[j] - 1.0
            if not others > 0.0:  # who lives alone meets nobody, and no share of nobody is fair
                return np.nan, np.nan
            x_meets_x += pair[j, 0] * (pair[j, 0] - 1.0) / others
            y_meets_x += pair[j, 1] * pair[j, 0] / others
    return x_meets_x / groups[0], y_meets_x / groups[1]
