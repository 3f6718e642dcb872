"""Which school each pupil goes to at the start, and what that makes of the schools."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segsim.kernels.schools.nearest_open import find_nearest_open
from segsim.scenario.source import Schooling
from segsim.synthesis.apportionment import apportion, sample_rows
from segsim.synthesis.areas.share_curves import standardise_over
from segsim.synthesis.places.school_units import FIRST, LAST, MIDDLE, SchoolUnit
from segsim.tables import NONE, Array, Provider, Schools, build_table

GRADES = 10
_STAGES = (slice(FIRST, MIDDLE), slice(MIDDLE, LAST + 1))
_PULL = 1200.0
"""Distance over which the draw of an independent school falls by e, m (C)."""


class InitialPupils(NamedTuple):
    """The pupils to place; one entry each."""

    grade: Array
    cell: Array
    foreign: Array
    parents: Array


class Enrolment(NamedTuple):
    """Schools, and the school of each pupil."""

    schools: Schools
    school: Array


def enrol_pupils(
    unit: SchoolUnit,
    pupils: InitialPupils,
    x: Array,
    y: Array,
    schooling: Schooling,
    rng: np.random.Generator,
) -> Enrolment:
    """Open the schools and place each pupil in the nearest with a free seat in the grade.

    Independent schools with their share of pupils draw them from near and far, educated parents more often
    (C); all others go to the nearest municipal school of the grade that still has a seat, nearest first.
    Seats per grade are what a school is expected to fill, with `spare_seats` on top.

    Parameters
    ----------
    unit : SchoolUnit
    pupils : InitialPupils
    x, y : float (cells,)
        Cell centres, m.
    schooling : Schooling
    """
    cells, at = np.unique(pupils.cell, return_inverse=True)
    far = np.hypot(x[cells][:, None] - x[unit.cell], y[cells][:, None] - y[unit.cell])
    capacity, seats = _seats(unit, pupils.grade, at, far, schooling.spare_seats)
    school = np.full(pupils.grade.size, NONE, np.int64)
    independent = unit.provider == Provider.INDEPENDENT
    # by school and cell, which takes a fifth of the time of by school, grade and pupil
    nearness = np.exp(-np.ascontiguousarray(far.T) / _PULL)
    for g in range(GRADES):
        rows = np.flatnonzero(pupils.grade == g)
        teaches = (unit.first_grade <= g) & (unit.last_grade >= g)
        private = np.flatnonzero(teaches & independent)
        share = unit.stage_weight(FIRST if g < MIDDLE else MIDDLE)[private]
        free, weight = rows, 1.0 + pupils.parents[rows]
        for s, n in zip(private, _independent_pupils(share, rows.size), strict=True):
            is_drawn = sample_rows(weight * nearness[s][at[free]], min(int(n), free.size), rng)
            school[free[is_drawn]] = s
            seats[s, g] -= n
            free, weight = free[~is_drawn], weight[~is_drawn]
        for allowed in (teaches & ~independent, teaches):
            _fill_nearest(free[school[free] == NONE], np.flatnonzero(allowed), seats[:, g], far, at, school)
    return Enrolment(_build_table(unit, pupils, school, capacity, schooling, rng), school)


def join_enrolments(parts: Sequence[Enrolment], pupils: Sequence[Array], n_pupils: int) -> Enrolment:
    """Return the schools of several municipalities in one table, and the school of each of all pupils.

    Parameters
    ----------
    parts : sequence of Enrolment
    pupils : sequence of int array
        Which pupils each part places.
    n_pupils : int
    """
    schools = Schools(*(np.concatenate(columns) for columns in zip(*(p.schools for p in parts), strict=True)))
    schools.id[:] = np.arange(schools.id.size)
    school = np.empty(n_pupils, np.int64)
    first = 0
    for part, rows in zip(parts, pupils, strict=True):
        school[rows] = part.school + first
        first += part.schools.id.size
    return Enrolment(schools, school)


def _independent_pupils(share: Array, n: int) -> Array:
    """Return the pupils of one grade in each independent school, by its share of all."""
    share = np.nan_to_num(share, nan=0.0)
    return apportion(share, round(min(float(share.sum()), 1.0) * n)) if share.size else np.zeros(0, np.int64)


def _seats(unit: SchoolUnit, grade: Array, at: Array, far: Array, spare: float) -> tuple[Array, Array]:
    """Return each school's seats per grade, and free seats by school and grade; every grade has room for all.

    A school with a known share of pupils expects it; the others share the rest by how many pupils of the
    stage live nearest to them.
    """
    n = unit.cell.size
    per_grade = np.bincount(grade, minlength=GRADES)
    independent = unit.provider == Provider.INDEPENDENT
    seats = np.zeros((n, GRADES), np.int64)
    for stage in _STAGES:
        teaches = (unit.first_grade <= stage.start) & (unit.last_grade >= stage.stop - 1)
        most = int(per_grade[stage].max(initial=0))
        weight = unit.stage_weight(stage.start)
        known = teaches & ~np.isnan(weight)
        others = np.flatnonzero(teaches & ~known & ~independent)
        share = np.where(known, weight, 0.0)
        if others.size:
            rows = np.flatnonzero((grade >= stage.start) & (grade < stage.stop))
            nearest = np.empty(rows.size, np.int64)
            find_nearest_open(far, at[rows], others, nearest, np.empty(rows.size))
            near = np.zeros(n)
            near[others] = 1e-3
            near += np.bincount(nearest, minlength=n)
            share = share + near / near.sum() * max(1 - share.sum(), 0.0)
        wish = np.ceil(share / max(share.sum(), 1e-12) * most * (1 + spare)).astype(np.int64)
        wish[teaches] = np.maximum(wish[teaches], 1)
        wish[teaches] += -(-max(most - int(wish.sum()), 0) // max(int(teaches.sum()), 1))
        seats[:, stage] = wish[:, None]
    return seats.max(1), seats


def _fill_nearest(rows: Array, schools: Array, seats: Array, far: Array, at: Array, school: Array) -> None:
    """Place pupils in the nearest of some schools with a seat, the nearest first; seats are used up."""
    waiting = rows
    while waiting.size and (seats[schools] > 0).any():
        schools = schools[seats[schools] > 0]
        best, way = np.empty(waiting.size, np.int64), np.empty(waiting.size)
        find_nearest_open(far, at[waiting], schools, best, way)
        order = np.lexsort((waiting, way, best))
        place = np.arange(order.size) - np.searchsorted(best[order], best[order])
        placed = order[place < seats[best[order]]]
        school[waiting[placed]] = best[placed]
        seats -= np.bincount(best[placed], minlength=seats.size)
        waiting = np.delete(waiting, placed)


def _build_table(
    unit: SchoolUnit,
    pupils: InitialPupils,
    school: Array,
    capacity: Array,
    schooling: Schooling,
    rng: np.random.Generator,
) -> Schools:
    """Fill the table of schools."""
    n = unit.cell.size
    size = np.bincount(school, minlength=n)
    leavers = np.bincount(school[pupils.grade == LAST], minlength=n)

    def mean(values: Array) -> Array:
        sums = np.bincount(school, weights=values, minlength=n)
        return np.where(size > 0, sums / np.maximum(size, 1), np.nan)

    ses = mean(pupils.parents)
    return build_table(
        Schools,
        n,
        id=np.arange(n),
        cell=unit.cell,
        provider=unit.provider,
        first_grade=unit.first_grade,
        last_grade=unit.last_grade,
        capacity=capacity,
        published_merit=_draw_merit(unit, ses, leavers, schooling, rng),
        own_share=unit.foreign,
        ses=ses,
        educated_share=unit.educated,
    )


def _draw_merit(
    unit: SchoolUnit, ses: Array, leavers: Array, schooling: Schooling, rng: np.random.Generator
) -> Array:
    """Return each school's merit value: the file's, else made with the city's mean and spread over schools.

    Made values follow the pupils' parental education (half the variance) and chance (C).
    """
    has = (unit.last_grade == LAST) & (leavers > 0)
    merit = np.where(has, unit.merit, np.nan)
    rows = np.flatnonzero(has & np.isnan(unit.merit))
    if rows.size:
        z = standardise_over(ses[rows], leavers[rows]) + standardise_over(
            rng.normal(0, 1, rows.size), leavers[rows]
        )
        merit[rows] = schooling.merit_mean + schooling.merit_spread * standardise_over(z, leavers[rows])
    return np.asarray(np.clip(merit, 0, 340))
