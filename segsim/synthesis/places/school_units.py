"""School units before their pupils: where they stand, who runs them, which grades they teach."""

from typing import NamedTuple

import numpy as np

from segsim.scenario.source import Schooling
from segsim.tables import Array, Provider

FIRST, MIDDLE, LAST = 0, 7, 9
"""The first grade, the first of the upper stage, and the last."""
SHARE_TEACHING_ALL_GRADES = 0.35
"""Share of municipal schools with grade 9 that teach all grades 0-9; the others teach 7-9 (C). Independent
schools with grade 9 teach 0-9 (C)."""
_PUPILS_PER_GRADE_9_SCHOOL = 600
"""Pupils of grades 0-9 in the city per school with grade 9 (C)."""


class PupilHomes(NamedTuple):
    """Pupils who live on each cell: all, those of foreign background, and those of post-secondary parents."""

    pupils: Array
    foreign: Array
    educated: Array


class SchoolUnit(NamedTuple):
    """What is known of the schools before their pupils; one entry per school.

    `weight` is a school's share of the pupils of the upper grades where that is known or decided, NaN where
    it follows from how many pupils live nearest; `lower_weight` is that of the lower grades. `merit`, and the
    shares of pupils with `foreign` background and with `educated` parents (post-secondary), are NaN where no
    file gives them.
    """

    names: tuple[str, ...]
    cell: Array
    provider: Array
    first_grade: Array
    last_grade: Array
    weight: Array
    merit: Array
    lower_weight: Array
    foreign: Array
    educated: Array

    def stage_weight(self, first_grade: int) -> Array:
        """Return the shares of pupils in the stage that begins with a grade."""
        return self.lower_weight if first_grade == FIRST else self.weight


def invent_units(
    grades: Array, homes: PupilHomes, schooling: Schooling, rng: np.random.Generator
) -> SchoolUnit:
    """Make the school units of a city that no file lists.

    Grade 9 is taught in the stated number of schools; the independent share of its pupils is met by how many
    of those schools are independent and how large they are. What the schools of 0-9 do not hold of the lower
    grades goes to schools of 0-6 of the mean municipal size.

    Parameters
    ----------
    grades : int (10,)
        Pupils of each grade in the city.
    homes : PupilHomes
        Schools stand where pupils are.
    schooling : Schooling
    """
    n_last = schooling.grade_9_schools or max(1, round(int(grades.sum()) / _PUPILS_PER_GRADE_9_SCHOOL))
    n_independent = min(round(n_last * schooling.independent_share), n_last - 1)
    n_municipal = n_last - n_independent
    n_whole = max(round(SHARE_TEACHING_ALL_GRADES * n_municipal), 1)
    provider = np.repeat([Provider.INDEPENDENT, Provider.MUNICIPAL], [n_independent, n_municipal])
    first = np.repeat([FIRST, MIDDLE], [n_independent + n_whole, n_municipal - n_whole])
    weight = np.full(n_last, np.nan)
    if n_independent:
        sizes = rng.lognormal(0, 0.35, n_independent)
        weight[:n_independent] = schooling.independent_share * sizes / sizes.sum()
    upper = SchoolUnit(
        tuple(f"School {i + 1:02d}" for i in range(n_last)),
        _sites(homes.pupils, first, provider, rng),
        provider.astype(np.int8),
        first.astype(np.int8),
        np.full(n_last, LAST, np.int8),
        weight,
        np.full(n_last, np.nan),
        weight,
        np.full(n_last, np.nan),
        np.full(n_last, np.nan),
    )
    return add_lower_schools(upper, grades, homes.pupils, schooling, rng)


def add_lower_schools(
    unit: SchoolUnit, grades: Array, homes: Array, schooling: Schooling, rng: np.random.Generator
) -> SchoolUnit:
    """Add municipal schools of grades 0-6 for the pupils whom the schools of 0-9 do not hold."""
    municipal = unit.provider == Provider.MUNICIPAL
    whole = unit.first_grade == FIRST
    independent = float(np.nansum(unit.lower_weight[whole & ~municipal]))
    left = (
        int(grades[:MIDDLE].sum()) * (1 - independent) - (whole & municipal).sum() * schooling.municipal_size
    )
    n = max(round(left / schooling.municipal_size), 0)
    if not n and not (whole & municipal).any():
        n = 1
    start = len(unit.names)
    return SchoolUnit(
        unit.names + tuple(f"School {start + i + 1:02d}" for i in range(n)),
        np.concatenate([unit.cell, spread_evenly(homes, n, rng)]),
        np.concatenate([unit.provider, np.full(n, Provider.MUNICIPAL, np.int8)]),
        np.concatenate([unit.first_grade, np.full(n, FIRST, np.int8)]),
        np.concatenate([unit.last_grade, np.full(n, MIDDLE - 1, np.int8)]),
        np.concatenate([unit.weight, np.full(n, np.nan)]),
        np.concatenate([unit.merit, np.full(n, np.nan)]),
        *(
            np.concatenate([column, np.full(n, np.nan)])
            for column in (unit.lower_weight, unit.foreign, unit.educated)
        ),
    )


def _sites(homes: Array, first: Array, provider: Array, rng: np.random.Generator) -> Array:
    """Return a cell for each school, the schools of one sort spread evenly over the pupils."""
    out = np.empty(first.size, np.int64)
    for sort in sorted({*zip(provider.tolist(), first.tolist(), strict=True)}):
        rows = np.flatnonzero((provider == sort[0]) & (first == sort[1]))
        out[rows] = spread_evenly(homes, rows.size, rng)
    return out


def spread_evenly(homes: Array, n: int, rng: np.random.Generator) -> Array:
    """Choose n cells so that each lies in a stretch of cells with equally many pupils."""
    if n == 0:
        return np.zeros(0, np.int64)
    sums = np.cumsum(homes + 1e-9)
    place = np.searchsorted(sums, (np.arange(n) + rng.random(n)) * sums[-1] / n)
    return np.asarray(np.minimum(place, homes.size - 1))
