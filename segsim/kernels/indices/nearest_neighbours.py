"""Who lives nearest: exposure among the k nearest others on a grid."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.tables import Array


class RingRule(NamedTuple):
    """Whom a neighbourhood of k people holds."""

    ego: int  # 1 when the person at the centre is left out of the count, else 0
    is_whole: bool  # the ring with the k-th neighbour enters whole, not pro rata


class Populated(NamedTuple):
    """The cells of a grid where somebody lives, row by row."""

    people: Array  # float64 (cells, groups)
    column: Array  # int64 (cells,)
    start: Array  # int64 (rows, columns + 1): the first of them at or after each column of each row


@kernel
def nearest_exposure(grid: Array, sizes: Array, rule: RingRule) -> Array:
    """Return, per size k, the matrix aPb(k): mean share of b among the k nearest of a's members.

    Parameters
    ----------
    grid : float64 (rows, cols, groups)
    sizes : float64
        Neighbourhood sizes, ascending.
    rule : RingRule
    """
    n_rows, n_cols, n_groups = grid.shape
    populated, reach = list_populated(grid), 1
    totals, inside = np.zeros(n_groups), np.zeros(n_groups)
    out = np.zeros((sizes.size, n_groups, n_groups))
    for row in range(n_rows):
        for cell in range(populated.start[row, 0], populated.start[row, n_cols]):
            for a in range(n_groups):
                totals[a] += populated.people[cell, a]
            reach = walk_outwards(populated, row, cell, reach, sizes, rule, inside, out)
    for s in range(sizes.size):
        for a in range(n_groups):
            for b in range(n_groups):
                out[s, a, b] = out[s, a, b] / totals[a] if totals[a] > 0.0 else np.nan
    return out


@kernel
def list_populated(grid: Array) -> Populated:
    """Return the cells of a grid where somebody lives."""
    n_rows, n_cols, n_groups = grid.shape
    start, n = np.empty((n_rows, n_cols + 1), np.int64), 0
    column, people = np.empty(n_rows * n_cols, np.int64), np.empty((n_rows * n_cols, n_groups))
    for row in range(n_rows):
        for col in range(n_cols):
            start[row, col] = n
            if grid[row, col].sum() > 0.0:
                column[n] = col
                people[n] = grid[row, col]
                n += 1
        start[row, n_cols] = n
    return Populated(people[:n].copy(), column[:n].copy(), start)


@kernel
def walk_outwards(
    populated: Populated,
    row: int,
    cell: int,
    reach: int,
    sizes: Array,
    rule: RingRule,
    inside: Array,
    out: Array,
) -> int:
    """Add what the people of one cell meet, ring by ring outwards, until the largest size is reached.

    Parameters
    ----------
    row, cell : int
        The row of the grid, and which populated cell it is.
    reach : int
        How many cells to look outwards at first; further where these hold too few.
    inside : float64 (groups,)
        Scratch: the people of the rings passed.

    Returns
    -------
    int
        How far one had to look.
    """
    members, n_groups, n_inside, s = populated.people[cell], inside.size, 0.0, 0
    n_rows, n_cols = populated.start.shape[0], populated.start.shape[1] - 1
    corner = int(np.hypot(n_rows - 1, n_cols - 1)) + 1
    inside[:] = 0.0
    passed = -1
    while passed < corner * corner:
        reach = min(reach, corner)
        rings = meet_people(populated, row, populated.column[cell], passed, reach)
        for r in range(rings.shape[0]):
            ring, n_ring = rings[r], rings[r, n_groups]
            if n_ring == 0.0:
                continue
            while s < sizes.size and n_inside + n_ring - rule.ego >= sizes[s]:
                add_shares(members, inside, ring, n_inside, n_ring, sizes[s], rule, out[s])
                s += 1
            if s == sizes.size:
                return int(np.sqrt(passed + 1 + r)) + 1
            n_inside += n_ring
            for b in range(n_groups):
                inside[b] += ring[b]
        passed, reach = reach * reach, reach + reach // 2 + 1
    for late in range(s, sizes.size):
        # the whole city is not enough: then all of it, and NaN where k others than oneself are asked for
        for a in range(n_groups):
            for b in range(n_groups):
                out[late, a, b] += np.nan if rule.ego else members[a] * inside[b] / n_inside
    return reach


@kernel
def meet_people(populated: Populated, row: int, col: int, passed: int, reach: int) -> Array:
    """Return the people of each ring around a cell beyond those passed, up to `reach` cells away.

    A ring is the cells of one squared distance; the first is that after `passed`. The people of each group
    are followed by how many they are (rings x (groups + 1)).
    """
    # only where somebody lives: the rings of a county hold thirty times as many cells as that
    n_rows, n_cols = populated.start.shape[0], populated.start.shape[1] - 1
    n_groups = populated.people.shape[1]
    rings = np.zeros((max(reach * reach - passed, 0), n_groups + 1))
    for y in range(max(0, row - reach), min(n_rows, row + reach + 1)):
        up = (y - row) ** 2
        across = int(np.sqrt(reach * reach - up))
        first = populated.start[y, max(0, col - across)]
        for cell in range(first, populated.start[y, min(n_cols, col + across + 1)]):
            r = up + (populated.column[cell] - col) ** 2 - passed - 1
            if r >= 0:
                for b in range(n_groups):
                    rings[r, b] += populated.people[cell, b]
                    rings[r, n_groups] += populated.people[cell, b]
    return rings


@kernel
def add_shares(
    members: Array,
    inside: Array,
    ring: Array,
    n_inside: float,
    n_ring: float,
    k: float,
    rule: RingRule,
    out: Array,
) -> None:
    """Add the shares of each group b among the k nearest of the cell's members of each group a."""
    for a in range(members.size):
        if members[a] > 0.0:
            for b in range(members.size):
                own = 1.0 if rule.ego and a == b else 0.0
                if rule.is_whole:
                    share = (inside[b] + ring[b] - own) / (n_inside + n_ring - rule.ego)
                elif n_inside == 0.0:
                    share = (ring[b] - own) / (n_ring - rule.ego)
                else:
                    # the person at the centre lies in a ring passed, and is left out there
                    share = (inside[b] - own + ring[b] * (k - (n_inside - rule.ego)) / n_ring) / k
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
