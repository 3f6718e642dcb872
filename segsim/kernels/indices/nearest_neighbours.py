"""Who lives nearest: exposure among the k nearest others on a grid."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.tables import Array


class RingRule(NamedTuple):
    """Whom a neighbourhood of k people holds."""

    ego: int  # 1 when the person at the centre is left out of the count, else 0
    is_whole: bool  # the ring with the k-th neighbour enters whole, not pro rata


class Outwards(NamedTuple):
    """The places around a cell, nearest first."""

    offsets: Array  # int64 (places, 2): rows and columns to each place
    rings: Array  # int64: where each ring of equally distant places starts, and where the last ends


class Surrounding(NamedTuple):
    """Whom a walk outwards from a cell has met so far, by group (float64); scratch of `walk_outwards`."""

    inside: Array  # in the rings passed
    ring: Array  # in the present ring


@kernel
def nearest_exposure(grid: Array, outwards: Outwards, sizes: Array, rule: RingRule) -> Array:
    """Return, per size k, the matrix aPb(k): mean share of b among the k nearest of a's members.

    Parameters
    ----------
    grid : float64 (rows, cols, groups)
    outwards : Outwards
    sizes : float64
        Neighbourhood sizes, ascending.
    rule : RingRule
    """
    n_rows, n_cols, n_groups = grid.shape
    totals = np.zeros(n_groups)
    around = Surrounding(np.zeros(n_groups), np.zeros(n_groups))
    out = np.zeros((sizes.size, n_groups, n_groups))
    for row in range(n_rows):
        for col in range(n_cols):
            here = 0.0
            for a in range(n_groups):
                here += grid[row, col, a]
                totals[a] += grid[row, col, a]
            if here > 0.0:
                walk_outwards(grid, row, col, outwards, sizes, rule, around, out)
    for s in range(sizes.size):
        for a in range(n_groups):
            for b in range(n_groups):
                out[s, a, b] = out[s, a, b] / totals[a] if totals[a] > 0.0 else np.nan
    return out


@kernel
def walk_outwards(
    grid: Array,
    row: int,
    col: int,
    outwards: Outwards,
    sizes: Array,
    rule: RingRule,
    around: Surrounding,
    out: Array,
) -> None:
    """Add what the people of one cell meet, ring by ring outwards, until the largest size is reached."""
    members, n_inside, s = grid[row, col], 0.0, 0
    around.inside[:] = 0.0
    for r in range(outwards.rings.size - 1):
        n_ring = count_ring(grid, row, col, outwards, r, around.ring)
        while s < sizes.size and n_inside + n_ring - rule.ego >= sizes[s]:
            add_shares(members, around, n_inside, n_ring, sizes[s], rule, out[s])
            s += 1
        if s == sizes.size:
            return
        n_inside += n_ring
        for b in range(around.inside.size):
            around.inside[b] += around.ring[b]
    for late in range(s, sizes.size):
        # the whole city is not enough: then all of it, and NaN where k others than oneself are asked for
        for a in range(members.size):
            for b in range(members.size):
                out[late, a, b] += np.nan if rule.ego else members[a] * around.inside[b] / n_inside


@kernel
def count_ring(grid: Array, row: int, col: int, outwards: Outwards, r: int, ring: Array) -> float:
    """Fill the people of each group in the r-th ring around a cell; return how many they are."""
    n_rows, n_cols, n_groups = grid.shape
    n_ring = 0.0
    ring[:] = 0.0
    for i in range(outwards.rings[r], outwards.rings[r + 1]):
        y, x = row + outwards.offsets[i, 0], col + outwards.offsets[i, 1]
        if 0 <= y < n_rows and 0 <= x < n_cols:
            for b in range(n_groups):
                ring[b] += grid[y, x, b]
                n_ring += grid[y, x, b]
    return n_ring


@kernel
def add_shares(
    members: Array, around: Surrounding, n_inside: float, n_ring: float, k: float, rule: RingRule, out: Array
) -> None:
    """Add the shares of each group b among the k nearest of the cell's members of each group a."""
    for a in range(members.size):
        if members[a] > 0.0:
            for b in range(members.size):
                own = 1.0 if rule.ego and a == b else 0.0
                inside, ring = around.inside[b], around.ring[b]
                if rule.is_whole:
                    share = (inside + ring - own) / (n_inside + n_ring - rule.ego)
                elif n_inside == 0.0:
                    share = (ring - own) / (n_ring - rule.ego)
                else:
                    # the person at the centre lies in a ring passed, and is left out there
                    share = (inside - own + ring * (k - (n_inside - rule.ego)) / n_ring) / k
                out[a, b] += members[a] * share


@kernel
def nearest_places(homes: Array, places: Array) -> Array:
    """Return the row of the nearest place of each home (int64), the first of equals; x and y per row."""
    out = np.zeros(homes.shape[0], np.int64)
    # by x, outwards from the home's own, until x alone is further off than the nearest so far
    order = np.argsort(places[:, 0])
    x, y = places[order, 0], places[order, 1]
    for i in range(homes.shape[0]):
        least, nearest = np.inf, 0
        above = int(np.searchsorted(x, homes[i, 0]))
        below = above - 1
        while below >= 0 or above < x.size:
            if below >= 0:
                least, nearest, is_near = _look_at(homes[i], x, y, order, below, least, nearest)
                below = below - 1 if is_near else -1
            if above < x.size:
                least, nearest, is_near = _look_at(homes[i], x, y, order, above, least, nearest)
                above = above + 1 if is_near else x.size
        out[i] = nearest
    return out


@part
def _look_at(
    home: Array, x: Array, y: Array, order: Array, at: int, least: float, nearest: int
) -> tuple[float, int, bool]:
    """Return the least squared distance and whose it is with one more place, and if others may be as near."""
    across = (home[0] - x[at]) ** 2
    squared = across + (home[1] - y[at]) ** 2
    if squared < least or (squared == least and order[at] < nearest):
        return squared, order[at], True
    return least, nearest, across <= least
