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
    options = Options(start, school, weight, is_considered, nearness)
    n_open = _keep_open(options)
    return Options(
        start,
        school[:n_open].copy(),
        weight[:n_open].copy(),
        is_considered[:n_open].copy(),
        nearness[:n_open].copy(),
    )


@part
def _keep_open(options: Options) -> int:
    """Move the options of all families together without those that nobody goes to; return how many stay.

    Half of a town's are neither considered nor among the nearest municipal ones.
    """
    to, first = 0, 0
    for i in range(options.start.size - 1):
        end = options.start[i + 1]
        for at in range(first, end):
            if options.is_considered[at] or options.nearness[at] > _NO_DEFAULT:
                options.school[to], options.weight[to] = options.school[at], options.weight[at]
                options.is_considered[to], options.nearness[to] = (
                    options.is_considered[at],
                    options.nearness[at],
                )
                to += 1
        options.start[i + 1], first = to, end
    return to


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
def _find_default(options: Options, appeal: Array, kind: int, appeal_km: float, i: int) -> int:
    """Return where the option stands that a family goes to by default, NONE if there is none."""
    default, nearest = NONE, _NO_DEFAULT
    for at in range(options.start[i], options.start[i + 1]):
        near = options.nearness[at] + appeal_km * appeal[options.school[at], kind]
        is_nearer = near > nearest
        # chosen without a branch, here and below: what nobody can predict takes half of the time
        default, nearest = (at if is_nearer else default), (near if is_nearer else nearest)
    return default


@part
def _weigh_options(options: Options, pull: Array, kind: int, i: int, default: int, chance: Array) -> None:
    """Write the chance that each option of a family is the best to guardians who choose."""
    first, end = options.start[i], options.start[i + 1]
    total = 0.0
    for at in range(first, end):
        weight = options.weight[at] * pull[options.school[at], kind]
        chance[at - first] = weight if options.is_considered[at] | (at == default) else 0.0
        total += chance[at - first]
    for at in range(end - first):
        chance[at] /= total


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
        default = _find_default(entry, appeal, kind, appeal_km, i)
        # in a fifth of the families nobody chooses
        if lower[1] + upper[1] > 0.0:
            _weigh_options(entry, pull, kind, i, default, chance)
            for at in range(entry.start[i], entry.start[i + 1]):
                s, share = entry.school[at], chance[at - entry.start[i]]
                wishes[s, kind] += lower[1] * share
                wishes[s, kind] += upper[1] * share if goes_on[s] else 0.0
                moves += 0.0 if goes_on[s] else upper[1] * share
        if default != NONE:
            wishes[entry.school[default], kind] += lower[0]
            if goes_on[entry.school[default]]:
                wishes[entry.school[default], kind] += upper[0]
            else:
                moves_by_default = upper[0]
        if moves + moves_by_default > 0.0:
            default = _find_default(further, appeal, kind, appeal_km, i)
            _weigh_options(further, pull, kind, i, default, chance)
            for at in range(further.start[i], further.start[i + 1]):
                wishes[further.school[at], kind] += moves * chance[at - further.start[i]]
            if default != NONE:
                wishes[further.school[default], kind] += moves_by_default
