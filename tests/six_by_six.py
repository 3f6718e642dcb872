"""A city of six by six cells that one can check by hand.

Each cell holds one dwelling; dwelling d stands on cell d, in row d // 6 and column d % 6, 100 m apart. Four
areas are quadrants of nine cells, each its own district:

    area 0 (south-west)  5 public and 4 private rental homes       group 3, born outside Europe
    area 1 (south-east)  9 cooperative homes                       group 0, Swedish
    area 2 (north-west)  9 owner-occupied homes                    group 0, Swedish
    area 3 (north-east)  3 public, 2 private, 2 cooperative, 2 owned   groups 0 (even households) and 2 (odd)

The last dwelling of each area is vacant. The other 32 hold households 0 to 31, in the order of areas and then
of cells; household 32, a single, lodges with household 0. By its number modulo 4 a household is

    0  a single of 30, employed                       1 person
    1  a couple of 40 and 38, children of 10 and 7    4 persons; she works, he is unemployed
    2  a single of 70, retired                        1 person
    3  a couple of 50 and 50, both employed           2 persons

so there are 9 + 32 + 8 + 16 = 65 persons, 16 of them pupils. Children of parents born abroad belong to
group 1, born in Sweden with foreign background. School 0 is municipal, on cell 0; school 1 is independent,
on cell 35; both teach grades 0-9, and pupils go to school 0 in areas 0 and 1, to school 1 in areas 2 and 3.
Workplace 0 has jobs for lower secondary education, workplace 1 for long post-secondary; whoever is of
group 3 works at workplace 0, all others at workplace 1. Everyone else's figures are alike.
"""

import numpy as np

from segsim.kernels.population.household_sums import sum_households
from segsim.kernels.work.incomes import IncomeTerms, fill_household_incomes
from segsim.rules import Rules
from segsim.tables import (
    NONE,
    Activity,
    Areas,
    Cells,
    Dwellings,
    Education,
    Households,
    Persons,
    Provider,
    Role,
    Schools,
    Sex,
    Tables,
    Tenure,
    Workplaces,
    build_table,
)

YEAR = 2022
SIDE = 6
_PUBLIC, _PRIVATE, _COOPERATIVE, _OWNED = Tenure
TENURES = (
    [_PUBLIC] * 5 + [_PRIVATE] * 4,
    [_COOPERATIVE] * 9,
    [_OWNED] * 9,
    [_PUBLIC] * 3 + [_PRIVATE] * 2 + [_COOPERATIVE] * 2 + [_OWNED] * 2,
)
# age, sex, role, activity, education of each member, by household number modulo 4
MEMBERS = (
    [(30, Sex.WOMAN, Role.ADULT, Activity.EMPLOYED, Education.UPPER_SECONDARY)],
    [
        (40, Sex.WOMAN, Role.ADULT, Activity.EMPLOYED, Education.UPPER_SECONDARY),
        (38, Sex.MAN, Role.PARTNER, Activity.UNEMPLOYED, Education.LOWER_SECONDARY),
        (10, Sex.WOMAN, Role.CHILD, Activity.PUPIL, NONE),
        (7, Sex.MAN, Role.CHILD, Activity.PUPIL, NONE),
    ],
    [(70, Sex.MAN, Role.ADULT, Activity.RETIRED, Education.LOWER_SECONDARY)],
    [
        (50, Sex.WOMAN, Role.ADULT, Activity.EMPLOYED, Education.LONG_POST_SECONDARY),
        (50, Sex.MAN, Role.PARTNER, Activity.EMPLOYED, Education.UPPER_SECONDARY),
    ],
)
WAGE = 300.0


def six_by_six() -> Tables:
    """Return a new copy of the city."""
    cells = _cells()
    tenure = np.empty(SIDE * SIDE, np.int8)
    homes = []
    for area in range(4):
        here = np.flatnonzero(cells.area == area)
        tenure[here] = TENURES[area]
        homes += here[:-1].tolist()
    households = _households(homes, [0])
    persons = _persons(households, cells.area[np.array([*homes, homes[0]])])
    sum_households(persons, YEAR, households)
    fill_household_incomes(IncomeTerms(**Rules().work.incomes.model_dump()), persons, YEAR, households)
    return Tables(_areas(), cells, _dwellings(tenure, homes), households, persons, _schools(), _workplaces())


def _areas() -> Areas:
    x, y = np.tile([150.0, 450.0], 2), np.repeat([150.0, 450.0], 2)
    return build_table(Areas, 4, id=np.arange(4), district=np.arange(4), x=x, y=y)


def _cells() -> Cells:
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    return build_table(
        Cells,
        SIDE * SIDE,
        id=np.arange(SIDE * SIDE),
        area=2 * (row // 3) + column // 3,
        x=100.0 * column + 50,
        y=100.0 * row + 50,
    )


def _dwellings(tenure, homes) -> Dwellings:
    occupant = np.full(tenure.size, NONE)
    occupant[homes] = np.arange(len(homes))
    is_rental = tenure <= Tenure.PRIVATE_RENTAL
    return build_table(
        Dwellings,
        tenure.size,
        id=1000 + np.arange(tenure.size),
        cell=np.arange(tenure.size),
        tenure=tenure,
        rooms=3,
        price=np.where(is_rental, 0.0, 2000.0),
        fee=np.where(is_rental, 90.0, 50.0),
        built=1970,
        vacant_since=np.where(occupant == NONE, YEAR, NONE),
        occupant=occupant,
    )


def _households(homes, lodgers_with) -> Households:
    n = len(homes) + len(lodgers_with)
    return build_table(
        Households,
        n,
        id=2000 + np.arange(n),
        home=[*homes, *[NONE] * len(lodgers_with)],
        lodging_with=[NONE] * len(homes) + lodgers_with,
        queue_since=YEAR - 5,
        moved=YEAR - 5,
        wealth=500.0,
    )


def _persons(households, area) -> Persons:
    rows = [(h, *member) for h in range(households.id.size) for member in MEMBERS[h % 4]]
    household, age, sex, role, activity, education = (np.array(c) for c in zip(*rows, strict=True))
    adult = np.select([area == 0, area == 3], [3, 2 * (np.arange(area.size) % 2)], 0)[household]
    group = np.where((role == Role.CHILD) & (adult > 0), 1, adult)
    employed, pupil = activity == Activity.EMPLOYED, activity == Activity.PUPIL
    return build_table(
        Persons,
        len(rows),
        id=3000 + np.arange(len(rows)),
        household=household,
        birth_year=YEAR - age,
        arrived=np.where(group >= 2, YEAR - 10, NONE),
        sex=sex,
        group=group,
        role=role,
        education=education,
        parent_education=Education.UPPER_SECONDARY,
        activity=activity,
        active_since=YEAR - 5,
        workplace=np.where(employed, np.where(group == 3, 0, 1), NONE),
        wage=np.where(age >= 18, WAGE, 0.0),
        school=np.where(pupil, (area[household] >= 2).astype(int), NONE),
        start_area=area[household],
    )


def _schools() -> Schools:
    return build_table(
        Schools,
        2,
        id=[0, 1],
        cell=[0, SIDE * SIDE - 1],
        provider=[Provider.MUNICIPAL, Provider.INDEPENDENT],
        first_grade=0,
        last_grade=9,
        capacity=6,
        teacher_density=8.3,
        published_merit=[215.0, 240.0],
        own_share=[0.5, 0.25],
        ses=1.0,
    )


def _workplaces() -> Workplaces:
    skill = [Education.LOWER_SECONDARY, Education.LONG_POST_SECONDARY]
    return build_table(Workplaces, 2, id=[0, 1], cell=[14, 21], skill=skill, jobs=[20, 30], wage_level=0.0)
