"""Which households of the city newcomers are modelled on."""

from segsim.kernels.compile import kernel
from segsim.tables import NONE

DOMESTIC = 0


@kernel
def choose_donors(order, first, member, group, band, head_group, quota, need, n_households, times, kind):
    """Choose the households that newcomer households are copies of, in a given order.

    First the quotas of newcomers from abroad are filled, by group of the head; they are all of that group.
    Then newcomers from the rest of the country, of their donors' groups, until the needed persons are there:
    a household is taken if it brings the numbers by group and age band, and of households, nearer (in sum of
    squares) to those needed. An order that is too short is gone through again, at most `times` times; the
    last time every household is taken.

    Parameters
    ----------
    order : int32 array
        Household rows, as often as wanted first.
    first, member : arrays
        Persons of each household, from `list_members`.
    group, band : int8 arrays, persons
        Origin group and age band.
    head_group : int8 array, households
    quota : float64 array, groups x kinds
        Persons wanted from abroad; column 0, the domestic kind, is not read. Written to: what is left.
    need : float64 array, groups x bands
        Persons needed to hold the city's composition. Written to: what is left.
    n_households : float
        Households needed.
    times : int
        How often the order may be gone through.

    Returns
    -------
    int
        Newcomer households; number i is modelled on order[i % order.size], i counting all those passed.
    """
    taken = 0
    kind[:] = NONE
    for i in range(order.size):
        h = order[i]
        g = head_group[h]
        k = wanted_kind(quota, g, first[h + 1] - first[h])
        if k == DOMESTIC:
            continue
        kind[i] = k
        taken += 1
        n_households -= 1
        quota[g, k] -= first[h + 1] - first[h]
        for m in member[first[h] : first[h + 1]]:
            need[g, band[m]] -= 1
    left = need.sum()
    for i in range(order.size * times):
        if left <= 0:
            break
        h = order[i % order.size]
        size = first[h + 1] - first[h]
        if kind[i] != NONE or size > 2 * left:
            continue
        gain = 2 * n_households - 1
        for m in member[first[h] : first[h + 1]]:
            gain += 2 * need[group[m], band[m]] - 1
            need[group[m], band[m]] -= 1
        if gain > 0 or i >= order.size * (times - 1):
            kind[i] = DOMESTIC
            taken += 1
            n_households -= 1
            left -= size
        else:
            for m in member[first[h] : first[h + 1]]:
                need[group[m], band[m]] += 1
    return taken


@kernel
def wanted_kind(quota, g, size):
    """Return the kind from abroad that lacks most persons of a group, if the household fits at least half."""
    best = DOMESTIC
    for k in range(1, quota.shape[1]):
        if quota[g, k] >= 0.5 * size and (best == DOMESTIC or quota[g, k] > quota[g, best]):
            best = k
    return best
