"""Studies after compulsory school: who goes on to what, by merit value and parents' education."""

import numpy as np
from scipy.special import expit, logit

from segsim.ages import SCHOOL_LEAVING_AGE, STUDIES_END_AGE, UPPER_SECONDARY_LEAVING_AGE
from segsim.kernels.draws import Stream, normals, uniforms
from segsim.rules.work import WorkPreferences
from segsim.state import CityState
from segsim.steps.population.families import occurs
from segsim.steps.work.activities import has_activity, set_activity
from segsim.steps.work.participation import participation
from segsim.tables import NONE, Activity, Array, Education

EDUCATION_YEARS = (9.0, 12.0, 14.0, 16.0)
"""Years that each Education usually takes, from the first grade."""


def study(state: CityState) -> None:
    """Let pupils go on after grade 9, students finish, and the finished seek work."""
    persons, preferences = state.tables.persons, state.preferences.work
    age = state.year - persons.birth_year
    youth = np.flatnonzero((persons.id != NONE) & (age >= SCHOOL_LEAVING_AGE) & (age <= STUDIES_END_AGE))
    # under 19 nobody is out of work: whoever the first city has so becomes a student
    begins = (persons.activity[youth] <= Activity.PUPIL) | (
        (age[youth] < UPPER_SECONDARY_LEAVING_AGE)
        & np.isin(persons.activity[youth], (Activity.UNEMPLOYED, Activity.OUTSIDE, Activity.RETIRED))
    )
    set_activity(state, youth[begins], Activity.STUDENT)
    persons.education[youth] = np.maximum(persons.education[youth], Education.LOWER_SECONDARY)
    youth = youth[age[youth] >= UPPER_SECONDARY_LEAVING_AGE]
    goal = attainment(state, youth)
    _graduate(state, youth, age[youth], goal)
    _seek_work(state, preferences, youth, age[youth], goal)


def attainment(state: CityState, rows: Array) -> Array:
    """Return the Education each person will reach, by merit value, parents' education and a draw for life.

    latent = merit_to_attainment * (merit - merit_mean) / points_per_sd + parents_to_attainment * (parents -
    parents_mean) + study_push + logistic; a level is reached if the latent is above its limit, lowered by
    what the place's young have above the nation's.
    """
    # one draw for life, away from 0 and 1, where its logistic is infinite
    ids = state.tables.persons.id[rows]
    draw = uniforms(state.key, Stream.ATTAINMENT, 0, ids, 0) * (1 - 2.0**-52) + 2.0**-53
    latent = expect_attainment(state, rows) + np.log(draw / (1.0 - draw))
    limits = np.array(state.preferences.work.attainment_limits) - state.economy.attainment
    return np.asarray((latent[:, None] > limits).sum(1), np.int8)


def expect_attainment(state: CityState, rows: Array) -> Array:
    """Return latent attainment but for the draw for life, logits.

    Who has no merit value has one that the parents' education lets expect, spread as those of pupils are.
    """
    persons, preferences = state.tables.persons, state.preferences.work
    scale = state.preferences.schools.achievement
    parents = np.where(persons.parent_education[rows] == NONE, 1, persons.parent_education[rows])
    parents = parents - preferences.parents_mean
    # parents' education has an SD of about one level
    spread = np.sqrt(max(scale.points_per_sd**2 - preferences.merit_per_parents**2, 0.0))
    own = spread * normals(state.key, Stream.ATTAINMENT, 0, persons.id[rows], 1)
    likely = scale.merit_mean + preferences.merit_per_parents * parents + own
    merit = np.where(persons.merit[rows] == NONE, likely, persons.merit[rows])
    latent = preferences.merit_to_attainment * (merit - scale.merit_mean) / scale.points_per_sd
    return np.asarray(latent + preferences.parents_to_attainment * parents + persons.study_push[rows])


def years_per_logit(preferences: WorkPreferences) -> float:
    """Return how many years of education a cohort gains by a logit of latent attainment.

    The sum over levels of the years each takes times the density of the latent at its limit, taken as normal
    with the variance of merit values (merit_to_attainment^2) and of the logistic (pi^2 / 3).
    """
    spread = np.sqrt(preferences.merit_to_attainment**2 + np.pi**2 / 3)
    z = np.array(preferences.attainment_limits) / spread
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) / spread
    return float(density @ np.diff(EDUCATION_YEARS))


def _graduate(state: CityState, rows: Array, age: Array, goal: Array) -> None:
    """Give each education to those who reach it at the age it ends, and its return to those who earn."""
    persons, preferences = state.tables.persons, state.preferences.work
    returns = np.array(preferences.wage_return)
    for level in (Education.UPPER_SECONDARY, Education.SHORT_POST_SECONDARY, Education.LONG_POST_SECONDARY):
        # long studies build on upper secondary, not on short ones
        has_base = persons.education[rows] >= min(level - 1, Education.UPPER_SECONDARY)
        reaches = (age == preferences.study_ends[level]) & (goal >= level) & has_base
        graduates = rows[reaches & (persons.education[rows] < level)]
        # a wage earned beside studies rises as the typical wage does, or its distance from it would jump
        rise = np.exp(returns[level] - returns[persons.education[graduates]])
        persons.wage[graduates] = persons.wage[graduates] * rise
        persons.education[graduates] = level
        of_households = state.tables.households.education
        np.maximum.at(of_households, persons.household[graduates], np.int8(level))
        state.flows[f"graduates.{level.name.lower()}"] += graduates.size


def _seek_work(state: CityState, preferences: WorkPreferences, rows: Array, age: Array, goal: Array) -> None:
    """Let students of 19 and over go on studying only on their way to a further education.

    Those who leave school seek work, or stay outside the labour force as others of their age and kind do.
    """
    persons = state.tables.persons
    is_student = has_activity(persons, Activity.STUDENT)[rows]
    rows, age, goal = rows[is_student], age[is_student], goal[is_student]
    on_the_way = (goal >= Education.SHORT_POST_SECONDARY) & (age < np.array(preferences.study_ends)[goal])
    # for life too, so that a student does not change mind each year
    draw = uniforms(state.key, Stream.STUDY_ONLY, 0, persons.id[rows], 0)
    goes_on = on_the_way & (persons.education[rows] >= Education.UPPER_SECONDARY)
    goes_on &= (draw < _studies_only(state)) | (age > UPPER_SECONDARY_LEAVING_AGE)
    # over 19 and on the way to nothing are students of the first city: they leave one by one, not in a wave
    lingers = (age > UPPER_SECONDARY_LEAVING_AGE) & ~on_the_way & (goal < Education.SHORT_POST_SECONDARY)
    dropout = np.full(rows.size, preferences.study_dropout)
    lingers &= ~occurs(state, Stream.STUDY_END, persons.id[rows], dropout)
    leaves = np.flatnonzero(~goes_on & ~lingers)
    ends, of = rows[leaves], np.maximum(persons.education[rows[leaves]], 0)
    share = participation(state)[persons.group[ends], persons.sex[ends], of, age[leaves]]
    # another draw than that of who reconsiders in the same year
    joins = uniforms(state.key, Stream.PARTICIPATE, state.year, persons.id[ends], 1) < share
    set_activity(state, ends[joins], Activity.UNEMPLOYED)
    set_activity(state, ends[~joins], Activity.OUTSIDE)


def _studies_only(state: CityState) -> float:
    """Return the share of those on the way to a further education who do not work beside it, here."""
    share = state.preferences.work.studies_only
    return float(expit(logit(share) + state.economy.studies))
