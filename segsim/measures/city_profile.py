"""The city as a policy sees it when it begins, and as areas to follow are chosen by."""

import numpy as np

from segsim.ages import EMPLOYMENT_AGES
from segsim.groups import is_foreign
from segsim.indices.inputs.numbers import ratio
from segsim.measures.official import Index, assign_types, measure_index
from segsim.measures.snapshot import Snapshot, take_snapshot
from segsim.policies import CellProfiles, CityProfile, SchoolProfiles
from segsim.rules.preschool import PRESCHOOL_AGES
from segsim.state import CityState
from segsim.tables import NONE, TENURES, Activity, Array, Contract, Education, Sex, Tenure, live

OLDEST_AGE = 100


def describe_city(state: CityState, national_median: float, reference: tuple[float, float]) -> CityProfile:
    """Return what is known of each area and school when the year after a state begins.

    Parameters
    ----------
    state : CityState
        The city at the end of a year.
    national_median : float
        National median of economic standard, tkr a year.
    reference : tuple of float
        Mean and SD of the nation's socio-economic index, which official types are measured against.
    """
    return describe_snapshot(take_snapshot(state, national_median), reference)


def describe_snapshot(snap: Snapshot, reference: tuple[float, float]) -> CityProfile:
    """Return the same of a city that has been counted; an area's official type is that of its district."""
    state, areas = snap.state, snap.state.tables.areas
    index = measure_index(snap, "area")
    types = assign_types(measure_index(snap, "district"), reference)
    dwellings = count_dwellings(snap)
    return CityProfile(
        year=state.year + 1,
        began=state.year + 1,
        areas=state.area_names,
        districts=tuple(state.district_names[d] for d in areas.district),
        municipalities=tuple(state.municipality_codes[m] for m in areas.municipality),
        types=np.asarray(types[areas.district]),
        index=index.value,
        residents=snap.residents,
        dwellings=dwellings.sum(axis=1),
        shares=area_shares(snap, index, dwellings),
        x=areas.x.astype(np.float64),
        y=areas.y.astype(np.float64),
        ages=count_ages(snap),
        cells=describe_cells(snap),
        schools=describe_schools(snap),
        refugees=count_refugees(state),
        unlawful_lets=count_unlawful_lets(state),
        own_housing_share=state.rules.demography.own_housing_share,
        people={
            "foreign_born_women_without_work": count_women_without_work(snap),
            "preschool_children": count_preschool_children(snap),
        },
    )


def count_unlawful_lets(state: CityState) -> Array:
    """Return how many rentals of each area are let outside the queue."""
    dwellings, cells = state.tables.dwellings, state.tables.cells
    is_rental = (dwellings.id != NONE) & (dwellings.tenure <= Tenure.PRIVATE_RENTAL)
    is_unlawful = (dwellings.occupant != NONE) & (dwellings.contract == Contract.UNLAWFUL)
    rows = np.flatnonzero(is_rental & is_unlawful)
    return np.bincount(cells.area[dwellings.cell[rows]], minlength=state.tables.areas.id.size)


def count_refugees(state: CityState) -> float:
    """Return how many persons come as refugees a year, as rules and preferences have it."""
    rules, persons = state.rules.demography, state.tables.persons
    if rules.refugees is not None:
        return rules.refugees
    is_abroad = np.array([group.born != "sweden" for group in state.groups])
    abroad = is_abroad[persons.group[live(persons)]].sum()
    return float(state.preferences.demography.refugees_per_thousand * abroad / 1000)


def count_dwellings(snap: Snapshot) -> Array:
    """Return the dwellings of each area by tenure."""
    dwellings, cells = snap.state.tables.dwellings, snap.state.tables.cells
    homes = live(dwellings)
    counts = np.zeros((snap.n_areas, len(TENURES)))
    np.add.at(counts, (cells.area[dwellings.cell[homes]], dwellings.tenure[homes]), 1.0)
    return counts


def area_shares(snap: Snapshot, index: Index, dwellings: Array) -> dict[str, Array]:
    """Return the shares of each area that a scope may choose by."""
    stock = dwellings.sum(axis=1)
    shares = {name: ratio(dwellings[:, t], stock) for t, name in enumerate(TENURES)}
    shares["foreign_background"] = ratio(snap.by_area("background")[:, 1], snap.residents)
    work = snap.counts.work.sum(axis=(1, 2))
    shares["employed"] = ratio(work[:, 3], work[:, 0])
    shares["low_economic_standard"] = index.low_standard
    return shares


def count_ages(snap: Snapshot) -> Array:
    """Return the residents of each area by age, those of the oldest age and over together."""
    persons, area = snap.state.tables.persons, snap.person_area
    there = area != NONE
    age = np.clip(snap.state.year - persons.birth_year[there].astype(np.int64), 0, OLDEST_AGE)
    flat = area[there].astype(np.int64) * (OLDEST_AGE + 1) + age
    counts = np.bincount(flat, minlength=snap.n_areas * (OLDEST_AGE + 1))
    return counts.reshape(snap.n_areas, OLDEST_AGE + 1)


def describe_cells(snap: Snapshot) -> CellProfiles:
    """Return where people live."""
    cells = snap.state.tables.cells
    rows = live(cells)
    residents = snap.counts.cell.sum(axis=1)[rows]
    return CellProfiles(cells.x[rows].astype(np.float64), cells.y[rows].astype(np.float64), residents)


def count_preschool_children(snap: Snapshot) -> Array:
    """Return children of 3-5 of foreign background and those enrolled (areas x parents' educations x 2)."""
    state, persons, area = snap.state, snap.state.tables.persons, snap.person_area
    age = state.year - persons.birth_year
    of_age = (age >= PRESCHOOL_AGES[0]) & (age <= PRESCHOOL_AGES[1]) & (persons.id != NONE) & (area != NONE)
    rows = np.flatnonzero(of_age)
    rows = rows[is_foreign(state.groups)[persons.group[rows]]]
    parents = np.maximum(persons.parent_education[rows], 0)
    chances = state.preferences.schools.preschool.list_chances(state.year, state.groups)
    share = chances[persons.group[rows], age[rows] - PRESCHOOL_AGES[0], parents]
    counts = np.zeros((snap.n_areas, len(Education), 2))
    np.add.at(counts, (area[rows], parents), np.column_stack([np.ones(rows.size), share]))
    return counts


def count_women_without_work(snap: Snapshot) -> Array:
    """Return the women of 20-64 born abroad and without work (areas x educations)."""
    persons, area = snap.state.tables.persons, snap.person_area
    is_abroad = np.array([group.born != "sweden" for group in snap.state.groups])
    age = snap.state.year - persons.birth_year
    counted = np.isin(persons.activity, (Activity.UNEMPLOYED, Activity.OUTSIDE)) & (persons.sex == Sex.WOMAN)
    counted &= (age >= EMPLOYMENT_AGES[0]) & (age <= EMPLOYMENT_AGES[1]) & is_abroad[persons.group]
    counted &= (persons.id != NONE) & (area != NONE)
    counts = np.zeros((snap.n_areas, len(Education)))
    np.add.at(counts, (area[counted], np.maximum(persons.education[counted], 0)), 1.0)
    return counts


def describe_schools(snap: Snapshot) -> SchoolProfiles:
    """Return what is known of each school."""
    schools, persons = snap.state.tables.schools, snap.state.tables.persons
    rows = live(schools)
    attending = persons.school[(persons.id != NONE) & (persons.school != NONE)]
    return SchoolProfiles(
        pupils=np.bincount(attending, minlength=schools.id.size)[rows],
        published_merit=schools.published_merit[rows],
        ses=schools.ses[rows],
        area=snap.state.tables.cells.area[schools.cell[rows]],
        id=schools.id[rows],
        provider=schools.provider[rows],
        names=tuple(snap.state.name_school(int(key)) for key in schools.id[rows]),
    )
