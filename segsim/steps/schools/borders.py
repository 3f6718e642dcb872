"""Municipal borders: pupils go to their own municipality's schools, and to independent ones anywhere.

The municipality of residence owes every child a seat (the Education Act, chapter 10); an independent school
is open to all, wherever they live. That municipalities also take each other's pupils on request is left out.
"""

from collections.abc import Sequence

import numpy as np

from segsim.kernels.matching import SeatsByKind, deferred_acceptance
from segsim.kernels.schools.campus import Campus, Nearby, list_nearby
from segsim.kernels.schools.school_choice import count_asked
from segsim.kernels.schools.school_utility import Applicants
from segsim.state import CityState
from segsim.steps.schools.enrolment import FIRST_AGE, LAST_AGE, PupilRoll
from segsim.tables import NONE, Array, municipality_of_cells

_LAST_GRADE = LAST_AGE - FIRST_AGE


def list_open(campus: Campus, municipality: int) -> Array:
    """Return which schools (places in the campus) the pupils of a municipality may go to."""
    return np.flatnonzero(campus.is_independent | (campus.municipality == municipality))


def find_nearby(state: CityState, campus: Campus, homes: Array) -> Nearby:
    """Return the schools near some cells that are open to who lives there, as many as choosing asks for."""
    cells, choice = state.tables.cells, state.preferences.schools.choice
    asked = count_asked(choice.nearest, choice.list_length)
    is_home, municipality = np.zeros(cells.id.size, np.bool_), municipality_of_cells(state.tables)
    is_home[homes] = True
    x, y = cells.x.astype(np.float64), cells.y.astype(np.float64)
    parts = []
    for m in range(len(state.municipality_codes)):
        schools = list_open(campus, m)
        here = is_home & (municipality == m)
        part = list_nearby(x, y, here, _select_schools(campus, schools), choice.independent_km, *asked)
        parts.append(part._replace(school=schools[part.school].astype(np.int32)))
    return _join_nearby(parts)


def _join_nearby(parts: Sequence[Nearby]) -> Nearby:
    """Return the schools near the cells of all municipalities; each cell is of one."""
    counts = [np.diff(part.start) for part in parts]
    cell = np.concatenate([np.repeat(np.arange(n.size), n) for n in counts])
    order = np.argsort(cell, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.sum(counts, axis=0))])
    school, km = (np.concatenate([getattr(part, name) for part in parts]) for name in ("school", "km"))
    return Nearby(start, school[order], km[order])


def _select_schools(campus: Campus, schools: Array) -> Campus:
    """Return some of the schools."""
    return Campus(*(column[schools] for column in campus))


def place_rest(
    campus: Campus, applicants: Applicants, cohort: Array, free: Array, kinds: SeatsByKind
) -> Array:
    """Return the school of applicants nobody admitted; NONE only where no school teaches the grade.

    The law asks for a place: the nearest municipal school with a free seat takes the child, within quotas as
    long as there are such seats, and where none has one the nearest takes it beyond its seats. Independent
    schools take children only where there is no municipal school with the grade.

    Parameters
    ----------
    kinds : SeatsByKind
        The quotas, of schools x cohorts.
    """
    out = np.full(cohort.size, NONE, np.int32)
    for m in np.unique(applicants.municipality):
        rows, schools = np.flatnonzero(applicants.municipality == m), list_open(campus, m)
        residents = Applicants(*(column[rows] for column in applicants))
        schools = schools[_can_take(_select_schools(campus, schools), np.unique(residents.grade))]
        if not schools.size:
            continue
        quota = kinds.quota.reshape(*free.shape, -1)[schools].reshape(-1, kinds.side.size)
        theirs = SeatsByKind(kinds.kind[rows], np.zeros_like(quota), kinds.side, quota)
        near = _select_schools(campus, schools)
        place = _place_residents(near, residents, cohort[rows], free[schools], theirs)
        out[rows] = np.where(place == NONE, NONE, schools[place])
    return out


def _can_take(campus: Campus, grades: Array) -> Array:
    """Return which schools may have to take a child of some grades."""
    teaches = (campus.first_grade[:, None] <= grades) & (grades <= campus.last_grade[:, None])
    municipal = teaches & ~campus.is_independent[:, None]
    return np.asarray(np.where(municipal.any(axis=0), municipal, teaches).any(axis=1))


def _place_residents(
    campus: Campus, applicants: Applicants, cohort: Array, free: Array, kinds: SeatsByKind
) -> Array:
    """Return the school of applicants nobody admitted, of one municipality and the schools open to it."""
    km = np.hypot(applicants.x[:, None] - campus.x, applicants.y[:, None] - campus.y) / 1000
    grade = applicants.grade[:, None]
    teaches = (campus.first_grade <= grade) & (grade <= campus.last_grade)
    municipal = teaches & ~campus.is_independent
    km[~np.where(municipal.any(axis=1, keepdims=True), municipal, teaches)] = np.inf
    nearest = km.argmin(axis=1)
    is_there = np.isfinite(km[np.arange(nearest.size), nearest])
    # those without a seat left need not be sorted: they would refuse
    is_open = np.flatnonzero((free > 0).any(axis=1))
    # stable, so that of two equally near the one of smaller id comes first
    near = np.argsort(km[:, is_open], axis=1, kind="stable")
    sorted_km = np.take_along_axis(km[:, is_open], near, axis=1)
    listed = is_open[near] * free.shape[1] + cohort[:, None]
    choices = np.where(np.isinf(sorted_km), NONE, listed).astype(np.int32)
    priority = -np.where(np.isinf(sorted_km), 0.0, sorted_km)
    capacity = free.ravel().astype(np.int32)
    place = deferred_acceptance(choices, priority, applicants.id, capacity, kinds)
    if (kinds.quota < capacity[:, None]).any():
        # a seat near by is a right, and goes before a quota that leaves seats empty
        rest = place == NONE
        left = capacity - np.bincount(place[~rest], minlength=capacity.size).astype(np.int32)
        place[rest] = deferred_acceptance(choices[rest], priority[rest], applicants.id[rest], left)
    # the law knows no full school: the nearest takes the child all the same
    return np.where(place != NONE, place // free.shape[1], np.where(is_there, nearest, NONE)).astype(np.int32)


def leave_other_municipalities(state: CityState, campus: Campus, roll: PupilRoll) -> None:
    """Let pupils who have moved to another municipality leave the municipal school of the former.

    Who enters the last grade may finish it (C).
    """
    home = municipality_of_cells(state.tables)[roll.cell]
    attends = (roll.school != NONE) & (roll.grade < _LAST_GRADE)
    abroad = attends & ~campus.is_independent[roll.school] & (campus.municipality[roll.school] != home)
    roll.school[abroad] = NONE
