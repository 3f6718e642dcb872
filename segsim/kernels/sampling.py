"""Systematic sampling with exact inclusion probabilities, and classes drawn by it with exact quotas."""

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.proportional_fitting import fit_margins
from segsim.tables import Array

_BLOCK = 128
LEAST = 1e-9
"""Weight from which fitting lifts a class that a row would not have."""


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
    # eight sums by name: an array for them takes a third longer
    a, b, c, d = values[0], values[1], values[2], values[3]
    e, f, g, h = values[4], values[5], values[6], values[7]
    i = 8
    while i < n - n % 8:
        a, b, c, d = a + values[i], b + values[i + 1], c + values[i + 2], d + values[i + 3]
        e, f, g, h = e + values[i + 4], f + values[i + 5], g + values[i + 6], h + values[i + 7]
        i += 8
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
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
        factor = (n - n_certain) / sum_pairwise(p if n_certain == 0 else p[~certain])
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


@part
def _correct_size(p: Array, n: int, marked: int, out: Array) -> None:
    """Add the likeliest rows left out, or drop the least likely, until n are chosen; the first of equals."""
    while marked != n:
        best = -1
        for i in range(p.size):
            if out[i] == (marked > n) and (best < 0 or (p[i] > p[best] if marked < n else p[i] < p[best])):
                best = i
        out[best] = marked < n
        marked += 1 if marked < n else -1


@kernel
def choose_rows(weights: Array, n: int, order: Array, luck: float) -> Array:
    """Choose exactly n of more rows, each with a probability in proportion to its weight, capped at 1.

    Parameters
    ----------
    weights : float64 (rows,)
    n : int
        From 1 to one less than there are rows.
    order : int64 (rows,)
        The random order in which rows are gone through.
    luck : float
        In [0, 1).

    Returns
    -------
    bool (rows,)
    """
    out = np.zeros(weights.size, np.bool_)
    p = inclusion_probabilities(weights, n)
    _correct_size(p, n, mark_sampled(p, n, order, luck, out), out)
    return out


@kernel
def draw_classes(
    weights: Array, quotas: Array, orders: Array, lucks: Array, tolerance: float, rounds: int
) -> Array:
    """Give each row one class, in proportion to its weights, so that every quota is met exactly.

    The weights are fitted (rows to 1, columns to the quotas); then class after class is drawn by systematic
    sampling among the rows still without one.

    Parameters
    ----------
    weights : float64 (rows, classes)
        Positive.
    quotas : int64 (classes,)
        Sums to the number of rows.
    orders : int64
        For each class that some but not all of the rows left get, one after the other, a random order of
        these rows.
    lucks : float64
        In [0, 1), one for each such class.
    tolerance, rounds
        Of the fitting.

    Returns
    -------
    int8 (rows,)
        The class of each row.
    """
    n_classes = quotas.size
    out = np.empty(weights.shape[0], np.int8)
    left, share, first, n_drawn = np.arange(out.size), weights, 0, 0
    for k in range(n_classes - 1):
        if left.size == 0:
            break
        share = fit_margins(share, np.ones(left.size), quotas[k:].astype(np.float64), tolerance, rounds)
        has_class = np.full(left.size, quotas[k] > 0)
        if 0 < quotas[k] < left.size:
            order = orders[first : first + left.size]
            has_class = choose_rows(share[:, 0].copy(), quotas[k], order, lucks[n_drawn])
            first, n_drawn = first + left.size, n_drawn + 1
        n_left = left.size - has_class.sum()
        others, rest, to = np.empty(n_left, np.int64), np.empty((n_left, n_classes - k - 1)), 0
        for i in range(left.size):
            if has_class[i]:
                out[left[i]] = k
                continue
            others[to] = left[i]
            for j in range(rest.shape[1]):
                rest[to, j] = max(share[i, j + 1], LEAST)
            to += 1
        left, share = others, rest
    for row in left:
        out[row] = n_classes - 1
    return out
