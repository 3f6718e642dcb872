"""Whole numbers from shares: rounding with exact totals, and chance with exact quotas."""

import numpy as np

from segsim.kernels.proportional_fitting import fit_margins
from segsim.kernels.rounding import round_shares
from segsim.kernels.sampling import LEAST, choose_rows, draw_classes
from segsim.tables import Array

_SWEEPS = 40
_NEAR_ENOUGH = 1e-5
"""Proportional fitting ends after so many rounds, or when no margin is off by more than this."""
_NO_ROWS = np.zeros(0, np.int64)


def apportion(weights: Array, total: int) -> Array:
    """Return whole numbers in proportion to the weights that sum to `total` (largest remainder).

    Examples
    --------
    >>> rounded(np.array([1.0, 1.0, 2.0]), 9)
    array([2, 2, 5])
    """
    return round_shares(np.ascontiguousarray(weights, np.float64), total)


def apportion_table(weights: Array, row_totals: Array, column_totals: Array) -> Array:
    """Return a table of whole numbers near the weights, fitted to both margins, which it meets exactly.

    Parameters
    ----------
    weights : float (rows, columns)
        Any non-negative pattern; it is first fitted to the margins by iterative proportional fitting.
    row_totals, column_totals : int
        Margins with the same sum.
    """
    exact = fit_table(weights, row_totals, column_totals)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    row_lack = np.asarray(row_totals, np.int64) - whole.sum(1)
    column_lack = np.asarray(column_totals, np.int64) - whole.sum(0)
    by_remainder = np.argsort((whole - exact).ravel(), kind="stable")
    while row_lack.sum() > 0:
        for i, j in zip(*np.unravel_index(by_remainder, whole.shape), strict=True):
            step = min(row_lack[i], column_lack[j], 1)
            if step > 0:
                whole[i, j] += step
                row_lack[i] -= step
                column_lack[j] -= step
    return whole


def fit_table(weights: Array, row_totals: Array, column_totals: Array) -> Array:
    """Return the weights scaled by rows and columns until both margins hold (proportional fitting)."""
    table = np.maximum(np.ascontiguousarray(weights, np.float64), LEAST)
    rows, columns = np.asarray(row_totals, np.float64), np.asarray(column_totals, np.float64)
    return np.asarray(fit_margins(table, rows, columns, _NEAR_ENOUGH, _SWEEPS))


def sample_rows(weights: Array, n: int, rng: np.random.Generator) -> Array:
    """Choose exactly `n` rows, each with a probability in proportion to its weight, capped at 1.

    Systematic sampling in random order: the inclusion probabilities are met exactly.

    Returns
    -------
    bool array
        Which rows are chosen.
    """
    if n <= 0 or n >= weights.size:
        return np.full(weights.size, n > 0)
    order = rng.permutation(weights.size)
    return choose_rows(np.ascontiguousarray(weights, np.float64), n, order, rng.random())


def assign_classes(weights: Array, quotas: Array, rng: np.random.Generator) -> Array:
    """Give each row one class, in proportion to its weights, so that every quota is met exactly.

    Parameters
    ----------
    weights : float (rows, classes)
    quotas : int (classes,)
        Sums to the number of rows.

    Returns
    -------
    int8 array
        The class of each row.
    """
    orders, lucks = [_NO_ROWS], [0.0]
    left = weights.shape[0]
    for quota in quotas[:-1].tolist():
        if 0 < quota < left:
            orders.append(rng.permutation(left))
            lucks.append(rng.random())
        left -= quota
    return draw_classes(
        np.maximum(weights, LEAST),
        quotas,
        np.concatenate(orders),
        np.array(lucks[1:]),
        _NEAR_ENOUGH,
        _SWEEPS,
    )
