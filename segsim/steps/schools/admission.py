"""Who seeks a seat at school, and where each gets one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segsim.errors import ScenarioError
from segsim.kernels.draws import Stream, uniforms
from segsim.kernels.matching import (
    SeatsByKind,
    deferred_acceptance,
    immediate_acceptance,
    serial_dictatorship,
    top_trading_cycles,
)
from segsim.kernels.population.families import list_members
from segsim.kernels.schools.campus import Campus, Nearby
from segsim.kernels.schools.priorities import PriorityRule, rank_applicants
from segsim.kernels.schools.school_choice import list_schools
from segsim.kernels.schools.school_utility import Applicants, ChoiceRule, ChoiceTaste
from segsim.kernels.schools.siblings import Siblings
from segsim.kernels.separate_offers import offer_separately
from segsim.rules.school_choice import ChoiceWeights
from segsim.rules.schools import Admission
from segsim.state import CityState
from segsim.steps.schools.achievement import origin_achievement
from segsim.steps.schools.borders import place_rest
from segsim.steps.schools.catchments import find_catchments
from segsim.steps.schools.enrolment import FIRST_AGE, PupilRoll, follows_municipal_rule
from segsim.steps.schools.seats import (
    count_placed,
    divide_by_kind,
    is_of_majority,
    leave_by_kind,
    split_seats,
)
from segsim.tables import NONE, Array, Education, municipality_of_cells

_MATCHED_AS = {"catchment": "deferred_acceptance"}
_UNTIL_ANSWERED = np.iinfo(np.int64).max
_LIST_FIRST = 1e9
"""More than any priority, a sibling's too."""


@dataclass(frozen=True)
class Seating:
    """Where those who seek a seat end.

    `school` is where each goes, NONE only where no school teaches the grade; `rank` is its place in the own
    list, from 0, NONE if it was not on it; `first` is the school first on it, NONE if it is empty.
    """

    school: Array
    rank: Array
    first: Array


def seat_pupils(
    state: CityState,
    campus: Campus,
    nearby: Nearby,
    seeking: PupilRoll,
    is_active: Array,
    grade: Array,
    free: Array,
    siblings: Siblings,
) -> Seating:
    """Match those who seek with the free seats, and find a place for the rest.

    Parameters
    ----------
    nearby : Nearby
        The schools near the homes of those who seek.
    seeking : PupilRoll
        Who seeks; its `grade` says who competes with whom, a column of `free`.
    is_active : bool array, seeking
        Whose guardians rank schools.
    grade : int array, seeking
        The grade sought.
    free : int array, schools x cohorts
        Seats to give.
    siblings : Siblings
        Where siblings of those who seek attend.
    """
    own = find_catchments(state, campus.id, seeking.cell, grade)
    applicants = describe_applicants(state, seeking, is_active, grade, own)
    if (campus.rule == PriorityRule.ATTAINMENT).any():
        so_far = state.tables.persons.achievement[seeking.rows]
        applicants = applicants._replace(attainment=origin_achievement(state, seeking) + so_far)
    got, rank, first = admit(state, campus, nearby, applicants, seeking.grade, free, siblings)
    # who had a seat and got no other keeps it
    school = np.where(got == NONE, seeking.school, got)
    rest = school == NONE
    if rest.any():
        is_major = is_of_majority(state.admissions, applicants)
        taken = count_placed(got, seeking.grade, is_major, free.shape)
        unplaced = Applicants(*(column[rest] for column in applicants))
        kinds = leave_by_kind(state.admissions, campus, unplaced, free, taken)
        left = free - taken.sum(axis=2)
        school[rest] = place_rest(campus, unplaced, seeking.grade[rest], left, kinds)
    return Seating(school, rank, first)


def draw_active_guardians(state: CityState, roll: PupilRoll) -> Array:
    """Return whether each child's guardians rank schools rather than go by default."""
    share = np.array([[1.0] * 4 if a.mandatory_choice else a.active_share for a in state.admissions])
    home = municipality_of_cells(state.tables)[roll.cell]
    # without the year: guardians are active or not for good
    draw = uniforms(state.key, Stream.SCHOOL_ACTIVE, 0, roll.id, 0)
    return np.asarray(draw < share[home, roll.education])


def describe_applicants(
    state: CityState, roll: PupilRoll, is_active: Array, grade: Array, catchment: Array
) -> Applicants:
    """Return the entries of a roll as applicants for a grade."""
    cells, households, persons = state.tables.cells, state.tables.households, state.tables.persons
    came = np.maximum(households.arrived[roll.household], persons.arrived[roll.rows])
    # the half year is mean: people arrive through the year
    years = np.where(came == NONE, 99.0, state.year - came + 0.5)
    return Applicants(
        id=roll.id,
        cell=roll.cell,
        x=cells.x[roll.cell].astype(np.float64),
        y=cells.y[roll.cell].astype(np.float64),
        grade=grade.astype(np.int8),
        kind=roll.kind,
        education=roll.education,
        is_active=is_active,
        current=roll.school,
        catchment=catchment,
        # nobody queues before the child is born
        queue_years=np.clip(years, 0.0, grade + float(FIRST_AGE)),
        attainment=np.zeros(roll.id.size),
        weights=choice_weights(state)[persons.group[roll.rows], roll.education],
        municipality=municipality_of_cells(state.tables)[roll.cell],
    )


def find_siblings(attending: PupilRoll, seeking: PupilRoll) -> Siblings:
    """Return which schools the families of those who seek attend.

    Those of `seeking` who have a school are among `attending`.
    """
    attending = attending.select(attending.school != NONE)
    n_households = 1 + int(max(attending.household.max(initial=0), seeking.household.max(initial=0)))
    start, child = np.empty(n_households + 1, np.int64), np.empty(attending.id.size, np.int64)
    list_members(attending.id, attending.household, start, child)
    return Siblings(start, attending.school[child], seeking.household.astype(np.int64), seeking.school)


def admit(
    state: CityState,
    campus: Campus,
    nearby: Nearby,
    applicants: Applicants,
    cohort: Array,
    free: Array,
    siblings: Siblings,
) -> tuple[Array, Array, Array]:
    """Match applicants with the free seats by the mechanism in force.

    Return the schools, their ranks on the lists, and the first of each list.

    Parameters
    ----------
    cohort : int array, applicants
        Who competes with whom: the column of `free` an applicant seeks a seat in.
    free : int array, schools x cohorts
        Seats to give.
    siblings : Siblings
    """
    admissions = state.admissions
    choices, priority = _apply_all(state, campus, nearby, applicants, siblings)
    n_pools = priority.shape[2]
    seats = split_seats(admissions, campus, free)[:, :, :n_pools]
    lists = _place_lists(choices, cohort, free.shape[1], n_pools)
    scores = priority.reshape(cohort.size, -1)
    kinds = divide_by_kind(admissions, campus, applicants, cohort, seats)
    match = _match_separately if any(own.offer_rounds for own in admissions) else _match
    place = match(state, campus, applicants.id, lists, scores, seats, kinds)
    school = np.where(place == NONE, NONE, place // (n_pools * free.shape[1])).astype(np.int32)
    rank = np.argmax(choices == school[:, None], axis=1)
    return school, np.where(school == NONE, NONE, rank), choices[:, 0]


def _apply_all(
    state: CityState, campus: Campus, nearby: Nearby, applicants: Applicants, siblings: Siblings
) -> tuple[Array, Array]:
    """Return the lists of all applicants, and their priorities, for seats by lot too if there are any."""
    admissions = state.admissions
    n_pools = 2 if any(admission.lottery_share > 0 for admission in admissions) else 1
    if len(set(admissions)) == 1:
        return _apply(state, admissions[0], campus, nearby, applicants, siblings, n_pools)
    n, k = applicants.id.size, state.preferences.schools.choice.list_length
    choices, priority = np.empty((n, k), np.int32), np.zeros((n, k, n_pools))
    for admission in dict.fromkeys(admissions):
        is_same = np.array([own == admission for own in admissions])
        rows = np.flatnonzero(is_same[applicants.municipality])
        some = Applicants(*(column[rows] for column in applicants))
        theirs = siblings._replace(family=siblings.family[rows], own=siblings.own[rows])
        choices[rows], priority[rows] = _apply(state, admission, campus, nearby, some, theirs, n_pools)
    return choices, priority


def _apply(
    state: CityState,
    admission: Admission,
    campus: Campus,
    nearby: Nearby,
    applicants: Applicants,
    siblings: Siblings,
    n_pools: int,
) -> tuple[Array, Array]:
    """Return the lists of applicants under the same rules, and their priorities at the schools they list."""
    n, k = applicants.id.size, state.preferences.schools.choice.list_length
    choices, reference, priority = np.empty((n, k), np.int32), np.empty((n, 2)), np.zeros((n, k, n_pools))
    taste = choice_taste(state, admission)
    list_schools(state.key, applicants, campus, taste, nearby, siblings, choices, reference)
    if not admission.sibling:
        siblings = siblings._replace(family=np.full(n, NONE, np.int64))
    rank_applicants(state.key, state.year, applicants, campus, taste, choices, reference, siblings, priority)
    return choices, priority


def draw_lookers(state: CityState, roll: PupilRoll, is_active: Array, km: Array) -> Array:
    """Return which pupils with a school look for another this year.

    Active guardians do so with a small probability, larger at grade 7; families that have moved far from
    the school with another.
    """
    choice = state.preferences.schools.choice
    moved = state.tables.households.moved[roll.household] >= state.year - 1
    # one draw for both reasons: who looks with a small chance looks with a greater one
    draw = uniforms(state.key, Stream.SCHOOL_LOOK_ROUND, state.year, roll.id, 0)
    chance = np.where(roll.grade == 7, choice.reconsider_at_7, choice.switching)
    looks = is_active & (draw < chance)
    return np.asarray(looks | (moved & (km > choice.moved_far_km) & (draw < choice.moved_far)))


def school_distance(state: CityState, campus: Campus, roll: PupilRoll) -> Array:
    """Return kilometres from home to the school attended; 0 without a school."""
    cells = state.tables.cells
    x, y = cells.x[roll.cell].astype(np.float64), cells.y[roll.cell].astype(np.float64)
    km = np.hypot(x - campus.x[roll.school], y - campus.y[roll.school]) / 1000
    return np.where(roll.school == NONE, 0.0, km)


def _match_separately(
    state: CityState,
    campus: Campus,
    applicant: Array,
    places: Array,
    priority: Array,
    seats: Array,
    kinds: SeatsByKind,
) -> Array:
    """Return the place of each applicant where municipalities and independent schools offer each for itself.

    The schools of municipalities with `offer_rounds` 0 are one system, which offers until all have answered.
    """
    own = np.array([admission.offer_rounds for admission in state.admissions])
    n_schools, n_rounds = campus.municipality.size, own[campus.municipality]
    alone = np.where(campus.is_independent, own.size + np.arange(n_schools), campus.municipality)
    system = np.where(n_rounds == 0, 0, 1 + alone)
    rounds = np.full(1 + own.size + n_schools, _UNTIL_ANSWERED)
    rounds[system[n_rounds > 0]] = n_rounds[n_rounds > 0]
    scores = np.column_stack([priority, np.zeros(priority.shape[0])])  # the last for what a list lacks

    def match(who: Array, lists: Array, at: Array) -> Array:
        theirs = kinds._replace(kind=kinds.kind[who])
        return _match(state, campus, applicant[who], lists, scores[who[:, None], at], seats, theirs)

    place, too_late = offer_separately(places, np.repeat(system, seats[0].size), rounds, match)
    state.flows["schools.given_back_late"] += too_late
    return place


def _match(
    state: CityState,
    campus: Campus,
    applicant: Array,
    places: Array,
    priority: Array,
    seats: Array,
    kinds: SeatsByKind,
) -> Array:
    """Return the place of each applicant, told by ids, by the mechanism in force."""
    capacity = seats.ravel()
    mechanisms = {_MATCHED_AS.get(own.mechanism, own.mechanism) for own in state.admissions}
    if "top_trading_cycles" in mechanisms:
        has_quota = any(own.majority_quota < 1 for own in state.admissions)
        if kinds.reserve.any() or has_quota or len(mechanisms) > 1:
            raise ScenarioError(
                "rules.schools.admission: top_trading_cycles keeps neither reserves nor quotas and holds in "
                "a whole region; use another mechanism, or ses_quota: false and majority_quota: 1",
                "rules.schools.admission: top_trading_cycles håller varken reserverade platser eller kvoter "
                "och gäller i hela regionen; använd ett annat förfarande, eller ses_quota: false och "
                "majority_quota: 1",
            )
        return top_trading_cycles(places, priority, applicant, capacity)
    turn = uniforms(state.key, Stream.SCHOOL_TURN, state.year, applicant, 0)
    if len(mechanisms) > 1:
        rank = np.arange(places.shape[1]) // seats.shape[2]
        priority = _imitate(state.admissions, campus, places // seats[0].size, rank, priority, turn)
        mechanisms = {"deferred_acceptance"}
    if mechanisms == {"serial_dictatorship"}:
        return serial_dictatorship(places, turn, applicant, capacity, kinds)
    match = immediate_acceptance if mechanisms == {"immediate_acceptance"} else deferred_acceptance
    return match(places, priority, applicant, capacity, kinds)


def _imitate(
    admissions: Sequence[Admission], campus: Campus, school: Array, rank: Array, priority: Array, turn: Array
) -> Array:
    """Return priorities with which deferred acceptance is each municipality's own mechanism at its schools.

    Immediate acceptance is deferred acceptance where who lists a school higher comes first (Ergin and Sönmez
    2006), serial dictatorship where everybody has the same turn everywhere.
    """
    mechanism = np.array([own.mechanism for own in admissions])[campus.municipality]
    mechanism[~follows_municipal_rule(admissions, campus)] = "deferred_acceptance"
    by_list = mechanism[school] == "immediate_acceptance"
    out = np.where(by_list, priority - _LIST_FIRST * rank, priority)
    return np.where(mechanism[school] == "serial_dictatorship", -turn[:, None], out)


def _place_lists(choices: Array, cohort: Array, n_cohorts: int, n_pools: int) -> Array:
    """Return the lists over places: each school's ordinary seats of the cohort, then those drawn by lot."""
    ordinary = n_pools * (choices * n_cohorts + cohort[:, None].astype(np.int32))
    places = np.stack([ordinary + pool for pool in range(n_pools)], axis=2)
    return np.where(choices[:, :, None] == NONE, NONE, places).reshape(choices.shape[0], -1).astype(np.int32)


def choice_weights(state: CityState) -> Array:
    """Return the weights of guardians by origin group and parental education, as `ChoiceWeight` has them.

    Returns
    -------
    float array, groups x levels of education x 7
    """
    choice = state.preferences.schools.choice
    names = [group.name for group in state.groups]
    if unknown := [name for name in choice.group_weights if name not in names]:
        raise ScenarioError(
            f'preferences.schools.choice.group_weights: there is no group "{unknown[0]}"; '
            f"the groups are {', '.join(names)}",
            f'preferences.schools.choice.group_weights: det finns ingen grupp "{unknown[0]}"; grupperna är '
            f"{', '.join(names)}",
        )
    by_education = {Education[name.upper()]: own for name, own in choice.education_weights.items()}
    rows = [
        [choice.group_weights.get(name, by_education.get(level, choice.weights)) for level in Education]
        for name in names
    ]
    weights = np.array([[_list_weights(own) for own in levels] for levels in rows])
    noise = np.broadcast_to(np.array(choice.information_noise), weights.shape[:2])
    return np.concatenate([weights, noise[:, :, None]], axis=2)


def _list_weights(own: ChoiceWeights) -> list[float]:
    """Return weights in the order of `ChoiceWeight`."""
    return [own.composition, own.distance, own.merit, own.education, own.provider, own.sibling]


def choice_taste(state: CityState, admission: Admission) -> ChoiceTaste:
    """Return how guardians choose under some rules of admission, as the kernel takes it."""
    choice = state.preferences.schools.choice
    return ChoiceTaste(
        scale=choice.scale,
        peak=choice.peak,
        value_at_one=choice.value_at_one,
        is_cobb_douglas=choice.form == "cobb_douglas",
        is_sigmoid=choice.distance_shape == "sigmoid",
        sigmoid_km=choice.sigmoid_km,
        sigmoid_width=choice.sigmoid_width,
        far_km=choice.far_km,
        nearest=choice.nearest,
        independent_km=choice.independent_km,
        inertia=choice.inertia,
        queue_education=choice.queue_education,
        transport_km=admission.transport_km,
        is_catchment=admission.mechanism == "catchment",
        appeal_km=choice.appeal_km,
        rule=int(ChoiceRule[choice.rule.upper()]),
        threshold=choice.threshold,
        noticeable=choice.noticeable,
        has_one_lot=admission.tie_breaking == "single",
    )
