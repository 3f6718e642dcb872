"""The state: every table of the city, each column once, with meaning, unit and dtype.

A table is a NamedTuple of NumPy arrays, which numba takes as it is. References are row numbers, `NONE` = -1.
A row whose `id` is `NONE` is free: rows are reused and arrays grow by an eighth, so nothing may depend on
the row number or on the order of rows. What a row is, for chance, is its `id`, made from what caused it.
"""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Literal, NamedTuple, TypeVar, get_args

import numpy as np
import numpy.typing as npt

NONE = -1

Array = npt.NDArray[Any]
Whole = int | np.integer[Any]


class Tenure(IntEnum):
    """The four tenure forms (hyresrätt allmännytta, hyresrätt privat, bostadsrätt, äganderätt)."""

    PUBLIC_RENTAL = 0
    PRIVATE_RENTAL = 1
    COOPERATIVE = 2
    OWNER_OCCUPIED = 3


TenureName = Literal["public_rental", "private_rental", "cooperative", "owner_occupied"]
"""A tenure as files write it; in the order of `Tenure`."""

TENURES: tuple[str, ...] = get_args(TenureName)


class Contract(IntEnum):
    """How a rental was let to its occupant; a recovered dwelling is let through the queue next."""

    LAWFUL = 0
    UNLAWFUL = 1
    RECOVERED = 2


class Sex(IntEnum):
    """Legal sex, as in the register."""

    WOMAN = 0
    MAN = 1


class Education(IntEnum):
    """Highest education attained (SUN 2020 in four levels); children and pupils have NONE."""

    LOWER_SECONDARY = 0
    UPPER_SECONDARY = 1
    SHORT_POST_SECONDARY = 2
    LONG_POST_SECONDARY = 3


EducationName = Literal["lower_secondary", "upper_secondary", "short_post_secondary", "long_post_secondary"]
"""An education as files write it; in the order of `Education`."""

EDUCATIONS: tuple[str, ...] = get_args(EducationName)


class Activity(IntEnum):
    """What a person does this year."""

    CHILD = 0
    PUPIL = 1
    STUDENT = 2
    EMPLOYED = 3
    UNEMPLOYED = 4
    OUTSIDE = 5
    RETIRED = 6


class Role(IntEnum):
    """Place in the household."""

    ADULT = 0
    PARTNER = 1
    CHILD = 2


class Provider(IntEnum):
    """Who runs a school."""

    MUNICIPAL = 0
    INDEPENDENT = 1


@dataclass(frozen=True)
class Column:
    """What one column holds."""

    dtype: type
    meaning: str
    unit: str = ""
    fill: float = NONE


def column(dtype: type, meaning: str, unit: str = "", fill: float = NONE) -> Any:
    """Declare a column; `fill` is what a free row holds."""
    return Column(dtype, meaning, unit, fill)


class Areas(NamedTuple):
    """One row per unit of measurement, like a DeSO (about 1 700 residents)."""

    id: Array = column(np.int64, "index of the area in the scenario")
    district: Array = column(np.int16, "district the area belongs to, like a RegSO; index into names")
    municipality: Array = column(np.int16, "municipality the area belongs to; index into names", fill=0)
    x: Array = column(np.float32, "east coordinate of the population centre", "m", 0)
    y: Array = column(np.float32, "north coordinate of the population centre", "m", 0)
    safety: Array = column(np.float32, "felt safety, 0 is the city's mean at the start", "SD", 0)
    service: Array = column(np.float32, "service level, 0 is the city's mean at the start", "SD", 0)
    safety_base: Array = column(np.float32, "part of safety that neither work nor youth explains", "SD", 0)
    service_base: Array = column(np.float32, "service level without any support", "SD", 0)
    crime_price: Array = column(
        np.float32,
        "log price of owned and cooperative homes that less crime has added, or police listing taken",
        "log points",
        0,
    )
    catchment_lower: Array = column(
        np.int64, "id of the school whose redrawn catchment it is in grades 0-6; NONE: each home's nearest"
    )
    catchment_upper: Array = column(np.int64, "the same in grades 7-9")


class Cells(NamedTuple):
    """One row per populated grid square."""

    id: Array = column(np.int64, "grid row * number of grid columns + grid column")
    area: Array = column(np.int32, "area the cell lies in")
    x: Array = column(np.float32, "east coordinate of the centre", "m", 0)
    y: Array = column(np.float32, "north coordinate of the centre", "m", 0)


class Dwellings(NamedTuple):
    """One row per home."""

    id: Array = column(np.int64, "stable identity")
    cell: Array = column(np.int32, "cell it stands on")
    tenure: Array = column(np.int8, "a Tenure")
    rooms: Array = column(np.int8, "rooms apart from kitchen and bathroom", "rooms", 0)
    quality: Array = column(np.float32, "standard and location within the area", "SD", 0)
    price: Array = column(np.float32, "purchase price; 0 in rental", "tkr", 0)
    fee: Array = column(
        np.float32, "yearly rent, cooperative fee or running cost of an owned home", "tkr/year", 0
    )
    built: Array = column(np.int16, "year of completion or, at the start, of the typical stock", "year", 0)
    vacant_since: Array = column(np.int16, "year it fell vacant; NONE if occupied", "year")
    occupant: Array = column(np.int32, "household that lives here and holds the contract")
    contract: Array = column(np.int8, "a Contract: whether the rental was let outside the queue", "", 0)
    off_market: Array = column(
        np.bool_, "whether it stands empty and nobody may have it: second home, awaiting works", "", False
    )


class Households(NamedTuple):
    """One row per group of people who choose a home together."""

    id: Array = column(np.int64, "stable identity")
    home: Array = column(np.int32, "dwelling whose occupant it is; NONE while lodging")
    lodging_with: Array = column(np.int32, "household it lodges with while it has no home of its own")
    queue_since: Array = column(np.int16, "year of registration in the rental queue", "year", 0)
    moved: Array = column(np.int16, "year of the latest move", "year", 0)
    arrived: Array = column(np.int16, "year it came to the city; NONE if native to it", "year")
    assigned: Array = column(np.bool_, "whether it came as refugees assigned to the city", "", False)
    wealth: Array = column(
        np.float32, "net savings that can go into a home, equity in the present one included", "tkr", 0
    )
    taste_own_group: Array = column(np.float32, "own multiplier of the own-group taste, mean 1", "", 1)
    taste_income: Array = column(np.float32, "own multiplier of the income-similarity taste, mean 1", "", 1)
    group: Array = column(np.int8, "origin group of the eldest adult")
    education: Array = column(np.int8, "highest Education among adults")
    size: Array = column(np.int16, "persons", "persons", 0)
    adults: Array = column(np.int16, "persons of 18 or over", "persons", 0)
    children: Array = column(np.int16, "persons under 18", "persons", 0)
    head_birth_year: Array = column(np.int16, "birth year of the eldest adult", "year", 0)
    units: Array = column(np.float32, "consumption units, Statistics Sweden's scale", "", 0)
    income: Array = column(np.float32, "disposable income of the household", "tkr/year", 0)
    standard: Array = column(
        np.float32,
        "economic standard: disposable income per consumption unit; on a board status, 0 to 1",
        "tkr/year",
        0,
    )


class Persons(NamedTuple):
    """One row per person."""

    id: Array = column(np.int64, "stable identity")
    household: Array = column(np.int32, "household it belongs to")
    birth_year: Array = column(np.int16, "year of birth", "year", 0)
    arrived: Array = column(np.int16, "year of immigration to the country; NONE if born in it", "year")
    sex: Array = column(np.int8, "a Sex")
    group: Array = column(np.int8, "origin group, index into the scenario's groups")
    role: Array = column(np.int8, "a Role in the household")
    education: Array = column(np.int8, "an Education, NONE until compulsory school is finished")
    parent_education: Array = column(np.int8, "highest Education of the parents when born or first seen")
    activity: Array = column(np.int8, "an Activity")
    active_since: Array = column(np.int16, "year the present activity began", "year", 0)
    workplace: Array = column(np.int32, "workplace of an employed person")
    wage: Array = column(np.float32, "wage before tax when employed, else latest wage", "tkr/year", 0)
    ability: Array = column(np.float32, "latent ability, normal", "SD", 0)
    school: Array = column(np.int32, "school attended")
    achievement: Array = column(np.float32, "school achievement gathered so far", "SD", 0)
    merit: Array = column(np.int16, "merit value of grade 9, 0 to 340; NONE before", "points")
    study_push: Array = column(
        np.float32, "lift of further studies beyond merit value and parents, by preschool", "logit", 0
    )
    setback: Array = column(
        np.float32, "what the closure of one's school does to results until `setback_until`", "SD", 0
    )
    setback_until: Array = column(np.int16, "last year in which it does; NONE for who was not moved", "year")
    is_unfunded: Array = column(
        np.bool_, "whether the money of a closed school did not follow to the next", "", False
    )
    start_area: Array = column(
        np.int32, "area lived in when the run began; NONE for later arrivals and births"
    )
    programme_since: Array = column(
        np.int16, "year the latest employment programme began; NONE if none", "year"
    )
    unaided_wage: Array = column(
        np.float32, "latest wage before a job held thanks to a programme alone; NONE without one", "tkr/year"
    )


class Schools(NamedTuple):
    """One row per school unit."""

    id: Array = column(np.int64, "index of the school in the scenario, later ones from cause")
    cell: Array = column(np.int32, "cell it stands on")
    provider: Array = column(np.int8, "a Provider")
    first_grade: Array = column(np.int8, "lowest grade taught, 0 or 7", "grade", 0)
    last_grade: Array = column(np.int8, "highest grade taught, 6 or 9", "grade", 0)
    capacity: Array = column(np.int32, "seats per grade", "seats", 0)
    quality: Array = column(np.float32, "true quality: yearly gain it adds", "SD", 0)
    resources: Array = column(np.float32, "yearly grant per pupil above the base", "kSEK", 0)
    teacher_density: Array = column(np.float32, "teachers per 100 pupils", "teachers", 0)
    published_merit: Array = column(
        np.float32, "mean merit value of last year's grade 9; NaN if none", "points", np.nan
    )
    value_added: Array = column(
        np.float32, "mean merit value above what its intake leads to expect; NaN if none", "points", np.nan
    )
    own_share: Array = column(np.float32, "share of foreign background among last year's pupils", "", np.nan)
    ses: Array = column(np.float32, "mean parental education of last year's pupils, 0 to 3", "", np.nan)
    educated_share: Array = column(
        np.float32, "share of last year's pupils with post-secondary parents", "", np.nan
    )
    appeal: Array = column(np.float32, "what draws all families beyond what they see of it", "logit units", 0)
    appeal_foreign: Array = column(
        np.float32, "what it draws families of foreign background by more", "logit units", 0
    )
    appeal_educated: Array = column(
        np.float32, "what it draws families of post-secondary education by more", "logit units", 0
    )


class Workplaces(NamedTuple):
    """One row per workplace: jobs of one skill level on a cell."""

    id: Array = column(np.int64, "index of the workplace in the scenario")
    cell: Array = column(np.int32, "cell it stands on")
    skill: Array = column(np.int8, "lowest Education that qualifies in full")
    jobs: Array = column(np.int32, "jobs", "jobs", 0)
    wage_level: Array = column(np.float32, "wage relative to the Mincer wage", "log points", 0)


Table = TypeVar("Table", Areas, Cells, Dwellings, Households, Persons, Schools, Workplaces)


@dataclass
class Tables:
    """The whole city."""

    areas: Areas
    cells: Cells
    dwellings: Dwellings
    households: Households
    persons: Persons
    schools: Schools
    workplaces: Workplaces

    @property
    def nbytes(self) -> int:
        """Bytes of all columns of all tables, free rows included."""
        return sum(array.nbytes for field in fields(self) for array in getattr(self, field.name))


def municipality_of_cells(tables: Tables) -> Array:
    """Return the municipality each cell lies in."""
    return np.asarray(tables.areas.municipality[tables.cells.area])


def columns(table: type[NamedTuple]) -> dict[str, Column]:
    """Return what each column of a table class holds, in order."""
    return dict(table._field_defaults)


def empty_table(table: type[Table], capacity: int) -> Table:
    """Return a table of `capacity` free rows."""
    return table(**{name: np.full(capacity, c.fill, c.dtype) for name, c in columns(table).items()})


def build_table(table: type[Table], n: int, **values: Any) -> Table:
    """Return a table of `n` rows with the named columns given; unnamed columns hold their fill."""
    made = empty_table(table, n)
    for name, value in values.items():
        getattr(made, name)[:] = value
    return made


def live(table: Table) -> Array:
    """Return the rows in use, ascending."""
    return np.flatnonzero(table.id != NONE)


def mark_rows(rows: Array | tuple[int, ...], n: int) -> Array:
    """Return which of `n` rows are among some (bool); one entry more, False, answers for NONE."""
    out = np.zeros(n + 1, np.bool_)
    out[np.asarray(rows, np.int64)] = True
    return out


def with_free_rows(table: Table, n: int) -> tuple[Table, Array]:
    """Return the table, grown by an eighth if it must, and `n` of its free rows, lowest first."""
    free = np.flatnonzero(table.id == NONE)
    if free.size < n:
        table = grow_table(table, table.id.size + max(table.id.size // 8, n - free.size))
        free = np.flatnonzero(table.id == NONE)
    return table, free[:n]


def grow_table(table: Table, capacity: int) -> Table:
    """Return the table with room for `capacity` rows."""
    longer = empty_table(type(table), capacity)
    for old, new in zip(table, longer, strict=True):
        new[: old.size] = old
    return longer


def release(table: Table, rows: Array) -> None:
    """Give rows back: every column takes its fill."""
    for array, c in zip(table, columns(type(table)).values(), strict=True):
        array[rows] = c.fill
