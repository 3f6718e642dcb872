"""What the city consists of: persons by group and age, households by type and size."""

from dataclasses import dataclass

import numpy as np

from segsim.groups import is_foreign
from segsim.kernels.population.newcomers import CHILD_BANDS, count_bands
from segsim.rules.origins import OLDEST
from segsim.state import CityState
from segsim.steps.population.families import Families, find_families
from segsim.tables import NONE, Array, Role, Tables

_BANDS = (3, 7, 10, 13, 16, 19, 25, 30, 45, 65)
_BAND_OF_AGE = np.searchsorted(_BANDS, np.arange(OLDEST + 1), side="right").astype(np.int8)
N_BANDS = len(_BANDS) + 1

_LARGEST = 5
_PLAIN = 2 * _LARGEST - 1
_HEAD_AGES = (25, 30, 45, 65)
N_TYPES = 2 * _PLAIN * (len(_HEAD_AGES) + 1)
_SIZE_OF_TYPE = np.tile([0, 1, 2, 3, 4, 1, 2, 3, 4], N_TYPES // _PLAIN)
_HAS_MINORS = np.arange(N_TYPES) % _PLAIN >= _LARGEST
_IS_SHARED = np.arange(N_TYPES) // _PLAIN % 2
_HEAD_AGE = np.arange(N_TYPES) // (2 * _PLAIN)
MARGINS = np.column_stack(
    [_SIZE_OF_TYPE, _LARGEST + _HAS_MINORS, _LARGEST + 2 + _IS_SHARED, _LARGEST + 4 + _HEAD_AGE]
).astype(np.int8)
"""The four numbers each type counts towards: households of its size, those with or without minors, those
shared by grown people who are neither partners nor children there, or not, and those of its head's age.

These are held and not their combinations: a family whose children grow up at home goes on as one of three
with nobody under 18, so that a place that lives on cannot keep as many of each kind as one day's table has.
"""
N_MARGINS = _LARGEST + 5 + len(_HEAD_AGES)


@dataclass(frozen=True)
class Composition:
    """How many persons of each group and age band, and how many households of each type, a city has.

    Bands are 0-2, 3-6, 7-9, 10-12, 13-15, 16-18 (as preschool and the stages of school), 19-24, 25-29, 30-44,
    45-64 and 65 on. Types are persons alone, households of 2, 3, 4 and 5 or more without anybody under 18,
    the same with, all of these again where the home is shared, and all by age of the head: under 25, 25-29,
    30-44, 45-64 and 65 on.
    """

    persons: Array
    households: Array


def count_composition(state: CityState, year: int) -> Composition:
    """Count persons and households at the end of a year."""
    types = household_types(state.tables, find_families(state.tables, year), year)
    households = np.bincount(types[types != NONE], minlength=N_TYPES).astype(float)
    return Composition(count_persons(state, year), households)


def count_persons(state: CityState, year: int) -> Array:
    """Count persons by group and age band at the end of a year (groups x bands)."""
    persons = state.tables.persons
    counts = np.empty((len(state.groups), N_BANDS))
    count_bands(persons.id, persons.group, persons.birth_year, year, _BAND_OF_AGE, counts)
    return counts


def count_youth(state: CityState, year: int) -> float:
    """Return how many persons of 20 to 24 there are for each of 30 to 34, beyond a fourth more; 1 to 4 (C).

    Where most of a generation is young the town's own did not grow up there: they come to study, and go.
    """
    persons = state.tables.persons
    age = year - persons.birth_year[persons.id != NONE]
    young, grown = ((age >= first) & (age <= first + 4) for first in (20, 30))
    # in a hamlet one family would make the ratio
    ratio = (young.sum() + 50.0) / (grown.sum() + 50.0)
    return float(np.clip(ratio / 1.25, 1.0, 4.0))


def age_bands(age: Array) -> Array:
    """Return the age band of each age (int8)."""
    return np.asarray(_BAND_OF_AGE[np.clip(age, 0, OLDEST)])


def household_types(tables: Tables, families: Families, year: int) -> Array:
    """Return the type of each household row, NONE where nobody grown lives (int8)."""
    persons = tables.persons
    size = np.bincount(persons.household[persons.id != NONE], minlength=families.head.size)
    types = np.clip(size, 1, _LARGEST) - 1 + (_LARGEST - 1) * ((families.minors > 0) & (size > 1))
    is_adult = (persons.id != NONE) & (persons.role == Role.ADULT)
    types = types + _PLAIN * (np.bincount(persons.household[is_adult], minlength=families.head.size) > 1)
    headed = np.flatnonzero(families.head != NONE)
    head_age = year - persons.birth_year[families.head[headed]].astype(np.int64)
    out = np.full(families.head.size, NONE, np.int8)
    out[headed] = types[headed] + 2 * _PLAIN * np.searchsorted(_HEAD_AGES, head_age, side="right")
    return out


def number_quota_cells(state: CityState) -> Array:
    """Number the groups by age bands that are held; children count by background only (groups x bands).

    Children of parents born abroad are born in the city, so a group born abroad cannot keep its children.
    """
    background = is_foreign(state.groups).astype(np.int16)[:, None]
    children = background * CHILD_BANDS + np.arange(CHILD_BANDS)
    n_grown = N_BANDS - CHILD_BANDS
    adults = 2 * CHILD_BANDS + np.arange(len(state.groups) * n_grown).reshape(-1, n_grown)
    return np.concatenate([children, adults], axis=1).astype(np.int16)


def household_margins(households: Array) -> Array:
    """Return households by size, by minors and by shared home, from those of each type (margins,)."""
    return np.bincount(MARGINS.ravel(), np.repeat(households, MARGINS.shape[1]), N_MARGINS)
