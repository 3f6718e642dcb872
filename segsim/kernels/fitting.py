"""Iterative proportional fitting: one table's association with another's margins."""

from segsim.kernels.compile import kernel


@kernel
def fit_margins(table, units, groups, tolerance, rounds):
    """Scale a positive table's columns and rows in turn until both margins are met, relatively."""
    fitted = table.copy()
    for _ in range(rounds):
        worst = 0.0
        for k in range(groups.size):
            fitted[:, k] *= groups[k] / fitted[:, k].sum()
        for j in range(units.size):
            factor = units[j] / fitted[j].sum()
            worst = max(worst, abs(factor - 1.0))
            fitted[j] *= factor
        if worst <= tolerance:
            break
    return fitted
