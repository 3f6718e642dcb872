"""Evenness: how differently the groups are spread over the units.

Symbols of the formulas: n_jk people of group k in unit j; t_j, N_k, T the totals of unit, group and table;
p_jk = n_jk / t_j, P_k = N_k / T. Empty units and empty groups change nothing: J' and K' count those present.
An index is NaN (undefined) where nobody is there, or where fewer than two groups are.
A value belongs to its unit system (area, district, cell, school): never print it without.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from segsim.indices.inputs.labels import (
    Values,
    as_labels,
    label_groups,
    label_pairs,
    label_units,
    match_units,
)
from segsim.indices.inputs.numbers import Floats, as_number, ratio
from segsim.indices.inputs.tables import Counts, as_pair, as_table, check_index, check_indices
from segsim.kernels.indices import evenness as kernels
from segsim.kernels.indices.margins import pair_with_rest


def dissimilarity(counts: Counts) -> float:
    """Return the dissimilarity index D.

    Parameters
    ----------
    counts : array_like or DataFrame
        People, units x groups.

    Returns
    -------
    float
        D = sum_jk t_j |p_jk - P_k| / (2 T I) with I = sum_k P_k (1 - P_k), from 0 (even) to 1 (complete
        separation). With two groups, Duncan and Duncan's D: the share of either group that would have to
        change unit. NaN with fewer than two groups.

    References
    ----------
    Duncan and Duncan (1955), ASR 20(2); Morgan (1975) and Sakoda (1981) for several groups;
    Reardon and Firebaugh (2002), Sociological Methodology 32.

    Examples
    --------
    >>> dissimilarity([[30, 10], [10, 30]])
    0.5
    """
    table = as_table(counts)
    return check_index(kernels.dissimilarity(table), table)


def dissimilarity_pairs(counts: Counts) -> Values:
    """Return D of every pair of groups, in order (0, 1), (0, 2), ..., (1, 2), ...; other groups do not enter.

    D_ab = 1/2 sum_j |n_ja / N_a - n_jb / N_b|, from 0 to 1; NaN if either group is absent.

    Examples
    --------
    >>> dissimilarity_pairs([[10, 0, 5], [0, 10, 5]])
    array([1. , 0.5, 0.5])
    """
    return label_pairs(_each_pair(as_table(counts), dissimilarity), counts)


def dissimilarity_vs_rest(counts: Counts) -> Values:
    """Return D of each group against everybody else; NaN for an absent group.

    The segregation index (segregationsindex) of Delmos and Boverket, from 0 to 1.
    """
    return label_groups(_each_vs_rest(as_table(counts), dissimilarity), counts)


def theil(counts: Counts) -> float:
    """Return Theil's information index H.

    H = M / E: the mutual information over the entropy of the groups, from 0 to 1, free of the base of the
    logarithm. NaN with fewer than two groups. Source: Theil and Finizza (1971); Reardon and Firebaugh (2002).

    Examples
    --------
    >>> theil([[10, 0], [0, 10]])
    1.0
    """
    table = as_table(counts)
    return check_index(kernels.theil(table), table)


def theil_vs_rest(counts: Counts) -> Values:
    """Return Theil's H of each group against everybody else; NaN for an absent group."""
    return label_groups(_each_vs_rest(as_table(counts), theil), counts)


def mutual_information(counts: Counts) -> float:
    """Return the mutual information M of unit and group, in nats.

    M = sum_jk (n_jk / T) ln(n_jk T / (t_j N_k)), from 0 to min(ln J', E); 0 with one group, NaN when nobody
    is there. Identical to the Divergence index of Roberto (2015) of units against the city. Source: Theil
    (1971); Frankel and Volij (2011), Journal of Economic Theory 146; Mora and Ruiz-Castillo (2011).

    Examples
    --------
    >>> round(mutual_information([[10, 0], [0, 10]]), 4)
    0.6931
    """
    table = as_table(counts)
    return check_index(kernels.mutual_information(table), table)


def local_information_units(counts: Counts) -> Values:
    """Return L_j of each unit: how far its composition is from the city's, in nats; NaN for an empty unit.

    L_j = sum_k p_jk ln(p_jk / P_k) >= 0, and M = sum_j (t_j / T) L_j.
    """
    table = as_table(counts)
    return label_units(check_indices(kernels.local_information(table), table), counts)


def local_information_groups(counts: Counts) -> Values:
    """Return L_k of each group: how far its spread is from everybody's, in nats; NaN for an absent group.

    L_k = sum_j q_jk ln(q_jk T / t_j) with q_jk = n_jk / N_k, and M = sum_k P_k L_k.
    """
    table = as_table(counts)
    return label_groups(check_indices(kernels.local_information(table.T.copy()), table), counts)


def entropy(counts: Counts) -> float:
    """Return the entropy of the groups, E = -sum_k P_k ln P_k, in nats; 0 with one group, NaN with nobody."""
    table = as_table(counts)
    return check_index(kernels.entropy(table), table)


def diversity(counts: Counts) -> float:
    """Return I = sum_k P_k (1 - P_k): the chance that two people drawn with replacement differ in group.

    Simpson's interaction index, from 0 to 1 - 1/K'; NaN with nobody.
    """
    table = as_table(counts)
    return check_index(kernels.simpson(table), table)


def separation_vs_rest(counts: Counts) -> Values:
    """Return V, the separation index or eta squared, of each group against everybody else.

    V_k = sum_j t_j (p_jk - P_k)^2 / (T P_k (1 - P_k)), from 0 to 1, in the variance form, which keeps its
    digits for a tiny minority; equals (kPk - P_k) / (1 - P_k). NaN for an absent group. Source: Bell (1954);
    Fossett (2017), New Methods for Measuring and Analyzing Segregation.
    """
    table = as_table(counts)
    return label_groups(check_indices(kernels.separations(table), table), counts)


def relative_diversity(counts: Counts) -> float:
    """Return relative diversity R, the eta squared of several groups.

    R = sum_jk t_j (p_jk - P_k)^2 / (T I), from 0 to 1; equals V with two groups. NaN with fewer than two
    groups. Source: Carlson (1992); Reardon and Firebaugh (2002).
    """
    table = as_table(counts)
    return check_index(kernels.relative_diversity(table), table)


def normalised_exposure(counts: Counts) -> float:
    """Return normalised exposure P, the mean of V over groups weighted by their size.

    P = sum_jk t_j (p_jk - P_k)^2 / ((1 - P_k) T) = sum_k P_k V_k, from 0 to 1. NaN with fewer than two
    groups. Source: James (1986); Reardon and Firebaugh (2002).
    """
    table = as_table(counts)
    return check_index(kernels.normalised_exposure(table), table)


def squared_variation(counts: Counts) -> float:
    """Return C, the squared coefficient of variation.

    C = sum_jk t_j (p_jk - P_k)^2 / (T (K' - 1) P_k), from 0 to 1; sensitive to tiny groups. NaN with fewer
    than two groups. Source: Reardon and Firebaugh (2002).
    """
    table = as_table(counts)
    return check_index(kernels.squared_variation(table), table)


def gini(counts: Counts) -> float:
    """Return the Gini index of segregation G.

    With two groups twice the area between the segregation curve and the diagonal; with several
    sum_k P_k (1 - P_k) G_k / I with G_k of group k against the rest. From 0 to 1; with two groups
    D <= G <= 2 D - D^2. NaN with fewer than two groups. Source: Reardon and Firebaugh (2002).
    """
    table = as_table(counts)
    if table.shape[1] == 2:
        return float(_ginis(table, 1)[0])
    each = _ginis(table, table.shape[1])
    totals = table.sum(axis=0)
    weights = totals * (totals.sum() - totals)
    present = weights > 0
    return float((weights * each)[present].sum() / weights.sum()) if present.any() else math.nan


def gini_pairs(counts: Counts) -> Values:
    """Return the Gini index of every pair of groups, ordered as in `dissimilarity_pairs`."""
    return label_pairs(_each_pair(as_table(counts), gini), counts)


def gini_vs_rest(counts: Counts) -> Values:
    """Return the Gini index of each group against everybody else; NaN for an absent group."""
    table = as_table(counts)
    return label_groups(_ginis(table, table.shape[1]), counts)


def atkinson(counts: Counts, shape: float = 0.5) -> float:
    """Return the Atkinson index of two groups, column 0 against column 1.

    A = 1 - [sum_j (n_j0 / N_0)^b (n_j1 / N_1)^(1 - b)]^(1 / (1 - b)) with the shape 0 < b < 1, from 0 to 1:
    units where column 0 is over-represented weigh more the larger b; symmetric at b = 1/2. NaN if either
    group is absent. Source: James and Taeuber (1985), Sociological Methodology 15.
    """
    table = as_pair(counts)
    return check_index(kernels.atkinson_pair(table, check_shape(shape)), table)


def atkinson_vs_rest(counts: Counts, shape: float = 0.5) -> Values:
    """Return the two-group Atkinson index of each group against everybody else; NaN for an absent group."""
    checked = check_shape(shape)
    return label_groups(_each_vs_rest(as_table(counts), lambda pair: atkinson(pair, checked)), counts)


def atkinson_symmetric(counts: Counts) -> float:
    """Return the Atkinson index of several groups with equal weights.

    A = 1 - sum_j prod_k (n_jk / N_k)^(1 / K'), from 0 to 1; with two groups the square root index of
    Hutchens, which is not `atkinson` at b = 1/2. NaN with fewer than two groups. Source: Frankel and Volij
    (2011).
    """
    table = as_table(counts)
    return check_index(kernels.atkinson_symmetric(table), table)


def check_shape(shape: float) -> float:
    """Return the shape of the Atkinson index if it is between 0 and 1."""
    name = "the shape of the Atkinson index"
    number = as_number(shape, name)
    if not 0.0 < number < 1.0:
        raise ValueError(f"{name} must lie between 0 and 1, not {shape}")
    return number


class BetweenWithin(NamedTuple):
    """Segregation over units, split into that between districts and that within them.

    M = M_between + M_within, and M_within = sum_d share_d M_d; H likewise with sum_d share_d (E_d / E) H_d.
    """

    M: float
    M_between: float
    M_within: float
    H: float
    H_between: float
    H_within: float
    labels: list[object]
    shares: Floats
    M_of_districts: Floats
    H_of_districts: Floats
    entropy_ratios: Floats


def between_within(counts: Counts, districts: object) -> BetweenWithin:
    """Split M and H over units exactly into segregation between districts and within each.

    Parameters
    ----------
    counts : array_like or DataFrame
        People, units x groups.
    districts : array_like
        One label per unit: district, school type, or any other set of units; a Series is matched with the
        rows of a DataFrame by its labels.

    Returns
    -------
    BetweenWithin
        M in nats, H from 0 to 1; per district (sorted by label) its share of people, its own M and H, and its
        entropy over the city's. The H of a district with one group is NaN and weighs nothing.
    """
    counts, districts = match_units(counts=counts, districts=districts)
    table = as_table(counts)
    codes, labels = as_labels(districts, table.shape[0], "districts")
    within, between = kernels.split_by_district(table, codes, len(labels))
    total_entropy = check_index(kernels.entropy(table), table)
    everybody, divisor = kernels.mutual_information(table), total_entropy or math.nan
    among = kernels.mutual_information(between)
    shares = ratio(within[0], within[0].sum())
    inside = float(np.where(within[0] > 0, shares * within[1], 0.0).sum()) if total_entropy >= 0 else math.nan
    return BetweenWithin(
        everybody, among, inside, everybody / divisor, among / divisor, inside / divisor,
        labels, shares, within[1], within[2], within[3] / divisor,
    )  # fmt: skip


def _each_vs_rest(table: Floats, index: Callable[[Floats], float]) -> Floats:
    """Return a two-group index of each group against everybody else."""
    return np.array([index(pair_with_rest(table, k)) for k in range(table.shape[1])])


def _each_pair(table: Floats, index: Callable[[Floats], float]) -> Floats:
    """Return a two-group index of every pair of groups."""
    n = table.shape[1]
    return np.array([index(table[:, [a, b]]) for a in range(n) for b in range(a + 1, n)])


def _ginis(table: Floats, n: int) -> Floats:
    """Return the Gini of the first n groups against the rest."""
    keys = kernels.share_keys(table, n)
    keys.sort(axis=1)
    return check_indices(kernels.ginis(table, keys), table)


__all__ = [
    "BetweenWithin",
    "atkinson",
    "atkinson_symmetric",
    "atkinson_vs_rest",
    "between_within",
    "dissimilarity",
    "dissimilarity_pairs",
    "dissimilarity_vs_rest",
    "diversity",
    "entropy",
    "gini",
    "gini_pairs",
    "gini_vs_rest",
    "local_information_groups",
    "local_information_units",
    "mutual_information",
    "normalised_exposure",
    "relative_diversity",
    "separation_vs_rest",
    "squared_variation",
    "theil",
    "theil_vs_rest",
]
