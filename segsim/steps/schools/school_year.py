"""The school year: pupils learn and finish in spring; schools change in summer; seats are given in autumn."""

from dataclasses import replace

import numpy as np

from segsim.kernels.schools.school_choice import Campus
from segsim.state import CityState
from segsim.steps.schools.achievement import finish, learn, publish
from segsim.steps.schools.admission import (
    active_guardians,
    lookers,
    school_km,
    seat,
    siblings_at,
)
from segsim.steps.schools.enrolment import (
    FIRST_AGE,
    GRADES,
    LAST_AGE,
    PupilRoll,
    become_pupils,
    campus_of,
    enrolment,
    free_seats,
    roll_of,
    school_order,
    stretch,
    write_schools,
)
from segsim.steps.schools.funding import grants_of, pay
from segsim.steps.schools.initial_enrolment import settle
from segsim.steps.schools.school_supply import change_providers, drift, look_back
from segsim.tables import NONE, Array

TOP_CHOICES = 3


def step(state: CityState) -> None:
    """Run one school year."""
    order = school_order(state)
    if order.size == 0:
        return
    taken = spring(state, order)
    change_providers(state, order, taken)
    autumn(state)


def spring(state: CityState, order: Array) -> Array:
    """Let pupils learn and grade 9 finish; publish results and composition; pay grants; quality drifts.

    Returns
    -------
    int array, schools x grades
        The pupils of the school year that ended.
    """
    roll = roll_of(state, order, FIRST_AGE + 1, LAST_AGE + 1)
    grants = grants_of(state, order)
    learn(state, order, roll, grants)
    attends = roll.school != NONE
    pupils = np.bincount(roll.school[attends], minlength=order.size)
    pay(state, order, grants, pupils)
    look_back(state, order, roll)
    finished = finish(state, roll.part(attends & (roll.grade == GRADES)), grants)
    publish(state, order, finished)
    state.flows["schools.finished"] += finished.merit.size
    drift(state, order, pupils)
    return enrolment(replace(roll, grade=roll.grade - 1), order.size)


def autumn(state: CityState) -> None:
    """Give a seat to all who need one, and to those who look for another school and find it."""
    order = school_order(state)
    if order.size == 0:
        return
    campus, roll = campus_of(state, order), roll_of(state, order)
    beyond = (roll.school != NONE) & (campus.last_grade[roll.school] < roll.grade)
    roll.school[beyond] = NONE
    is_active = active_guardians(state, roll)
    seeks = (roll.school == NONE) | lookers(state, roll, is_active, school_km(state, campus, roll))
    if seeks.any():
        _seat_and_note(state, order, campus, roll, seeks, is_active[seeks])
    become_pupils(state, roll.rows)


def _seat_and_note(
    state: CityState, order: Array, campus: Campus, roll: PupilRoll, seeks: Array, is_active: Array
) -> None:
    """Seat those who seek, write it, and note how it went."""
    flows, seeking = state.flows, roll.part(seeks)
    free = free_seats(campus, state.tables.schools.capacity[order], enrolment(roll, order.size))
    has_sibling = siblings_at(roll, seeking, order.size)
    seated = seat(state, campus, seeking, is_active, seeking.grade, free, has_sibling)
    roll.school[seeks] = seated.school
    write_schools(state, order, roll)
    flows["schools.seats_added"] += stretch(state, order, roll)
    needs = seeking.school == NONE
    chose, listed = is_active & needs, seated.rank != NONE
    flows["schools.applicants"] += needs.sum()
    flows["schools.choosers_active"] += chose.sum()
    flows["schools.switched"] += (listed & ~needs).sum()
    flows["schools.placed_elsewhere"] += (needs & ~listed).sum()
    if chose.any():
        flows["schools.top3_share"] = float((listed & (seated.rank < TOP_CHOICES))[chose].mean())


__all__ = ["settle", "step"]
