"""Exposure: whom people meet in their unit. Unlike evenness it moves with the size of the groups."""

import numpy as np

from segsim.indices.inputs.labels import Values, label_groups, label_matrix
from segsim.indices.inputs.numbers import refuse_fractions
from segsim.indices.inputs.tables import Counts, as_pair, as_table, check_indices
from segsim.kernels.indices import exposure as kernels


def exposure(counts: Counts) -> Values:
    """Return the exposure matrix aPb.

    Parameters
    ----------
    counts : array_like or DataFrame
        People, units x groups.

    Returns
    -------
    ndarray or DataFrame
        Row a, column b: sum_j (n_ja / N_a) (n_jb / t_j), the mean share of group b in the units of group a's
        members, from 0 to 1. Rows sum to 1 and sum_a P_a aPb = P_b. The row of an absent group is NaN, its
        column 0. The diagonal is isolation (isoleringsindex), the rest interaction (exponeringsindex).

    References
    ----------
    Bell (1954), Social Forces 32(4); Lieberson (1981).

    Examples
    --------
    >>> exposure([[30, 10], [10, 30]])
    array([[0.625, 0.375],
           [0.375, 0.625]])
    """
    table = as_table(counts)
    return label_matrix(check_indices(kernels.exposure(table), table), counts)


def isolation(counts: Counts) -> Values:
    """Return isolation aPa per group: the mean own-group share members meet, P_a to 1; NaN if absent."""
    table = as_table(counts)
    return label_groups(check_indices(kernels.isolation(table)[0], table), counts)


def interaction_with_rest(counts: Counts) -> Values:
    """Return, per group, the mean share of everybody else its members meet, 1 - isolation; NaN if absent."""
    table = as_table(counts)
    return label_groups(check_indices(kernels.isolation(table)[1], table), counts)


def exposure_shortfall(counts: Counts) -> Values:
    """Return 1 - aPb / P_b for every two groups a and b: how much less than evenly a meets b.

    At most 1, negative where a meets more of b than its share. Equals V in a table of two groups, and only
    there. (Some call it normalised exposure; that name is here the P of Reardon and Firebaugh.) NaN on the
    diagonal and where either group is absent.
    """
    table = as_table(counts)
    matrix = check_indices(kernels.exposure(table), table)
    share = table.sum(axis=0) / table.sum() if table.sum() > 0 else np.full(table.shape[1], np.nan)
    shortfall = 1.0 - matrix / np.where(share > 0, share, np.nan)
    np.fill_diagonal(shortfall, np.nan)
    return label_matrix(shortfall, counts)


def contact_without_self(counts: Counts) -> tuple[float, float]:
    """Return, for columns 0 and 1, the mean share of column 0 among the *other* people of their unit.

    x meets x: sum_j (x_j / X) (x_j - 1) / (t_j - 1); y meets x: sum_j (y_j / Y) x_j / (t_j - 1). Leaving out
    oneself removes the bias of small units; it takes whole persons, not shares or weights. NaN if a group is
    absent or a unit holds a single person.
    Source: Fossett (2017).
    """
    table = as_pair(counts)
    own, other = kernels.contact_without_self(table)
    check_indices(np.array([own, other]), table)
    refuse_fractions(table, "counts", counts)
    return own, other


def separation_without_self(counts: Counts) -> float:
    """Return Fossett's unbiased separation index of two groups.

    S' = (x meets x) - (y meets x), both without oneself (`contact_without_self`): the expectation under a
    random allocation is -1 / (T - 1), practically 0, whatever the size of units. At most 1.
    """
    own, other = contact_without_self(counts)
    return own - other


__all__ = [
    "contact_without_self",
    "exposure",
    "exposure_shortfall",
    "interaction_with_rest",
    "isolation",
    "separation_without_self",
]
