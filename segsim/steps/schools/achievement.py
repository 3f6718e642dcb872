"""What pupils learn in a school year, and the merit values of those who finish grade 9."""

from dataclasses import dataclass

import numpy as np

from segsim.indices.schools import value_added
from segsim.kernels.draws import Stream, normals
from segsim.rules.schools import Achievement
from segsim.state import CityState
from segsim.steps.schools.enrolment import GRADES, PupilRoll, exact_means, exact_sums
from segsim.steps.schools.funding import Grants, programme_gains
from segsim.tables import NONE, Activity, Array, Sex

TOP_MERIT = 340
FEWEST_COMPARED = 10
"""Schools with a published merit value from which their intake is corrected for: a regression on three
properties of fewer explains chance."""


@dataclass(frozen=True)
class SchoolLeavers:
    """Those who finished grade 9, their school and merit value."""

    roll: PupilRoll
    merit: Array


def origin_achievement(state: CityState, roll: PupilRoll) -> Array:
    """Return achievement without school years: ability, home, sex and late arrival (SD)."""
    effect, persons = state.preferences.schools.achievement, state.tables.persons
    ability = persons.ability[roll.rows].astype(np.float64)
    is_boy = persons.sex[roll.rows] == Sex.MAN
    home = effect.home * (roll.education - effect.home_mean)
    return np.asarray(
        effect.ability * ability
        + home
        - effect.boys * (is_boy - 0.5)
        - effect.newcomer * find_newcomers(state, roll)
    )


def find_newcomers(state: CityState, roll: PupilRoll) -> Array:
    """Return which pupils came to the country lately."""
    arrived = state.tables.persons.arrived[roll.rows]
    within = state.year - arrived <= state.preferences.schools.achievement.newcomer_years
    return np.asarray((arrived != NONE) & within)


def learn(state: CityState, order: Array, roll: PupilRoll, grants: Grants) -> None:
    """Add to each pupil's achievement what the school year gave."""
    attends = roll.select(roll.school != NONE)
    if attends.rows.size:
        achievement = state.tables.persons.achievement
        achievement[attends.rows] += yearly_gain(state, order, attends, grants).astype(np.float32)


def yearly_gain(state: CityState, order: Array, roll: PupilRoll, grants: Grants) -> Array:
    """Return what a school year gives each pupil: quality, peers, resources and place (SD)."""
    effect = state.preferences.schools.achievement
    latent = origin_achievement(state, roll) + state.tables.persons.achievement[roll.rows]
    gain = state.tables.schools.quality[order][roll.school].astype(np.float64)
    # effects are stated over all ten grades, and a year gives a tenth
    gain += effect.peers / GRADES * _peer_achievement(roll.school, latent, order.size)
    gain += (effect.resources / GRADES * grants.ordinary / effect.reference_grant + grants.merit_sd / GRADES)[
        roll.school
    ]
    gain += programme_gains(state, order)[roll.school]
    return gain + effect.place / GRADES * _area_education(state, roll)


def finish_grade_9(state: CityState, roll: PupilRoll, grants: Grants) -> SchoolLeavers:
    """Give the merit values of grade 9; its pupils leave school and go on as students."""
    persons = state.tables.persons
    effect = state.preferences.schools.achievement
    latent = origin_achievement(state, roll) + persons.achievement[roll.rows] + _area_supports(state, roll)
    latent += persons.setback[roll.rows] * (persons.setback_until[roll.rows] >= state.year)
    # keyed without the year: the luck of an exam is the pupil's own, also if it is taken a year later
    chance = normals(state.key, Stream.EXAM, 0, roll.id, 0)
    points = effect.merit_mean + effect.points_per_sd * (latent + effect.exam * chance)
    # times nothing for who attends no school: -1 would read the support of the last one
    points = _lift_to_eligibility(points, grants.eligibility_pp[roll.school] * (roll.school != NONE), effect)
    merit = np.rint(np.clip(points, 0, TOP_MERIT)).astype(np.int16)
    persons.merit[roll.rows] = merit
    persons.school[roll.rows] = NONE
    goes_on = roll.rows[persons.activity[roll.rows] == Activity.PUPIL]
    persons.activity[goes_on], persons.active_since[goes_on] = Activity.STUDENT, state.year
    return SchoolLeavers(roll, merit)


def publish_merit(state: CityState, order: Array, finished: SchoolLeavers) -> None:
    """Publish each school's mean merit value, and what it adds, if enough pupils finished."""
    roll = finished.roll.select(finished.roll.school != NONE)
    merit = finished.merit[finished.roll.school != NONE]
    count = np.bincount(roll.school, minlength=order.size)
    mean = exact_means(roll.school, merit, order.size)
    shown = count >= state.preferences.schools.quality.fewest_published
    state.tables.schools.published_merit[order] = np.where(shown, mean, np.nan)
    state.tables.schools.value_added[order] = _correct_for_intake(state, roll, np.where(shown, mean, np.nan))


def _correct_for_intake(state: CityState, roll: PupilRoll, published: Array) -> Array:
    """Return published merit values above what parents' education, boys and newcomers lead to expect."""
    n = published.size
    if np.isfinite(published).sum() < FEWEST_COMPARED:
        return np.full(n, np.nan)
    is_boy = state.tables.persons.sex[roll.rows] == Sex.MAN
    intake = [
        exact_means(roll.school, of_pupils.astype(np.float64), n)
        for of_pupils in (roll.education, is_boy, find_newcomers(state, roll))
    ]
    pupils = np.bincount(roll.school, minlength=n)
    return np.asarray(value_added(published, np.column_stack(intake), pupils))


def _peer_achievement(school: Array, latent: Array, n: int) -> Array:
    """Return the schoolmates' mean latent achievement, oneself left out, above the city's mean (SD)."""
    count = np.bincount(school, minlength=n)[school]
    # without oneself, or able pupils would be their own good company
    others = exact_sums(school, latent, n)[school] - latent
    city = exact_sums(np.zeros(latent.size, np.int64), latent, 1)[0] / latent.size
    return np.where(count > 1, others / np.maximum(count - 1, 1) - city, 0.0)


def _area_education(state: CityState, roll: PupilRoll) -> Array:
    """Return the parental education of the area's pupils, standardised over pupils (SD between areas)."""
    area = state.tables.cells.area[roll.cell]
    mean = exact_means(area, roll.education, state.tables.areas.id.size)[area]
    everywhere = np.zeros(area.size, np.int64)
    centred = mean - exact_sums(everywhere, mean, 1) / area.size
    spread = np.sqrt(exact_sums(everywhere, centred**2, 1) / area.size)
    return centred / spread if spread > 0 else centred


def _area_supports(state: CityState, roll: PupilRoll) -> Array:
    """Return what supports to the areas pupils live in add to their results (SD)."""
    added = np.zeros(state.tables.areas.id.size)
    for support in state.rules.neighbourhood.supports:
        added[np.array(support.areas, np.int64)] += support.achievement
    return added[state.tables.cells.area[roll.cell]]


def _lift_to_eligibility(points: Array, percent: Array, effect: Achievement) -> Array:
    """Bring pupils within a window below the limit of eligibility up to it.

    The window is as wide as holds `percent` of all pupils where merit values are normal; a negative
    percentage pushes those just above it below.
    """
    limit = effect.eligible_merit
    z = (limit - effect.merit_mean) / effect.points_per_sd
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) / effect.points_per_sd
    # small, so that the density is taken as level across it
    window = percent / 100 / density
    lifted = np.where((points < limit) & (points >= limit - window), limit, points)
    return np.where((lifted >= limit) & (lifted < limit - window), limit - 1, lifted)
