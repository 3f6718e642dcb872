"""A town made by hand for the tests of schools: families along one road, schools on it, nothing else."""

import numpy as np

from segsim.kernels.draws import Stream, identities
from segsim.rules import Preferences, Rules
from segsim.rules.schools import Admission, SchoolsPreferences, SchoolsRules
from segsim.tables import (
    NONE,
    Activity,
    Areas,
    Cells,
    Dwellings,
    Households,
    Persons,
    Provider,
    Role,
    Schools,
    Tables,
    Workplaces,
    build_table,
    with_free_rows,
)
from tests.states import make_state

START = 2022
CELLS = 40
AREA_NAMES = ("West", "Midwest", "Mideast", "East")


def school_town(n_families=600, seed=1, shuffled=None, schools=None, slope=1.6):
    """Return the tables of a town of one adult and one or two children per household on a road of 10 km.

    The west has more families of Swedish background and more education, the east fewer. Four municipal
    schools teach grades 0-9, two 0-6 and one 7-9; one independent school teaches 0-9. `shuffled` permutes
    the rows of cells, dwellings, households, persons and schools, references included; `slope` is the fall
    in parental education from west to east.
    """
    rng = np.random.default_rng(seed)
    cell = rng.integers(0, CELLS, n_families)
    east = cell / CELLS
    group = np.where(rng.random(n_families) < 0.15 + 0.7 * east, 1, 0)
    education = np.clip(np.rint(rng.normal(1.6 + slope * (0.5 - east), 0.8)), 0, 3).astype(int)
    children = rng.integers(1, 3, n_families)
    adult, child = np.arange(n_families), np.repeat(np.arange(n_families), children)
    household = np.concatenate([adult, child])
    is_child = np.arange(household.size) >= n_families
    age = np.where(is_child, rng.integers(0, 20, household.size), rng.integers(30, 55, household.size))
    activity = np.select(
        [~is_child, age < 6, age < 16], [Activity.EMPLOYED, Activity.CHILD, Activity.PUPIL], Activity.STUDENT
    )
    tables = Tables(
        areas=build_table(Areas, 4, id=np.arange(4), district=0),
        cells=build_table(
            Cells, CELLS, id=np.arange(CELLS) * 7, area=np.arange(CELLS) // 10, x=np.arange(CELLS) * 250.0
        ),
        dwellings=build_table(
            Dwellings,
            n_families,
            id=identities(Stream.ID_FIRST_DWELLING, seed, 0, 0, n_families),
            cell=cell,
            occupant=np.arange(n_families),
        ),
        households=build_table(
            Households,
            n_families,
            id=identities(Stream.ID_FIRST_HOUSEHOLD, seed, 0, 0, n_families),
            home=np.arange(n_families),
            moved=START - rng.integers(0, 10, n_families),
            education=education,
            group=group,
        ),
        persons=build_table(
            Persons,
            household.size,
            id=identities(Stream.ID_FIRST_PERSON, seed, 0, 0, household.size),
            household=household,
            birth_year=START - age,
            sex=rng.integers(0, 2, household.size),
            group=group[household],
            role=np.where(is_child, Role.CHILD, Role.ADULT),
            parent_education=education[household],
            activity=activity,
            ability=rng.normal(size=household.size),
            achievement=0.0,
        ),
        schools=seven_schools() if schools is None else schools,
        workplaces=build_table(Workplaces, 1, id=0, cell=0),
    )
    return tables if shuffled is None else shuffle(tables, np.random.default_rng(shuffled))


def seven_schools(seats=15):
    """Return the schools of the town, ids not in the order of rows."""
    return build_table(
        Schools,
        8,
        id=np.array([30, 10, 20, 40, 50, 60, 70, 80]),
        cell=np.array([3, 13, 26, 36, 8, 30, 20, 18]),
        provider=np.array([Provider.MUNICIPAL] * 7 + [Provider.INDEPENDENT]),
        first_grade=np.array([0, 0, 0, 0, 0, 0, 7, 0]),
        last_grade=np.array([9, 9, 9, 9, 6, 6, 9, 9]),
        capacity=seats,
        quality=0.0,
        teacher_density=8.3,
    )


def shuffle(tables, rng):
    """Permute rows, with some free rows between them."""
    to = {}
    for name in ("cells", "dwellings", "households", "persons", "schools"):
        grown, _ = with_free_rows(getattr(tables, name), 5)
        order = rng.permutation(grown.id.size)
        setattr(tables, name, type(grown)(*(column[order] for column in grown)))
        to[name] = np.append(np.argsort(order), NONE)
    tables.dwellings.occupant[:] = to["households"][tables.dwellings.occupant]
    tables.dwellings.cell[:] = to["cells"][tables.dwellings.cell]
    tables.schools.cell[:] = to["cells"][tables.schools.cell]
    tables.households.home[:] = to["dwellings"][tables.households.home]
    tables.persons.household[:] = to["households"][tables.persons.household]
    tables.persons.school[:] = to["schools"][tables.persons.school]
    return tables


def town_moment(tables, seed=1, admission=None, rules=None, preferences=None):
    """Return the start of a run; `admission`, `rules` and `preferences` are keys of the schools' sections."""
    schools = SchoolsRules(admission=Admission(**(admission or {})), **(rules or {}))
    tastes = Preferences(schools=SchoolsPreferences(**(preferences or {})))
    rules = Rules(schools=schools)
    return make_state(tables, AREA_NAMES, START, seed=seed, rules=rules, preferences=tastes)


def run_years(state, step, years):
    """Run so many school years; children grow into school by themselves."""
    for _ in range(years):
        state.year += 1
        state.flows.clear()
        step(state)
    return state
