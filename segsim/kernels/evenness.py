"""Evenness of a table of counts (units x groups): how differently the groups are spread over the units."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.margins import margins, n_present, without_roundoff


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
def information_of_whole_counts(counts, products):
    """Return M and E in nats of small whole counts, with `products[n]` = n ln n looked up.

    M = (sum n ln n - sum t ln t - sum N ln N + T ln T) / T takes no logarithm per cell. NaN if a count is
    not whole, too large for the table, or if M is so near 0 that rounding would tell: then ask
    `mutual_information`.
    """
    n_units, n_groups = counts.shape
    flat = counts.ravel()
    whole = np.empty(flat.size, np.int32)
    odd, most, least = False, np.int32(0), np.int32(0)
    for i in range(flat.size):
        n = np.int32(flat[i])
        odd |= np.float64(n) != flat[i]
        most, least = max(most, n), min(least, n)
        whole[i] = n
    if odd or least < 0 or most >= products.size:
        return np.nan, np.nan
    cells = 0.0
    groups = np.zeros(n_groups, np.int64)
    for j in range(n_units):
        here, row = np.int64(0), 0.0
        for k in range(n_groups):
            n = whole[j * n_groups + k]
            row += products[n]
            here += n
            groups[k] += n
        cells += row - (products[here] if here < products.size else here * np.log(here))
    total = groups.sum()
    if total == 0:
        return np.nan, np.nan
    spread = total * np.log(total)
    for n in groups:
        if n > 0:
            spread -= n * np.log(n)
    value = (cells + spread) / total
    return value if value > 1e-12 else np.nan, spread / total


@kernel
def squared_deviations(counts, units, groups, total, weights):
    """Return the sum over units and groups of weight t (p - P)^2, times the squared total."""
    value = 0.0
    for j in range(units.size):
        if units[j] > 0.0:
            inside = 0.0
            for k in range(groups.size):
                deviation = counts[j, k] * total - units[j] * groups[k]
                inside += weights[k] * deviation * deviation
            value += inside / units[j]
    return value


@kernel
def relative_diversity(counts):
    """Return R, the multigroup eta squared; NaN with fewer than two groups."""
    units, groups, total = margins(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    mixed = 0.0
    for n in groups:
        mixed += n * (total - n)
    return squared_deviations(counts, units, groups, total, np.ones(groups.size)) / (total * mixed)


@kernel
def separations(counts):
    """Return V of each group against the rest; NaN for a group that is absent or alone."""
    units, groups, total = margins(counts)
    out = np.full(groups.size, np.nan)
    if not (total > 0.0 and n_present(groups) > 1):
        return out
    weights = np.zeros(groups.size)
    for k in range(groups.size):
        if groups[k] > 0.0:
            weights[k] = 1.0 / (total * groups[k] * (total - groups[k]))
            out[k] = squared_deviations(counts, units, groups, total, weights)
            weights[k] = 0.0
    return out


@kernel
def normalised_exposure(counts):
    """Return P, the mean over groups of their V weighted by size; NaN with fewer than two groups."""
    units, groups, total = margins(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    return squared_deviations(counts, units, groups, total, 1.0 / (total - groups)) / (total * total)


@kernel
def squared_variation(counts):
    """Return C, the squared coefficient of variation; NaN with fewer than two groups."""
    units, groups, total = margins(counts)
    present = n_present(groups)
    if not (total > 0.0 and present > 1):
        return np.nan
    weights = np.zeros(groups.size)
    for k in range(groups.size):
        if groups[k] > 0.0:
            weights[k] = 1.0 / groups[k]
    return squared_deviations(counts, units, groups, total, weights) / (total * total * (present - 1))


@kernel
def shares_by_group(counts):
    """Return the share of each group in every unit, groups x units; 0 in an empty unit."""
    shares = np.zeros((counts.shape[1], counts.shape[0]))
    for j in range(counts.shape[0]):
        here = 0.0
        for k in range(counts.shape[1]):
            here += counts[j, k]
        if here > 0.0:
            for k in range(counts.shape[1]):
                shares[k, j] = counts[j, k] / here
    return shares


@kernel
def ginis(counts, order):
    """Return the Gini of each group against the rest; `order[k]` sorts the units by the share of group k.

    Twice the area between the segregation curve and the diagonal, in one walk along the curve.
    """
    units, groups, total = margins(counts)
    out = np.full(order.shape[0], np.nan)
    if not (total > 0.0 and n_present(groups) > 1):
        return out
    for k in range(order.shape[0]):
        if groups[k] > 0.0:
            area, own, rest = 0.0, 0.0, 0.0
            for j in order[k]:
                others = units[j] - counts[j, k]
                area += counts[j, k] * rest - others * own
                own += counts[j, k]
                rest += others
            out[k] = without_roundoff(area / (groups[k] * (total - groups[k])))
    return out


@kernel
def atkinson_pair(pair, shape):
    """Return the Atkinson index of a two-group table with the given shape, between 0 and 1."""
    _, groups, total = margins(pair)
    if not (total > 0.0 and n_present(groups) == 2):
        return np.nan
    overlap = 0.0
    if shape == 0.5:  # the usual case, and a root is ten times faster than a power
        for j in range(pair.shape[0]):
            overlap += np.sqrt(pair[j, 0] / groups[0] * (pair[j, 1] / groups[1]))
        return without_roundoff(1.0 - overlap * overlap)
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
