"""Catchments of municipal schools: which school an area belongs to, when a council draws them anew."""

from typing import NamedTuple

import numpy as np

from segsim.rules.school_plans import RedrawTerms
from segsim.state import CityState
from segsim.steps.housing.stock import dwelling_areas
from segsim.steps.schools.enrolment import PupilRoll, exact_sums, list_pupils, school_order
from segsim.tables import NONE, Array, Provider, live

SPANS = ((0, 6), (7, 9))
"""The grades for which an area has a school of its own: the lower and the upper ones."""
_LEAST_GAIN = 1e-9


class CatchmentMap(NamedTuple):
    """The areas and municipal schools of a span of grades, by ascending id."""

    areas: Array  # int64, rows
    schools: Array  # int64, rows
    home: Array  # int64 (areas,), municipality
    km: Array  # float64 (areas, schools), from the population centre; infinite to another municipality's
    pupils: Array  # float64 (areas,), expected at municipal schools
    total: Array  # float64 (areas,), sum of their trait
    seats: Array  # float64 (schools,)


def redraw_catchments(state: CityState) -> None:
    """Draw the catchments that the rules ask for; without rules they lapse, and the nearest school counts."""
    redraws, areas = state.rules.schools.catchments, state.tables.areas
    columns = (areas.catchment_lower, areas.catchment_upper)
    if not redraws:
        for column in columns:
            column[:] = NONE
        return
    roll = list_pupils(state, school_order(state))
    for span, column in zip(SPANS, columns, strict=True):
        column[~np.isin(column, state.tables.schools.id)] = NONE  # of schools that have closed
        for redraw in redraws:
            _redraw(state, roll, span, column, redraw)


def _redraw(
    state: CityState, roll: PupilRoll, span: tuple[int, int], column: Array, redraw: RedrawTerms
) -> None:
    """Carry out one redraw of a span of grades, in the areas whose turn it is."""
    due = _list_due(state, redraw, column)
    town = describe_map(state, roll, span, redraw.trait)
    if not (due.size and town.schools.size):
        return
    is_due = np.isin(town.areas, due)
    is_due &= np.isfinite(town.km).any(axis=1)
    given = draw_catchments(town, is_due, place_areas(state, town, column), redraw.max_extra_km)
    column[town.areas[is_due]] = state.tables.schools.id[town.schools[given[is_due]]]
    moved = is_due & (given != town.km.argmin(axis=1))
    state.flows["schools.areas_redrawn"] += float(moved.sum())


def _list_due(state: CityState, redraw: RedrawTerms, column: Array) -> Array:
    """Return the rows of the areas that are drawn this year."""
    rows = np.array(redraw.areas, np.int64)
    if redraw.where_built:
        return rows[count_completed(state)[rows] > 0]
    since = state.year - redraw.first_year
    is_due = redraw.every_years > 0 and since % redraw.every_years == 0
    return rows if is_due else rows[column[rows] == NONE]


def count_completed(state: CityState) -> Array:
    """Return the dwellings of each area completed last year, the latest that stand in the autumn."""
    dwellings = state.tables.dwellings
    rows = np.flatnonzero((dwellings.id != NONE) & (dwellings.built == state.year - 1))
    return np.bincount(dwelling_areas(state.tables)[rows], minlength=state.tables.areas.id.size)


def describe_map(state: CityState, roll: PupilRoll, span: tuple[int, int], trait: str) -> CatchmentMap:
    """Return what is known of the areas and the municipal schools of a span of grades."""
    areas, cells, schools = state.tables.areas, state.tables.cells, state.tables.schools
    rows, order = live(areas), school_order(state)
    # by id, so that of two equally good the same one is taken whatever the order of rows
    rows = rows[np.argsort(areas.id[rows])]
    municipal = schools.provider[order] == Provider.MUNICIPAL
    at = order[municipal & (schools.first_grade[order] <= span[0]) & (schools.last_grade[order] >= span[1])]
    pupils = roll.select((roll.grade >= span[0]) & (roll.grade <= span[1]))
    values = (pupils.education if trait == "education" else pupils.kind).astype(np.float64)
    lives_in = cells.area[pupils.cell]
    count = np.bincount(lives_in, minlength=areas.id.size)[rows].astype(np.float64)
    total = exact_sums(lives_in, values, areas.id.size)[rows]
    attended = pupils.school[pupils.school != NONE]
    # some of an area's children go to independent schools, whichever its catchment
    share = municipal[attended].mean() if attended.size else 1.0
    x, y = cells.x[schools.cell[at]].astype(np.float64), cells.y[schools.cell[at]].astype(np.float64)
    km = np.hypot(areas.x[rows, None] - x, areas.y[rows, None] - y) / 1000
    home_of, school_of = areas.municipality[rows], areas.municipality[cells.area[schools.cell[at]]]
    km[home_of[:, None] != school_of] = np.inf
    seats = schools.capacity[at] * (span[1] - span[0] + 1.0)
    return CatchmentMap(rows, at, home_of.astype(np.int64), km, share * count, share * total, seats)


def place_areas(state: CityState, town: CatchmentMap, column: Array) -> Array:
    """Return the school of each area as it is, by its place in the map: the redrawn one or the nearest."""
    ids = state.tables.schools.id[town.schools]
    place = np.minimum(np.searchsorted(ids, column[town.areas]), ids.size - 1)
    return np.where(ids[place] == column[town.areas], place, town.km.argmin(axis=1))


def draw_catchments(town: CatchmentMap, is_due: Array, place: Array, max_extra_km: float) -> Array:
    """Return the school of each area when those due are moved, one at a time, to where they even out most.

    With n pupils and the sum t of their trait at a school and its municipality's mean M, what is lowered is
    the sum over schools of n (t / n - M)^2 = (t - M n)^2 / n, by the best move of one area at a time, to a
    school that has seats for it, until none lowers it.
    """
    mean = np.bincount(town.home, town.total) / np.maximum(np.bincount(town.home, town.pupils), 1e-6)
    excess = town.total - mean[town.home] * town.pupils
    near = np.isfinite(town.km) & (town.km <= town.km.min(axis=1, keepdims=True) + max_extra_km)
    here, n_schools = np.arange(town.areas.size), town.schools.size
    # what is due begins anew, from the nearest
    place = np.where(is_due, town.km.argmin(axis=1), place)
    for _ in range(4 * town.areas.size):
        n, t = np.bincount(place, town.pupils, n_schools), np.bincount(place, excess, n_schools)
        apart, there = _spread(t, n), n + town.pupils[:, None]
        leaving = _spread(t[place] - excess, n[place] - town.pupils) - apart[place]
        gain = leaving[:, None] + _spread(t + excess[:, None], there) - apart
        may = near & is_due[:, None] & (there <= town.seats)
        may[here, place] = False
        best = int(np.where(may, gain, np.inf).argmin())
        area, school = divmod(best, n_schools)
        if not may[area, school] or gain[area, school] >= -_LEAST_GAIN:
            break
        place[area] = school
    return place


def _spread(excess: Array, pupils: Array) -> Array:
    """Return how far a school's mean lies from the city's, squared, times its pupils; 0 without pupils."""
    return np.asarray(np.where(pupils > 1e-6, excess**2 / np.maximum(pupils, 1e-6), 0.0))


def find_catchments(state: CityState, campus_ids: Array, cell: Array, grade: Array) -> Array:
    """Return the school whose redrawn catchment each home lies in, by its place among ids; NONE: nearest."""
    areas = state.tables.areas
    out = np.full(cell.size, NONE, np.int32)
    for (first, last), column in zip(SPANS, (areas.catchment_lower, areas.catchment_upper), strict=True):
        if (column != NONE).any():
            mine = (grade >= first) & (grade <= last)
            school = column[state.tables.cells.area[cell[mine]]]
            place = np.minimum(np.searchsorted(campus_ids, school), campus_ids.size - 1)
            out[mine] = np.where(campus_ids[place] == school, place, NONE)
    return out
