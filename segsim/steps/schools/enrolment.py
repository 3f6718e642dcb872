"""The pupils of a year and the schools in a fixed order, as the parts of the schools step see them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segsim.ages import SCHOOL_AGES
from segsim.groups import is_foreign
from segsim.kernels.schools.campus import Campus
from segsim.kernels.schools.priorities import PriorityRule
from segsim.rules.schools import Admission
from segsim.state import CityState
from segsim.steps.housing.residence import household_cells
from segsim.tables import (
    NONE,
    Activity,
    Array,
    Education,
    Provider,
    Schools,
    live,
    municipality_of_cells,
)

FIRST_AGE, LAST_AGE = SCHOOL_AGES
GRADES = LAST_AGE - FIRST_AGE + 1
SECOND_ENTRY = 7
"""The grade at which pupils of schools without the upper grades seek another."""

# sums of whole numbers below 2 ** 53 are exact, so in units of 2 ** -20 any order gives the same bits
_GRAIN = 2.0**20


@dataclass(frozen=True)
class PupilRoll:
    """Children of some ages, one entry each; `school` counts schools in the order of their ids."""

    rows: Array
    id: Array
    grade: Array
    school: Array
    education: Array
    kind: Array
    household: Array
    cell: Array

    def select(self, chosen: Array) -> "PupilRoll":
        """Return the entries chosen by a mask or by positions."""
        if chosen.dtype == np.bool_:  # looked through once and not for every column
            chosen = np.flatnonzero(chosen)
        return PupilRoll(**{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})


def school_order(state: CityState) -> Array:
    """Return the rows of the schools by ascending id."""
    rows = live(state.tables.schools)
    return rows[np.argsort(state.tables.schools.id[rows])]


def list_pupils(
    state: CityState, order: Array, first_age: int = FIRST_AGE, last_age: int = LAST_AGE
) -> PupilRoll:
    """Return the children who reach an age from `first_age` to `last_age` this year."""
    persons, households = state.tables.persons, state.tables.households
    age = state.year - persons.birth_year
    rows = np.flatnonzero((age >= first_age) & (age <= last_age) & (persons.id != NONE))
    # one place more, for the -1 of who has no school
    index = np.full(state.tables.schools.id.size + 1, NONE, np.int32)
    index[order] = np.arange(order.size)
    household = persons.household[rows]
    education = persons.parent_education[rows]
    # where no parents are on record the household stands for them
    education = np.where(education == NONE, households.education[household], education)
    return PupilRoll(
        rows=rows,
        id=persons.id[rows],
        grade=(age[rows] - FIRST_AGE).astype(np.int8),
        school=index[persons.school[rows]],
        education=np.maximum(education, 0).astype(np.int8),
        kind=is_foreign(state.groups).astype(np.int8)[persons.group[rows]],
        household=household,
        cell=household_cells(state.tables)[household],
    )


def exact_sums(place: Array, values: Array, n: int) -> Array:
    """Return the sum of `values` by place, the same to the last bit whatever the order of entries."""
    return np.bincount(place, np.rint(values * _GRAIN), n) / _GRAIN


def exact_means(place: Array, values: Array, n: int) -> Array:
    """Return the mean of `values` by place, NaN where there is none, independent of the order of entries."""
    count = np.bincount(place, minlength=n)
    return exact_sums(place, values, n) / np.where(count > 0, count, np.nan)


def count_enrolment(roll: PupilRoll, n_schools: int, n_cohorts: int = GRADES) -> Array:
    """Return the pupils of each school and grade (schools x cohorts)."""
    attends = (roll.school != NONE) & (roll.grade < n_cohorts)
    seat = roll.school[attends].astype(np.int64) * n_cohorts + roll.grade[attends]
    return np.bincount(seat, minlength=n_schools * n_cohorts).reshape(n_schools, n_cohorts)


def free_seats(campus: Campus, capacity: Array, taken: Array) -> Array:
    """Return the free seats of each school and grade; none in grades a school does not teach."""
    grade = np.arange(taken.shape[1])
    teaches = (campus.first_grade[:, None] <= grade) & (grade <= campus.last_grade[:, None])
    return np.where(teaches, np.maximum(capacity[:, None] - taken, 0), 0)


def stretch_capacity(state: CityState, order: Array, roll: PupilRoll) -> int:
    """Add the seats that schools with more pupils in a grade than seats must have; return how many."""
    schools = state.tables.schools
    before = schools.capacity[order]
    # seats are never fewer than the pupils taught: a class is enlarged, nobody is sent home
    schools.capacity[order] = np.maximum(before, count_enrolment(roll, order.size).max(axis=1))
    return int((schools.capacity[order] - before).sum())


def write_schools(state: CityState, order: Array, roll: PupilRoll) -> None:
    """Write the school of each entry, given by its place in the order of ids, into the persons."""
    state.tables.persons.school[roll.rows] = np.where(roll.school == NONE, NONE, order[roll.school])


def describe_campus(state: CityState, order: Array) -> Campus:
    """Return what guardians see of the schools this year; what is not published counts as average."""
    schools, cells = state.tables.schools, state.tables.cells
    municipality = municipality_of_cells(state.tables)[schools.cell[order]]
    rules = np.array([_priority_rules(admission) for admission in state.admissions])[municipality]
    is_independent = schools.provider[order] == Provider.INDEPENDENT
    # a new school has no last year, and is seen as the average one
    foreign = _fill_unknown(schools.own_share[order].astype(np.float64), 0.5)
    share = np.stack([1 - foreign, foreign], axis=1)
    if state.preferences.schools.choice.composition == "education":
        share = np.repeat(_fill_unknown(schools.ses[order].astype(np.float64), 1.5)[:, None] / 3, 2, axis=1)
    educated = _fill_unknown(schools.educated_share[order].astype(np.float64), 0.5)
    merit = schools.published_merit[order].astype(np.float64)
    mean = np.nanmean(merit) if np.isfinite(merit).any() else 0.0
    return Campus(
        id=schools.id[order],
        x=cells.x[schools.cell[order]].astype(np.float64),
        y=cells.y[schools.cell[order]].astype(np.float64),
        is_independent=is_independent,
        first_grade=schools.first_grade[order],
        last_grade=schools.last_grade[order],
        share=share,
        educated=np.stack([1 - educated, educated], axis=1),
        merit=np.nan_to_num((merit - mean) / state.preferences.schools.choice.merit_unit),
        appeal=describe_appeal(schools, order),
        rule=np.where(is_independent, rules[:, 1], rules[:, 0]).astype(np.int8),
        municipality=municipality,
    )


def describe_appeal(schools: Schools, order: Array) -> Array:
    """Return the appeal of each school to each background and parental education (schools, 2, 4)."""
    appeal, foreign, educated = (
        column[order].astype(np.float64)[:, None, None]
        for column in (schools.appeal, schools.appeal_foreign, schools.appeal_educated)
    )
    is_foreign, is_educated = (
        np.arange(2)[:, None],
        np.arange(len(Education)) >= Education.SHORT_POST_SECONDARY,
    )
    return np.asarray(appeal + foreign * is_foreign + educated * is_educated)


def follows_municipal_rule(admissions: Sequence[Admission], campus: Campus) -> Array:
    """Return whether each school is bound by the municipal priority, lottery and quota."""
    is_common = np.array([admission.common_system for admission in admissions])
    return np.asarray(~campus.is_independent | is_common[campus.municipality])


def enrol_pupils(state: CityState, rows: Array) -> None:
    """Let children who start school be pupils."""
    persons = state.tables.persons
    new = rows[persons.activity[rows] != Activity.PUPIL]
    persons.activity[new] = Activity.PUPIL
    persons.active_since[new] = state.year


def _priority_rules(admission: Admission) -> tuple[PriorityRule, PriorityRule]:
    """Return the rule of municipal and of independent schools."""
    municipal = PriorityRule[admission.municipal_priority.upper()]
    # by distance whatever the setting says: that is what a catchment is
    if admission.mechanism == "catchment":
        municipal = PriorityRule.PROXIMITY
    own = municipal if admission.common_system else PriorityRule[admission.independent_priority.upper()]
    return municipal, own


def _fill_unknown(values: Array, otherwise: float) -> Array:
    """Put the mean of the known values, or `otherwise` if none is known, where a value is not known."""
    is_known = np.isfinite(values)
    return np.where(is_known, values, values[is_known].mean() if is_known.any() else otherwise)
