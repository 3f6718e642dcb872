"""Which households of the city newcomers are modelled on."""

from segsim.kernels.compile import kernel
from segsim.tables import NONE

DOMESTIC = 0
CHILD_BANDS = 2
HOUSEHOLD_WEIGHT = 0.1
"""Weight of the number of households beside each number of persons, which are smaller."""


@kernel
def count_bands(ids, group, birth_year, year, band_of_age, out):
    """Count persons by group and age band.

    Parameters
    ----------
    ids, group, birth_year : persons
    year : int
        Age is reached during this year.
    band_of_age : int8 (ages,)
        Band of each age; older persons are of the last.
    out : float64 (groups, bands), out
    """
    out[:] = 0.0
    for p in range(ids.size):
        if ids[p] != NONE:
            age = min(max(year - birth_year[p], 0), band_of_age.size - 1)
            out[group[p], band_of_age[age]] += 1.0


@kernel
def choose_donors(
    order, first, member, group, band, cell, head_group, quota, need, n_households, times, kind
):
    """Choose the households that newcomer households are copies of, in a given order.

    First the quotas of newcomers from abroad are filled, by group of the head; they are all of that group.
    Then newcomers from the rest of the country, of their donors' groups, until the needed persons are there.
    The order is gone through `times` times. The last time every household is taken; the time before, those
    that bring the numbers by cell, and of households, nearer to those needed (in weighted sum of squares); at
    earlier times those whose every member is needed, the first time only if a child is among them.

    Parameters
    ----------
    order : int32 array
        Household rows, as often as wanted first.
    first, member : arrays
        Persons of each household, from `list_members`.
    group, band : int8 arrays, persons
        Origin group and age band; the lowest `CHILD_BANDS` bands are children.
    cell : int16 array, groups x bands
        Which number needed each group and age band belongs to.
    head_group : int8 array, households
    quota : float64 array, groups x kinds
        Persons wanted from abroad; column 0, the domestic kind, is not read. Written to: what is left.
    need : float64 array, cells
        Persons needed. Written to: what is left.
    n_households : float
        Households needed.
    times : int
        How often the order may be gone through.
    kind : int8 array, times * order.size
        Written to: the kind of newcomers modelled on order[i % order.size] at the i-th choice, or NONE.
    """
    kind[:] = NONE
    for i in range(order.size):
        h = order[i]
        g = head_group[h]
        k = wanted_kind(quota, g, first[h + 1] - first[h])
        if k == DOMESTIC:
            continue
        kind[i] = k
        n_households -= 1
        quota[g, k] -= first[h + 1] - first[h]
        for m in member[first[h] : first[h + 1]]:
            need[cell[g, band[m]]] -= 1
    left = need.sum()
    for i in range(order.size * times):
        if left <= 0:
            break
        h = order[i % order.size]
        size = first[h + 1] - first[h]
        if kind[i] != NONE or size > 2 * left:
            continue
        gain = HOUSEHOLD_WEIGHT * (2 * n_households - 1)
        fits, has_child = True, False
        for m in member[first[h] : first[h + 1]]:
            c = cell[group[m], band[m]]
            gain += 2 * need[c] - 1
            need[c] -= 1
            fits = fits and need[c] > -0.5
            has_child = has_child or band[m] < CHILD_BANDS
        time = times - 1 - i // order.size
        if time == 0 or (gain > 0 if time == 1 else fits and (has_child or time == 2)):
            kind[i] = DOMESTIC
            n_households -= 1
            left -= size
        else:
            for m in member[first[h] : first[h + 1]]:
                need[cell[group[m], band[m]]] += 1


@kernel
def wanted_kind(quota, g, size):
    """Return the kind from abroad that lacks most persons of a group, if the household fits at least half."""
    best = DOMESTIC
    for k in range(1, quota.shape[1]):
        if quota[g, k] >= 0.5 * size and (best == DOMESTIC or quota[g, k] > quota[g, best]):
            best = k
    return best
