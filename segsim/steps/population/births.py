"""Births: who has a child this year, and the child."""

import numpy as np

from segsim.groups import is_foreign
from segsim.kernels.draws import Stream, identities_of, normals, uniforms
from segsim.state import CityState
from segsim.steps.anchors import settle as settle_anchors
from segsim.steps.population.families import occurs
from segsim.steps.population.fertility import list_mothers
from segsim.tables import NONE, Activity, Array, Role, Sex, with_free_rows


def bear_children(state: CityState) -> None:
    """Let women have children, by age, group, partner and children at home, as many as the place has."""
    women = list_mothers(state, state.year)
    here = settle_anchors(state).births[is_foreign(state.groups)[women.newborn].astype(np.int8)]
    gives_birth = occurs(state, Stream.BIRTH, state.tables.persons.id[women.row], women.rate * here)
    _add_newborn(state, women.row[gives_birth], women.partner[gives_birth], women.newborn[gives_birth])


def _add_newborn(state: CityState, mothers: Array, fathers: Array, group: Array) -> None:
    """Add one child to each mother's household."""
    tables, year, key = state.tables, state.year, state.key
    tables.persons, rows = with_free_rows(tables.persons, mothers.size)
    persons = tables.persons
    has_father = fathers != NONE
    other = np.where(has_father, fathers, mothers)
    # by mother and year: the same child is born whatever else differs between two scenarios
    ids = identities_of(Stream.ID_BIRTH, persons.id[mothers], year, np.zeros(mothers.size, np.int64))
    persons.id[rows] = ids
    persons.household[rows] = persons.household[mothers]
    persons.birth_year[rows] = year
    is_boy = uniforms(key, Stream.BIRTH_SEX, year, ids, 0) < state.preferences.demography.boys
    persons.sex[rows] = np.where(is_boy, Sex.MAN, Sex.WOMAN)
    persons.group[rows] = group
    persons.role[rows] = Role.CHILD
    # at birth, once: what parents learn later does not count
    persons.parent_education[rows] = np.maximum(
        np.maximum(persons.education[mothers], persons.education[other]), 0
    )
    persons.activity[rows] = Activity.CHILD
    persons.active_since[rows] = year
    persons.wage[rows] = 0.0
    persons.ability[rows] = normals(key, Stream.BIRTH_ABILITY, year, ids, 0)
    persons.achievement[rows] = 0.0
    state.flows["births"] += rows.size
