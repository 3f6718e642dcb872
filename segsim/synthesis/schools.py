"""Compulsory schools and the pupils in them at the start."""

from typing import NamedTuple

import numpy as np

from segsim.scenario.city import Schooling
from segsim.synthesis.allotment import chosen
from segsim.tables import NONE, Array, Provider, Schools, filled

FIRST, MIDDLE, LAST = 0, 7, 9
GRADES = 10
_PUPILS_PER_GRADE_9_SCHOOL = 600
_ALL_GRADES = 0.35
"""Share of municipal schools with grade 9 that teach all grades 0-9; the others teach 7-9 (C). Independent
schools with grade 9 teach 0-9 (C)."""


class Unit(NamedTuple):
    """What is known of the schools before their pupils; one entry per school."""

    names: tuple[str, ...]
    cell: Array
    provider: Array
    first_grade: Array
    last_grade: Array
    weight: Array
    merit: Array


def invented_units(grades: Array, cell_pupils: Array, schooling: Schooling, rng: np.random.Generator) -> Unit:
    """Make the school units of a city that no file lists.

    Grade 9 is taught in the stated number of schools; the independent share of its pupils is met by how many
    of those schools are independent and how large they are. The lower grades that the schools of 0-9 do not
    hold go to schools of 0-6 of the mean municipal size.

    Parameters
    ----------
    grades : int (10,)
        Pupils of each grade in the city.
    cell_pupils : int (cells,)
        Pupils who live on each cell: schools stand where pupils are.
    schooling : Schooling
    """
    n_last = schooling.grade_9_schools or max(1, round(int(grades.sum()) / _PUPILS_PER_GRADE_9_SCHOOL))
    n_independent = round(n_last * schooling.independent_share)
    n_municipal = n_last - n_independent
    if n_municipal == 0:
        n_municipal, n_independent = 1, n_last - 1
    n_whole = max(round(_ALL_GRADES * n_municipal), 1)
    provider = [Provider.INDEPENDENT] * n_independent + [Provider.MUNICIPAL] * n_municipal
    first = [FIRST] * (n_independent + n_whole) + [MIDDLE] * (n_municipal - n_whole)
    independent = schooling.independent_share if n_independent else 0.0
    weight = [independent / max(n_independent, 1)] * n_independent + [
        (1 - independent) / n_municipal
    ] * n_municipal
    in_whole = sum(w for w, f in zip(weight, first, strict=True) if f == FIRST)
    low = grades[:MIDDLE].sum() * (1 - in_whole)
    n_low = max(round(low / schooling.municipal_size), 1) if low > schooling.municipal_size / 2 else 0
    provider += [Provider.MUNICIPAL] * n_low
    first += [FIRST] * n_low
    last = [LAST] * n_last + [MIDDLE - 1] * n_low
    weight += [(1 - in_whole) / max(n_low, 1)] * n_low
    order = np.argsort(first, kind="stable")
    cells = np.empty(len(first), np.int64)
    for kinds in ((FIRST, LAST), (MIDDLE, LAST), (FIRST, MIDDLE - 1)):
        rows = [i for i in order if (first[i], last[i]) == kinds]
        cells[rows] = _spread_sites(cell_pupils, len(rows), rng)
    return Unit(
        tuple(f"School {i + 1:02d}" for i in range(len(first))),
        cells,
        np.array(provider, np.int8),
        np.array(first, np.int8),
        np.array(last, np.int8),
        np.array(weight),
        np.full(len(first), np.nan),
    )


def _spread_sites(cell_pupils: Array, n: int, rng: np.random.Generator) -> Array:
    """Choose n cells so that each lies in a stretch of cells with equally many pupils."""
    if n == 0:
        return np.zeros(0, np.int64)
    sums = np.cumsum(cell_pupils + 1e-9)
    return np.searchsorted(sums, (np.arange(n) + rng.random()) * sums[-1] / n).clip(0, cell_pupils.size - 1)


class Enrolment(NamedTuple):
    """Schools, and the school of each pupil."""

    schools: Schools
    school: Array


def enrol(
    unit: Unit,
    grade: Array,
    cell: Array,
    x: Array,
    y: Array,
    foreign: Array,
    parents: Array,
    schooling: Schooling,
    rng: np.random.Generator,
) -> Enrolment:
    """Open the schools and place each pupil in the nearest with a free seat in the grade.

    Seats per grade are the school's share of the grade with `spare_seats` on top. Independent schools take
    their share of pupils from the whole city at random (C); all others go to the nearest municipal school
    that still has a seat, in order of distance.

    Parameters
    ----------
    unit : Unit
    grade : int (pupils,)
    cell : int (pupils,)
        Cell of the home.
    x, y : float (cells,)
        Cell centres, m.
    foreign : bool (pupils,)
        Foreign background.
    parents : int (pupils,)
        Parental education.
    schooling : Schooling
    """
    n = unit.cell.size
    capacity, seats = _seats(unit, np.bincount(grade, minlength=GRADES), schooling.spare_seats)
    far = np.hypot(x[cell][:, None] - x[unit.cell][None, :], y[cell][:, None] - y[unit.cell][None, :])
    school = np.full(grade.size, NONE, np.int64)
    independent = unit.provider == Provider.INDEPENDENT
    for g in range(GRADES):
        rows = np.flatnonzero(grade == g)
        teaches = (unit.first_grade <= g) & (unit.last_grade >= g)
        share = float(unit.weight[teaches & independent].sum() / unit.weight[teaches].sum())
        goes = chosen(1.0 + parents[rows], round(share * rows.size), rng)
        _fill(rows[goes], teaches & independent, seats[:, g], far, school)
        _fill(rows[school[rows] == NONE], teaches & ~independent, seats[:, g], far, school)
        _fill(rows[school[rows] == NONE], teaches, seats[:, g], far, school)
    size = np.bincount(school, minlength=n)
    own = np.bincount(school, weights=foreign, minlength=n) / np.maximum(size, 1)
    ses = np.bincount(school, weights=parents, minlength=n) / np.maximum(size, 1)
    schools = filled(
        Schools,
        n,
        id=np.arange(n),
        cell=unit.cell,
        provider=unit.provider,
        first_grade=unit.first_grade,
        last_grade=unit.last_grade,
        capacity=capacity,
        published_merit=_published(
            unit, ses, np.bincount(school[grade == LAST], minlength=n), schooling, rng
        ),
        own_share=np.where(size > 0, own, np.nan),
        ses=np.where(size > 0, ses, np.nan),
    )
    return Enrolment(schools, school)


def _seats(unit: Unit, pupils: Array, spare: float) -> tuple[Array, Array]:
    """Return each school's seats per grade, and free seats by school and grade; every grade has room for all."""
    grades = np.arange(GRADES)
    teaches = (unit.first_grade[:, None] <= grades) & (unit.last_grade[:, None] >= grades)
    share = np.where(teaches, unit.weight[:, None], 0.0)
    wish = share / np.maximum(share.sum(0), 1e-12) * pupils
    capacity = np.ceil(wish.max(1) * (1 + spare)).astype(np.int64)
    lack = (pupils - (capacity[:, None] * teaches).sum(0)).max()
    if lack > 0:
        capacity += -(-lack // max(int(teaches.sum(0).min()), 1))
    return capacity, np.where(teaches, capacity[:, None], 0)


def _fill(rows: Array, allowed: Array, seats: Array, far: Array, school: Array) -> None:
    """Place pupils in the nearest allowed school with a seat, the nearest first; seats are used up."""
    schools = np.flatnonzero(allowed)
    if not rows.size or not schools.size:
        return
    waiting = rows
    while waiting.size and (seats[schools] > 0).any():
        schools = schools[seats[schools] > 0]
        near = far[np.ix_(waiting, schools)]
        best = schools[near.argmin(1)]
        order = np.lexsort((waiting, near.min(1), best))
        place = np.arange(order.size) - np.searchsorted(best[order], best[order])
        taken = order[place < seats[best[order]]]
        school[waiting[taken]] = best[taken]
        seats -= np.bincount(best[taken], minlength=seats.size)
        waiting = np.delete(waiting, taken)


def _published(
    unit: Unit, ses: Array, leavers: Array, schooling: Schooling, rng: np.random.Generator
) -> Array:
    """Return each school's merit value: from the file, else made with the city's mean and spread over schools.

    Made values follow the pupils' parental education (half the variance) and chance (C).
    """
    has = (unit.last_grade == LAST) & (leavers > 0)
    merit = np.where(has, unit.merit, np.nan)
    rows = np.flatnonzero(has & np.isnan(unit.merit))
    if rows.size:
        z = _standard(ses[rows], leavers[rows]) + _standard(rng.normal(0, 1, rows.size), leavers[rows])
        merit[rows] = schooling.merit_mean + schooling.merit_spread * _standard(z, leavers[rows])
    return np.clip(merit, 0, 340)


def _standard(values: Array, weights: Array) -> Array:
    """Return values with weighted mean 0 and SD 1; zeros if they do not differ."""
    mean = np.average(values, weights=weights)
    sd = np.sqrt(np.average((values - mean) ** 2, weights=weights))
    return (values - mean) / sd if sd > 0 else np.zeros_like(values)
