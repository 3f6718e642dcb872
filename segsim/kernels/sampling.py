"""Systematic sampling with exact inclusion probabilities."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import Array

_BLOCK = 128


@kernel
def sum_pairwise(values: Array) -> float:
    """Return the sum, added by halves as NumPy does, so that both round alike."""
    n = values.size
    if n < 8:
        total = 0.0
        for value in values:
            total += value
        return total
    if n > _BLOCK:
        half = n // 2
        half -= half % 8
        return sum_pairwise(values[:half]) + sum_pairwise(values[half:])
    r = np.empty(8)
    r[:] = values[:8]
    i = 8
    while i < n - n % 8:
        for j in range(8):
            r[j] += values[i + j]
        i += 8
    total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
    while i < n:
        total += values[i]
        i += 1
    return float(total)


@kernel
def inclusion_probabilities(weights: Array, n: int) -> Array:
    """Return probabilities min(1, c * weight) that sum to n."""
    p = np.maximum(weights, 1e-12)
    certain, scaled = np.zeros(p.size, np.bool_), np.empty(p.size)
    n_certain = 0
    while True:
        factor = (n - n_certain) / sum_pairwise(p[~certain])
        before = n_certain
        for i in range(p.size):
            scaled[i] = 1.0 if certain[i] else p[i] * factor
        for i in range(p.size):
            if not certain[i] and scaled[i] > 1.0:
                certain[i] = True
                n_certain += 1
        if n_certain == before:
            return scaled


@kernel
def mark_sampled(p: Array, n: int, order: Array, luck: float, out: Array) -> int:
    """Mark the rows that systematic sampling in some order hits; return how many.

    Parameters
    ----------
    p : float64 (rows,)
        Inclusion probabilities, which sum to n.
    order : int64 (rows,)
    luck : float
        Where the first of the n equal steps falls, in [0, 1).
    out : bool (rows,), out
    """
    total = 0.0
    for i in order:
        total += p[i]
    end, hits, marked = 0.0, 0.0, 0
    for k in range(order.size):
        end += p[order[k]]
        # the last sum is set to n, since rounding might leave it a hair short
        now = float(n) if k == order.size - 1 else np.floor(end * (n / total) + luck * (1.0 - 1e-9))
        out[order[k]] = now - hits > 0.0
        marked += now - hits > 0.0
        hits = now
    return marked
