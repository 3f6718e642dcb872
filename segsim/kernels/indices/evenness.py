"""Evenness of a table of counts (units x groups): how differently the groups are spread over the units."""

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.indices.margins import (
    FOUR,
    THREE,
    TWO,
    drop_roundoff,
    group_totals,
    margins,
    n_present,
    sum_side_by_side,
)
from segsim.tables import Array

PRODUCTS = np.append(0.0, np.arange(1.0, 8192.0) * np.log(np.arange(1.0, 8192.0)))
"""n ln n for n up to 8 191, the counts of ordinary areas: looked up nine times faster than logs are taken."""


@kernel
def entropy(counts: Array) -> float:
    """Return the entropy of the groups in nats."""
    groups, total = group_totals(counts)
    return entropy_of(groups, total)


@kernel
def entropy_of(groups: Array, total: float) -> float:
    """Return the entropy of group totals in nats, NaN if nobody is there."""
    if not total > 0.0:
        return np.nan
    value = 0.0
    for n in groups:
        if n > 0.0:
            value -= n / total * np.log(n / total)
    return drop_roundoff(value)


@kernel
def simpson(counts: Array) -> float:
    """Return the chance that two people drawn at random are of different groups."""
    groups, total = group_totals(counts)
    if not total > 0.0:
        return np.nan
    return count_unlike_pairs(groups, total) / (total * total)


@kernel
def count_unlike_pairs(groups: Array, total: float) -> float:
    """Return the ordered pairs of people of different groups, a person with itself included as like."""
    value = 0.0
    for n in groups:
        value += n * (total - n)
    return value


@kernel
def dissimilarity(counts: Array) -> float:
    """Return D, multigroup; NaN with fewer than two groups."""
    groups, total = group_totals(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    # widths known when compiled make the loops over groups straight code: three times faster at three groups
    apart, flat = np.empty(counts.shape[0]), counts.ravel()
    if groups.size == 2:
        _deviations(flat, groups, total, apart, TWO)
    elif groups.size == 3:
        _deviations(flat, groups, total, apart, THREE)
    elif groups.size == 4:
        _deviations(flat, groups, total, apart, FOUR)
    else:
        for j in range(counts.shape[0]):
            here = counts[j].sum()
            apart[j] = 0.0
            for k in range(groups.size):
                apart[j] += abs(counts[j, k] * total - here * groups[k])
    return sum_side_by_side(apart) / (2.0 * count_unlike_pairs(groups, total))


@part
def _deviations(flat: Array, groups: Array, total: float, apart: Array, width: tuple[int, ...]) -> None:
    """Write, per unit, the sum over groups of |n T - t N|."""
    n_groups = np.uint64(len(width))
    for j in range(np.uint64(apart.size)):
        here, far = 0.0, 0.0
        for k in range(len(width)):
            here += flat[j * n_groups + np.uint64(k)]
        for k in range(len(width)):
            # |n T - t N| in whole numbers of people is exact; dividing first would not be
            far += abs(flat[j * n_groups + np.uint64(k)] * total - here * groups[k])
        apart[j] = far


@kernel
def mutual_information(counts: Array) -> float:
    """Return M in nats; NaN if nobody is there."""
    quick = information_of_whole_counts(counts)[0]
    # NaN, the only number unlike itself, says that the quick way will not do
    return quick if quick == quick else _information(counts)


@kernel
def _information(counts: Array) -> float:
    """Return M with a logarithm per cell."""
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
    return drop_roundoff(value / total)


@kernel
def theil(counts: Array) -> float:
    """Return H, M over the entropy; NaN with fewer than two groups."""
    quick, spread = information_of_whole_counts(counts)
    if quick == quick:
        return quick / spread
    groups, total = group_totals(counts)
    if n_present(groups) < 2:
        return np.nan
    return _information(counts) / entropy_of(groups, total)


@kernel
def information_of_whole_counts(counts: Array) -> tuple[float, float]:
    """Return M and E in nats of small whole counts, with n ln n looked up.

    M = (sum n ln n - sum t ln t - sum N ln N + T ln T) / T takes no logarithm per cell. NaN if a count is
    not whole, if a unit is too large for the table, or if M is so near 0 that rounding would tell. The size
    of the table is a power of two.
    """
    n_units, n_groups = counts.shape
    flat = counts.ravel()
    whole = np.empty(flat.size, np.int32)
    # what is amiss is gathered without a branch and asked once, after the loop: the OR of all counts is below
    # a power of two if each of them is
    odd, bits = False, np.int32(0)
    for i in range(np.uint64(flat.size)):
        n = np.int32(flat[i])
        odd |= np.float64(n) != flat[i]
        bits |= n
        whole[i] = n
    if odd or not 0 <= bits < PRODUCTS.size:
        return np.nan, np.nan
    groups = np.zeros(n_groups, np.int64)
    if n_groups == 2:
        cells = _sum_products(whole, groups, TWO)
    elif n_groups == 3:
        cells = _sum_products(whole, groups, THREE)
    elif n_groups == 4:
        cells = _sum_products(whole, groups, FOUR)
    else:
        cells = 0.0
        for j in range(n_units):
            row = whole[j * n_groups : (j + 1) * n_groups]
            here = row.sum()
            value = -PRODUCTS[here] if here < PRODUCTS.size else np.nan
            for k in range(n_groups):
                value += PRODUCTS[row[k]]
                groups[k] += row[k]
            cells += value
    total = groups.sum()
    if total == 0:
        return np.nan, np.nan
    spread = total * np.log(total)
    for members in groups:
        if members > 0:
            spread -= members * np.log(members)
    value = (cells + spread) / total
    # near 0 the four sums cancel to their last digits, and the slow way is right
    return value if value > 1e-12 else np.nan, spread / total


@part
def _sum_products(whole: Array, groups: Array, width: tuple[int, ...]) -> float:
    """Return sum n ln n - sum t ln t of a flat table, NaN if a unit is too large, and add up its groups."""
    n_groups = np.uint64(len(width))
    n_units = np.uint64(whole.size) // n_groups
    # four rows side by side, because a look-up must be waited for: 1.7 times faster than one row at a time
    a = b = c = d = 0.0
    bits = np.int32(0)
    fours = n_units // np.uint64(4)
    for q in range(fours):
        at = q * np.uint64(4) * n_groups
        below = at + n_groups + n_groups
        value, here = _products_in_row(whole, at, width)
        a, bits = a + value, bits | here
        value, here = _products_in_row(whole, at + n_groups, width)
        b, bits = b + value, bits | here
        value, here = _products_in_row(whole, below, width)
        c, bits = c + value, bits | here
        value, here = _products_in_row(whole, below + n_groups, width)
        d, bits = d + value, bits | here
        for k in range(len(width)):
            i, j = at + np.uint64(k), below + np.uint64(k)
            groups[k] += (whole[i] + whole[i + n_groups]) + (whole[j] + whole[j + n_groups])
    for row in range(fours * np.uint64(4), n_units):
        value, here = _products_in_row(whole, row * n_groups, width)
        a, bits = a + value, bits | here
        for k in range(len(width)):
            groups[k] += whole[row * n_groups + np.uint64(k)]
    return (a + b) + (c + d) if bits < PRODUCTS.size else np.nan


@part
def _products_in_row(whole: Array, at: np.uint64, width: tuple[int, ...]) -> tuple[float, np.int32]:
    """Return sum n ln n - t ln t of the unit whose counts begin at a place, and its total t."""
    cells, here = 0.0, np.int32(0)
    for k in range(len(width)):
        n = whole[at + np.uint64(k)]
        cells += PRODUCTS[np.uint64(n)]
        here += n
    # a unit too large is looked up at the table's end, and the caller throws the sum away
    return cells - PRODUCTS[np.uint64(min(here, np.int32(PRODUCTS.size - 1)))], here


@kernel
def sum_squares(counts: Array, groups: Array, total: float, weights: Array) -> float:
    """Return the sum over units and groups of weight t (p - P)^2, times the squared total."""
    apart, flat = np.empty(counts.shape[0]), counts.ravel()
    if groups.size == 2:
        _squares(flat, groups, total, weights, apart, TWO)
    elif groups.size == 3:
        _squares(flat, groups, total, weights, apart, THREE)
    elif groups.size == 4:
        _squares(flat, groups, total, weights, apart, FOUR)
    else:
        for j in range(counts.shape[0]):
            here, apart[j] = counts[j].sum(), 0.0
            if here > 0.0:
                for k in range(groups.size):
                    deviation = counts[j, k] * total - here * groups[k]
                    apart[j] += weights[k] * deviation * deviation / here
    return sum_side_by_side(apart)


@part
def _squares(
    flat: Array, groups: Array, total: float, weights: Array, apart: Array, width: tuple[int, ...]
) -> None:
    """Write, per unit, the sum over groups of weight (n T - t N)^2 / t; 0 for an empty one."""
    n_groups = np.uint64(len(width))
    for j in range(np.uint64(apart.size)):
        here, far = 0.0, 0.0
        for k in range(len(width)):
            here += flat[j * n_groups + np.uint64(k)]
        for k in range(len(width)):
            deviation = flat[j * n_groups + np.uint64(k)] * total - here * groups[k]
            far += weights[k] * deviation * deviation
        apart[j] = far / (here if here > 0.0 else 1.0)  # of an empty unit `far` is 0


@kernel
def relative_diversity(counts: Array) -> float:
    """Return R, the multigroup eta squared; NaN with fewer than two groups."""
    groups, total = group_totals(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    apart = sum_squares(counts, groups, total, np.ones(groups.size))
    return apart / (total * count_unlike_pairs(groups, total))


@kernel
def separations(counts: Array) -> Array:
    """Return V of each group against the rest; NaN for a group that is absent or alone."""
    groups, total = group_totals(counts)
    out = np.full(groups.size, np.nan)
    if not (total > 0.0 and n_present(groups) > 1):
        return out
    weights = np.zeros(groups.size)
    for k in range(groups.size):
        if groups[k] > 0.0:
            weights[k] = 1.0 / (total * groups[k] * (total - groups[k]))
            out[k] = sum_squares(counts, groups, total, weights)
            weights[k] = 0.0  # one weight at a time picks one group out of the sum over all
    return out


@kernel
def normalised_exposure(counts: Array) -> float:
    """Return P, the mean over groups of their V weighted by size; NaN with fewer than two groups."""
    groups, total = group_totals(counts)
    if not (total > 0.0 and n_present(groups) > 1):
        return np.nan
    weights = np.zeros(groups.size)
    for k in range(groups.size):
        if total - groups[k] > 0.0:
            weights[k] = 1.0 / (total - groups[k])
    return sum_squares(counts, groups, total, weights) / (total * total)


@kernel
def squared_variation(counts: Array) -> float:
    """Return C, the squared coefficient of variation; NaN with fewer than two groups."""
    groups, total = group_totals(counts)
    present = n_present(groups)
    if not (total > 0.0 and present > 1):
        return np.nan
    weights = np.zeros(groups.size)
    for k in range(groups.size):
        if groups[k] > 0.0:
            weights[k] = 1.0 / groups[k]
    return sum_squares(counts, groups, total, weights) / (total * total * (present - 1))


@kernel
def share_keys(counts: Array, n: int) -> Array:
    """Return numbers that sort the units by the share of each of the first n groups (groups x units).

    The bits of a share that is not negative sort as the share does. The last of them, beyond the twelfth
    digit of a table of thousands of units, give way to the number of the unit, so that sorting the numbers,
    which is three times as fast as sorting places, says which unit stands where.
    """
    shares = np.zeros((n, counts.shape[0]))
    for j in range(counts.shape[0]):
        here = 0.0
        for k in range(counts.shape[1]):
            here += counts[j, k]
        if here > 0.0:
            for k in range(n):
                shares[k, j] = abs(counts[j, k]) / here  # a count of -0.0 has the sign bit
    keys = shares.view(np.uint64)
    place = place_bits(counts.shape[0])
    for k in range(n):
        for j in range(counts.shape[0]):
            keys[k, j] = (keys[k, j] & ~place) | np.uint64(j)
    return keys


@part
def place_bits(n_units: int) -> np.uint64:
    """Return the bits that hold the number of a unit."""
    bits = np.uint64(1)
    while bits < n_units:
        bits <<= np.uint64(1)
    return bits - np.uint64(1)


@kernel
def ginis(counts: Array, keys: Array) -> Array:
    """Return the Gini of each group against the rest; `keys` are the sorted keys of the groups' shares.

    Twice the area between the segregation curve and the diagonal, in one walk along the curve.
    """
    units, groups, total = margins(counts)
    out = np.full(keys.shape[0], np.nan)
    if not (total > 0.0 and n_present(groups) > 1):
        return out
    place = place_bits(units.size)
    # the caller has sorted: NumPy's sort of whole numbers is vectorised, numba's is not
    for k in range(keys.shape[0]):
        if groups[k] > 0.0:
            area, own, rest = 0.0, 0.0, 0.0
            for i in range(units.size):
                j = keys[k, i] & place
                here = counts[j, k]
                others = units[j] - here
                area += here * rest - others * own
                own += here
                rest += others
            out[k] = drop_roundoff(area / (groups[k] * (total - groups[k])))
    return out


@kernel
def atkinson_pair(pair: Array, shape: float) -> float:
    """Return the Atkinson index of a two-group table with the given shape, between 0 and 1."""
    _, groups, total = margins(pair)
    if not (total > 0.0 and n_present(groups) == 2):
        return np.nan
    overlap = 0.0
    if shape == 0.5:  # the usual case, and a root is ten times faster than a power
        for j in range(pair.shape[0]):
            overlap += np.sqrt(pair[j, 0] / groups[0] * (pair[j, 1] / groups[1]))
        return drop_roundoff(1.0 - overlap * overlap)
    for j in range(pair.shape[0]):
        if pair[j, 0] > 0.0 and pair[j, 1] > 0.0:
            overlap += (pair[j, 0] / groups[0]) ** shape * (pair[j, 1] / groups[1]) ** (1.0 - shape)
    return drop_roundoff(1.0 - overlap ** (1.0 / (1.0 - shape)))


@kernel
def atkinson_symmetric(counts: Array) -> float:
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
    return drop_roundoff(1.0 - overlap)


@kernel
def local_information(counts: Array) -> Array:
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
            out[j] = drop_roundoff(value)
    return out


@kernel
def split_by_district(counts: Array, district: Array, n_districts: int) -> tuple[Array, Array]:
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
