"""Who lives nearest: exposure among the k nearest others on a grid."""

import numpy as np

from segsim.kernels.compile import kernel


@kernel
def nearest_exposure(grid, offsets, rings, sizes, ego, whole):
    """Return, per size k, the matrix aPb(k): mean share of b among the k nearest of a's members.

    Parameters
    ----------
    grid : float64 (rows, cols, groups)
    offsets : int64 (places, 2)
        Rows and columns to every place, nearest first.
    rings : int64
        Where each ring of equally distant places starts, and where the last ends.
    sizes : float64
        Neighbourhood sizes, ascending.
    ego : int
        1 when the person at the centre is left out of the count, else 0.
    whole : bool
        Whether the ring with the k-th neighbour enters whole or pro rata.
    """
    n_rows, n_cols, n_groups = grid.shape
    totals = np.zeros(n_groups)
    gathered, ring = np.zeros(n_groups), np.zeros(n_groups)
    out = np.zeros((sizes.size, n_groups, n_groups))
    for row in range(n_rows):
        for col in range(n_cols):
            here = 0.0
            for a in range(n_groups):
                here += grid[row, col, a]
                totals[a] += grid[row, col, a]
            if here > 0.0:
                walk_outwards(grid, row, col, offsets, rings, sizes, ego, whole, gathered, ring, out)
    for s in range(sizes.size):
        for a in range(n_groups):
            for b in range(n_groups):
                out[s, a, b] = out[s, a, b] / totals[a] if totals[a] > 0.0 else np.nan
    return out


@kernel
def walk_outwards(grid, row, col, offsets, rings, sizes, ego, whole, gathered, ring, out):
    """Add what the people of one cell meet, ring by ring outwards; `gathered` and `ring` are scratch."""
    n_rows, n_cols, n_groups = grid.shape
    for b in range(n_groups):
        gathered[b] = 0.0
    have, at = 0.0, 0
    for r in range(rings.size - 1):
        found = 0.0
        for b in range(n_groups):
            ring[b] = 0.0
        for i in range(rings[r], rings[r + 1]):
            y, x = row + offsets[i, 0], col + offsets[i, 1]
            if 0 <= y < n_rows and 0 <= x < n_cols:
                for b in range(n_groups):
                    ring[b] += grid[y, x, b]
                    found += grid[y, x, b]
        while at < sizes.size and have + found - ego >= sizes[at]:
            add_met(grid, row, col, gathered, ring, have, found, sizes[at], ego, whole, out, at)
            at += 1
        if at == sizes.size:
            return
        have += found
        for b in range(n_groups):
            gathered[b] += ring[b]
    for late in range(at, sizes.size):  # the whole city is not enough
        for a in range(n_groups):
            for b in range(n_groups):
                out[late, a, b] += np.nan if ego else grid[row, col, a] * gathered[b] / have


@kernel
def add_met(grid, row, col, gathered, ring, have, found, k, ego, whole, out, at):
    """Add the shares of each group b among the k nearest of the cell's members of each group a."""
    for a in range(ring.size):
        members = grid[row, col, a]
        if members > 0.0:
            for b in range(ring.size):
                own = 1.0 if ego and a == b else 0.0
                if whole:
                    share = (gathered[b] + ring[b] - own) / (have + found - ego)
                elif have == 0.0:
                    share = (ring[b] - own) / (found - ego)
                else:
                    share = (gathered[b] - own + ring[b] * (k - (have - ego)) / found) / k
                out[at, a, b] += members * share
