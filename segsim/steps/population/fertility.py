"""Fertility: how likely each woman is to have a child, by the nation's schedule and as the place has them."""

from typing import NamedTuple

import numpy as np

from segsim.groups import child_groups, is_foreign
from segsim.rules.origins import OLDEST
from segsim.state import CityState
from segsim.steps.population.families import Families, find_families
from segsim.tables import NONE, Array, Role, Sex

_FERTILE = (15, 49)
_COHORTS = 5
_PRIOR_CHILDREN = 20
"""Children of 0-4 as whom the nation's fertility counts beside the place's own, which a hamlet has not."""


class Mothers(NamedTuple):
    """The women who may have a child, side by side."""

    row: Array
    """Rows of persons."""
    partner: Array
    """int: rows of their partners, NONE for those without."""
    newborn: Array
    """int8: the group their child would be of."""
    rate: Array
    """float: probability of a birth in the year by the nation's schedule."""


def list_mothers(state: CityState, year: int) -> Mothers:
    """Return the women who may have a child, with the ages they reach in a year."""
    tables, preferences = state.tables, state.preferences.demography
    persons = tables.persons
    families = find_families(tables, year)
    age = year - persons.birth_year
    is_fertile = (persons.sex == Sex.WOMAN) & (age >= _FERTILE[0]) & (age <= _FERTILE[1])
    women = np.flatnonzero((persons.id != NONE) & is_fertile & (persons.role != Role.CHILD))
    partner = _find_partners(families, persons.household[women], women)
    rate = fertility(state)[persons.group[women], age[women]]
    # not scaled back to the schedule: fewer couples mean fewer births
    rate = rate * np.where(partner != NONE, preferences.fertility_paired, preferences.fertility_alone)
    by_children = np.array(preferences.fertility_by_children)
    rate = rate * by_children[np.minimum(families.minors[persons.household[women]], by_children.size - 1)]
    other = np.where(partner != NONE, partner, women)
    newborn = newborn_groups(state)[persons.group[women], persons.group[other]]
    return Mothers(women, partner, newborn, rate)


def read_births(state: CityState, year: int) -> Array:
    """Return how many times the schedule's births the place has, of Swedish and of foreign background.

    As many are to be born a year as there are of each age from 0 to 4, so that classes stay as large as they
    were: the schedule knows neither who comes to a place to have children, nor how many live as couples.
    """
    persons = state.tables.persons
    age = year - persons.birth_year
    small = np.flatnonzero((persons.id != NONE) & (age >= 0) & (age < _COHORTS))
    background = is_foreign(state.groups).astype(np.int8)
    there = np.bincount(background[persons.group[small]], minlength=2)
    mothers = list_mothers(state, year)
    expected = _COHORTS * np.bincount(background[mothers.newborn], mothers.rate, minlength=2)
    times = (there + _PRIOR_CHILDREN) / (expected + _PRIOR_CHILDREN)
    return np.asarray(times**state.preferences.demography.own_families)


def _find_partners(families: Families, household: Array, rows: Array) -> Array:
    """Return the partner of each person, NONE for those without."""
    head, partner = families.head[household], families.partner[household]
    return np.where((head == rows) & (head != NONE), partner, np.where(partner == rows, head, NONE))


def fertility(state: CityState) -> Array:
    """Return births a year per woman, by group and age: a normal curve over ages 15 to 49."""
    preferences = state.preferences.demography
    age = np.arange(OLDEST + 1)
    curve = np.exp(-0.5 * ((age - preferences.fertility_age) / preferences.fertility_age_sd) ** 2)
    # cut before it is divided by its sum, so that all children per woman fall within the ages that bear
    curve[(age < _FERTILE[0]) | (age > _FERTILE[1])] = 0.0
    return np.asarray(np.outer(preferences.fertility.per_group(state.groups), curve / curve.sum()))


def newborn_groups(state: CityState) -> Array:
    """Return the group of a child by its mother's and its father's group (int8).

    It is the mother's `children` group, except that one parent whose children count as of Swedish background
    is enough for that (Statistics Sweden: foreign background asks for two parents born abroad).
    """
    to = child_groups(state.groups)
    swedish = ~is_foreign(state.groups)
    mother, father = np.meshgrid(to, to, indexing="ij")
    takes_fathers = swedish[father] & ~swedish[mother]
    return np.where(takes_fathers, father, mother).astype(np.int8)
