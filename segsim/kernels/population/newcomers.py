"""Which households of the city newcomers are modelled on."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.tables import NONE, Array

DOMESTIC = 0
CHILD_BANDS = 6
LEVELS = 6
"""How many times the gain that is asked is lowered while the order is gone through once; at last to 0."""
HOUSEHOLD_WEIGHT = 1.0
"""Weight of a household of a type that is lacking, beside a person of a group and age that is lacking (C)."""


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
    household_type: Array  # int8 (households,)
    margins: Array  # int8 (types, n): which needs of households each type counts towards
    group: Array  # int8 (persons,)
    band: Array  # int8 (persons,): age band; the lowest `CHILD_BANDS` are children


class DonorLine(NamedTuple):
    """The donors side by side in their order, each with the needs that it and its persons count towards."""

    first: Array  # int64 (donors + 1,): where each one's persons begin in `cell`
    cell: Array  # int16: the need each person counts towards
    household_type: Array  # int8 (donors,)
    margins: Array  # int8 (types, n): which needs of households each type counts towards


class Shortage(NamedTuple):
    """Whom the city lacks; the arrays are written to, and hold what is left to fill."""

    quota: Array  # float64 (groups, kinds): persons to come from abroad; column 0, domestic, is not read
    need: Array  # float64 (cells,): persons needed
    cell: Array  # int16 (groups, bands): which need each group and age band counts towards
    households: Array  # float64 (margins,): households needed


@kernel
def choose_donors(pool: DonorPool, shortage: Shortage, times: int, kind: Array) -> None:
    """Choose the households that newcomer households are copies of, in a given order.

    First the quotas of newcomers from abroad are filled, by group of the head; they are all of that group.
    Then newcomers from the rest of the country, of their donors' groups, until the needed persons are there.
    The order is gone through `times` times; each household may be chosen once each time. First
    come those who bring the numbers of persons and households nearer to those needed: who brings them much
    nearer, for its number of persons, then who does less; the last time anybody, who spoils least before
    others, or, where the order is gone through once, as they stand.

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
    fill_quotas(pool, shortage, kind)
    line = line_up(pool, shortage.cell)
    left = shortage.need.sum()
    most_at_first = 0.0
    for time in range(times):
        of_this_time = kind[time * n : (time + 1) * n]
        if time < times - 1:
            most = find_largest_gain(line, shortage)
            most_at_first = max(most, most_at_first)
            for level in range(LEVELS):
                least = most * 0.5 ** (level + 1) if level < LEVELS - 1 else 0.0
                left = take_donors(line, shortage, least, left, of_this_time)
            continue
        for level in range(LEVELS - 1 if times > 1 else 0):
            left = take_donors(
                line, shortage, -most_at_first * 0.5 ** (LEVELS - 2 - level), left, of_this_time
            )
        left = take_donors(line, shortage, -np.inf, left, of_this_time)


@kernel
def line_up(pool: DonorPool, cell: Array) -> DonorLine:
    """Return the donors side by side; `cell` numbers the need of each group and age band."""
    # the order is gone through two dozen times, and rows all over the tables take seven times as long
    first = np.zeros(pool.order.size + 1, np.int64)
    for j in range(pool.order.size):
        h = pool.order[j]
        first[j + 1] = first[j] + pool.first[h + 1] - pool.first[h]
    cells, household_type = np.empty(first[-1], np.int16), np.empty(pool.order.size, np.int8)
    for j in range(pool.order.size):
        h = pool.order[j]
        household_type[j] = pool.household_type[h]
        for i in range(first[j + 1] - first[j]):
            m = pool.member[pool.first[h] + i]
            cells[first[j] + i] = cell[pool.group[m], pool.band[m]]
    return DonorLine(first, cells, household_type, pool.margins)


@part
def take_donors(line: DonorLine, shortage: Shortage, least: float, left: float, kind: Array) -> float:
    """Choose those who gain more than the least per person while some are left to come; return how many."""
    for j in range(line.household_type.size):
        if left <= 0:
            break
        size = line.first[j + 1] - line.first[j]
        if kind[j] != NONE or size > 2 * left:  # a family far larger than what is left would overshoot
            continue
        # taken first and given back if it does not gain enough, because members may share a need
        if take_household(line, shortage, j) > least * size:
            kind[j] = DOMESTIC
            left -= size
        else:
            return_household(line, shortage, j)
    return left


@part
def find_largest_gain(line: DonorLine, shortage: Shortage) -> float:
    """Return the largest gain per person that any household would bring."""
    most = 0.0
    for j in range(line.household_type.size):
        gain = take_household(line, shortage, j)
        return_household(line, shortage, j)
        most = max(most, gain / max(line.first[j + 1] - line.first[j], 1))
    return most


@kernel
def fill_quotas(pool: DonorPool, shortage: Shortage, kind: Array) -> None:
    """Choose donors of newcomers from abroad, each once at most."""
    for i in range(pool.order.size):
        h = pool.order[i]
        g, size = pool.head_group[h], pool.first[h + 1] - pool.first[h]
        k = neediest_kind(shortage.quota, g, size)
        if k == DOMESTIC:
            continue
        kind[i] = k
        for c in pool.margins[pool.household_type[h]]:
            shortage.households[c] -= 1
        shortage.quota[g, k] -= size
        for m in pool.member[pool.first[h] : pool.first[h + 1]]:
            shortage.need[shortage.cell[g, pool.band[m]]] -= 1


@kernel
def neediest_kind(quota: Array, g: int, size: int) -> int:
    """Return the kind from abroad that lacks most persons of a group, if the household fits at least half."""
    best = DOMESTIC
    for k in range(1, quota.shape[1]):
        if quota[g, k] >= 0.5 * size and (best == DOMESTIC or quota[g, k] > quota[g, best]):
            best = k
    return best


@part
def take_household(line: DonorLine, shortage: Shortage, j: int) -> float:
    """Take the j-th household and its persons off the needs; return what that gains.

    The gain is the fall of the sum of squared needs, for the household and each person in turn:
    need ** 2 - (need - 1) ** 2.
    """
    gain = 0.0
    for c in line.margins[line.household_type[j]]:
        gain += HOUSEHOLD_WEIGHT * (2 * shortage.households[c] - 1)
        shortage.households[c] -= 1
    for c in line.cell[line.first[j] : line.first[j + 1]]:
        gain += 2 * shortage.need[c] - 1
        shortage.need[c] -= 1
    return gain


@part
def return_household(line: DonorLine, shortage: Shortage, j: int) -> None:
    """Put the j-th household and its persons back among the needs."""
    for c in line.margins[line.household_type[j]]:
        shortage.households[c] += 1
    for c in line.cell[line.first[j] : line.first[j + 1]]:
        shortage.need[c] += 1
