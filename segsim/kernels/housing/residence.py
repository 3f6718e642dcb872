"""Where households live, and who lives in each area and window."""

import numpy as np

from segsim.ages import EMPLOYMENT_AGES, YOUTH_AGES
from segsim.kernels.compile import kernel
from segsim.tables import Activity, Array

_EMPLOYED, _UNEMPLOYED, _OUTSIDE = map(np.int8, (Activity.EMPLOYED, Activity.UNEMPLOYED, Activity.OUTSIDE))


@kernel
def find_of_homes(home: Array, lodging_with: Array, of_dwelling: Array, out: Array) -> None:
    """Write what each household's home has (a column of dwellings), or its host's; -1 for a free row."""
    for h in range(home.size):
        host = lodging_with[h] if home[h] < 0 else h
        out[h] = -1
        if host >= 0 and home[host] >= 0:
            out[h] = of_dwelling[home[host]]


@kernel
def find_household_areas(
    home: Array, lodging_with: Array, dwelling_cell: Array, cell_area: Array, out: Array
) -> None:
    """Write each household's area: that of its home, or of its host's; -1 for a free row."""
    for h in range(home.size):
        host = lodging_with[h] if home[h] < 0 else h
        out[h] = -1
        if host >= 0 and home[host] >= 0:
            out[h] = cell_area[dwelling_cell[home[host]]]


@kernel
def count_active(
    area: Array, household: Array, group: Array, activity: Array, does_count: Array, counts: Array
) -> None:
    """Count persons by area and group whose activity counts.

    Parameters
    ----------
    area : int32 (households,)
        Area of each household, -1 where there is none.
    household, group, activity : (persons,)
    does_count : bool (activities,)
    counts : int64 (areas, groups), out
    """
    counts[:] = 0
    for p in range(household.size):
        if household[p] >= 0 and area[household[p]] >= 0 and does_count[activity[p]]:
            counts[area[household[p]], group[p]] += 1


@kernel
def count_households(
    place: Array,
    size: Array,
    group: Array,
    log_standard: Array,
    education: Array,
    counts: Array,
    mean_standard: Array,
    mean_education: Array,
) -> None:
    """Sum persons by place and group, and average economic standard and education by place.

    Parameters
    ----------
    place : int32 (households,)
        Area or cell of each household, -1 where there is none.
    size, group, log_standard, education : (households,)
        Persons, origin group, log economic standard in tkr a year, highest Education.
    counts : float64 (places, groups), out
    mean_standard, mean_education : float64 (places,), out
        Means of log standard and of education, weighted by persons; 0 where nobody lives.
    """
    counts[:] = 0.0
    mean_standard[:] = 0.0
    mean_education[:] = 0.0
    for h in range(place.size):
        p = place[h]
        if p >= 0:
            counts[p, group[h]] += size[h]
            # in whole millionths, so that the sum does not depend on the order of rows
            mean_standard[p] += size[h] * np.rint(1e6 * log_standard[h])
            mean_education[p] += size[h] * max(education[h], 0)
    for p in range(mean_standard.size):
        total = counts[p].sum()
        if total > 0.0:
            mean_standard[p] /= 1e6 * total
            mean_education[p] /= total


@kernel
def count_lodgers(lodging_with: Array, home: Array, size: Array, out: Array) -> None:
    """Write the persons under each household's roof: its own and those lodging with it."""
    # two passes, because a guest may stand before its host in the table
    for h in range(size.size):
        out[h] = size[h]
    for h in range(size.size):
        if home[h] < 0 and lodging_with[h] >= 0:
            out[lodging_with[h]] += size[h]


@kernel
def count_activities(
    year: int, area: Array, household: Array, birth_year: Array, activity: Array, out: Array
) -> None:
    """Count, by area, persons of 20-64, those of them employed, persons of 16-24, those of them idle.

    Parameters
    ----------
    area : int32 (households,)
        Area of each household, -1 where there is none.
    household, birth_year, activity : (persons,)
    out : float64 (areas, 4), out
        Idle is unemployed or outside work and study.
    """
    out[:] = 0.0
    for p in range(household.size):
        if household[p] < 0 or area[household[p]] < 0:
            continue
        a, age, doing = area[household[p]], year - birth_year[p], activity[p]
        if EMPLOYMENT_AGES[0] <= age <= EMPLOYMENT_AGES[1]:
            out[a, 0] += 1.0
            out[a, 1] += doing == _EMPLOYED
        if YOUTH_AGES[0] <= age <= YOUTH_AGES[1]:
            out[a, 2] += 1.0
            out[a, 3] += doing in (_UNEMPLOYED, _OUTSIDE)
