"""Who lives nearest: exposure among the k nearest others on a grid."""

import numpy as np

from segsim.kernels.compile import kernel


@kernel
def walk_outwards(grid, row, col, offsets, rings, sizes, ego, whole, shares):
    """Fill `shares` (sizes x ego's group x groups) for one cell, ring by ring outwards.

    `ego` is 1 when the person at the centre is left out of the count, else 0. The ring in which the k-th
    neighbour is found enters pro rata, or whole.
    """
    n_rows, n_cols, n_groups = grid.shape
    gathered = np.zeros(n_groups)
    ring = np.zeros(n_groups)
    have, at = 0.0, 0
    for r in range(rings.size - 1):
        ring[:] = 0.0
        for i in range(rings[r], rings[r + 1]):
            y, x = row + offsets[i, 0], col + offsets[i, 1]
            if 0 <= y < n_rows and 0 <= x < n_cols:
                for b in range(n_groups):
                    ring[b] += grid[y, x, b]
        found = ring.sum()
        while at < sizes.size and have + found - ego >= sizes[at]:
            fill_shares(gathered, ring, have, found, sizes[at], ego, whole, shares[at])
            at += 1
        if at == sizes.size:
            return
        have += found
        gathered += ring
    for late in range(at, sizes.size):
        for a in range(n_groups):
            for b in range(n_groups):
                shares[late, a, b] = np.nan if ego else gathered[b] / have


@kernel
def fill_shares(gathered, ring, have, found, k, ego, whole, shares):
    """Fill the share of each group b among the k nearest of a member of each group a."""
    for a in range(ring.size):
        for b in range(ring.size):
            self = 1.0 if ego and a == b else 0.0
            if whole:
                shares[a, b] = (gathered[b] + ring[b] - self) / (have + found - ego)
            elif have == 0.0:
                shares[a, b] = (ring[b] - self) / (found - ego)
            else:
                part = (k - (have - ego)) / found
                shares[a, b] = (gathered[b] - self + ring[b] * part) / k


@kernel
def nearest_exposure(grid, offsets, rings, sizes, ego, whole):
    """Return, per size k, the matrix aPb(k): mean share of b among the k nearest of a's members."""
    n_rows, n_cols, n_groups = grid.shape
    totals = np.zeros(n_groups)
    shares = np.empty((sizes.size, n_groups, n_groups))
    out = np.zeros((sizes.size, n_groups, n_groups))
    for row in range(n_rows):
        for col in range(n_cols):
            if grid[row, col].sum() > 0.0:
                walk_outwards(grid, row, col, offsets, rings, sizes, ego, whole, shares)
                for a in range(n_groups):
                    if grid[row, col, a] > 0.0:
                        totals[a] += grid[row, col, a]
                        for s in range(sizes.size):
                            for b in range(n_groups):
                                out[s, a, b] += grid[row, col, a] * shares[s, a, b]
    for a in range(n_groups):
        out[:, a, :] /= totals[a] if totals[a] > 0.0 else np.nan
    return out
