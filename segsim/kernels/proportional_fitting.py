"""Iterative proportional fitting: one table's association with another's margins."""

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.tables import Array


@kernel
def fit_margins(table: Array, units: Array, groups: Array, tolerance: float, rounds: int) -> Array:
    """Scale a table's columns and rows in turn until both margins are met, relatively.

    Parameters
    ----------
    table : float64 (units, groups)
        Positive where something may be.
    units, groups : float64
        Margins with the same sum. A row or column whose total is 0 becomes 0.
    tolerance : float
        Largest relative miss of a row after its columns are met.
    rounds : int
        Most rounds.

    Returns
    -------
    float64 (units, groups)
        Rows meet their totals, columns nearly so; less nearly where the rounds end first, or where no table
        of this pattern meets both margins.
    """
    # by groups, so that a processor's lanes hold units side by side: what is added up, and in which order, is
    # that of a walk from unit to unit, but takes a third of the time
    cells = np.ascontiguousarray(table.T)
    sums, here = np.zeros(groups.size), np.empty(units.size)
    _sum_columns(cells, sums)
    for _ in range(rounds):
        here[:] = 0.0
        for k in range(groups.size):
            factor = groups[k] / sums[k] if sums[k] > 0.0 else 0.0
            for j in range(units.size):
                cells[k, j] *= factor
                here[j] += cells[k, j]
        n_off = 0
        for j in range(units.size):
            factor = units[j] / here[j] if here[j] > 0.0 else 0.0
            n_off += (here[j] > 0.0) & (abs(factor - 1.0) > tolerance)
            here[j] = factor
        for k in range(groups.size):
            for j in range(units.size):
                cells[k, j] *= here[j]
        # rows are met exactly now; what may still miss are columns, by about as much as rows had to move
        if n_off == 0:
            break
        _sum_columns(cells, sums)
    return np.ascontiguousarray(cells.T)


@part
def _sum_columns(cells: Array, sums: Array) -> None:
    """Fill the sum of each row of cells; four at a time, since each sum has to wait for its last addition."""
    n = cells.shape[0]
    for first in range(0, n, 4):
        a, b = cells[first], cells[min(first + 1, n - 1)]
        c, d = cells[min(first + 2, n - 1)], cells[min(first + 3, n - 1)]
        sum_a = sum_b = sum_c = sum_d = 0.0
        for j in range(a.size):
            sum_a += a[j]
            sum_b += b[j]
            sum_c += c[j]
            sum_d += d[j]
        sums[min(first + 3, n - 1)] = sum_d
        sums[min(first + 2, n - 1)] = sum_c
        sums[min(first + 1, n - 1)] = sum_b
        sums[first] = sum_a
