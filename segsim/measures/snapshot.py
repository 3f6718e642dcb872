"""Who lives where at the end of a year, counted once for all measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from segsim.ages import EDUCATED_AGES
from segsim.catalogue import CATEGORIES, split_grouping
from segsim.groups import is_foreign
from segsim.kernels.counting import Counts, Homes, describe_residences, tally_persons
from segsim.kernels.housing.residence import count_lodgers
from segsim.state import CityState
from segsim.tables import NONE, Array, Tables, Tenure

LOW, HIGH = 0.6, 2.0
"""Low and high economic standard, as multiples of the national median (SCB, B; the upper limit C)."""


@dataclass(frozen=True)
class Snapshot:
    """The city of one moment, counted.

    Attributes
    ----------
    state : CityState
    national_median : float
        National median of economic standard, tkr a year.
    homes : Homes
        Area, cell, income class, tenure and crowding of each household row.
    counts : Counts
        Persons by area and class.
    """

    state: CityState
    national_median: float
    homes: Homes
    counts: Counts

    @property
    def n_areas(self) -> int:
        """Number of areas."""
        return int(self.counts.group.shape[0])

    @cached_property
    def residents(self) -> Array:
        """Residents of each area."""
        return np.asarray(self.counts.group.sum(axis=1))

    @cached_property
    def person_area(self) -> Array:
        """Area of each person row; NONE for a free row."""
        household = self.state.tables.persons.household
        return np.where(household == NONE, NONE, self.homes.area[household])

    @cached_property
    def person_cell(self) -> Array:
        """Cell of each person row; NONE for a free row."""
        household = self.state.tables.persons.household
        return np.where(household == NONE, NONE, self.homes.cell[household])

    @cached_property
    def standards(self) -> Array:
        """Economic standard of every household that lives somewhere, ascending, tkr a year."""
        return np.sort(self.state.tables.households.standard[self.homes.area >= 0])

    def categories(self, grouping: str) -> tuple[str, ...]:
        """Return the names of a grouping's categories; of a crossing, joined with a star."""
        names: tuple[str, ...] = ("",)
        for part in split_grouping(grouping):
            own = CATEGORIES.get(part) or tuple(group.name for group in self.state.groups)
            names = tuple(f"{a}*{b}" if a else b for a in names for b in own)
        return names

    def by_area(self, grouping: str) -> Array:
        """Return residents by area and category of a grouping."""
        if grouping == "background":
            return self.backgrounds(self.counts.group)
        if grouping == "origin":
            return self.counts.group
        if grouping in ("education", "income", "tenure"):
            return np.asarray(getattr(self.counts, grouping))
        return self.by_place(grouping, self.person_area, self.n_areas)

    def by_cell(self, grouping: str) -> Array:
        """Return residents by cell and category of a grouping."""
        if grouping == "background":
            return self.counts.cell
        return self.by_place(grouping, self.person_cell, self.counts.cell.shape[0])

    def by_place(self, grouping: str, place: Array, n_places: int) -> Array:
        """Return persons by place (NONE: nowhere) and category of any grouping or crossing."""
        n = len(self.categories(grouping))
        code = self.codes(grouping)
        counted = (place != NONE) & (code != NONE)
        flat = place[counted].astype(np.int64) * n + code[counted]
        return np.bincount(flat, minlength=n_places * n).reshape(n_places, n).astype(np.float64)

    def codes(self, grouping: str) -> Array:
        """Return the category of each person row in a grouping or crossing; NONE where undefined."""
        code = np.zeros(self.state.tables.persons.id.size, np.int64)
        for part in split_grouping(grouping):
            own = self._category_codes(part)
            n = len(self.categories(part))
            code = np.where((code == NONE) | (own == NONE), NONE, code * n + own)
        return code

    def backgrounds(self, by_group: Array) -> Array:
        """Return counts by group (last axis) as counts by Swedish and foreign background."""
        foreign = is_foreign(self.state.groups)
        out = np.zeros((*by_group.shape[:-1], 2))
        # by slices: to add up along a short last axis takes many times as long
        for k, is_foreign_group in enumerate(foreign):
            out[..., int(is_foreign_group)] += by_group[..., k]
        return out

    def _category_codes(self, grouping: str) -> Array:
        """Return the category of each person row in one grouping."""
        persons = self.state.tables.persons
        if grouping == "origin":
            return persons.group.astype(np.int64)
        if grouping == "background":
            foreign = is_foreign(self.state.groups).astype(np.int64)
            return np.where(persons.group == NONE, NONE, foreign[persons.group])
        if grouping == "education":
            age = self.state.year - persons.birth_year
            known = (age >= EDUCATED_AGES[0]) & (age <= EDUCATED_AGES[1])
            return np.where(known, persons.education, NONE).astype(np.int64)
        of_household = self.homes.income if grouping == "income" else self.homes.tenure
        return np.where(persons.household == NONE, NONE, of_household[persons.household]).astype(np.int64)


def take_snapshot(state: CityState, national_median: float) -> Snapshot:
    """Count the city of a moment."""
    tables = state.tables
    homes = read_homes(tables, national_median)
    n_areas, n_groups = tables.areas.id.size, len(state.groups)
    counts = Counts(
        group=np.zeros((n_areas, n_groups)),
        education=np.zeros((n_areas, len(CATEGORIES["education"]))),
        income=np.zeros((n_areas, len(CATEGORIES["income"]))),
        tenure=np.zeros((n_areas, len(Tenure))),
        cell=np.zeros((tables.cells.id.size, 2)),
        work=np.zeros((n_areas, n_groups, 2, 4)),
        crowded=np.zeros(n_groups),
    )
    tally_persons(state.year, tables.persons, is_foreign(state.groups), homes, counts)
    return Snapshot(state, national_median, homes, counts)


def read_homes(tables: Tables, national_median: float) -> Homes:
    """Return what is known of each household's home; who lodges shares the host's."""
    households, n = tables.households, tables.households.id.size
    under_roof = np.empty(n, np.int32)
    count_lodgers(households.lodging_with, households.home, households.size, under_roof)
    homes = Homes(
        area=np.empty(n, np.int32),
        cell=np.empty(n, np.int32),
        income=np.zeros(n, np.int8),
        tenure=np.zeros(n, np.int8),
        crowded=np.zeros(n, bool),
    )
    limits = np.array([LOW, HIGH]) * national_median
    describe_residences(households, tables.dwellings, tables.cells.area, under_roof, limits, homes)
    return homes


def sum_by_district(snap: Snapshot, by_area: Array) -> Array:
    """Return counts by area (first axis) added up by district."""
    out = np.zeros((len(snap.state.district_names), *by_area.shape[1:]))
    np.add.at(out, snap.state.tables.areas.district, by_area)
    return out


def list_pairs(categories: Sequence[str]) -> list[tuple[int, int]]:
    """Return every two categories in order."""
    return [(a, b) for a in range(len(categories)) for b in range(a + 1, len(categories))]
