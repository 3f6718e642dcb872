"""The education of residents, and of their parents."""

import numpy as np

from segsim.ages import SHORT_STUDIES_END_AGE
from segsim.synthesis.apportionment import apportion, assign_classes, sample_rows
from segsim.synthesis.areas.area_table import AreaCounts, sort_by_area
from segsim.synthesis.people.age_curves import interpolate_ages
from segsim.tables import NONE, Array, Education, Role

_EDUCATION_BY_ORIGIN = np.array(
    [[0.7, 1.05, 1.05, 1.05], [1.0, 1.2, 0.95, 0.8], [1.1, 1.0, 0.95, 1.0], [2.2, 0.8, 0.8, 0.75]]
)
"""Relative frequency of each education by class of origin among residents of 25-64 (C)."""
_EDUCATION_BY_AGE = ([25, 35, 45, 55, 64], [1.15, 1.0, 0.97, 0.97, 1.03], [1.1, 1.25, 1.1, 0.9, 0.75])
"""Ages; relative frequency of lower secondary and of long post-secondary education at them (C)."""
_ALIKE = 0.7
"""Spread of the log odds of education that the adults of a household share (C)."""
_OLD_LOWER = 1.9
"""Odds of lower secondary education at 65 and over against 25-64 in the same area (C)."""


def assign_educations(
    area: Array, age: Array, origin: Array, household: Array, counts: AreaCounts, rng: np.random.Generator
) -> Array:
    """Return each person's Education; exact per area at 25-64, NONE under 16.

    At 19-24 as many as at 25-64 lack upper secondary education, and from 22 as many have short
    post-secondary education as at 25-64 have it or a longer one, to which they are on the way (C).
    """
    out = np.full(age.size, NONE, np.int8)
    shared = rng.normal(0, _ALIKE, int(household.max()) + 1)
    weights = _EDUCATION_BY_ORIGIN[origin].copy()
    weights[:, 0] *= interpolate_ages(age, _EDUCATION_BY_AGE[0], _EDUCATION_BY_AGE[1])
    weights[:, 3] *= interpolate_ages(age, _EDUCATION_BY_AGE[0], _EDUCATION_BY_AGE[2])
    weights *= np.exp(shared[:, None] * np.array([-1.0, -0.3, 0.3, 1.0]))[household]
    out[(age >= 16) & (age < 19)] = Education.LOWER_SECONDARY
    order, ends = sort_by_area(area, counts.n)
    for a in range(counts.n):
        rows = order[ends[a] : ends[a + 1]]
        young = rows[(age[rows] >= 19) & (age[rows] < 25)]
        lower = counts.education[a, 0] / max(int(counts.education[a].sum()), 1)
        leaves = sample_rows(weights[young, 0], round(lower * young.size), rng)
        out[young] = np.where(leaves, Education.LOWER_SECONDARY, Education.UPPER_SECONDARY)
        studied = young[~leaves & (age[young] >= SHORT_STUDIES_END_AGE)]
        upper, further = counts.education[a, 1], counts.education[a, 2:].sum()
        n = round(further / max(upper + further, 1) * studied.size)
        out[studied[sample_rows(weights[studied, 2], n, rng)]] = Education.SHORT_POST_SECONDARY
        middle = rows[(age[rows] >= 25) & (age[rows] < 65)]
        out[middle] = assign_classes(weights[middle], counts.education[a], rng)
        old = rows[age[rows] >= 65]
        out[old] = assign_classes(weights[old], _old_educations(counts.education[a], old.size), rng)
    return out


def _old_educations(middle: Array, n: int) -> Array:
    """Return the educations of an area's residents of 65 and over, from those of 25-64."""
    return apportion(np.maximum(middle, 0.5) * np.array([_OLD_LOWER, 1.0, 0.8, 0.7]), n)


def draw_parent_educations(
    education: Array, household: Array, role: Array, age: Array, rng: np.random.Generator
) -> Array:
    """Return the highest education of each person's parents.

    Children at home take that of the household's adults. Others take one near their own: half their own, half
    drawn from all residents of 45 or over, one level lower at 60 and over (C).
    """
    highest = np.zeros(int(household.max()) + 1, np.int8)
    parent = (role != Role.CHILD) & (age >= 18)
    np.maximum.at(highest, household[parent], education[parent])
    pool = education[age >= 45] if (age >= 45).any() else np.array([1], np.int8)
    other = rng.choice(pool, age.size)
    own = np.where(rng.random(age.size) < 0.5, np.maximum(education, 0), other) - (age >= 60)
    return np.where(role == Role.CHILD, highest[household], np.clip(own, 0, 3)).astype(np.int8)
