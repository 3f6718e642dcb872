"""The measurer: what a year of a city yields, as its scenario asks for it."""

from collections.abc import Sequence

import pandas as pd

from segsim.catalogue import GROUPINGS, PROFILE_BANDWIDTHS, PROFILE_SIZES, split_grouping
from segsim.measures import living, residence
from segsim.measures.board import BoardView, add_board
from segsim.measures.city_profile import describe_snapshot
from segsim.measures.followed_areas import PARTS, FollowedAreas
from segsim.measures.municipalities import add_municipalities
from segsim.measures.official import add_official
from segsim.measures.own import add_own_index, add_own_measure
from segsim.measures.rows import Rows
from segsim.measures.schools import (
    EnrolledPupils,
    NearestSchools,
    Units,
    add_results,
    add_schools,
    count_pupils,
)
from segsim.measures.snapshot import Snapshot, take_snapshot
from segsim.own import OwnIndex, OwnMeasure
from segsim.policies import Account, ProgrammeAccount
from segsim.scenario import MeasureChoice
from segsim.state import CityState
from segsim.tables import Array, live

HEADLINES: dict[str, tuple[str, str, str]] = {
    "population": ("population", "", "municipality"),
    "D": ("D", "background", "area"),
    "H": ("H", "background", "area"),
    "isolation": ("isolation", "background.foreign", "area"),
    "like_neighbours": ("like_neighbours", "background", "neighbourhood"),
    "unsatisfied": ("unsatisfied", "background", "municipality"),
    "HR": ("HR", "", "area"),
    "inequality_index": ("inequality_index", "", "area"),
    "challenged": ("area_type_1", "", "district"),
    "school_D": ("D", "background", "school"),
    "excess_D": ("excess_D", "background", "school"),
    "merit_mean": ("merit_mean", "", "municipality"),
    "employed": ("employed", "", "municipality"),
    "employment_gap": ("employment_gap", "background", "municipality"),
    "crowded": ("crowded", "", "municipality"),
    "queue_years": ("queue_years", "", "municipality"),
}
"""The few measures a Mesa data collector holds: name, and measure, grouping and level."""

PROFILES = (
    "HR_exact",
    *(f"isolation_nearest_{k}" for k in PROFILE_SIZES),
    *(f"{name}_spatial_{b:g}" for name in "HD" for b in PROFILE_BANDWIDTHS),
)
"""The costlier measures, made every few years."""


OF_PLACES = (
    "people",
    "people_stayed",
    "gainers_left",
    "place",
    "place_change",
    *(f"change_by_{part}" for part in PARTS),
)
"""The measures of people and place."""


class Measurer:
    """Measures a city year by year.

    Parameters
    ----------
    choice : MeasureChoice
        What to measure.
    state : CityState
        The start state, which tells what groupings the city has.
    national_median : float
        National median of economic standard, tkr a year; held fixed, so all amounts are in money of the
        start.
    own : sequence of OwnMeasure and OwnIndex, optional
        Measures and indices of one's own.
    """

    def __init__(
        self,
        choice: MeasureChoice,
        state: CityState,
        national_median: float,
        own: Sequence[OwnMeasure | OwnIndex] = (),
    ) -> None:
        self._choice, self._national_median = choice, national_median
        self._rows = Rows(choice, [one.declared.name for one in own])
        self._own_measures = [one for one in own if isinstance(one, OwnMeasure)]
        self._own_indices = [one for one in own if isinstance(one, OwnIndex)]
        self._types: dict[str, Array] = {}
        self._nearest = NearestSchools()
        self._followed: list[FollowedAreas] = []
        self._grid = residence.CellGrid(state.tables.cells.x, state.tables.cells.y)
        start = take_snapshot(state, national_median)
        self._groupings = choose_groupings(choice, start)
        self._mapped = next((g for g in ("background", "origin") if g in self._groupings), "")
        self._first_group = start.categories("origin")[0]

    @property
    def cell_side(self) -> float:
        """Side of a cell, m."""
        return self._grid.side

    def measure(
        self,
        state: CityState,
        accounts: Sequence[Account] = (),
        programme: ProgrammeAccount | None = None,
        board: BoardView | None = None,
    ) -> None:
        """Add the rows of a year.

        Parameters
        ----------
        state : CityState
            The city at the end of the year.
        accounts : sequence of Account, optional
            What each policy in force cost, how many it reached and how far it got.
        programme : ProgrammeAccount, optional
            What the programme had and spent, and how many live where it acts.
        board : BoardView, optional
            Who lives beside whom, on an abstract board.
        """
        rows, snap = self._rows, take_snapshot(state, self._national_median)
        rows.begin(state.year)
        if board is not None:
            add_board(rows, [group.name for group in state.groups], board)
        residence.add_residence(rows, snap, self._groupings, self._levels())
        residence.add_incomes(rows, snap)
        if state.tables.cells.id.size != self._grid.row.size:
            self._grid = residence.CellGrid(state.tables.cells.x, state.tables.cells.y)
        if self._mapped:
            residence.add_clustering(rows, snap, self._grid, self._mapped)
        self._add_profiles(snap)
        reference = self._choice.reference(state.year)
        self._types = add_official(rows, snap, reference, self._types)
        pupils = self._add_schools(snap)
        living.add_people(rows, snap, self._groupings)
        living.add_work(rows, snap)
        living.add_housing(rows, snap)
        living.add_standard(rows, snap)
        living.add_flows(rows, snap)
        living.add_accounts(rows, accounts, programme)
        add_municipalities(rows, snap, self._groupings, pupils)
        for own in self._own_indices:
            add_own_index(rows, own, snap, self._groupings, self._levels(), pupils)
        for measure in self._own_measures:
            add_own_measure(rows, measure, state)
        self._follow(snap)

    def repeat(self, year: int) -> None:
        """Let a later year have the rows of the latest one, but for flows: nothing happens until then."""
        self._rows.repeat(year)

    def frame(self) -> pd.DataFrame:
        """Return every row so far: year, measure, grouping, level, unit, value."""
        return self._rows.frame()

    def headline(self, name: str) -> float:
        """Return this year's value of a headline measure; NaN if the city has none.

        Where origins are not told apart as backgrounds, as on an abstract grid, it is about origin, and about
        the first group in place of foreign background.
        """
        measure, grouping, level = HEADLINES[name]
        if self._mapped == "origin":
            grouping = grouping.replace("background.foreign", f"origin.{self._first_group}")
            grouping = grouping.replace("background", "origin")
        return self._rows.latest(measure, grouping, level)

    def follow(self, name: str, areas: Array, state: CityState) -> None:
        """Follow the people who live in some areas at this moment, under a name."""
        self._followed.append(FollowedAreas(name, areas, take_snapshot(state, self._national_median)))

    def _levels(self) -> tuple[str, ...]:
        """Return the levels of homes to measure spread at."""
        chosen = self._choice.levels or ("area", "district")
        return tuple(level for level in ("area", "district", "cell") if level in chosen)

    def _add_profiles(self, snap: Snapshot) -> None:
        """Add the costlier measures in the years they are made."""
        every = self._choice.profiles_every
        if not every or (snap.state.year - snap.state.start_year) % every:
            return
        if self._rows.wants("HR_exact"):
            residence.add_exact_incomes(self._rows, snap)
        if self._mapped:
            residence.add_profiles(self._rows, snap, self._grid, self._mapped)

    def _add_schools(self, snap: Snapshot) -> EnrolledPupils | None:
        """Add what there is to say of schools, if the city has any; return their pupils."""
        schools = snap.state.tables.schools
        if live(schools).size == 0:
            return None
        units = Units(live(schools), [snap.state.name_school(int(key)) for key in schools.id[live(schools)]])
        pupils = count_pupils(snap, self._nearest.of(snap))
        add_schools(self._rows, snap, pupils, self._groupings, units)
        add_results(self._rows, snap, pupils, units)
        return pupils

    def _follow(self, snap: Snapshot) -> None:
        """Begin to follow the places whose year it is, then add all that are followed."""
        state = snap.state
        if not any(self._rows.wants(name) for name in OF_PLACES):
            return
        for place in self._choice.follow:
            if (state.start_year if place.since is None else place.since) == state.year:
                profile = describe_snapshot(snap, self._choice.reference(state.year))
                areas = place.areas.rows(profile)
                self._followed.append(FollowedAreas(place.name, areas, snap))
        for followed in self._followed:
            followed.add(self._rows, snap)


def choose_groupings(choice: MeasureChoice, start: Snapshot) -> tuple[str, ...]:
    """Return the groupings to measure: those asked for or the five, less any the city does not tell apart."""
    asked = choice.groupings or GROUPINGS
    varied = {part for part in GROUPINGS if (start.by_area(part).sum(axis=0) > 0).sum() > 1}
    return tuple(grouping for grouping in asked if set(split_grouping(grouping)) <= varied)


__all__ = ["HEADLINES", "PROFILES", "Measurer"]
