"""School choice: which schools a guardian ranks, and in what order a school ranks applicants."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.draws import Stream, gumbel, uniform
from segsim.kernels.preference_shapes import cobb_douglas, single_peaked
from segsim.tables import NONE, Array

_TASTE, _LOTTERY, _QUEUE = int(Stream.SCHOOL_TASTE), int(Stream.SCHOOL_LOTTERY), int(Stream.SCHOOL_QUEUE)
_NO_OTHER_KM = 1000.0  # loss of distance where there is no other school
_SIBLINGS_FIRST = 1e6  # more than any kilometres, years in a queue or lot


class PriorityRule(IntEnum):
    """Who comes first at a school."""

    PROXIMITY = 0
    RELATIVE_PROXIMITY = 1
    QUEUE_TIME = 2
    LOTTERY = 3


_PROXIMITY, _RELATIVE, _QUEUE_TIME = map(int, list(PriorityRule)[:3])


class Campus(NamedTuple):
    """What guardians see of each school, in the order of school ids."""

    id: Array  # int64
    x: Array  # float64, m
    y: Array  # float64, m
    is_independent: Array  # bool
    first_grade: Array  # int8
    last_grade: Array  # int8
    share: Array  # float64 (schools, 2): own share seen by Swedish and by foreign background
    merit: Array  # float64, published merit value above the mean, in 25 points
    rule: Array  # int8, a PriorityRule


class Applicants(NamedTuple):
    """Pupils for whom a seat is sought."""

    id: Array  # int64
    x: Array  # float64, m
    y: Array  # float64, m
    grade: Array  # int8, the grade sought
    kind: Array  # int8, 0 Swedish and 1 foreign background
    education: Array  # int8, parental, 0 to 3
    is_active: Array  # bool, ranks schools; others go by default
    current: Array  # int32, school attended and kept unless another is better; NONE without
    queue_years: Array  # float64, years in which the guardian could have queued
    weights: Array  # float64 (applicants, 3): composition, distance, merit


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
    return float(np.hypot(applicants.x[i] - campus.x[s], applicants.y[i] - campus.y[s]) / 1000.0)


@part
def _teaches(campus: Campus, s: int, grade: int) -> bool:
    """Return whether a school teaches a grade."""
    return bool(campus.first_grade[s] <= grade <= campus.last_grade[s])


@part
def school_utility(
    applicants: Applicants, campus: Campus, taste: ChoiceTaste, km: float, i: int, s: int
) -> float:
    """Return what guardian `i` sees in school `s`, `km` away: its share, distance and merit."""
    w = applicants.weights[i]
    value = single_peaked(campus.share[s, applicants.kind[i]], taste.peak, taste.value_at_one, 0.0)
    felt_km = max(0.0, km - taste.transport_km)
    if taste.is_cobb_douglas:
        nearness = max(0.0, 1.0 - felt_km / taste.far_km)
        # Sage and Flache's weights sum to 1; with neither weight, composition and distance count alike
        alpha = w[0] / (w[0] + w[1]) if w[0] + w[1] > 0.0 else 0.5
        return float(taste.scale * (cobb_douglas(value, nearness, alpha) + w[2] * campus.merit[s]))
    if taste.is_sigmoid:
        felt_km = 1.0 / (1.0 + np.exp(-(felt_km - taste.sigmoid_km) / taste.sigmoid_width))
    return float(taste.scale * (w[0] * value - w[1] * felt_km + w[2] * campus.merit[s]))


@part
def _draw_utility(
    key: np.uint64, applicants: Applicants, campus: Campus, taste: ChoiceTaste, km: float, i: int, s: int
) -> float:
    """Return utility plus the keyed taste of pupil and school."""
    # year 0: what a pupil thinks of a school is the same every year, or nobody would ever stay content
    draw = gumbel(key, _TASTE, 0, applicants.id[i], campus.id[s])
    return school_utility(applicants, campus, taste, km, i, s) + draw


@part
def _holds(places: Array, place: int) -> bool:
    """Return whether a list holds a place."""
    for p in places:  # noqa: SIM110 - numba knows no generator expressions
        if p == place:
            return True
    return False


class SchoolsAround(NamedTuple):
    """The schools around one home, filled anew for each applicant; nearest first, padded with NONE."""

    km: Array  # float64 (schools,)
    near: Array  # int32: schools with the grade
    near_value: Array  # float64: their nearness
    default: Array  # int32: municipal schools with the grade
    default_value: Array  # float64


@part
def _find_near(applicants: Applicants, campus: Campus, i: int, around: SchoolsAround) -> None:
    """Fill kilometres to each school, the nearest schools with the grade, and the nearest municipal ones."""
    around.near[:], around.default[:] = NONE, NONE
    for s in range(campus.id.size):
        km = distance_km(applicants, campus, i, s)
        around.km[s] = km
        if _teaches(campus, s, applicants.grade[i]) and s != applicants.current[i]:
            _insert(s, -km, around.near, around.near_value)
            if not campus.is_independent[s]:
                _insert(s, -km, around.default, around.default_value)


@part
def _rank_considered(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    around: SchoolsAround,
    i: int,
    chosen: Array,
    worth: Array,
) -> None:
    """Fill an active guardian's list with the schools considered that beat the present one, best first."""
    current, least, km = applicants.current[i], -np.inf, around.km
    if current != NONE:
        least = _draw_utility(key, applicants, campus, taste, km[current], i, current) + taste.inertia
    for s in range(campus.id.size):
        if not _teaches(campus, s, applicants.grade[i]) or s == current:
            continue
        if campus.is_independent[s]:
            is_considered = km[s] <= taste.independent_km or _holds(around.near, s)
        else:
            is_considered = s == around.default[0] or (not taste.is_catchment and _holds(around.near, s))
        if is_considered:
            value = _draw_utility(key, applicants, campus, taste, km[s], i, s)
            if value > least:
                _insert(s, value, chosen, worth)


@kernel
def list_schools(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    choices: Array,
    reference: Array,
) -> None:
    """Write each applicant's ranked list, and what relative proximity needs.

    Parameters
    ----------
    key : uint64
        The run's key; the taste is keyed by pupil and school alone, so that it is the same every year.
    choices : int32 (applicants, k), out
        Schools in order of preference, padded with NONE. An active guardian ranks the schools considered by
        utility plus taste and adds the default school; others list municipal schools, nearest first. Who
        attends a school lists only schools better than it.
    reference : float64 (applicants, 2), out
        Kilometres to the nearest and next nearest municipal school with the grade.
    """
    k = choices.shape[1]
    n_near, n_default = taste.nearest, max(k, 2)  # relative proximity asks for the second nearest
    around = SchoolsAround(
        np.empty(campus.id.size),
        np.empty(n_near, np.int32),
        np.empty(n_near),
        np.empty(n_default, np.int32),
        np.empty(n_default),
    )
    default, km, worth = around.default, around.km, np.empty(k)
    for i in range(choices.shape[0]):
        chosen, current = choices[i], applicants.current[i]
        chosen[:] = NONE
        _find_near(applicants, campus, i, around)
        for j in range(2):
            reference[i, j] = km[default[j]] if default[j] != NONE else _NO_OTHER_KM
        n = 0
        if applicants.is_active[i]:
            _rank_considered(key, applicants, campus, taste, around, i, chosen, worth)
            while n < k and chosen[n] != NONE:
                n += 1
        if current == NONE:
            takes_all = taste.is_catchment or not applicants.is_active[i]
            _add_default(default, chosen, n, default.size if takes_all else 1)
        elif not applicants.is_active[i]:
            for s in default[:k]:
                if s != NONE and km[s] < km[current]:
                    chosen[n] = s
                    n += 1


@part
def _add_default(default: Array, chosen: Array, n: int, n_more: int) -> None:
    """Append up to `n_more` municipal schools, nearest first; the first always finds room."""
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


@kernel
def rank_applicants(
    key: np.uint64,
    year: int,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    choices: Array,
    reference: Array,
    has_sibling: Array,
    out: Array,
) -> None:
    """Write the priority of each applicant at each listed school: siblings first, then the school's rule.

    Parameters
    ----------
    has_sibling : bool (applicants, schools)
        Whether a sibling attends; all False where siblings have no priority.
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
            first = _SIBLINGS_FIRST if has_sibling[i, s] else 0.0
            out[i, j, 0], out[i, j, 1] = first + points, first + lot
