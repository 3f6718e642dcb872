"""The first city, from its scenario and a seed."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segsim.groups import is_foreign
from segsim.kernels.draws import Stream, identities
from segsim.kernels.work.incomes import IncomeTerms
from segsim.scenario import Scenario
from segsim.scenario.board.grid import Grid
from segsim.sweden.municipalities import find_municipality
from segsim.synthesis.areas.area_table import AreaCounts
from segsim.synthesis.areas.share_curves import standardise_over
from segsim.synthesis.board import block_table, build_board_tables, name_blocks
from segsim.synthesis.feasibility import check_feasibility
from segsim.synthesis.notes import Note
from segsim.synthesis.people.incomes import fit_abilities, fit_wages
from segsim.synthesis.people.origins import assign_groups
from segsim.synthesis.people.people import People, arrival_years, build_people, draw_active_since
from segsim.synthesis.places.enrolment import (
    Enrolment,
    InitialPupils,
    enrol_pupils,
    join_enrolments,
)
from segsim.synthesis.places.homes import (
    Stock,
    build_stock,
    choose_off_market,
    draw_first_wealth,
    draw_histories,
    settle_households,
)
from segsim.synthesis.places.layout import Layout, place_dwellings
from segsim.synthesis.places.school_units import PupilHomes
from segsim.synthesis.places.workplaces import build_regional_workplaces
from segsim.synthesis.sources import Units, load_source
from segsim.tables import (
    NONE,
    Activity,
    Areas,
    Array,
    Dwellings,
    Education,
    Households,
    Persons,
    Schools,
    Tables,
    Tenure,
    build_table,
)


@dataclass(frozen=True)
class InitialCity:
    """A city on the last day of the start year.

    Attributes
    ----------
    tables : Tables
    area_names, district_names, school_names : tuple of str
    area_table : DataFrame
        One row per area in the columns of open DeSO data, with x and y, from which the city was made.
    municipality_codes, municipality_names : tuple of str
        Of each municipality; one that comes with no code has none, and no name.
    notes : tuple of Note
        What had to be mended in the input, or could not be met.
    """

    tables: Tables
    area_names: tuple[str, ...]
    district_names: tuple[str, ...]
    school_names: tuple[str, ...]
    area_table: pd.DataFrame
    municipality_codes: tuple[str, ...] = ("",)
    municipality_names: tuple[str, ...] = ("",)
    notes: tuple[Note, ...] = ()


def build_initial_city(scenario: Scenario, seed: int) -> InitialCity:
    """Make the first city of a scenario.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Of the run, unless the scenario has one for its city. The same seed gives the same bytes.

    Returns
    -------
    InitialCity
    """
    seed = scenario.city.choose_seed(seed)
    if scenario.city.grid is not None:
        return _build_board_city(scenario, scenario.city.grid, seed)
    source = load_source(scenario.city)
    counts = source.counts
    remarks = check_feasibility(scenario, counts)
    tables, school_names = _build_tables(scenario, counts, source.layout, source.units, seed)
    table = source.table.assign(x=tables.areas.x, y=tables.areas.y)
    codes = counts.municipality_codes
    municipalities = tuple(find_municipality(code).name if code else "" for code in codes)
    return InitialCity(
        tables=tables,
        area_names=counts.codes,
        district_names=counts.district_names,
        school_names=school_names,
        area_table=table,
        municipality_codes=codes,
        municipality_names=municipalities,
        notes=(*source.notes, *remarks),
    )


def collect_notes(scenario: Scenario) -> tuple[Note, ...]:
    """Return what has to be mended in the input of a scenario's city, or cannot be met.

    The squares of a board are as given.
    """
    if scenario.city.grid is not None:
        return ()
    source = load_source(scenario.city)
    return (*source.notes, *check_feasibility(scenario, source.counts))


def _build_board_city(scenario: Scenario, grid: Grid, seed: int) -> InitialCity:
    """Make the city of an abstract board."""
    tables = build_board_tables(scenario, grid, seed)
    names = name_blocks(grid)
    schools = tuple(f"school {i + 1}" for i in range(tables.schools.id.size))
    return InitialCity(tables, names, ("board",), schools, block_table(tables, names))


def _build_tables(
    scenario: Scenario, counts: AreaCounts, layout: Layout, units: tuple[Units, ...], seed: int
) -> tuple[Tables, tuple[str, ...]]:
    """Turn counts and a layout into the tables of the city, and name the schools."""
    city, year = scenario.city, scenario.start
    rng = [np.random.default_rng([seed % 2**64, part]) for part in range(7)]
    people = build_people(counts, scenario.preferences.work, rng[0])
    persons = _build_persons(scenario, people, seed, rng[1])
    households = _build_households(scenario, people.household_area.size, seed, rng[1])
    terms = IncomeTerms(**scenario.rules.work.incomes.model_dump())
    fit_wages(persons, households, people.household_area, counts, terms, city.national_median_standard, year)
    fit_abilities(persons, year, rng[1])
    stock = build_stock(
        counts, counts.persons / np.maximum(counts.households.sum(1), 1), city.housing, rng[2]
    )
    dwellings = _build_dwellings(counts, stock, layout, seed)
    _move_in(scenario, people, households, dwellings, stock, counts, rng[3], rng[6])
    cell = _person_cells(persons, households, dwellings)
    of_cell = counts.municipality[layout.cells.area]
    schools, names = _open_schools(scenario, persons, cell, layout, counts, units, rng[4])
    employed = persons.activity == Activity.EMPLOYED
    workplaces, workplace = build_regional_workplaces(
        persons.education[employed],
        of_cell[cell[employed]],
        dwellings.cell,
        of_cell,
        layout.x,
        layout.y,
        city.jobs,
        rng[5],
    )
    persons.workplace[employed] = workplace
    areas = _build_areas(counts, layout, dwellings)
    return Tables(areas, layout.cells, dwellings, households, persons, schools, workplaces), names


def _build_persons(scenario: Scenario, people: People, seed: int, rng: np.random.Generator) -> Persons:
    """Fill the table of persons, schools and workplaces apart."""
    year, n = scenario.start, people.age.size
    luck = rng.random(people.household_area.size)
    group = assign_groups(people.origin, people.household, scenario.groups, scenario.city.group_shares, luck)
    abroad = np.array([g.born != "sweden" for g in scenario.groups])[group]
    return build_table(
        Persons,
        n,
        id=identities(int(Stream.ID_FIRST_PERSON), seed, 0, 0, n),
        household=people.household,
        birth_year=year - people.age,
        arrived=arrival_years(people.stay, abroad, year),
        sex=people.sex,
        group=group,
        role=people.role,
        education=people.education,
        parent_education=people.parent_education,
        activity=people.activity,
        active_since=draw_active_since(people.activity, people.age, year, rng),
        wage=people.wage,
        start_area=people.area,
    )


def _build_households(scenario: Scenario, n: int, seed: int, rng: np.random.Generator) -> Households:
    """Begin the table of households; what is a sum over persons or depends on the home comes later."""
    spread = scenario.preferences.housing.own_group_spread
    return build_table(
        Households,
        n,
        id=identities(int(Stream.ID_FIRST_HOUSEHOLD), seed, 0, 0, n),
        taste_own_group=np.maximum(rng.normal(1, spread, n), 0),
        taste_income=np.maximum(rng.normal(1, spread, n), 0),
    )


def _build_dwellings(counts: AreaCounts, stock: Stock, layout: Layout, seed: int) -> Dwellings:
    """Fill the table of dwellings, still empty."""
    is_owned = stock.tenure == Tenure.OWNER_OCCUPIED
    n = stock.area.size
    return build_table(
        Dwellings,
        n,
        id=identities(int(Stream.ID_FIRST_DWELLING), seed, 0, 0, n),
        cell=place_dwellings(counts, layout.cells, is_owned, stock.area),
        tenure=stock.tenure,
        rooms=stock.rooms,
        quality=stock.quality,
        price=stock.price,
        fee=stock.fee,
        built=stock.built,
    )


def _move_in(
    scenario: Scenario,
    people: People,
    households: Households,
    dwellings: Dwellings,
    stock: Stock,
    counts: AreaCounts,
    rng: np.random.Generator,
    spare_rng: np.random.Generator,
) -> None:
    """Give households their homes and hosts, and what comes with them."""
    year = scenario.start
    age = year - households.head_birth_year.astype(np.int64)
    eldest = np.zeros(people.household_area.size, np.int8)
    eldest[people.household[::-1]] = people.origin[::-1]
    settlement = settle_households(
        stock,
        people.household_area,
        people.kind,
        households.size,
        households.standard,
        age,
        eldest,
        counts,
        rng,
    )
    households.home[:], households.lodging_with[:] = settlement.home, settlement.lodging_with
    housed = np.flatnonzero(settlement.home != NONE)
    dwellings.occupant[settlement.home[housed]] = housed
    dwellings.vacant_since[dwellings.occupant == NONE] = year
    market = scenario.city.housing
    dwellings.off_market[:] = choose_off_market(stock, settlement.home, counts.n, market, spare_rng)
    tenure = np.where(settlement.home == NONE, NONE, dwellings.tenure[settlement.home])
    moved, queue = draw_histories(tenure, age, year, scenario.city.housing.queue_years, rng)
    households.moved[:], households.queue_since[:] = moved, queue
    price = np.where(settlement.home == NONE, 0.0, dwellings.price[settlement.home])
    households.wealth[:] = draw_first_wealth(price, households.income, age, year - moved, rng)


def _person_cells(persons: Persons, households: Households, dwellings: Dwellings) -> Array:
    """Return the cell each person lives on, in the host's home while lodging."""
    host = np.where(households.home == NONE, households.lodging_with, np.arange(households.id.size))
    return np.asarray(dwellings.cell[households.home[host]][persons.household])


def _open_schools(
    scenario: Scenario,
    persons: Persons,
    cell: Array,
    layout: Layout,
    counts: AreaCounts,
    units: tuple[Units, ...],
    rng: np.random.Generator,
) -> tuple[Schools, tuple[str, ...]]:
    """Open the schools, place the pupils, and note what school has given them so far."""
    choices = scenario.preferences.schools
    rows = np.flatnonzero(persons.activity == Activity.PUPIL)
    pupils = InitialPupils(
        np.clip(scenario.start - persons.birth_year[rows] - 6, 0, 9).astype(np.int64),
        cell[rows],
        is_foreign(scenario.groups)[persons.group[rows]],
        persons.parent_education[rows].astype(np.int64),
    )
    home = counts.municipality[layout.cells.area[pupils.cell]]
    members = [np.flatnonzero(home == m) for m in range(len(units))]
    parts = [
        _enrol_municipality(make, InitialPupils(*(column[here] for column in pupils)), layout, scenario, rng)
        for make, here in zip(units, members, strict=True)
    ]
    enrolment = join_enrolments([part for part, _ in parts], members, rows.size)
    persons.school[rows] = enrolment.school
    enrolment.schools.quality[:] = rng.normal(0, choices.quality.spread, enrolment.schools.id.size)
    enrolment.schools.teacher_density[:] = scenario.rules.schools.teacher_density
    persons.achievement[rows] = enrolment.schools.quality[enrolment.school] * pupils.grade
    names = [names for _, names in parts]
    return enrolment.schools, _name_schools(names, counts.municipality_codes)


def _enrol_municipality(
    units: Units, pupils: InitialPupils, layout: Layout, scenario: Scenario, rng: np.random.Generator
) -> tuple[Enrolment, tuple[str, ...]]:
    """Open the schools of one municipality and place its pupils; name the schools."""
    schooling = scenario.city.schooling
    educated = pupils.parents >= Education.SHORT_POST_SECONDARY
    homes = PupilHomes(
        *(
            np.bincount(pupils.cell[of], minlength=layout.cells.id.size)
            for of in (slice(None), pupils.foreign, educated)
        )
    )
    unit = units(np.bincount(pupils.grade, minlength=10), homes, schooling, rng)
    return enrol_pupils(unit, pupils, layout.x, layout.y, schooling, rng), unit.names


def _name_schools(names: list[tuple[str, ...]], codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of all schools, with the municipality's where several have schools of one name."""
    if len(names) == 1:
        return names[0]
    used = Counter(name for own in names for name in set(own))
    return tuple(
        f"{name} ({find_municipality(code).name})" if used[name] > 1 else name
        for own, code in zip(names, codes, strict=True)
        for name in own
    )


def _build_areas(counts: AreaCounts, layout: Layout, dwellings: Dwellings) -> Areas:
    """Fill the table of areas: centres, and first levels of safety and service.

    Safety falls with the share of low economic standard, service rises with the density of homes; both are
    standardised over residents, service halved (C).
    """
    area = layout.cells.area[dwellings.cell]
    n = np.maximum(np.bincount(area, minlength=counts.n), 1)
    cells = np.maximum(np.bincount(layout.cells.area, minlength=counts.n), 1)
    return build_table(
        Areas,
        counts.n,
        id=np.arange(counts.n),
        district=counts.district,
        municipality=counts.municipality,
        x=np.bincount(area, weights=layout.x[dwellings.cell], minlength=counts.n) / n,
        y=np.bincount(area, weights=layout.y[dwellings.cell], minlength=counts.n) / n,
        safety=-standardise_over(counts.low, counts.persons),
        service=0.5 * standardise_over(np.log(n / cells), counts.persons),
    )
