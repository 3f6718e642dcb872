"""One pass over persons: who lives where, by group, education, income, tenure and work."""

from typing import NamedTuple

from segsim.ages import EDUCATED_AGES, EMPLOYMENT_AGES
from segsim.kernels.compile import kernel
from segsim.tables import Activity, Array, Dwellings, Households, Persons

_EMPLOYED, _UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)


class Homes(NamedTuple):
    """What is known of each household's home; area and cell are -1 for a free row."""

    area: Array
    cell: Array
    income: Array
    tenure: Array
    crowded: Array


class Counts(NamedTuple):
    """Persons counted, all float64.

    Areas by group, by education (at 25-64), by income class, by tenure; cells by background; areas by
    group, sex and [20-64, of them with at most lower secondary education, unemployed, employed]; crowded
    persons by group.
    """

    group: Array
    education: Array
    income: Array
    tenure: Array
    cell: Array
    work: Array
    crowded: Array


@kernel
def describe_residences(
    households: Households,
    dwellings: Dwellings,
    cell_area: Array,
    under_roof: Array,
    limits: Array,
    homes: Homes,
) -> None:
    """Fill what is known of each household's home; who lodges shares the host's.

    Parameters
    ----------
    under_roof : int32 (households,)
        Persons in each household's dwelling, lodgers included.
    limits : float64 (2,)
        Economic standard from which it is no longer low, and from which it is high, tkr a year.
    homes : Homes, out
        Crowded is over two persons per room, kitchen and living room not counted; nobody alone is.
    """
    for h in range(households.home.size):
        host = households.lodging_with[h] if households.home[h] < 0 else h
        home = households.home[host] if host >= 0 else -1
        homes.area[h], homes.cell[h] = -1, -1
        if home >= 0:
            homes.cell[h] = dwellings.cell[home]
            homes.area[h] = cell_area[homes.cell[h]]
            homes.tenure[h] = dwellings.tenure[home]
            # one room is the living room, and a home of one room still sleeps one
            homes.crowded[h] = under_roof[host] > 2.0 * max(dwellings.rooms[home] - 1.0, 0.5)
            standard = households.standard[h]
            homes.income[h] = (standard >= limits[0]) + (standard >= limits[1])


@kernel
def count_stock(dwellings: Dwellings, out: Array) -> None:
    """Add every dwelling to its tenure's number, those to let or for sale, off the market, price and fee.

    Price is in tkr, fee in tkr a year.
    """
    for d in range(dwellings.id.size):
        if dwellings.id[d] >= 0:
            tenure = dwellings.tenure[d]
            out[tenure, 0] += 1.0
            out[tenure, 1] += dwellings.occupant[d] < 0 and not dwellings.off_market[d]
            out[tenure, 2] += dwellings.off_market[d]
            out[tenure, 3] += dwellings.price[d]
            out[tenure, 4] += dwellings.fee[d]


@kernel
def tally_persons(year: int, persons: Persons, is_foreign: Array, homes: Homes, counts: Counts) -> None:
    """Add every person to the counts."""
    for p in range(persons.household.size):
        h = persons.household[p]
        if h < 0 or homes.area[h] < 0:
            continue
        area, group, age = homes.area[h], persons.group[p], year - persons.birth_year[p]
        education = persons.education[p]
        counts.group[area, group] += 1.0
        counts.income[area, homes.income[h]] += 1.0
        counts.tenure[area, homes.tenure[h]] += 1.0
        counts.cell[homes.cell[h], 1 if is_foreign[group] else 0] += 1.0
        if homes.crowded[h]:
            counts.crowded[group] += 1.0
        if EDUCATED_AGES[0] <= age <= EDUCATED_AGES[1] and education >= 0:
            counts.education[area, education] += 1.0
        if EMPLOYMENT_AGES[0] <= age <= EMPLOYMENT_AGES[1]:
            doing, sex = persons.activity[p], persons.sex[p]
            counts.work[area, group, sex, 0] += 1.0
            if education == 0:
                counts.work[area, group, sex, 1] += 1.0
            if doing == _UNEMPLOYED:
                counts.work[area, group, sex, 2] += 1.0
            if doing == _EMPLOYED:
                counts.work[area, group, sex, 3] += 1.0


@kernel
def count_classes(values: Array, place: Array, edges: Array, counts: Array) -> None:
    """Count households by place and class of a value; class k lies above edge k - 1 and up to edge k.

    Every edge is looked at, side by side.
    """
    for h in range(values.size):
        if place[h] >= 0:
            # no branch depends on an edge: seven times faster than halving, where nobody can predict them
            below = 0
            for k in range(edges.size):
                below += edges[k] < values[h]
            counts[place[h], below] += 1.0


@kernel
def tally_pupils(
    year: int,
    persons: Persons,
    homes: Homes,
    nearest: Array,
    joint: Array,
    by_area: Array,
    by_nearest: Array,
    schools: Array,
) -> None:
    """Count pupils by area, school and group, by the nearest school with their grade, and by school.

    Parameters
    ----------
    nearest : int32 (2, cells)
        Nearest school with grade 0 and with grade 9; -1 where there is none.
    joint : float64 (areas, schools, groups), out
    by_area : float64 (areas, groups), out
    by_nearest : float64 (schools, groups), out
    schools : float64 (schools, 4), out
        Pupils of 13 or over (grades 7 to 9), pupils with a known parental education, its sum and its sum of
        squares.
    """
    for p in range(persons.school.size):
        school, h = persons.school[p], persons.household[p]
        if school < 0 or h < 0 or homes.area[h] < 0:
            continue
        group, education = persons.group[p], persons.parent_education[p]
        is_older = 1 if year - persons.birth_year[p] >= 13 else 0
        joint[homes.area[h], school, group] += 1.0
        by_area[homes.area[h], group] += 1.0
        # sums of squares, so that the spread of parents' education needs no second pass over the pupils
        schools[school, 0] += is_older
        if education >= 0:
            schools[school, 1] += 1.0
            schools[school, 2] += education
            schools[school, 3] += education * education
        near = nearest[is_older, homes.cell[h]]
        if near >= 0:
            by_nearest[near, group] += 1.0
