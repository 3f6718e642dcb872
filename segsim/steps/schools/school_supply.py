"""Schools themselves: their quality drifts; municipal seats follow children, independent schools demand."""

import numpy as np

from segsim.kernels.draws import Stream, identities, normals, uniforms
from segsim.state import CityState
from segsim.steps.schools.enrolment import (
    FIRST_AGE,
    LAST_AGE,
    PupilRoll,
    exact_means,
    list_pupils,
    school_order,
)
from segsim.steps.schools.funding import standard_scores
from segsim.tables import (
    NONE,
    Array,
    Education,
    Provider,
    live,
    mark_rows,
    municipality_of_cells,
    release,
    with_free_rows,
)


def write_composition(state: CityState, order: Array, roll: PupilRoll) -> None:
    """Write the composition of the schools, as it will be known to those who choose next."""
    schools, attends = state.tables.schools, roll.select(roll.school != NONE)
    schools.own_share[order] = exact_means(attends.school, attends.kind, order.size)
    schools.ses[order] = exact_means(attends.school, attends.education, order.size)
    educated = attends.education >= Education.SHORT_POST_SECONDARY
    schools.educated_share[order] = exact_means(attends.school, educated, order.size)


def drift_quality(state: CityState, order: Array, pupils: Array) -> None:
    """Move each school's true quality towards what its teachers' sorting gives, with chance.

    The deviation e from mean + teacher_sorting * z(parental education), taken over all the grades a school
    teaches, becomes persistence * e + sqrt(1 - persistence^2) * SD(e) * normal: its spread stays.
    """
    schools, quality = state.tables.schools, state.preferences.schools.quality
    yearly = schools.quality[order].astype(np.float64)
    # of pupils, not of schools: the city's level must not drift as small schools come and go
    mean = np.average(yearly, weights=pupils) if pupils.sum() > 0 else yearly.mean()
    target = mean + quality.teacher_sorting * standard_scores(schools.ses[order].astype(np.float64))
    grades = schools.last_grade[order] - schools.first_grade[order] + 1.0
    # in what a whole schooling gives, or schools of few grades would count for less
    deviation = (yearly - target) * grades
    new = quality.persistence * deviation
    new += np.sqrt(1 - quality.persistence**2) * deviation.std() * draw_quality(state, schools.id[order])
    schools.quality[order] = target + new / grades


def draw_quality(state: CityState, ids: Array) -> Array:
    """Return one keyed standard normal per school and year."""
    return normals(state.key, Stream.SCHOOL_QUALITY, state.year, ids, 0)


def change_supply(state: CityState, order: Array, taken: Array) -> None:
    """Let independent schools close, shrink, grow and open, and municipal ones have seats for the children.

    Pupils of a closed school have none. Every municipal school gets seats, or loses empty ones, in step with
    the children of its municipality, which must have a place for each (Education Act 2010:800, 10:24).

    `taken` is the pupils of each school and grade in the school year that ended (schools x grades).
    """
    schools, rules = state.tables.schools, state.rules.schools.independent
    # of the first grade, where demand shows first: higher grades are those of years ago
    fill = taken[np.arange(order.size), schools.first_grade[order]] / np.maximum(schools.capacity[order], 1)
    independent = schools.provider[order] == Provider.INDEPENDENT
    ids = schools.id[order]
    closing = uniforms(state.key, Stream.SCHOOL_CLOSING, state.year, ids, 0) < rules.closing_rate
    closing &= independent & (fill < rules.closing_fill)
    may_grow = _independent_share(state, order) < rules.share_limit
    part = uniforms(state.key, Stream.SCHOOL_SEATS, state.year, ids, 0)
    grows, shrinks = independent & (fill >= 1) & may_grow, independent & (fill < rules.low_fill)
    none = np.zeros(len(state.municipality_names))
    growth = state.local_flows.get("growth.school_age", none)
    growth = growth[municipality_of_cells(state.tables)[schools.cell[order]]]
    follows = state.rules.schools.municipal_seats_follow * growth
    change = np.where(grows, rules.growth, np.where(shrinks, -rules.shrinkage, 0.0))
    change = np.where(independent, change, follows)
    # rounded by chance: half a percent of 50 seats is none in most years
    seats = np.floor(schools.capacity[order] * (1 + change) + part)
    seats = np.where(change == 0, schools.capacity[order], np.maximum(seats, taken.max(axis=1)))
    schools.capacity[order] = np.maximum(seats, 1)
    close_schools(state, order[closing])
    if may_grow:
        _open_schools(state, order.size)


def _independent_share(state: CityState, order: Array) -> float:
    """Return the independent schools' share of all seats."""
    schools = state.tables.schools
    seats = schools.capacity[order] * (schools.last_grade[order] - schools.first_grade[order] + 1.0)
    return float(seats[schools.provider[order] == Provider.INDEPENDENT].sum() / max(seats.sum(), 1.0))


def close_schools(state: CityState, rows: Array) -> None:
    """Close schools; their pupils will seek a seat elsewhere."""
    persons = state.tables.persons
    persons.school[mark_rows(rows, state.tables.schools.id.size)[persons.school]] = NONE
    release(state.tables.schools, rows)
    state.flows["schools.closed"] += rows.size


def _open_schools(state: CityState, n_schools: int) -> None:
    """Open this year's new independent schools, in proportion to the children of the areas allowed."""
    rules, year, key = state.rules.schools.independent, state.year, state.key
    expected = rules.opening_rate * n_schools / 100
    n = int(np.floor(expected + uniforms(key, Stream.SCHOOL_OPENING, year, np.zeros(1, np.int64), 0)[0]))
    cells, weight = _sites(state)
    if n == 0 or weight.sum() == 0:
        return
    # by number within the year, as their ids are: nothing else is known of a school to come
    index = np.arange(n)
    draw = uniforms(key, Stream.SCHOOL_SITE, year, index, 0) * weight.sum()
    rows = add_schools(state, identities(Stream.ID_NEW_SCHOOL, 0, year, 0, n))
    schools = state.tables.schools
    schools.cell[rows] = cells[np.searchsorted(np.cumsum(weight), draw, side="right")]
    schools.provider[rows] = Provider.INDEPENDENT
    schools.first_grade[rows], schools.last_grade[rows] = 0, LAST_AGE - FIRST_AGE
    schools.capacity[rows] = rules.opening_seats


def add_schools(state: CityState, ids: Array) -> Array:
    """Add schools of average quality, give or take chance; return their rows, where the rest is written."""
    state.tables.schools, rows = with_free_rows(state.tables.schools, ids.size)
    schools = state.tables.schools
    known = live(schools)
    # sorted, so that the mean does not depend on the order of rows
    mean_quality = np.sort(schools.quality[known]).mean() if known.size else 0.0
    schools.id[rows] = ids
    spread = state.preferences.schools.quality.spread
    schools.quality[rows] = mean_quality + spread * draw_quality(state, schools.id[rows])
    schools.resources[rows] = 0.0
    schools.teacher_density[rows] = state.rules.schools.teacher_density
    state.flows["schools.opened"] += ids.size
    return rows


def _sites(state: CityState) -> tuple[Array, Array]:
    """Return the cells in the order of their ids and how many children of school age live in each."""
    cells, areas = state.tables.cells, state.rules.schools.independent.opening_areas
    rows = live(cells)
    # so that a draw names the same cell whatever the order of rows
    rows = rows[np.argsort(cells.id[rows])]
    children = np.bincount(list_pupils(state, school_order(state)).cell, minlength=cells.id.size)[rows]
    if areas is not None:
        children = children * np.isin(cells.area[rows], areas)
    return rows, children
