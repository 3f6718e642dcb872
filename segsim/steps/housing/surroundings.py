"""What movers know of places: who lives there, how safe and well served it is, and its schools."""

from typing import NamedTuple

import numpy as np

from segsim.groups import Group, is_foreign
from segsim.kernels.choices.preference_shapes import pack_points, values_between_points
from segsim.kernels.housing.location_choice import HomeSet
from segsim.kernels.housing.records import HOME, MOVER, describe_homes, describe_movers
from segsim.kernels.housing.residence import count_households
from segsim.state import CityState
from segsim.steps.housing.residence import household_tenures
from segsim.tables import NONE, Array, Tables, Tenure

_FEW = 20.0
"""Persons of a tenure and area who are seen half as its people and half as the area's (C)."""


class Surroundings(NamedTuple):
    """What movers know of places, frozen within a round."""

    place: Array  # int32 (cells,): the place, area or cell, whose shares a cell sees
    own_share: Array  # float64 (places, groups): share of people like each group; with points, its value
    log_standard: Array  # float64 (areas, tenures): mean log economic standard beside the median household's
    education: Array  # float64 (areas, tenures): mean education
    appeal: Array  # float64 (areas,)
    family_appeal: Array  # float64 (areas,)


def log_standards(tables: Tables) -> Array:
    """Return the log of each household's economic standard over the median household's; 0 in free rows.

    An area where nobody lives, whose mean is 0, is thus seen as the median household.
    """
    is_there = tables.households.id != NONE
    out = np.log(np.maximum(tables.households.standard.astype(np.float64), 1.0))
    middle = np.median(out[is_there]) if is_there.any() else 0.0
    return np.where(is_there, out - middle, 0.0)


def describe_surroundings(state: CityState, cell: Array, log_standard: Array) -> Surroundings:
    """Return what movers know of places, given each household's cell and log standard (`log_standards`)."""
    tables, preferences = state.tables, state.preferences.housing
    cells, n_groups = tables.cells, len(state.groups)
    area = np.where(cell == NONE, NONE, cells.area[cell]).astype(np.int32)
    by_tenure = _count_by_place(
        tables, log_standard,
        np.where(area == NONE, NONE, area * len(Tenure) + household_tenures(tables)).astype(np.int32),
        tables.areas.id.size * len(Tenure), n_groups,
    )  # fmt: skip
    counts = by_tenure[0].reshape(-1, len(Tenure), n_groups).sum(1)
    mean_standard, education = (
        _see_neighbours(mean, by_tenure[0].sum(1), preferences.same_tenure) for mean in by_tenure[1:]
    )
    place = cells.area
    if preferences.window:
        by_cell, _, _ = _count_by_place(tables, log_standard, cell, cells.id.size, n_groups)
        counts = _window_sums(tables, by_cell, preferences.window)
        place = np.arange(cells.id.size, dtype=np.int32)
    total = counts.sum(1, keepdims=True)
    # an empty place is seen as the city is, neither good nor bad for anyone
    city = counts.sum(0) / max(counts.sum(), 1.0)
    share = np.where(total > 0, counts / np.maximum(total, 1.0), city)
    own_share = share @ group_likeness(state.groups, preferences.shared_background).T
    if preferences.own_group_points:
        # here and not at each look: a table handed to the kernel made the ranking 1.4 times as long
        own_share = values_between_points(own_share, pack_points(preferences.own_group_points))
    return Surroundings(
        place=place,
        own_share=own_share,
        log_standard=mean_standard,
        education=education,
        appeal=_appeal(state),
        family_appeal=preferences.school * _school_reputation(tables),
    )


def group_likeness(groups: tuple[Group, ...], shared_background: float) -> Array:
    """Return how much each group (columns) counts as like each group (rows): 1, a part, or nothing."""
    foreign = is_foreign(groups)
    same = foreign[:, None] == foreign[None, :]
    return np.where(np.eye(len(groups), dtype=bool), 1.0, np.where(same, shared_background, 0.0))


def home_records(tables: Tables, around: Surroundings, rows: Array) -> HomeSet:
    """Return dwellings (rows) as movers see them, and the share of people like each group around each."""
    homes = np.empty(rows.size, HOME)
    describe_homes(
        rows, tables.dwellings, tables.cells, tables.areas.municipality,
        around.log_standard, around.education, around.appeal, around.family_appeal, homes,
    )  # fmt: skip
    return HomeSet(homes, np.asarray(around.place[tables.dwellings.cell[rows]]), around.own_share)


def mover_records(state: CityState, rows: Array, cell: Array, log_standard: Array) -> Array:
    """Return the households (rows) that look, living or lodging on the given cells, MOVER records."""
    households, municipality = state.tables.households, state.tables.areas.municipality
    movers = np.empty(rows.size, MOVER)
    describe_movers(
        rows, cell, log_standard[rows], is_foreign(state.groups),
        households, state.tables.cells, municipality, movers,
    )  # fmt: skip
    return movers


def _see_neighbours(mean: Array, persons: Array, same_tenure: float) -> Array:
    """Return the means that neighbours of each area and tenure are seen to have (areas x tenures).

    That of the area and, as far as `same_tenure`, that of those who live there in the same tenure: they share
    stairs and streets. Few of them are hardly seen.
    """
    mean, persons = mean.reshape(-1, len(Tenure)), persons.reshape(-1, len(Tenure))
    of_area = (mean * persons).sum(1, keepdims=True) / np.maximum(persons.sum(1, keepdims=True), 1.0)
    return np.asarray(of_area + same_tenure * persons / (persons + _FEW) * (mean - of_area))


def _count_by_place(
    tables: Tables, log_standard: Array, place: Array, n_places: int, n_groups: int
) -> tuple[Array, Array, Array]:
    """Return persons by place and group, and mean log economic standard and education by place."""
    households = tables.households
    counts, mean_standard, education = np.empty((n_places, n_groups)), np.empty(n_places), np.empty(n_places)
    count_households(
        place, households.size, households.group, log_standard, households.education,
        counts, mean_standard, education,
    )  # fmt: skip
    return counts, mean_standard, education


def _window_sums(tables: Tables, by_cell: Array, radius: int) -> Array:
    """Sum counts over the square of cells within `radius` of each cell, by summed-area tables."""
    size = _cell_size(tables)
    column = np.rint((tables.cells.x - tables.cells.x.min()) / size).astype(np.int64) + radius
    row = np.rint((tables.cells.y - tables.cells.y.min()) / size).astype(np.int64) + radius
    dense = np.zeros((row.max() + radius + 2, column.max() + radius + 2, by_cell.shape[1]))
    np.add.at(dense, (row + 1, column + 1), by_cell)
    # four look-ups a cell, whatever the radius
    summed = dense.cumsum(0).cumsum(1)
    top, left, bottom, right = row - radius, column - radius, row + radius + 1, column + radius + 1
    out = summed[bottom, right] - summed[top, right] - summed[bottom, left] + summed[top, left]
    return np.asarray(out)


def _cell_size(tables: Tables) -> float:
    """Return the side of a cell, m: the smallest step between the cells' coordinates."""
    steps = np.diff(np.unique(np.concatenate([tables.cells.x, tables.cells.x.min(keepdims=True)])))
    steps = steps[steps > 1e-3]
    return float(steps.min()) if steps.size else 100.0


def _appeal(state: CityState) -> Array:
    """Return each area's utility to everyone: safety, service and nearness to jobs."""
    tables, preferences = state.tables, state.preferences.housing
    areas = tables.areas
    appeal = preferences.safety * areas.safety.astype(float) + preferences.service * areas.service
    if preferences.commute and tables.workplaces.jobs.sum() > 0:
        at, jobs = tables.workplaces.cell, np.maximum(tables.workplaces.jobs, 0)
        x = np.average(tables.cells.x[at], weights=jobs)
        y = np.average(tables.cells.y[at], weights=jobs)
        appeal -= preferences.commute * np.hypot(areas.x - x, areas.y - y) / 1000.0
    return np.asarray(appeal)


def _school_reputation(tables: Tables) -> Array:
    """Return the published merit value of each area's school, in SD over schools; 0 if unknown.

    It is the school whose catchment a council has drawn around the area, and otherwise the nearest.
    """
    schools = tables.schools
    rows = np.flatnonzero((schools.id != NONE) & np.isfinite(schools.published_merit))
    if rows.size < 2 or np.ptp(schools.published_merit[rows]) == 0:
        return np.zeros(tables.areas.id.size)
    merit = schools.published_merit[rows].astype(float)
    at = schools.cell[rows]
    dx = tables.areas.x[:, None] - tables.cells.x[at]
    dy = tables.areas.y[:, None] - tables.cells.y[at]
    # of two schools equally near the smaller id, whatever the order of rows
    order = np.argsort(schools.id[rows])
    its = order[np.argmin((dx * dx + dy * dy)[:, order], axis=1)]
    ids, drawn = schools.id[rows][order], tables.areas.catchment_upper
    place = np.minimum(np.searchsorted(ids, drawn), order.size - 1)
    its = np.where(ids[place] == drawn, order[place], its)
    return np.asarray(((merit - merit.mean()) / merit.std())[its])
