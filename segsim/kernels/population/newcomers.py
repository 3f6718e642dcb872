"""Which households of the city newcomers are modelled on."""

from typing import NamedTuple

from segsim.kernels.compile import kernel, part
from segsim.tables import NONE, Array

DOMESTIC = 0
CHILD_BANDS = 2
HOUSEHOLD_WEIGHT = 0.1
"""Weight of the number of households beside each number of persons, which are smaller."""


@kernel
def count_bands(
    ids: Array, group: Array, birth_year: Array, year: int, band_of_age: Array, out: Array
) -> None:
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


class DonorPool(NamedTuple):
    """The households that newcomers may be copies of, and their persons."""

    order: Array  # int32: household rows, the likeliest movers first
    first: Array  # int64 (households + 1,): where each one's persons begin in `member`, from `list_members`
    member: Array  # int32: rows of persons
    head_group: Array  # int8 (households,)
    group: Array  # int8 (persons,)
    band: Array  # int8 (persons,): age band; the lowest `CHILD_BANDS` are children


class Shortage(NamedTuple):
    """Whom the city lacks; the arrays are written to, and hold what is left to fill."""

    quota: Array  # float64 (groups, kinds): persons to come from abroad; column 0, domestic, is not read
    need: Array  # float64 (cells,): persons needed
    cell: Array  # int16 (groups, bands): which need each group and age band counts towards
    n_households: float  # households needed


@kernel
def choose_donors(pool: DonorPool, shortage: Shortage, times: int, kind: Array) -> None:
    """Choose the households that newcomer households are copies of, in a given order.

    First the quotas of newcomers from abroad are filled, by group of the head; they are all of that group.
    Then newcomers from the rest of the country, of their donors' groups, until the needed persons are there.
    The order is gone through `times` times, each time less strictly; see `suits`.

    Parameters
    ----------
    pool : DonorPool
    shortage : Shortage
    times : int
        How often the order may be gone through.
    kind : int8 array, times * order.size
        Written to: the kind of newcomers modelled on order[i % order.size] at the i-th choice, or NONE.
    """
    n = pool.order.size
    kind[:] = NONE
    n_households = fill_quotas(pool, shortage, kind)
    left = shortage.need.sum()
    for strictness in range(times - 1, -1, -1):
        for j in range(n):
            if left <= 0:
                return
            h, i = pool.order[j], (times - 1 - strictness) * n + j
            size = pool.first[h + 1] - pool.first[h]
            if kind[i] != NONE or size > 2 * left:  # a family far larger than what is left would overshoot
                continue
            gain = HOUSEHOLD_WEIGHT * (2 * n_households - 1)
            # taken first and given back if it does not suit, because members may share a need
            if suits(strictness, *take_members(pool, shortage, h, gain)):
                kind[i] = DOMESTIC
                n_households -= 1
                left -= size
            else:
                return_members(pool, shortage, h)


@kernel
def fill_quotas(pool: DonorPool, shortage: Shortage, kind: Array) -> float:
    """Choose donors of newcomers from abroad, each once at most; return the households still needed."""
    n_households = shortage.n_households
    for i in range(pool.order.size):
        h = pool.order[i]
        g, size = pool.head_group[h], pool.first[h + 1] - pool.first[h]
        k = neediest_kind(shortage.quota, g, size)
        if k == DOMESTIC:
            continue
        kind[i] = k
        n_households -= 1
        shortage.quota[g, k] -= size
        for m in pool.member[pool.first[h] : pool.first[h + 1]]:
            shortage.need[shortage.cell[g, pool.band[m]]] -= 1
    return n_households


@kernel
def neediest_kind(quota: Array, g: int, size: int) -> int:
    """Return the kind from abroad that lacks most persons of a group, if the household fits at least half."""
    best = DOMESTIC
    for k in range(1, quota.shape[1]):
        if quota[g, k] >= 0.5 * size and (best == DOMESTIC or quota[g, k] > quota[g, best]):
            best = k
    return best


@part
def take_members(pool: DonorPool, shortage: Shortage, h: int, gain: float) -> tuple[float, bool, bool]:
    """Take a household's persons off the needs; say what that gains, if all are needed, if one is a child.

    What is given as `gain` is added to. It is the fall of the sum of squared needs, for each person in turn:
    need ** 2 - (need - 1) ** 2.
    """
    fits, has_child = True, False
    for m in pool.member[pool.first[h] : pool.first[h + 1]]:
        c = shortage.cell[pool.group[m], pool.band[m]]
        gain += 2 * shortage.need[c] - 1
        shortage.need[c] -= 1
        fits = fits and shortage.need[c] > -0.5  # needs are not whole; half a person over is near enough
        has_child = has_child or pool.band[m] < CHILD_BANDS
    return gain, fits, has_child


@part
def return_members(pool: DonorPool, shortage: Shortage, h: int) -> None:
    """Put a household's persons back among the needs."""
    for m in pool.member[pool.first[h] : pool.first[h + 1]]:
        shortage.need[shortage.cell[pool.group[m], pool.band[m]]] += 1


@part
def suits(strictness: int, gain: float, fits: bool, has_child: bool) -> bool:
    """Tell whether a household may come: with children, who are hardest to find, first; at last, anybody.

    From the strictest: every member is needed and one is a child (3 and above); every member is needed (2);
    the numbers by cell, and of households, come nearer to those needed (1); always (0).
    """
    if strictness == 0:
        return True
    if strictness == 1:
        return gain > 0
    return fits and (has_child or strictness == 2)
