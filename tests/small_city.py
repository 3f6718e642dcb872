"""A small city made by hand for the tests of demography and work: four areas, some hundred households."""

import numpy as np

from segsim.kernels.draws import Stream, identities
from segsim.steps.work.incomes import recount_households
from segsim.tables import (
    NONE,
    Activity,
    Areas,
    Cells,
    Dwellings,
    Education,
    Households,
    Persons,
    Role,
    Schools,
    Tables,
    Workplaces,
    build_table,
    with_free_rows,
)
from tests.states import make_state

START = 2022
AREA_NAMES = ("Norr", "Söder", "Väster", "Öster")


def small_city(n_households=400, seed=1, shuffled=None):
    """Return the tables of a city of couples, families and singles in four areas with jobs.

    `shuffled` permutes the rows of dwellings, households, persons and workplaces, references included.
    """
    rng = np.random.default_rng(seed)
    people = [(h, *p) for h in range(n_households) for p in _family(rng)]
    household, age, role, sex, group = (np.array(c) for c in zip(*people, strict=True))
    cells = build_table(
        Cells,
        36,
        id=np.arange(36),
        area=np.arange(36) // 9,
        x=np.arange(36) % 6 * 500,
        y=np.arange(36) // 6 * 500,
    )
    dwellings = build_table(
        Dwellings, n_households + 20,
        id=identities(Stream.ID_FIRST_DWELLING, seed, START, 0, n_households + 20),
        cell=rng.integers(0, 36, n_households + 20),
        tenure=rng.integers(0, 4, n_households + 20),
        rooms=rng.integers(1, 6, n_households + 20),
        vacant_since=np.where(np.arange(n_households + 20) < n_households - 10, NONE, START),
        occupant=np.where(np.arange(n_households + 20) < n_households - 10, np.arange(n_households + 20), -1),
    )  # fmt: skip
    lodges = np.arange(n_households) >= n_households - 10
    households = build_table(
        Households, n_households,
        id=identities(Stream.ID_FIRST_HOUSEHOLD, seed, START, 0, n_households),
        home=np.where(lodges, NONE, np.arange(n_households)),
        lodging_with=np.where(lodges, np.arange(n_households) - n_households + 10, NONE),
        queue_since=START - rng.integers(0, 10, n_households),
        moved=START - rng.integers(0, 10, n_households),
        wealth=rng.integers(0, 500, n_households),
    )  # fmt: skip
    n = age.size
    activity, education = _standing(rng, age)
    skills = np.repeat(np.arange(4), 5)
    workplaces = build_table(
        Workplaces, 20, id=np.arange(20) + 100, cell=rng.integers(0, 36, 20), skill=skills,
        jobs=np.full(20, 1 + int((activity == Activity.EMPLOYED).sum() * 1.03) // 20),
    )  # fmt: skip
    worker = np.flatnonzero(activity == Activity.EMPLOYED)
    workplace = np.full(n, NONE)
    workplace[worker] = np.arange(worker.size) % 20
    persons = build_table(
        Persons, n,
        id=identities(Stream.ID_FIRST_PERSON, seed, START, 0, n),
        household=household, birth_year=START - age, sex=sex, group=group, role=role, education=education,
        arrived=np.where(group >= 2, START - rng.integers(1, 20, n), NONE),
        parent_education=rng.integers(0, 4, n), activity=activity, active_since=START - rng.integers(0, 5, n),
        workplace=workplace, wage=np.where(age >= 16, np.round(rng.lognormal(5.8, 0.3, n), 1), 0.0),
        ability=rng.normal(size=n), merit=np.where(age >= 16, rng.integers(100, 340, n), NONE),
    )  # fmt: skip
    areas = build_table(Areas, 4, id=np.arange(4), district=0)
    tables = Tables(
        areas, cells, dwellings, households, persons, build_table(Schools, 1, id=0, cell=0), workplaces
    )
    return tables if shuffled is None else _shuffle(tables, np.random.default_rng(shuffled))


def _family(rng):
    """Draw the (age, role, sex, group) of a household's members."""
    group = int(rng.choice(4, p=[0.41, 0.15, 0.15, 0.29]))
    child = 1 if group >= 2 else group
    head = int(rng.integers(20, 90))
    kind = rng.random()
    sex = int(rng.integers(0, 2))
    out = [(head, Role.ADULT, sex, group)]
    if kind < 0.55 and head >= 24:
        out.append((max(20, head - int(rng.integers(0, 4))), Role.PARTNER, 1 - sex, group))
    if (kind < 0.3 or kind > 0.92) and 25 <= head <= 60:
        for _ in range(int(rng.integers(1, 4))):
            out.append((int(rng.integers(0, min(25, head - 19))), Role.CHILD, int(rng.integers(0, 2)), child))
    return out


def _standing(rng, age):
    """Draw activities and educations by age."""
    draw = rng.random(age.size)
    working = np.select([draw < 0.8, draw < 0.87], [Activity.EMPLOYED, Activity.UNEMPLOYED], Activity.OUTSIDE)
    activity = np.select(
        [age < 6, age < 16, age < 20, age < 67],
        [Activity.CHILD, Activity.PUPIL, Activity.STUDENT, working],
        Activity.RETIRED,
    )
    education = np.where(age >= 20, rng.choice(4, age.size, p=[0.17, 0.45, 0.16, 0.22]), NONE)
    education = np.where((age >= 16) & (age < 20), Education.LOWER_SECONDARY, education)
    return activity, education


def _shuffle(tables, rng):
    """Permute rows, and put some free rows between them."""
    to = {}
    for name in ("dwellings", "households", "persons", "workplaces"):
        table = getattr(tables, name)
        grown, _ = with_free_rows(table, 7)
        order = rng.permutation(grown.id.size)
        setattr(tables, name, type(table)(*(column[order] for column in grown)))
        to[name] = np.append(np.argsort(order), NONE)
    d, h, p = tables.dwellings, tables.households, tables.persons
    d.occupant[:] = to["households"][d.occupant]
    h.home[:] = to["dwellings"][h.home]
    h.lodging_with[:] = to["households"][h.lodging_with]
    p.household[:] = to["households"][p.household]
    p.workplace[:] = to["workplaces"][p.workplace]
    return tables


def moment_of(tables, year=START, seed=1, rules=None, preferences=None):
    """Return the moment of a small city, household sums made."""
    state = make_state(
        tables, AREA_NAMES, year, start_year=START, seed=seed, rules=rules, preferences=preferences
    )
    recount_households(state)
    return state
