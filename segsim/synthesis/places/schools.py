"""Compulsory schools and the pupils in them at the start."""

from typing import NamedTuple

import numpy as np

from segsim.scenario.source import Schooling
from segsim.synthesis.apportionment import sample_rows, apportion
from segsim.tables import NONE, Array, Provider, Schools, build_table

FIRST, MIDDLE, LAST = 0, 7, 9
GRADES = 10
_STAGES = (slice(FIRST, MIDDLE), slice(MIDDLE, LAST + 1))
_PUPILS_PER_GRADE_9_SCHOOL = 600
_ALL_GRADES = 0.35
"""Share of municipal schools with grade 9 that teach all grades 0-9; the others teach 7-9 (C). Independent
schools with grade 9 teach 0-9 (C)."""
_PULL = 1200.0
"""Distance over which the draw of an independent school falls by e, m (C)."""


class SchoolUnit(NamedTuple):
    """What is known of the schools before their pupils; one entry per school.

    `weight` is a school's share of the pupils of its upper grades where that is known or decided, NaN where
    it follows from how many pupils live nearest; `merit` is NaN where no file gives it.
    """

    names: tuple[str, ...]
    cell: Array
    provider: Array
    first_grade: Array
    last_grade: Array
    weight: Array
    merit: Array


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


def invent_units(grades: Array, homes: Array, schooling: Schooling, rng: np.random.Generator) -> SchoolUnit:
    """Make the school units of a city that no file lists.

    Grade 9 is taught in the stated number of schools; the independent share of its pupils is met by how many
    of those schools are independent and how large they are. What the schools of 0-9 do not hold of the lower
    grades goes to schools of 0-6 of the mean municipal size.

    Parameters
    ----------
    grades : int (10,)
        Pupils of each grade in the city.
    homes : int (cells,)
        Pupils who live on each cell: schools stand where pupils are.
    schooling : Schooling
    """
    n_last = schooling.grade_9_schools or max(1, round(int(grades.sum()) / _PUPILS_PER_GRADE_9_SCHOOL))
    n_independent = min(round(n_last * schooling.independent_share), n_last - 1)
    n_municipal = n_last - n_independent
    n_whole = max(round(_ALL_GRADES * n_municipal), 1)
    provider = np.repeat([Provider.INDEPENDENT, Provider.MUNICIPAL], [n_independent, n_municipal])
    first = np.repeat([FIRST, MIDDLE], [n_independent + n_whole, n_municipal - n_whole])
    weight = np.full(n_last, np.nan)
    if n_independent:
        sizes = rng.lognormal(0, 0.35, n_independent)
        weight[:n_independent] = schooling.independent_share * sizes / sizes.sum()
    upper = SchoolUnit(
        tuple(f"School {i + 1:02d}" for i in range(n_last)),
        _sites(homes, first, provider, rng),
        provider.astype(np.int8),
        first.astype(np.int8),
        np.full(n_last, LAST, np.int8),
        weight,
        np.full(n_last, np.nan),
    )
    return add_lower_schools(upper, grades, homes, schooling, rng)


def add_lower_schools(
    unit: SchoolUnit, grades: Array, homes: Array, schooling: Schooling, rng: np.random.Generator
) -> SchoolUnit:
    """Add municipal schools of grades 0-6 for the pupils whom the schools of 0-9 do not hold."""
    municipal = unit.provider == Provider.MUNICIPAL
    whole = unit.first_grade == FIRST
    independent = float(np.nansum(unit.weight[whole & ~municipal]))
    left = (
        int(grades[:MIDDLE].sum()) * (1 - independent) - (whole & municipal).sum() * schooling.municipal_size
    )
    n = max(round(left / schooling.municipal_size), 0)
    if not n and not (whole & municipal).any():
        n = 1
    start = len(unit.names)
    return SchoolUnit(
        unit.names + tuple(f"School {start + i + 1:02d}" for i in range(n)),
        np.concatenate([unit.cell, _spread_evenly(homes, n, rng)]),
        np.concatenate([unit.provider, np.full(n, Provider.MUNICIPAL, np.int8)]),
        np.concatenate([unit.first_grade, np.full(n, FIRST, np.int8)]),
        np.concatenate([unit.last_grade, np.full(n, MIDDLE - 1, np.int8)]),
        np.concatenate([unit.weight, np.full(n, np.nan)]),
        np.concatenate([unit.merit, np.full(n, np.nan)]),
    )


def _sites(homes: Array, first: Array, provider: Array, rng: np.random.Generator) -> Array:
    """Return a cell for each school, the schools of one sort spread evenly over the pupils."""
    out = np.empty(first.size, np.int64)
    for sort in sorted({*zip(provider.tolist(), first.tolist(), strict=True)}):
        rows = np.flatnonzero((provider == sort[0]) & (first == sort[1]))
        out[rows] = _spread_evenly(homes, rows.size, rng)
    return out


def _spread_evenly(homes: Array, n: int, rng: np.random.Generator) -> Array:
    """Choose n cells so that each lies in a stretch of cells with equally many pupils."""
    if n == 0:
        return np.zeros(0, np.int64)
    sums = np.cumsum(homes + 1e-9)
    place = np.searchsorted(sums, (np.arange(n) + rng.random(n)) * sums[-1] / n)
    return np.asarray(np.minimum(place, homes.size - 1))


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
    unit : Unit
    pupils : Pupils
    x, y : float (cells,)
        Cell centres, m.
    schooling : Schooling
    """
    cells, at = np.unique(pupils.cell, return_inverse=True)
    far = np.hypot(x[cells][:, None] - x[unit.cell], y[cells][:, None] - y[unit.cell])
    capacity, seats = _seats(unit, pupils.grade, at, far, schooling.spare_seats)
    school = np.full(pupils.grade.size, NONE, np.int64)
    independent = unit.provider == Provider.INDEPENDENT
    for g in range(GRADES):
        rows = np.flatnonzero(pupils.grade == g)
        teaches = (unit.first_grade <= g) & (unit.last_grade >= g)
        private = np.flatnonzero(teaches & independent)
        for s, n in zip(private, _independent_pupils(unit, private, rows.size), strict=True):
            free = rows[school[rows] == NONE]
            pull = (1.0 + pupils.parents[free]) * np.exp(-far[at[free], s] / _PULL)
            school[free[sample_rows(pull, min(int(n), free.size), rng)]] = s
            seats[s, g] -= n
        for allowed in (teaches & ~independent, teaches):
            _fill_nearest(rows[school[rows] == NONE], np.flatnonzero(allowed), seats[:, g], far, at, school)
    return Enrolment(_build_table(unit, pupils, school, capacity, schooling, rng), school)


def _independent_pupils(unit: SchoolUnit, private: Array, n: int) -> Array:
    """Return the pupils of one grade in each independent school."""
    share = np.nan_to_num(unit.weight[private], nan=0.0)
    return (
        apportion(share, round(min(float(share.sum()), 1.0) * n)) if private.size else np.zeros(0, np.int64)
    )


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
        known = teaches & ~np.isnan(unit.weight) & (independent | (stage.start == MIDDLE))
        others = np.flatnonzero(teaches & ~known & ~independent)
        share = np.where(known, unit.weight, 0.0)
        if others.size:
            rows = np.flatnonzero((grade >= stage.start) & (grade < stage.stop))
            nearest = others[far[at[rows]][:, others].argmin(1)] if rows.size else others[:0]
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
        near = far[at[waiting]][:, schools]
        best = schools[near.argmin(1)]
        order = np.lexsort((waiting, near.min(1), best))
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
        own_share=mean(pupils.foreign),
        ses=ses,
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
        z = _standard(ses[rows], leavers[rows]) + _standard(rng.normal(0, 1, rows.size), leavers[rows])
        merit[rows] = schooling.merit_mean + schooling.merit_spread * _standard(z, leavers[rows])
    return np.asarray(np.clip(merit, 0, 340))


def _standard(values: Array, weights: Array) -> Array:
    """Return values with weighted mean 0 and SD 1; zeros if they do not differ."""
    mean = np.average(values, weights=weights)
    sd = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    return np.asarray((values - mean) / sd if sd > 0 else np.zeros_like(values))
