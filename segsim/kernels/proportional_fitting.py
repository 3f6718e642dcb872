"""Iterative proportional fitting: one table's association with another's margins."""

import numpy as np

from segsim.kernels.compile import kernel
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
    fitted = table.copy()
    # columns and rows in one sweep each way: a row is summed while its cells are still at hand
    for _ in range(rounds):
        sums = np.zeros(groups.size)
        for j in range(units.size):
            for k in range(groups.size):
                sums[k] += fitted[j, k]
        for k in range(groups.size):
            sums[k] = groups[k] / sums[k] if sums[k] > 0.0 else 0.0
        worst = 0.0
        for j in range(units.size):
            here = 0.0
            for k in range(groups.size):
                fitted[j, k] *= sums[k]
                here += fitted[j, k]
            factor = units[j] / here if here > 0.0 else 0.0
            if here > 0.0:
                worst = max(worst, abs(factor - 1.0))
            for k in range(groups.size):
                fitted[j, k] *= factor
        # rows are met exactly now; what may still miss are columns, by about as much as rows had to move
        if worst <= tolerance:
            break
    return fitted
