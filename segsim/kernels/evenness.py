"""Evenness of a table of counts (units x groups): how differently the groups are spread over the units."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.margins import against_rest, margins, n_present, only_pair, without_roundoff


@kernel
def entropy(counts):
    """Return the entropy of the groups in nats."""
    _, groups, total = margins(counts)
    return entropy_of(groups, total)


@kernel
def entropy_of(groups, total):
    """Return the entropy of group totals in nats, NaN if nobody is there."""
    if not total > 0.0:
        return np.nan
    value = 0.0
    for n in groups:
        if n > 0.0:
            value -= n / total * np.log(n / total)
    return without_roundoff(value)


@kernel
def simpson(counts):
    """Return the chance that two people drawn at random are of different groups."""
    _, groups, total = margins(counts)
    if not total > 0.0:
        return np.nan
    value = 0.0
    for n in groups:
        value += n * (total - n)
    return value / (total * total)


@kernel
def dissimilarity(counts):
    """Return D, multigroup; NaN with fewer than two groups."""
    units, groups, total = margins(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    apart, mixed = 0.0, 0.0
    for j in range(counts.shape[0]):
        for k in range(counts.shape[1]):
            apart += abs(counts[j, k] * total - units[j] * groups[k])
    for n in groups:
        mixed += n * (total - n)
    return apart / (2.0 * mixed)


@kernel
def mutual_information(counts):
    """Return M in nats; NaN if nobody is there."""
    units, groups, total = margins(counts)
    if not total > 0.0:
        return np.nan
    value = 0.0
    for j in range(counts.shape[0]):
        if units[j] > 0.0:
            scale = total / units[j]
            for k in range(counts.shape[1]):
                n = counts[j, k]
                if n > 0.0:
                    value += n * np.log(n / groups[k] * scale)
    return without_roundoff(value / total)


@kernel
def theil(counts):
    """Return H, M over the entropy; NaN with fewer than two groups."""
    _, groups, total = margins(counts)
    if n_present(groups) < 2:
        return np.nan
    return mutual_information(counts) / entropy_of(groups, total)


@kernel
def squared_deviations(counts):
    """Return, per group, the sum over units of t (p - P)^2 times the squared total, and the margins."""
    units, groups, total = margins(counts)
    out = np.zeros(groups.size)
    for j in range(counts.shape[0]):
        if units[j] > 0.0:
            for k in range(counts.shape[1]):
                deviation = counts[j, k] * total - units[j] * groups[k]
                out[k] += deviation * deviation / units[j]
    return out, groups, total


@kernel
def relative_diversity(counts):
    """Return R, the multigroup eta squared; NaN with fewer than two groups."""
    squares, groups, total = squared_deviations(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    mixed = 0.0
    for n in groups:
        mixed += n * (total - n)
    return squares.sum() / (total * mixed)


@kernel
def normalised_exposure(counts):
    """Return P, the mean over groups of their V weighted by size; NaN with fewer than two groups."""
    squares, groups, total = squared_deviations(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    value = 0.0
    for k in range(groups.size):
        value += squares[k] / (total - groups[k])
    return value / (total * total)


@kernel
def squared_variation(counts):
    """Return C, the squared coefficient of variation; NaN with fewer than two groups."""
    squares, groups, total = squared_deviations(counts)
    present = n_present(groups)
    if not (total > 0.0 and present > 1):
        return np.nan
    value = 0.0
    for k in range(groups.size):
        if groups[k] > 0.0:
            value += squares[k] / groups[k]
    return value / (total * total * (present - 1))


@kernel
def gini_pair(pair):
    """Return the Gini of a two-group table: twice the area between segregation curve and diagonal."""
    units, groups, total = margins(pair)
    if not (total > 0.0 and n_present(groups) == 2):
        return np.nan
    share = np.empty(units.size)
    for j in range(units.size):
        share[j] = pair[j, 0] / units[j] if units[j] > 0.0 else 0.0
    area, below_x, below_y = 0.0, 0.0, 0.0
    for j in np.argsort(share):
        area += pair[j, 0] * below_y - pair[j, 1] * below_x
        below_x += pair[j, 0]
        below_y += pair[j, 1]
    return without_roundoff(area / (groups[0] * groups[1]))


@kernel
def gini(counts):
    """Return the multigroup Gini: groups against the rest, weighted by P (1 - P)."""
    _, groups, total = margins(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    if groups.size == 2:
        return gini_pair(counts)
    value, mixed = 0.0, 0.0
    for k in range(groups.size):
        if groups[k] > 0.0:
            weight = groups[k] * (total - groups[k])
            value += weight * gini_pair(against_rest(counts, k))
            mixed += weight
    return value / mixed


@kernel
def atkinson_pair(pair, shape):
    """Return the Atkinson index of a two-group table with the given shape, between 0 and 1."""
    _, groups, total = margins(pair)
    if not (total > 0.0 and n_present(groups) == 2):
        return np.nan
    overlap = 0.0
    for j in range(pair.shape[0]):
        if pair[j, 0] > 0.0 and pair[j, 1] > 0.0:
            overlap += (pair[j, 0] / groups[0]) ** shape * (pair[j, 1] / groups[1]) ** (1.0 - shape)
    return without_roundoff(1.0 - overlap ** (1.0 / (1.0 - shape)))


@kernel
def atkinson_symmetric(counts):
    """Return the multigroup Atkinson index with equal weights (Frankel-Volij)."""
    _, groups, total = margins(counts)
    present = n_present(groups)
    if not (total > 0.0 and present > 1):
        return np.nan
    overlap = 0.0
    for j in range(counts.shape[0]):
        product = 1.0
        for k in range(counts.shape[1]):
            if groups[k] > 0.0:
                product *= (counts[j, k] / groups[k]) ** (1.0 / present)
        overlap += product
    return without_roundoff(1.0 - overlap)


@kernel
def against_rests(counts, shape):
    """Return, per group against the rest, the rows D, Gini, H, V and Atkinson of the given shape."""
    out = np.empty((5, counts.shape[1]))
    for k in range(counts.shape[1]):
        pair = against_rest(counts, k)
        out[0, k] = dissimilarity(pair)
        out[1, k] = gini_pair(pair)
        out[2, k] = theil(pair)
        out[3, k] = relative_diversity(pair)
        out[4, k] = atkinson_pair(pair, shape)
    return out


@kernel
def local_information_of_units(counts):
    """Return, per unit, the divergence of its composition from the city's in nats; NaN if it is empty."""
    units, groups, total = margins(counts)
    out = np.full(units.size, np.nan)
    if not total > 0.0:
        return out
    for j in range(units.size):
        if units[j] > 0.0:
            value = 0.0
            for k in range(groups.size):
                n = counts[j, k]
                if n > 0.0:
                    value += n / units[j] * np.log(n / groups[k] * (total / units[j]))
            out[j] = without_roundoff(value)
    return out


@kernel
def nested_information(counts, district, n_districts):
    """Return M, H and population share of each district's own table, and the table of districts."""
    between = np.zeros((n_districts, counts.shape[1]))
    for j in range(counts.shape[0]):
        for k in range(counts.shape[1]):
            between[district[j], k] += counts[j, k]
    within = np.empty((4, n_districts))
    for d in range(n_districts):
        own = counts[district == d]
        within[0, d] = between[d].sum()
        within[1, d] = mutual_information(own)
        within[2, d] = theil(own)
        within[3, d] = entropy(own)
    return within, between


@kernel
def pairs(counts):
    """Return D (row 0) and Gini (row 1) of each pair of groups in order (0, 1), (0, 2), ... (1, 2), ..."""
    n_groups = counts.shape[1]
    out = np.empty((2, n_groups * (n_groups - 1) // 2))
    at = 0
    for a in range(n_groups):
        for b in range(a + 1, n_groups):
            pair = only_pair(counts, a, b)
            out[0, at] = dissimilarity(pair)
            out[1, at] = gini_pair(pair)
            at += 1
    return out
