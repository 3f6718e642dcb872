"""Rank-order segregation of incomes: sorting over the whole distribution, no poverty line."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.indices.margins import drop_roundoff, margins
from segsim.tables import Array

THEIL = 0
VARIANCE = 1


@kernel
def spread(share: float, kind: int) -> float:
    """Return how mixed a two-way split is: binary entropy in bits (kind 0) or 4 p (1 - p) (kind 1)."""
    if kind == VARIANCE:
        return 4.0 * share * (1.0 - share)
    if share <= 0.0 or share >= 1.0:
        return 0.0
    return float(-(share * np.log2(share) + (1.0 - share) * np.log2(1.0 - share)))


@kernel
def rank_order(incomes: Array, order: Array, units: Array, n_units: int, kind: int) -> float:
    """Return the exact rank-order index: kind 0 is H^R, kind 1 is R^R.

    `order` sorts `incomes`. Moving one household across the threshold changes the term of one unit only,
    so the sum over units is kept up to date in one step per household.
    """
    n = incomes.size
    sizes = np.zeros(n_units)
    below = np.zeros(n_units)
    for unit in units:
        sizes[unit] += 1.0
    mixed, within, total, before = 0.0, 0.0, 0.0, 0.0
    # a threshold's weight is half the distance between its neighbours, so each waits for the one after it
    pending_spread, pending_mixed, pending_at = 0.0, 0.0, 0.0
    for i in range(n):
        row = order[i]
        unit = units[row]
        mixed -= sizes[unit] * spread(below[unit] / sizes[unit], kind)
        below[unit] += 1.0
        mixed += sizes[unit] * spread(below[unit] / sizes[unit], kind)
        # equal incomes cross together: no threshold lies between them
        if i == n - 1 or incomes[order[i + 1]] > incomes[row]:
            share = (i + 1.0) / n
            weight = 0.5 * (share - before)
            within += weight * pending_mixed
            total += weight * pending_spread
            before, pending_at = pending_at, share
            pending_mixed = mixed / n if i < n - 1 else 0.0
            pending_spread = spread(share, kind)
    if not total > 0.0:
        return np.nan
    return drop_roundoff(1.0 - within / total)


@kernel
def ordinal(counts: Array, kind: int) -> float:
    """Return the ordinal index of a table units x ordered classes: kind 0 is H, kind 1 is R."""
    sizes, classes, total = margins(counts)
    mixed, within, at = 0.0, 0.0, 0.0
    below = np.zeros(sizes.size)
    for k in range(classes.size - 1):
        for j in range(sizes.size):
            if sizes[j] > 0.0:
                below[j] += counts[j, k]
                within += sizes[j] * spread(below[j] / sizes[j], kind)
        at += classes[k]
        mixed += total * spread(at / total, kind)
    if not mixed > 0.0:
        return np.nan
    return drop_roundoff(1.0 - within / mixed)


@kernel
def threshold_profile(counts: Array, kind: int) -> Array:
    """Return, per threshold between classes, the share below, its spread and the index (rows 0 to 2)."""
    sizes, classes, total = margins(counts)
    below = np.zeros(sizes.size)
    out = np.empty((3, classes.size - 1))
    at = 0.0
    for k in range(classes.size - 1):
        within = 0.0
        for j in range(sizes.size):
            if sizes[j] > 0.0:
                below[j] += counts[j, k]
                within += sizes[j] * spread(below[j] / sizes[j], kind)
        at += classes[k]
        out[0, k] = at / total
        out[1, k] = spread(at / total, kind)
        out[2, k] = 1.0 - within / (total * out[1, k]) if out[1, k] > 0.0 else np.nan
    return out
