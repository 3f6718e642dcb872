"""The school year: pupils learn and finish in spring; schools change in summer; seats are given in autumn."""

from dataclasses import replace

import numpy as np

from segsim.kernels.schools.campus import Campus
from segsim.state import CityState
from segsim.steps.schools.achievement import finish_grade_9, learn, publish_merit
from segsim.steps.schools.admission import (
    draw_active_guardians,
    draw_lookers,
    find_siblings,
    school_distance,
    seat_pupils,
)
from segsim.steps.schools.borders import find_nearby, leave_other_municipalities
from segsim.steps.schools.catchments import redraw_catchments
from segsim.steps.schools.enrolment import (
    FIRST_AGE,
    GRADES,
    LAST_AGE,
    PupilRoll,
    count_enrolment,
    describe_campus,
    enrol_pupils,
    free_seats,
    list_pupils,
    school_order,
    stretch_capacity,
    write_schools,
)
from segsim.steps.schools.funding import pay_grants, school_grants
from segsim.steps.schools.preschool import attend_preschool
from segsim.steps.schools.school_plans import (
    align_with_plans,
    carry_out_closures,
    carry_out_openings,
    close_small_schools,
    resize_schools,
)
from segsim.steps.schools.school_supply import change_supply, drift_quality, write_composition
from segsim.steps.schools.start.initial_enrolment import settle
from segsim.tables import NONE, Array

TOP_CHOICES = 3


def step(state: CityState) -> None:
    """Run one school year."""
    attend_preschool(state)
    order = school_order(state)
    if order.size == 0:
        return
    taken = run_spring(state, order)
    # between the two terms, so that pupils of a closed school seek a seat at once
    change_supply(state, order, taken)
    close_small_schools(state)
    # what opens before what closes, so that a school may take another's place
    carry_out_openings(state)
    carry_out_closures(state)
    resize_schools(state)
    redraw_catchments(state)
    align_with_plans(state)
    run_autumn(state)


def run_spring(state: CityState, order: Array) -> Array:
    """Let pupils learn and grade 9 finish; publish results and composition; pay grants; quality drifts.

    Returns
    -------
    int array, schools x grades
        The pupils of the school year that ended.
    """
    # a year older than in the autumn when they were seated: age is that reached this year
    roll = list_pupils(state, order, FIRST_AGE + 1, LAST_AGE + 1)
    grants = school_grants(state, order)
    learn(state, order, roll, grants)
    attends = roll.school != NONE
    pupils = np.bincount(roll.school[attends], minlength=order.size)
    pay_grants(state, order, grants, pupils)
    # with those who are about to leave: it describes the year that ends
    write_composition(state, order, roll)
    finished = finish_grade_9(state, roll.select(attends & (roll.grade == GRADES)), grants)
    publish_merit(state, order, finished)
    state.flows["schools.finished"] += finished.merit.size
    drift_quality(state, order, pupils)
    return count_enrolment(replace(roll, grade=roll.grade - 1), order.size)


def run_autumn(state: CityState) -> None:
    """Give a seat to all who need one, and to those who look for another school and find it."""
    # anew: schools have opened and closed
    order = school_order(state)
    if order.size == 0:
        return
    campus, roll = describe_campus(state, order), list_pupils(state, order)
    beyond = (roll.school != NONE) & (campus.last_grade[roll.school] < roll.grade)
    # a 0-6 school does not lead on to grade 7
    roll.school[beyond] = NONE
    leave_other_municipalities(state, campus, roll)
    is_active = draw_active_guardians(state, roll)
    seeks = (roll.school == NONE) | draw_lookers(state, roll, is_active, school_distance(state, campus, roll))
    if seeks.any():
        _seat_and_note(state, order, campus, roll, seeks, is_active[seeks])
    enrol_pupils(state, roll.rows)


def _seat_and_note(
    state: CityState, order: Array, campus: Campus, roll: PupilRoll, seeks: Array, is_active: Array
) -> None:
    """Seat those who seek, write it, and note how it went."""
    flows, seeking = state.flows, roll.select(seeks)
    free = free_seats(campus, state.tables.schools.capacity[order], count_enrolment(roll, order.size))
    nearby, siblings = find_nearby(state, campus, seeking.cell), find_siblings(roll, seeking)
    seated = seat_pupils(state, campus, nearby, seeking, is_active, seeking.grade, free, siblings)
    roll.school[seeks] = seated.school
    write_schools(state, order, roll)
    flows["schools.seats_added"] += stretch_capacity(state, order, roll)
    needs = seeking.school == NONE
    chose, listed = is_active & needs, seated.rank != NONE
    flows["schools.applicants"] += needs.sum()
    flows["schools.choosers_active"] += chose.sum()
    flows["schools.switched"] += (listed & ~needs).sum()
    flows["schools.placed_elsewhere"] += (needs & ~listed).sum()
    if chose.any():
        flows["schools.top3_share"] = float((listed & (seated.rank < TOP_CHOICES))[chose].mean())


__all__ = ["settle", "step"]
