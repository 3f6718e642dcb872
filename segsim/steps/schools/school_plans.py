"""What a council plans for its schools: new ones, closures, and where the pupils of those go."""

import numpy as np

from segsim.kernels.draws import Stream, identities, uniforms
from segsim.rules.schools import ClosurePlan
from segsim.state import CityState
from segsim.steps.schools.enrolment import GRADES, PupilRoll, list_pupils, school_order
from segsim.steps.schools.school_supply import add_schools, close_schools
from segsim.tables import NONE, Array, Provider, municipality_of_cells


def carry_out_openings(state: CityState) -> None:
    """Open the schools that policies open this year, each where most children of its area live."""
    opened = 0
    for plan in state.rules.schools.openings:
        areas, cells = np.array(plan.areas, np.int64), state.tables.cells
        ids = identities(Stream.ID_PLANNED_SCHOOL, 0, state.year, opened, areas.size)
        opened += areas.size
        children = np.bincount(list_pupils(state, school_order(state)).cell, minlength=cells.id.size)
        # of two cells with as many, that of lower id, whatever the order of rows
        ranked = np.lexsort((cells.id, -children))
        sites = [ranked[cells.area[ranked] == area][0] for area in areas]
        rows = add_schools(state, ids)
        schools = state.tables.schools
        schools.cell[rows], schools.provider[rows] = sites, Provider.MUNICIPAL
        schools.first_grade[rows], schools.last_grade[rows] = plan.first_grade, plan.last_grade
        schools.capacity[rows] = plan.seats


def carry_out_closures(state: CityState) -> None:
    """Close the schools that policies close, make room elsewhere, and count who is displaced.

    Their pupils seek a seat in the autumn by the ordinary admission, but those who leave for an independent
    school.
    """
    for plan in state.rules.schools.closures:
        order = school_order(state)
        closing = _list_closing(state, order, plan)
        if closing.any():
            _close(state, order, closing, plan)


def _list_closing(state: CityState, order: Array, plan: ClosurePlan) -> Array:
    """Return which schools close: those of the plan, but the last municipal one with a grade."""
    schools, teaches = state.tables.schools, _list_grades(state, order)
    municipal, closing = schools.provider[order] == Provider.MUNICIPAL, np.zeros(order.size, np.bool_)
    municipality = municipality_of_cells(state.tables)[schools.cell[order]]
    for key in plan.schools:
        at = schools.id[order] == key
        # the law asks a municipality for a place in every grade
        own = municipal & np.isin(municipality, municipality[at])
        left = teaches[own & ~closing & ~at].any(axis=0)
        is_needed = bool((teaches[at] & ~left).any())
        closing |= at & (not is_needed)
        state.flows["schools.kept_open"] += is_needed
    return closing


def _close(state: CityState, order: Array, closing: Array, plan: ClosurePlan) -> None:
    """Carry out one plan."""
    schools, persons, flows = state.tables.schools, state.tables.persons, state.flows
    teaches = _list_grades(state, order)
    municipality = municipality_of_cells(state.tables)[schools.cell[order]]
    stays = ~closing & (schools.provider[order] == Provider.MUNICIPAL)
    stays &= np.isin(municipality, municipality[closing])
    roll = list_pupils(state, order)
    displaced = roll.select((roll.school != NONE) & closing[roll.school])
    persons.achievement[displaced.rows] += np.float32(plan.achievement)
    flows["schools.displaced"] += displaced.rows.size
    left = _leave_for_independent(state, order, displaced, teaches, plan)
    flows["schools.left_for_independent"] += left.sum()
    receives = np.isin(schools.id[order], plan.receivers) & ~closing if plan.receivers else stays
    _add_seats(state, order, receives, teaches, displaced.select(~left))
    close_schools(state, order[closing])


def _list_grades(state: CityState, order: Array) -> Array:
    """Return whether each school teaches each grade (schools x grades)."""
    schools, grade = state.tables.schools, np.arange(GRADES)
    first, last = schools.first_grade[order], schools.last_grade[order]
    return np.asarray((first[:, None] <= grade) & (grade <= last[:, None]))


def _leave_for_independent(
    state: CityState, order: Array, displaced: PupilRoll, teaches: Array, plan: ClosurePlan
) -> Array:
    """Let a share go to the nearest independent school with their grade; return who does."""
    schools, cells, persons = state.tables.schools, state.tables.cells, state.tables.persons
    draw = uniforms(state.key, Stream.CLOSURE_EXIT, state.year, displaced.id, 0)
    leaves = draw < np.array(plan.exit_to_independent)[displaced.education]
    is_open = (schools.provider[order] == Provider.INDEPENDENT) & ~np.isin(schools.id[order], plan.schools)
    x, y = cells.x.astype(np.float64), cells.y.astype(np.float64)
    at = schools.cell[order]
    far = np.hypot(x[displaced.cell][:, None] - x[at], y[displaced.cell][:, None] - y[at])
    far[~(is_open & teaches[:, displaced.grade].T)] = np.inf
    leaves &= np.isfinite(far).any(axis=1)
    if leaves.any():
        persons.school[displaced.rows[leaves]] = order[far[leaves].argmin(axis=1)]
    return np.asarray(leaves)


def _add_seats(state: CityState, order: Array, receives: Array, teaches: Array, displaced: PupilRoll) -> None:
    """Share the displaced of each grade equally among the receivers that teach it, as seats."""
    pupils = np.bincount(displaced.grade, minlength=GRADES)
    receivers = np.maximum((receives[:, None] & teaches).sum(axis=0), 1)
    # seats are the same in every grade, so the largest grade sets them
    added = (np.ceil(pupils / receivers) * teaches).max(axis=1) * receives
    state.tables.schools.capacity[order] += added.astype(np.int32)
