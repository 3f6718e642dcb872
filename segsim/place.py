"""The city as a policy sees it when it begins."""

import numpy as np

from segsim.groups import is_foreign
from segsim.measures import Measurer
from segsim.policies import Place, SchoolFacts
from segsim.steps.housing import household_cells
from segsim.steps.moment import Moment
from segsim.tables import NONE, TENURES, Activity, Array, Tables


def place_of(moment: Moment, year: int, measurer: Measurer) -> Place:
    """Return the facts of each area and school at the beginning of a year."""
    tables, n = moment.tables, moment.tables.areas.id.size
    persons, dwellings = tables.persons, tables.dwellings
    cell = household_cells(tables)
    rows = np.flatnonzero(persons.id != NONE)
    area = tables.cells.area[cell[persons.household[rows]]]
    residents = np.bincount(area, minlength=n)
    homes = np.flatnonzero(dwellings.id != NONE)
    home_area = tables.cells.area[dwellings.cell[homes]]
    stock = np.bincount(home_area, minlength=n)

    def share(of: Array, base: Array) -> Array:
        return np.where(base > 0, of / np.maximum(base, 1), np.nan)

    age = moment.year - persons.birth_year[rows]
    working = (age >= 20) & (age <= 64)
    foreign = is_foreign(moment.groups)[persons.group[rows]]
    employed = working & (persons.activity[rows] == Activity.EMPLOYED)
    index = measurer.area_index(moment)
    shares = {
        name: share(np.bincount(home_area[dwellings.tenure[homes] == t], minlength=n), stock)
        for t, name in enumerate(TENURES)
    }
    shares["foreign_background"] = share(np.bincount(area[foreign], minlength=n), residents)
    shares["employed"] = share(
        np.bincount(area[employed], minlength=n), np.bincount(area[working], minlength=n)
    )
    shares["low_economic_standard"] = index.low_standard
    district = tables.areas.district
    return Place(
        year=year,
        areas=moment.area_names,
        districts=tuple(moment.district_names[d] for d in district),
        types=measurer.area_types(moment),
        index=index.value,
        residents=residents,
        dwellings=stock,
        shares=shares,
        schools=_schools(tables),
    )


def _schools(tables: Tables) -> SchoolFacts:
    """Return what is known of each school."""
    schools, persons = tables.schools, tables.persons
    rows = np.flatnonzero(schools.id != NONE)
    attending = persons.school[(persons.id != NONE) & (persons.school != NONE)]
    return SchoolFacts(
        rows=rows,
        provider=schools.provider[rows],
        pupils=np.bincount(attending, minlength=schools.id.size)[rows],
        published_merit=schools.published_merit[rows],
        foreign_share=schools.own_share[rows],
        ses=schools.ses[rows],
        area=tables.cells.area[schools.cell[rows]],
    )
