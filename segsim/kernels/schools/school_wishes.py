"""How many families of each kind wish to go to each school, on average over their tastes."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.schools.campus import Campus, Nearby
from segsim.kernels.schools.school_choice import teaches
from segsim.kernels.schools.school_utility import Applicants, ChoiceTaste, school_utility
from segsim.tables import NONE, Array

_NO_DEFAULT = -np.inf
_MOST = 600.0  # logit units: an option so much better than the others is all there is, and its weight finite


class Options(NamedTuple):
    """The schools that some families may go to; those of family f stand from start[f] to start[f + 1]."""

    start: Array  # int64 (families + 1,)
    school: Array  # int32
    weight: Array  # float64, exp(utility) without appeal, beside the best that is considered
    is_considered: Array  # bool, by guardians who choose, whichever the default
    nearness: Array  # float64, km below 0, of the schools gone to by default; -inf of others


class FamilyKinds(NamedTuple):
    """Pupils alike in all that choosing a school depends on but their tastes, one entry for each such kind.

    `entry` and `further` are the options at grade 0 and at the first of the upper grades; `lower` and `upper`
    count the pupils below and from there, who go by default and whose guardians choose.
    """

    kind: Array  # int64, the column of `appeal` and `wishes`
    entry: Options
    further: Options
    lower: Array  # float64 (families, 2)
    upper: Array  # float64 (families, 2)


@kernel
def list_options(
    applicants: Applicants, campus: Campus, taste: ChoiceTaste, nearby: Nearby, n_default: int
) -> Options:
    """Return the schools that each of some applicants without a school may go to.

    Parameters
    ----------
    n_default : int
        So many municipal schools, the nearest, are gone to by default, as `list_schools` has them.
    """
    n = applicants.id.size
    start = np.zeros(n + 1, np.int64)
    for i in range(n):
        cell = applicants.cell[i]
        start[i + 1] = start[i]
        for at in range(nearby.start[cell], nearby.start[cell + 1]):
            start[i + 1] += teaches(campus, nearby.school[at], applicants.grade[i])
    school, weight = np.empty(start[n], np.int32), np.empty(start[n])
    is_considered, nearness = np.empty(start[n], np.bool_), np.empty(start[n])
    for i in range(n):
        to, n_near, n_municipal, cell = start[i], 0, 0, applicants.cell[i]
        for at in range(nearby.start[cell], nearby.start[cell + 1]):
            s, km = nearby.school[at], nearby.km[at]
            if not teaches(campus, s, applicants.grade[i]):
                continue
            school[to], nearness[to] = s, _NO_DEFAULT
            weight[to] = school_utility(applicants, campus, taste, km, i, s)
            is_considered[to] = n_near < taste.nearest
            if campus.is_independent[s]:
                is_considered[to] |= km <= taste.independent_km
            else:
                is_considered[to] &= not taste.is_catchment
                if n_municipal < n_default:
                    nearness[to] = -km
                n_municipal += 1
            n_near += 1
            to += 1
        _weigh_utilities(weight[start[i] : to], is_considered[start[i] : to])
    return Options(start, school, weight, is_considered, nearness)


@part
def _weigh_utilities(values: Array, is_considered: Array) -> None:
    """Turn the utilities of one family's options into weights in proportion to their chances."""
    best = -np.inf
    for at in range(values.size):
        if is_considered[at]:
            best = max(best, values[at])
    if best == -np.inf:
        for at in range(values.size):
            best = max(best, values[at])
    for at in range(values.size):
        values[at] = np.exp(min(values[at] - best, _MOST))


@part
def _weigh_options(
    options: Options, appeal: Array, pull: Array, kind: int, appeal_km: float, i: int, chance: Array
) -> int:
    """Write the chance that each option of a family is the best; return where the default stands, or NONE."""
    first, end = options.start[i], options.start[i + 1]
    default, nearest = NONE, -np.inf
    for at in range(first, end):
        if options.nearness[at] > _NO_DEFAULT:
            near = options.nearness[at] + appeal_km * appeal[options.school[at], kind]
            if near > nearest:
                default, nearest = at, near
    total = 0.0
    for at in range(first, end):
        is_open = options.is_considered[at] or at == default
        chance[at - first] = options.weight[at] * pull[options.school[at], kind] if is_open else 0.0
        total += chance[at - first]
    for at in range(end - first):
        chance[at] /= total
    return default


@kernel
def expect_wishes(
    families: FamilyKinds, appeal: Array, appeal_km: float, goes_on: Array, wishes: Array
) -> None:
    """Add how many pupils of each kind would be at each school if all schools had seats.

    A pupil of the upper grades whose first school does not go on to them has chosen once more.

    Parameters
    ----------
    appeal : float64 (schools, kinds)
    appeal_km : float
        Kilometres that a unit of appeal is worth to those who go by default.
    goes_on : bool (schools,)
        Whether a school has the upper grades.
    wishes : float64 (schools, kinds), out
    """
    entry, further = families.entry, families.further
    pull = np.exp(appeal)  # by school and kind: a third of the time of by family and option
    chance = np.empty(max(np.diff(entry.start).max(), np.diff(further.start).max()))
    for i in range(families.kind.size):
        kind, moves, moves_by_default = families.kind[i], 0.0, 0.0
        lower, upper = families.lower[i], families.upper[i]
        default = _weigh_options(entry, appeal, pull, kind, appeal_km, i, chance)
        for at in range(entry.start[i], entry.start[i + 1]):
            s, share = entry.school[at], chance[at - entry.start[i]]
            wishes[s, kind] += lower[1] * share
            if goes_on[s]:
                wishes[s, kind] += upper[1] * share
            else:
                moves += upper[1] * share
        if default != NONE:
            wishes[entry.school[default], kind] += lower[0]
            if goes_on[entry.school[default]]:
                wishes[entry.school[default], kind] += upper[0]
            else:
                moves_by_default = upper[0]
        if moves + moves_by_default > 0.0:
            default = _weigh_options(further, appeal, pull, kind, appeal_km, i, chance)
            for at in range(further.start[i], further.start[i + 1]):
                wishes[further.school[at], kind] += moves * chance[at - further.start[i]]
            if default != NONE:
                wishes[further.school[default], kind] += moves_by_default
