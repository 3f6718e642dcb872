"""The schools of the start year: who goes where, what they have learnt, and how good the schools are.

Every cohort enters grade 0 and, where its school ends, grade 7 by the same choice and admission as later
years, so that the first simulated year changes nothing but what a year changes.
"""

from dataclasses import replace

import numpy as np

from segsim.ages import UPPER_SECONDARY_LEAVING_AGE
from segsim.kernels.draws import Stream, uniforms
from segsim.kernels.schools.campus import Campus, Nearby
from segsim.state import CityState
from segsim.steps.schools.achievement import (
    SchoolLeavers,
    finish_grade_9,
    origin_achievement,
    publish_merit,
    yearly_gain,
)
from segsim.steps.schools.admission import Seating, draw_active_guardians, find_siblings, seat_pupils
from segsim.steps.schools.borders import find_nearby
from segsim.steps.schools.enrolment import (
    FIRST_AGE,
    GRADES,
    SECOND_ENTRY,
    PupilRoll,
    count_enrolment,
    describe_campus,
    enrol_pupils,
    exact_means,
    list_pupils,
    school_order,
    stretch_capacity,
    write_schools,
)
from segsim.steps.schools.funding import pay_grants, school_grants
from segsim.steps.schools.school_supply import draw_quality, write_composition
from segsim.steps.schools.start.school_appeal import (
    KnownSchools,
    adjust_appeal,
    count_wishes,
    fit_appeal,
    show_known,
)
from segsim.tables import NONE, Array, Provider, municipality_of_cells

PASSES = 4
"""Rounds in which guardians see the composition the round before led to; it settles in three or four."""
APPEAL_STEP = 0.2
"""The part of the way that the appeal of schools goes in each of these rounds, to make up for what moves,
siblings and full schools do."""
COHORTS = UPPER_SECONDARY_LEAVING_AGE - FIRST_AGE + 1


def settle(state: CityState) -> None:
    """Fill the schools of the start year, and give merit values to those of 16 to 19.

    The mean and the differences of the merit values in `schools.published_merit` are taken as known;
    schools without one get a quality drawn with the preferences' spread. Where `schools.own_share` and
    `schools.educated_share` are known, schools get the appeal with which pupils are as they say.
    """
    order = school_order(state)
    if order.size == 0:
        return
    roll = list_pupils(state, order, FIRST_AGE, UPPER_SECONDARY_LEAVING_AGE)
    # a pupil chose from where it lived then, and its school may be far from where it lives now
    home = _former_cells(state, roll, roll.grade.astype(np.int64))
    # neighbours side by side look at the same schools, which takes half the time of choosing
    by_home = np.argsort(home, kind="stable")
    roll, home = roll.select(by_home), home[by_home]
    # before anything is overwritten: this is what quality is fitted to
    known = state.tables.schools.published_merit[order].astype(np.float64)
    seats, known_pupils = _first_seats(state, order, roll), _list_known(state, order, roll)
    # synthesis only says how many pupils a school has; who goes where is the model's own choice
    roll.school[:] = NONE
    is_active = draw_active_guardians(state, roll)
    at_entry = replace(roll, cell=home)
    at_7 = replace(roll, cell=_former_cells(state, roll, roll.grade.astype(np.int64) - SECOND_ENTRY))
    homes = np.concatenate([at_entry.cell, at_7.cell])
    nearby = find_nearby(state, describe_campus(state, order), homes)
    is_pupil = roll.grade < GRADES
    fit_appeal(state, order, known_pupils, nearby, at_entry.select(is_pupil), is_active[is_pupil])
    for is_last in [False] * (PASSES - 1) + [True]:
        show_known(state.tables.schools, order, known_pupils)
        campus = describe_campus(state, order)
        entry = _enter(state, campus, nearby, replace(at_entry, school=roll.school), is_active, seats)
        now = _go_on(state, campus, nearby, replace(at_7, school=entry.school), is_active, seats, entry.first)
        roll.school[:] = now.school
        pupils = roll.select(is_pupil)
        write_composition(state, order, pupils)
        if not is_last:
            wishes = count_wishes(pupils, now.first[is_pupil], order.size)
            adjust_appeal(state, order, known_pupils, wishes, APPEAL_STEP)
    # `_catch_up` adds every school year so far, with the quality that is fitted first
    state.tables.persons.achievement[roll.rows] = 0.0
    state.tables.schools.quality[order] = 0.0
    state.tables.schools.quality[order] = _quality(state, order, roll, known)
    _catch_up(state, order, roll, entry.school)
    write_schools(state, order, pupils)
    stretch_capacity(state, order, pupils)
    enrol_pupils(state, pupils.rows)
    grants = school_grants(state, order)
    pay_grants(state, order, grants, np.bincount(pupils.school[pupils.school != NONE], minlength=order.size))
    left = roll.select((roll.grade >= GRADES) & (state.tables.persons.merit[roll.rows] == NONE))
    finish_grade_9(state, left, grants)
    _publish_first(state, order, left, known)


def _first_seats(state: CityState, order: Array, roll: PupilRoll) -> Array:
    """Return the seats of each school for each cohort, and write those of independent schools.

    Independent schools get the seats of the pupils synthesis gave them and few more: they fill up, since
    more guardians want them than they have seats, so that the seats set their share of pupils.
    """
    schools = state.tables.schools
    room = 1 + state.rules.schools.independent.spare_seats
    given = count_enrolment(roll, order.size)
    mean = given.sum(axis=1) / (schools.last_grade[order] - schools.first_grade[order] + 1)
    is_set = (schools.provider[order] == Provider.INDEPENDENT) & (mean > 0)
    n_seats = np.rint(mean * room).astype(np.int32)
    schools.capacity[order] = np.where(is_set, n_seats, schools.capacity[order])
    seats = np.repeat(schools.capacity[order][:, None], COHORTS, axis=1)
    limit = np.rint(given * room).astype(np.int32)
    seats[is_set, :GRADES] = np.minimum(seats[:, :GRADES], limit)[is_set]
    return seats


def _list_known(state: CityState, order: Array, roll: PupilRoll) -> KnownSchools:
    """Return what the tables know of the pupils of each school before any has chosen."""
    schools = state.tables.schools
    return KnownSchools(
        count_enrolment(roll, order.size).sum(axis=1).astype(np.float64),
        schools.own_share[order].astype(np.float64),
        schools.educated_share[order].astype(np.float64),
    )


def _former_cells(state: CityState, roll: PupilRoll, years: Array) -> Array:
    """Return where each child lived so many years ago: here, or elsewhere if the household has moved since.

    Elsewhere is the home of another family of the same background in the municipality. Of those whose former
    home is far from the present, some changed school when they moved, and so count as having lived here.
    """
    households, cells = state.tables.households, state.tables.cells
    choice = state.preferences.schools.choice
    draw = uniforms(state.key, Stream.SCHOOL_FORMER_HOME, 0, households.id[roll.household], 0)
    kind = municipality_of_cells(state.tables)[roll.cell].astype(np.int16) * 2 + roll.kind
    # by kind, then by id, so that a draw means the same home whatever the order of rows
    by_id = np.argsort(roll.id)
    homes = roll.cell[by_id[np.argsort(kind[by_id], kind="stable")]]
    number = np.bincount(kind)
    former = homes[(np.cumsum(number) - number)[kind] + (draw * number[kind]).astype(np.int64)]
    km = np.hypot(cells.x[former] - cells.x[roll.cell], cells.y[former] - cells.y[roll.cell]) / 1000
    changes = uniforms(state.key, Stream.SCHOOL_FORMER_HOME, 0, households.id[roll.household], 1)
    # in a simulated year half of who moves far seeks a nearer school; the first city had such years too
    stays = (km <= choice.moved_far_km) | (changes >= choice.moved_far)
    has_moved = households.moved[roll.household] > state.year - years
    return np.where(has_moved & stays, former, roll.cell)


def _enter(
    state: CityState, campus: Campus, nearby: Nearby, roll: PupilRoll, is_active: Array, seats: Array
) -> Seating:
    """Seat each cohort by itself at grade 0; siblings attend as `roll` says."""
    seeking = replace(roll, school=np.full_like(roll.school, NONE))
    free = seats * (campus.first_grade == 0)[:, None]
    siblings, grade = find_siblings(roll, roll), np.zeros(roll.rows.size)
    return seat_pupils(state, campus, nearby, seeking, is_active, grade, free, siblings)


def _go_on(
    state: CityState,
    campus: Campus,
    nearby: Nearby,
    roll: PupilRoll,
    is_active: Array,
    seats: Array,
    first: Array,
) -> Seating:
    """Seat all in today's school: that entered, or that chosen at grade 7; `first` is the wish at entry."""
    school, first, choice = roll.school.copy(), first.copy(), state.preferences.schools.choice
    rank = np.full(school.size, NONE)
    is_older = roll.grade >= SECOND_ENTRY
    school[is_older & (campus.last_grade[school] < SECOND_ENTRY)] = NONE
    draw = uniforms(state.key, Stream.SCHOOL_LOOK_ROUND, state.year, roll.id, 1)
    seeks = is_older & ((school == NONE) | (is_active & (draw < choice.reconsider_at_7)))
    if seeks.any():
        roll = replace(roll, school=school)
        taken = count_enrolment(roll, campus.id.size, COHORTS)
        free = np.maximum(seats - taken, 0) * (campus.last_grade >= SECOND_ENTRY)[:, None]
        seeking = roll.select(seeks)
        grade = np.full(seeking.rows.size, SECOND_ENTRY)
        siblings = find_siblings(roll, seeking)
        seated = seat_pupils(state, campus, nearby, seeking, is_active[seeks], grade, free, siblings)
        school[seeks], rank[seeks] = seated.school, seated.rank
        # who lists none keeps the present school
        first[seeks] = np.where(seated.first == NONE, seated.school, seated.first)
    return Seating(school, rank, first)


def _quality(state: CityState, order: Array, roll: PupilRoll, known: Array) -> Array:
    """Return true quality such that expected merit values are those known, as far as they are not chance.

    The known mean of a school with n pupils in grade 9 deviates from what its pupils' origin gives by
    d = true + noise of variance points_per_sd^2 / n. The true part is d shrunk towards the city's mean by
    sqrt(var(true) / (var(true) + var(noise))), which keeps the spread of the true parts (constrained
    empirical Bayes, Louis 1984).
    """
    schools, effect = state.tables.schools, state.preferences.schools.achievement
    drawn = state.preferences.schools.quality.spread * GRADES * draw_quality(state, schools.id[order])
    level, own = 0.0, drawn * effect.points_per_sd
    # all from grade 7 stand in for grade 9, since one cohort is too small to tell whom a school takes
    older = roll.select((roll.grade >= SECOND_ENTRY) & (roll.school != NONE))
    count = np.bincount(older.school, minlength=order.size) / (COHORTS - SECOND_ENTRY)
    expected = effect.merit_mean + effect.points_per_sd * exact_means(
        older.school, origin_achievement(state, older), order.size
    )
    seen = np.isfinite(known) & (count > 0)
    if seen.any():
        deviation, noise = known[seen] - expected[seen], effect.points_per_sd**2 / count[seen]
        level = np.average(deviation, weights=count[seen])
        spread = np.average((deviation - level) ** 2, weights=count[seen])
        true = max(spread - np.average(noise, weights=count[seen]), 0.0)
        own[seen] = (deviation - level) * np.sqrt(true / (true + noise))
    # a school of three grades must give in three years what others give in ten
    grades = schools.last_grade[order] - schools.first_grade[order] + 1.0
    return (level / GRADES + own / grades) / effect.points_per_sd


def _catch_up(state: CityState, order: Array, roll: PupilRoll, entered: Array) -> None:
    """Give every pupil the achievement of the school years so far, at the first school and the present."""
    achievement, grants = state.tables.persons.achievement, school_grants(state, order)
    years = np.minimum(roll.grade, GRADES).astype(np.float64)
    first = np.minimum(years, SECOND_ENTRY)
    for school, share in ((entered, first), (roll.school, years - first)):
        attends = (school != NONE) & (share > 0)
        gain = yearly_gain(state, order, replace(roll, school=school).select(attends), grants)
        achievement[roll.rows[attends]] += (gain * share[attends]).astype(np.float32)


def _publish_first(state: CityState, order: Array, left: PupilRoll, known: Array) -> None:
    """Publish the results of those of 16 where no merit value is known from the start."""
    latest = left.select(left.grade == GRADES)
    publish_merit(state, order, SchoolLeavers(latest, state.tables.persons.merit[latest.rows]))
    published = state.tables.schools.published_merit
    published[order] = np.where(np.isfinite(known), known, published[order])
