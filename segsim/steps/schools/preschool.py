"""Preschool: whom supports enrol, and what that does for school achievement some ten years later."""

import numpy as np

from segsim.groups import is_foreign
from segsim.kernels.draws import Stream, uniforms
from segsim.rules.preschool import FULL_EFFECT_AGE, PRESCHOOL_AGES
from segsim.state import CityState
from segsim.steps.housing.residence import household_areas
from segsim.tables import NONE, Array, Sex, mark_rows


def attend_preschool(state: CityState) -> None:
    """Enrol children of 3-5 as supports say, add what they learn, and note enrolment by background.

    What they learn is stated over all eligible girls and boys in the last year before school, enrolled or
    not, as it was measured; it shows in the merit values of grade 9, ten years later.
    """
    efforts, persons = state.rules.schools.preschool_efforts, state.tables.persons
    if not efforts:
        return
    age = state.year - persons.birth_year
    rows = np.flatnonzero((persons.id != NONE) & (age >= PRESCHOOL_AGES[0]) & (age <= PRESCHOOL_AGES[1]))
    foreign, area = is_foreign(state.groups)[persons.group[rows]], _areas(state, rows)
    base = enrolment_chances(state, rows)
    chance = base.copy()
    for effort in efforts:
        reaches = foreign & mark_rows(effort.areas, state.tables.areas.id.size)[area]
        chance[reaches] *= 1.0 + effort.enrol_effect_rel
        learns = rows[reaches & (age[rows] == FULL_EFFECT_AGE)]
        gain = np.where(persons.sex[learns] == Sex.WOMAN, effort.girls_sd, effort.boys_sd)
        persons.achievement[learns] += gain.astype(np.float32)
    # for life, so that who is enrolled at one age and chance is so at every greater one
    draw = uniforms(state.key, Stream.PRESCHOOL, 0, persons.id[rows], 0)
    is_enrolled = draw < chance
    counts = {
        "children_swedish": ~foreign,
        "children_foreign": foreign,
        "enrolled_swedish": is_enrolled & ~foreign,
        "enrolled_foreign": is_enrolled & foreign,
        "added": is_enrolled & (draw >= base),
    }
    for name, counted in counts.items():
        state.flows[f"preschool.{name}"] = float(counted.sum())


def enrolment_chances(state: CityState, rows: Array) -> Array:
    """Return how likely each of some children of 3-5 is to be enrolled without effort."""
    persons, preferences = state.tables.persons, state.preferences.schools.preschool
    table = np.array(
        [
            [
                preferences.enrolment(state.year, age, group.background == "foreign", group.born != "sweden")
                for age in range(PRESCHOOL_AGES[0], PRESCHOOL_AGES[1] + 1)
            ]
            for group in state.groups
        ]
    )
    return np.asarray(table[persons.group[rows], state.year - persons.birth_year[rows] - PRESCHOOL_AGES[0]])


def _areas(state: CityState, rows: Array) -> Array:
    """Return the area each of some persons lives in."""
    return household_areas(state.tables)[state.tables.persons.household[rows]]
