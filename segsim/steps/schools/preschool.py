"""Preschool: whom supports enrol, and what that does for school achievement some ten years later."""

import numpy as np

from segsim.groups import is_foreign
from segsim.kernels.draws import Stream, uniforms
from segsim.rules.preschool import FULL_EFFECT_AGE, PRESCHOOL_AGES, PreschoolEffort
from segsim.state import CityState
from segsim.steps.housing.residence import household_areas
from segsim.steps.schools.education import years_per_logit
from segsim.tables import EDUCATIONS, NONE, Array, Sex, mark_rows


def attend_preschool(state: CityState) -> None:
    """Enrol children of 3-5 as supports say, add what they learn, and note enrolment by background.

    What they learn is stated over all eligible girls and boys in the last year before school, enrolled or
    not, as it was measured; it shows in the merit values of grade 9, ten years later. Who has a place by it
    goes on to studies more often besides, for the years of education that places were found to give.
    """
    efforts, persons = state.rules.schools.preschool_efforts, state.tables.persons
    if not efforts:
        return
    age = state.year - persons.birth_year
    rows = np.flatnonzero((persons.id != NONE) & (age >= PRESCHOOL_AGES[0]) & (age <= PRESCHOOL_AGES[1]))
    foreign, area = is_foreign(state.groups)[persons.group[rows]], _areas(state, rows)
    parents = np.maximum(persons.parent_education[rows], 0)
    base = enrolment_chances(state, rows)
    # for life, so that who is enrolled at one age and chance is so at every greater one
    chance, draw = base.copy(), uniforms(state.key, Stream.PRESCHOOL, 0, persons.id[rows], 0)
    for effort in efforts:
        reaches = foreign & mark_rows(effort.areas, state.tables.areas.id.size)[area]
        reaches &= parents <= EDUCATIONS.index(effort.highest_education)
        was_enrolled = draw < chance
        chance[reaches] *= 1.0 + effort.enrol_effect_rel
        learns = reaches & (age[rows] == FULL_EFFECT_AGE)
        _teach(state, rows[learns], (~was_enrolled & (draw < chance))[learns], effort)
    is_enrolled = draw < chance
    counts = {
        "children_swedish": ~foreign,
        "children_foreign": foreign,
        "enrolled_swedish": is_enrolled & ~foreign,
        "enrolled_foreign": is_enrolled & foreign,
        "added": is_enrolled & (draw >= base),
    }
    for level, name in enumerate(EDUCATIONS):
        counts |= {f"children_{name}": parents == level, f"enrolled_{name}": is_enrolled & (parents == level)}
    for name, counted in counts.items():
        state.flows[f"preschool.{name}"] = float(counted.sum())


def _teach(state: CityState, rows: Array, is_added: Array, effort: PreschoolEffort) -> None:
    """Add what an effort does for children in the last year before school; some have a place by it."""
    persons, preferences = state.tables.persons, state.preferences.work
    gain = np.where(persons.sex[rows] == Sex.WOMAN, effort.girls_sd, effort.boys_sd)
    persons.achievement[rows] += gain.astype(np.float32)
    # years of education as measured in all: what better results lead to is part of them
    push = effort.study_years / years_per_logit(preferences) - preferences.merit_to_attainment * gain
    persons.study_push[rows] += np.where(is_added, np.maximum(push, 0.0), 0.0).astype(np.float32)


def enrolment_chances(state: CityState, rows: Array) -> Array:
    """Return how likely each of some children of 3-5 is to be enrolled without effort."""
    persons = state.tables.persons
    table = state.preferences.schools.preschool.list_chances(state.year, state.groups)
    age = state.year - persons.birth_year[rows] - PRESCHOOL_AGES[0]
    return np.asarray(table[persons.group[rows], age, np.maximum(persons.parent_education[rows], 0)])


def _areas(state: CityState, rows: Array) -> Array:
    """Return the area each of some persons lives in."""
    return household_areas(state.tables)[state.tables.persons.household[rows]]
