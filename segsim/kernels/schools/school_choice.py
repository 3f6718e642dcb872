"""School choice: which schools a guardian ranks, and in what order a school ranks applicants."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.draws import Stream, fill_bits, gumbel, gumbel_above, uniform
from segsim.kernels.preference_shapes import cobb_douglas, single_peaked
from segsim.kernels.schools.campus import Campus, Nearby, measure_km
from segsim.tables import NONE, Array

_TASTE, _LOTTERY, _QUEUE = int(Stream.SCHOOL_TASTE), int(Stream.SCHOOL_LOTTERY), int(Stream.SCHOOL_QUEUE)
_NO_OTHER_KM = 1000.0  # loss of distance where there is no other school
_SIBLINGS_FIRST = 1e6  # more than any kilometres, years in a queue or lot
_CATCHMENT_FIRST = 1e4  # after siblings, before any distance


class PriorityRule(IntEnum):
    """Who comes first at a school."""

    PROXIMITY = 0
    RELATIVE_PROXIMITY = 1
    QUEUE_TIME = 2
    LOTTERY = 3


_PROXIMITY, _RELATIVE, _QUEUE_TIME = map(int, list(PriorityRule)[:3])


class Applicants(NamedTuple):
    """Pupils for whom a seat is sought."""

    id: Array  # int64
    cell: Array  # int32
    x: Array  # float64, m
    y: Array  # float64, m
    grade: Array  # int8, the grade sought
    kind: Array  # int8, 0 Swedish and 1 foreign background
    education: Array  # int8, parental, 0 to 3
    is_active: Array  # bool, ranks schools; others go by default
    current: Array  # int32, school attended and kept unless another is better; NONE without
    catchment: Array  # int32, municipal school whose redrawn catchment is home; NONE without
    queue_years: Array  # float64, years in which the guardian could have queued
    weights: Array  # float64 (applicants, 3): composition, distance, merit
    municipality: Array  # int16, where the pupil lives


class ChoiceTaste(NamedTuple):
    """The parameters of `SchoolChoice` as the kernel takes them."""

    scale: float
    peak: float
    value_at_one: float
    is_cobb_douglas: bool
    is_sigmoid: bool
    sigmoid_km: float
    sigmoid_width: float
    far_km: float
    nearest: int
    independent_km: float
    inertia: float
    queue_education: float
    transport_km: float
    is_catchment: bool
    appeal_km: float


@part
def _insert(place: int, value: float, best: Array, best_value: Array) -> None:
    """Put a place into a list kept in falling order of value, dropping the last; earlier wins ties."""
    # from the end: most schools are worse than all on the list and fall off at the first look
    i = best.size
    while i > 0 and (best[i - 1] == NONE or best_value[i - 1] < value):
        i -= 1
        if i + 1 < best.size:
            best[i + 1], best_value[i + 1] = best[i], best_value[i]
    if i < best.size:
        best[i], best_value[i] = place, value


@part
def distance_km(applicants: Applicants, campus: Campus, i: int, s: int) -> float:
    """Return kilometres from home to school, as the crow flies."""
    return float(measure_km(applicants.x[i] - campus.x[s], applicants.y[i] - campus.y[s]))


@part
def teaches(campus: Campus, s: int, grade: int) -> bool:
    """Return whether a school teaches a grade."""
    return bool(campus.first_grade[s] <= grade <= campus.last_grade[s])


@part
def appeal_to(applicants: Applicants, campus: Campus, i: int, s: int) -> float:
    """Return what else draws families like that of applicant `i` to school `s`."""
    return float(campus.appeal[s, applicants.kind[i], applicants.education[i]])


@part
def school_utility(
    applicants: Applicants, campus: Campus, taste: ChoiceTaste, km: float, i: int, s: int
) -> float:
    """Return what guardian `i` sees in school `s`, `km` away: its share, distance, merit and appeal."""
    w, appeal = applicants.weights[i], appeal_to(applicants, campus, i, s)
    value = single_peaked(campus.share[s, applicants.kind[i]], taste.peak, taste.value_at_one, 0.0)
    felt_km = max(0.0, km - taste.transport_km)
    if taste.is_cobb_douglas:
        nearness = max(0.0, 1.0 - felt_km / taste.far_km)
        # Sage and Flache's weights sum to 1; with neither weight, composition and distance count alike
        alpha = w[0] / (w[0] + w[1]) if w[0] + w[1] > 0.0 else 0.5
        return float(taste.scale * (cobb_douglas(value, nearness, alpha) + w[2] * campus.merit[s]) + appeal)
    if taste.is_sigmoid:
        felt_km = 1.0 / (1.0 + np.exp(-(felt_km - taste.sigmoid_km) / taste.sigmoid_width))
    return float(taste.scale * (w[0] * value - w[1] * felt_km + w[2] * campus.merit[s]) + appeal)


@part
def _holds(places: Array, place: int) -> bool:
    """Return whether a list holds a place."""
    for p in places:  # noqa: SIM110 - numba knows no generator expressions
        if p == place:
            return True
    return False


class ApplicantList(NamedTuple):
    """What one applicant's list is made of, filled anew for each; what is not used is NONE."""

    default: Array  # int32: the nearest municipal schools with the grade, in the order of who goes by default
    default_worth: Array  # float64: appeal in kilometres less distance
    near_km: Array  # float64 (2,): to the nearest and next nearest municipal school with the grade
    worth: Array  # float64: what the schools on the list are worth, best first
    seen: Array  # int32: schools an active guardian considers
    seen_id: Array  # int64
    seen_km: Array  # float64
    draw: Array  # uint64: bits of the pupil's taste for each


@part
def _own_school(applicants: Applicants, campus: Campus, i: int) -> int:
    """Return the school of a redrawn catchment, if it has the grade and is not attended already."""
    own = applicants.catchment[i]
    if own == NONE or own == applicants.current[i] or not teaches(campus, own, applicants.grade[i]):
        return NONE
    return int(own)


@part
def _put_first(s: int, default: Array) -> None:
    """Put a school first, from its old place or in that of the last."""
    last = default.size - 1
    for j in range(last):
        if default[j] == s:
            last = j
            break
    for j in range(last, 0, -1):
        default[j] = default[j - 1]
    default[0] = s


@part
def _see(campus: Campus, s: int, km: float, n: int, mine: ApplicantList) -> int:
    """Note a school that is considered as the one after n others; return how many there are now."""
    mine.seen[n], mine.seen_id[n], mine.seen_km[n] = s, campus.id[s], km
    return n + 1


@part
def _look_near(
    applicants: Applicants, campus: Campus, taste: ChoiceTaste, nearby: Nearby, i: int, mine: ApplicantList
) -> int:
    """Fill the municipal schools gone to by default, and what is considered; return how much that is."""
    mine.default[:], mine.near_km[:] = NONE, _NO_OTHER_KM
    cell, is_active = applicants.cell[i], applicants.is_active[i]
    n_near, n_default, n_seen = 0, 0, 0
    for at in range(nearby.start[cell], nearby.start[cell + 1]):
        s, km = nearby.school[at], nearby.km[at]
        if not teaches(campus, s, applicants.grade[i]) or s == applicants.current[i]:
            continue
        is_considered = n_near < taste.nearest
        n_near += 1
        if campus.is_independent[s]:
            is_considered = is_considered or km <= taste.independent_km
        else:
            is_considered = is_considered and not taste.is_catchment
            if n_default < mine.default.size:
                if n_default < mine.near_km.size:
                    mine.near_km[n_default] = km
                worth = taste.appeal_km * appeal_to(applicants, campus, i, s) - km
                _insert(s, worth, mine.default, mine.default_worth)
                n_default += 1
        if is_considered and is_active:
            n_seen = _see(campus, s, km, n_seen, mine)
        if not is_active and n_default == mine.default.size:
            break
    own = _own_school(applicants, campus, i)
    if own != NONE:
        _put_first(own, mine.default)
    first = mine.default[0]
    if is_active and first != NONE and not _holds(mine.seen[:n_seen], first):
        n_seen = _see(campus, first, distance_km(applicants, campus, i, first), n_seen, mine)
    return n_seen


@part
def _list_near(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    nearby: Nearby,
    i: int,
    least: float,
    chosen: Array,
    mine: ApplicantList,
) -> None:
    """Fill the schools gone to by default and, for an active guardian, the list, best first."""
    chosen[:] = NONE
    n = _look_near(applicants, campus, taste, nearby, i, mine)
    # year 0: what a pupil thinks of a school is the same every year, or nobody would ever stay content
    fill_bits(key, _TASTE, 0, applicants.id[i], mine.seen_id[:n], mine.draw)
    for j in range(n):
        s = mine.seen[j]
        u = school_utility(applicants, campus, taste, mine.seen_km[j], i, s)
        # what is worth no more than the last on a full list does not come on it
        asked = least if chosen[-1] == NONE else max(least, mine.worth[-1])
        value = u + gumbel_above(mine.draw[j], asked - u)
        if value > asked:
            _insert(s, value, chosen, mine.worth)


@kernel
def list_schools(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    nearby: Nearby,
    choices: Array,
    reference: Array,
) -> None:
    """Write each applicant's ranked list, and what relative proximity needs.

    Parameters
    ----------
    key : uint64
        The run's key; the taste is keyed by pupil and school alone, so that it is the same every year.
    nearby : Nearby
        For the cell of each applicant the independent schools within `taste.independent_km` and, of every
        grade, as many as `count_asked(taste.nearest, k)` says.
    choices : int32 (applicants, k), out
        Schools in order of preference, padded with NONE. An active guardian ranks the schools considered by
        utility plus taste and adds the default school; others list the nearest municipal schools by distance
        less `taste.appeal_km` for each unit of appeal, the first of which is the default. Who attends a
        school lists only schools better than it, or, by default, nearer.
    reference : float64 (applicants, 2), out
        Kilometres to the nearest and next nearest municipal school with the grade.
    """
    k = choices.shape[1]
    n_default = max(k, 2)  # relative proximity asks for the second nearest
    most = campus.id.size + 1
    mine = ApplicantList(
        np.empty(n_default, np.int32),
        np.empty(n_default),
        np.empty(2),
        np.empty(k),
        np.empty(most, np.int32),
        np.empty(most, np.int64),
        np.empty(most),
        np.empty(most, np.uint64),
    )
    default = mine.default
    for i in range(choices.shape[0]):
        chosen, current, least, here = choices[i], applicants.current[i], -np.inf, 0.0
        if current != NONE:
            here = distance_km(applicants, campus, i, current)
            least = school_utility(applicants, campus, taste, here, i, current)
            least += gumbel(key, _TASTE, 0, applicants.id[i], campus.id[current]) + taste.inertia
        _list_near(key, applicants, campus, taste, nearby, i, least, chosen, mine)
        reference[i] = mine.near_km
        n = 0
        while n < k and chosen[n] != NONE:
            n += 1
        if current == NONE:
            takes_all = taste.is_catchment or not applicants.is_active[i]
            _add_default(default, chosen, n, default.size if takes_all else 1)
        elif not applicants.is_active[i]:
            for j in range(min(k, default.size)):
                if default[j] != NONE and distance_km(applicants, campus, i, default[j]) < here:
                    chosen[n] = default[j]
                    n += 1


def count_asked(nearest: int, k: int) -> tuple[int, int]:
    """Return how many schools of any kind, and how many municipal ones, lists of `k` ask for in a grade."""
    return nearest + 1, max(k, 2) + 1  # one more: the school attended is passed over


@part
def _add_default(default: Array, chosen: Array, n: int, n_more: int) -> None:
    """Append up to `n_more` municipal schools, the default first; that always finds room."""
    for j in range(n_more):
        s = default[j]
        if s == NONE or _holds(chosen[:n], s):
            continue
        if n == chosen.size:
            # a seat nearby is everyone's right, so the default displaces the last choice; others do not
            if j == 0:
                chosen[n - 1] = s
            return
        chosen[n] = s
        n += 1


@part
def queue_years(
    key: np.uint64, applicants: Applicants, campus: Campus, taste: ChoiceTaste, i: int, s: int
) -> float:
    """Return the years guardian `i` has stood in the queue of school `s`; the educated queue sooner."""
    # u ** (1 / (1 + c)) falls as the largest of 1 + c uniforms does, for whole c
    u = uniform(key, _QUEUE, 0, applicants.id[i], campus.id[s])
    delay: float = u ** (1.0 / (1.0 + taste.queue_education * applicants.education[i]))
    return float(applicants.queue_years[i] * delay)


class Siblings(NamedTuple):
    """Which schools the children of each family attend; those of family f stand from start[f]."""

    start: Array  # int64 (families + 1,)
    school: Array  # int32
    family: Array  # int64 (applicants,)
    own: Array  # int32 (applicants,): the school the applicant itself attends, counted above; NONE without


@part
def _has_sibling(siblings: Siblings, i: int, s: int) -> bool:
    """Return whether another child of applicant i's family attends school s."""
    family = siblings.family[i]
    if family == NONE:
        return False
    others = 0
    if siblings.own[i] == s:  # a pupil is not its own sibling
        others -= 1
    for at in range(siblings.start[family], siblings.start[family + 1]):
        others += siblings.school[at] == s
    return bool(others > 0)


@kernel
def rank_applicants(
    key: np.uint64,
    year: int,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    choices: Array,
    reference: Array,
    siblings: Siblings,
    out: Array,
) -> None:
    """Write the priority of each applicant at each listed school: siblings first, then the school's rule.

    By either rule of distance, children of a redrawn catchment come before others.

    Parameters
    ----------
    siblings : Siblings
        Who attends where; without families where siblings have no priority.
    out : float64 (applicants, k, 2), out
        Priority for the ordinary seats and for the seats drawn by lot.
    """
    for i in range(choices.shape[0]):
        for j in range(choices.shape[1]):
            s = choices[i, j]
            if s == NONE:
                break
            # drawn for all, because every rule may set seats aside that go by lot
            lot = uniform(key, _LOTTERY, year, applicants.id[i], campus.id[s])
            km = distance_km(applicants, campus, i, s)
            points = lot
            if campus.rule[s] == _PROXIMITY:
                points = -km
            elif campus.rule[s] == _RELATIVE:
                other = reference[i, 1] if km <= reference[i, 0] else reference[i, 0]
                points = other - km
            elif campus.rule[s] == _QUEUE_TIME:
                points = queue_years(key, applicants, campus, taste, i, s)
            if campus.rule[s] <= _RELATIVE and s == applicants.catchment[i]:
                points += _CATCHMENT_FIRST
            first = _SIBLINGS_FIRST if _has_sibling(siblings, i, s) else 0.0
            out[i, j, 0], out[i, j, 1] = first + points, first + lot
