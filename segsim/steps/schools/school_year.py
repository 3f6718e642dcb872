"""The school year: pupils learn and finish in spring; schools change in summer; seats are given in autumn."""

from dataclasses import replace

import numpy as np

from segsim.kernels.schools.school_choice import Campus
from segsim.state import Moment
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
    Roll,
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


def step(moment: Moment) -> None:
    """Run one school year."""
    order = school_order(moment)
    if order.size == 0:
        return
    taken = spring(moment, order)
    change_providers(moment, order, taken)
    autumn(moment)


def spring(moment: Moment, order: Array) -> Array:
    """Let pupils learn and grade 9 finish; publish results and composition; pay grants; quality drifts.

    Returns
    -------
    int array, schools x grades
        The pupils of the school year that ended.
    """
    roll = roll_of(moment, order, FIRST_AGE + 1, LAST_AGE + 1)
    grants = grants_of(moment, order)
    learn(moment, order, roll, grants)
    attends = roll.school != NONE
    pupils = np.bincount(roll.school[attends], minlength=order.size)
    pay(moment, order, grants, pupils)
    look_back(moment, order, roll)
    finished = finish(moment, roll.part(attends & (roll.grade == GRADES)), grants)
    publish(moment, order, finished)
    moment.flows["schools.finished"] += finished.merit.size
    drift(moment, order, pupils)
    return enrolment(replace(roll, grade=roll.grade - 1), order.size)


def autumn(moment: Moment) -> None:
    """Give a seat to all who need one, and to those who look for another school and find it."""
    order = school_order(moment)
    if order.size == 0:
        return
    campus, roll = campus_of(moment, order), roll_of(moment, order)
    beyond = (roll.school != NONE) & (campus.last_grade[roll.school] < roll.grade)
    roll.school[beyond] = NONE
    is_active = active_guardians(moment, roll)
    seeks = (roll.school == NONE) | lookers(moment, roll, is_active, school_km(moment, campus, roll))
    if seeks.any():
        _seat_and_note(moment, order, campus, roll, seeks, is_active[seeks])
    become_pupils(moment, roll.rows)


def _seat_and_note(
    moment: Moment, order: Array, campus: Campus, roll: Roll, seeks: Array, is_active: Array
) -> None:
    """Seat those who seek, write it, and note how it went."""
    flows, seeking = moment.flows, roll.part(seeks)
    free = free_seats(campus, moment.tables.schools.capacity[order], enrolment(roll, order.size))
    has_sibling = siblings_at(roll, seeking, order.size)
    seated = seat(moment, campus, seeking, is_active, seeking.grade, free, has_sibling)
    roll.school[seeks] = seated.school
    write_schools(moment, order, roll)
    flows["schools.seats_added"] += stretch(moment, order, roll)
    needs = seeking.school == NONE
    chose, listed = is_active & needs, seated.rank != NONE
    flows["schools.applicants"] += needs.sum()
    flows["schools.choosers_active"] += chose.sum()
    flows["schools.switched"] += (listed & ~needs).sum()
    flows["schools.placed_elsewhere"] += (needs & ~listed).sum()
    if chose.any():
        flows["schools.top3_share"] = float((listed & (seated.rank < TOP_CHOICES))[chose].mean())


__all__ = ["settle", "step"]
