"""The municipalities of a region: each by itself, how they differ, and who moves between them.

A city of one municipality has no such rows: what they would say is said of the city.
"""

from collections.abc import Iterable

import numpy as np

from segsim import indices
from segsim.catalogue import CATEGORIES
from segsim.groups import is_foreign
from segsim.indices.inputs.numbers import ratio
from segsim.measures.official import measure_index
from segsim.measures.residence import add_spread
from segsim.measures.rows import Rows, RowsOfUnit
from segsim.measures.schools import EnrolledPupils, find_leavers, mean
from segsim.measures.snapshot import Snapshot
from segsim.tables import NONE, TENURES, Array, live, municipality_of_cells

LEVEL = "municipality"
SPREAD_OVER = ("background", "income")
"""Groupings whose spread is measured over the areas of each municipality, and over the municipalities."""


def add_municipalities(
    rows: Rows, snap: Snapshot, groupings: Iterable[str], pupils: EnrolledPupils | None
) -> None:
    """Add what there is to say of each municipality, if there are several."""
    names = snap.state.municipality_names
    if len(names) < 2:
        return
    add_residents(rows, snap, groupings)
    add_segregation(rows, snap, groupings)
    add_livelihood(rows, snap)
    add_homes(rows, snap)
    add_moves(rows, snap)
    if pupils is not None:
        add_education(rows, snap, pupils)


def sum_areas(snap: Snapshot, by_area: Array) -> Array:
    """Return counts by area (first axis) added up by municipality."""
    out = np.zeros((len(snap.state.municipality_names), *by_area.shape[1:]))
    np.add.at(out, snap.state.tables.areas.municipality, by_area)
    return out


def add_residents(rows: Rows, snap: Snapshot, groupings: Iterable[str]) -> None:
    """Add residents, also by background, and the share of each category."""
    names = snap.state.municipality_names
    rows.add_each("population", "", LEVEL, names, sum_areas(snap, snap.residents))
    by_background = sum_areas(snap, snap.by_area("background"))
    for b, category in enumerate(CATEGORIES["background"]):
        rows.add("population", f"background.{category}", LEVEL, float(by_background[:, b].sum()))
        rows.add_each("population", f"background.{category}", LEVEL, names, by_background[:, b])
    for grouping in groupings:
        table = sum_areas(snap, snap.by_area(grouping))
        for k, category in enumerate(snap.categories(grouping)):
            share = ratio(table[:, k], table.sum(axis=1))
            rows.add_each("share", f"{grouping}.{category}", LEVEL, names, share)


def add_segregation(rows: Rows, snap: Snapshot, groupings: Iterable[str]) -> None:
    """Add how people are spread over the municipalities, and over the areas of each."""
    of_area = snap.state.tables.areas.municipality
    for grouping in (grouping for grouping in SPREAD_OVER if grouping in groupings):
        table, categories = snap.by_area(grouping), snap.categories(grouping)
        add_spread(rows, sum_areas(snap, table), grouping, categories, LEVEL)
        for m, name in enumerate(snap.state.municipality_names):
            add_spread(RowsOfUnit(rows, name), table[of_area == m], grouping, categories, "area")
    income = snap.counts.income
    for m, name in enumerate(snap.state.municipality_names):
        value = indices.inequality_index(income[of_area == m, 0], income[of_area == m, 2])
        rows.add_one("inequality_index", "", "area", name, value)


def add_livelihood(rows: Rows, snap: Snapshot) -> None:
    """Add work, the socio-economic index and the median economic standard."""
    state, households = snap.state, snap.state.tables.households
    names, work = state.municipality_names, sum_areas(snap, snap.counts.work)
    of_all = work.sum(axis=(1, 2))
    rows.add_each("employed", "", LEVEL, names, ratio(of_all[:, 3], of_all[:, 0]))
    rows.add_each("unemployed", "", LEVEL, names, ratio(of_all[:, 2], of_all[:, 0]))
    foreign = is_foreign(state.groups)
    employed = []
    for category, chosen in zip(CATEGORIES["background"], (~foreign, foreign), strict=True):
        counts = work[:, chosen].sum(axis=(1, 2))
        employed.append(ratio(counts[:, 3], counts[:, 0]))
        rows.add_each("employed", f"background.{category}", LEVEL, names, employed[-1])
    rows.add_each("employment_gap", "background", LEVEL, names, 100 * (employed[0] - employed[1]))
    rows.add_each("socioeconomic_index", "", LEVEL, names, measure_index(snap, "municipalities").value)
    area = snap.homes.area
    of_household = np.where(area == NONE, NONE, state.tables.areas.municipality[area])
    n_households = np.bincount(of_household[of_household != NONE], minlength=len(names))
    by_municipality = np.argsort(of_household, kind="stable")[-int(n_households.sum()) :]
    parts = np.split(households.standard[by_municipality], np.cumsum(n_households)[:-1])
    medians = [np.median(part) if part.size else np.nan for part in parts]
    rows.add_each("standard_median", "", LEVEL, names, np.array(medians))
    rows.add_each("households", "", LEVEL, names, n_households)


def add_homes(rows: Rows, snap: Snapshot) -> None:
    """Add dwellings and how many stand empty by tenure, crowding, and time in the public queue."""
    state, dwellings = snap.state, snap.state.tables.dwellings
    names, of_cell = state.municipality_names, municipality_of_cells(state.tables)
    homes = live(dwellings)
    at = of_cell[dwellings.cell[homes]].astype(np.int64) * len(TENURES) + dwellings.tenure[homes]
    shape = len(names), len(TENURES)
    number = np.bincount(at, minlength=shape[0] * shape[1]).reshape(shape)
    empty = np.bincount(at, dwellings.occupant[homes] == NONE, shape[0] * shape[1]).reshape(shape)
    for t, tenure in enumerate(TENURES):
        rows.add_each("dwellings", f"tenure.{tenure}", LEVEL, names, number[:, t])
        rows.add_each("vacant", f"tenure.{tenure}", LEVEL, names, ratio(empty[:, t], number[:, t]))
    housed = np.flatnonzero(snap.person_area != NONE)
    of_person = state.tables.areas.municipality[snap.person_area[housed]]
    crowded = snap.homes.crowded[state.tables.persons.household[housed]]
    n = np.bincount(of_person, minlength=len(names))
    rows.add_each("crowded", "", LEVEL, names, ratio(np.bincount(of_person, crowded, len(names)), n))
    flows = state.local_flows
    if "queue.years" in flows:
        years = ratio(flows["queue.years"], flows["queue.lettings"])
        rows.add_each("queue_years", "", LEVEL, names, years)


def add_moves(rows: Rows, snap: Snapshot) -> None:
    """Add the persons who moved into and out of each municipality, from and to others of the region."""
    state = snap.state
    if state.year == state.start_year:
        return
    n = len(state.municipality_names)
    moves = state.local_flows.get("moves", np.zeros((n, n, len(state.groups))))
    by_background = snap.backgrounds(moves)
    parts = {"": by_background.sum(axis=-1)}
    for b, category in enumerate(CATEGORIES["background"]):
        parts[f"background.{category}"] = by_background[..., b]
    for grouping, table in parts.items():
        moved_in, moved_out = table.sum(axis=0), table.sum(axis=1)
        for measure, values in (
            ("moved_in", moved_in),
            ("moved_out", moved_out),
            ("net_moves", moved_in - moved_out),
        ):
            rows.add_each(measure, grouping, LEVEL, state.municipality_names, values)
            rows.add(measure, grouping, LEVEL, float(values.sum()))


def add_education(rows: Rows, snap: Snapshot, pupils: EnrolledPupils) -> None:
    """Add pupils, the spread of background over each municipality's schools, and the results of grade 9."""
    state, schools = snap.state, snap.state.tables.schools
    names, of_cell = state.municipality_names, municipality_of_cells(state.tables)
    by_school = snap.backgrounds(pupils.joint.sum(axis=0))
    place = np.where(schools.id == NONE, NONE, of_cell[schools.cell])
    for m, name in enumerate(names):
        rows.add_one("pupils", "", LEVEL, name, float(by_school[place == m].sum()))
        if (place == m).any():
            own = RowsOfUnit(rows, name)
            add_spread(own, by_school[place == m], "background", CATEGORIES["background"], "school")
    leavers, merit = find_leavers(snap)
    home = state.tables.areas.municipality[snap.person_area[leavers]]
    limit = state.preferences.schools.achievement.eligible_merit
    for m, name in enumerate(names):
        rows.add_one("merit_mean", "", LEVEL, name, mean(merit[home == m]))
        rows.add_one("eligible", "", LEVEL, name, mean((merit[home == m] >= limit).astype(np.float64)))
