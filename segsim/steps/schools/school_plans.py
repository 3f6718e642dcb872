"""What is planned for schools: new ones, moves, closures and what follows, seats where homes are built."""

from collections.abc import Sequence

import numpy as np

from segsim.kernels.draws import Stream, identities, uniforms
from segsim.rules.school_plans import ClosurePlan, SchoolChange, SeatPlan
from segsim.state import CityState
from segsim.steps.schools.catchments import SPANS, CatchmentMap, count_completed, describe_map, place_areas
from segsim.steps.schools.enrolment import GRADES, PupilRoll, list_pupils, school_order
from segsim.steps.schools.funding import standard_scores
from segsim.steps.schools.school_supply import add_schools, close_schools
from segsim.tables import NONE, Array, Provider, municipality_of_cells

FAR_APART = 1.0
"""SD between municipal schools by which a school's mean parental education differs much from the mean."""

Placed = tuple[CatchmentMap, Array, int]
"""A map of a span of grades, the school of each of its areas, and how many grades it has."""


def carry_out_openings(state: CityState) -> None:
    """Open and move schools as policies say, each to where most children of its areas live."""
    opened = 0
    for plan in state.rules.schools.openings:
        ids = identities(Stream.ID_PLANNED_SCHOOL, 0, state.year, opened, len(plan.areas))
        opened += len(plan.areas)
        sites = [_find_site(state, (area,)) for area in plan.areas]
        rows = add_schools(state, ids)
        schools = state.tables.schools
        schools.cell[rows], schools.provider[rows] = sites, Provider.MUNICIPAL
        schools.first_grade[rows], schools.last_grade[rows] = plan.first_grade, plan.last_grade
        schools.capacity[rows] = plan.seats
    for change in state.rules.schools.changes:
        if change.change == "open":
            _open_named(state, change)
        elif change.change == "move":
            site, schools = _find_site(state, change.areas), state.tables.schools
            schools.cell[schools.id == change.school] = site


def _open_named(state: CityState, change: SchoolChange) -> None:
    """Open one school of a plan by year."""
    site, row = _find_site(state, change.areas), add_schools(state, np.array([change.school]))
    schools = state.tables.schools
    schools.cell[row], schools.provider[row] = site, Provider[change.provider.upper()]
    schools.first_grade[row], schools.last_grade[row] = change.first_grade, change.last_grade
    schools.capacity[row] = change.seats


def _find_site(state: CityState, areas: Sequence[int]) -> int:
    """Return the cell of some areas where most children of school age live."""
    cells = state.tables.cells
    children = np.bincount(list_pupils(state, school_order(state)).cell, minlength=cells.id.size)
    # of two cells with as many, that of lower id, whatever the order of rows
    ranked = np.lexsort((cells.id, -children))
    return int(ranked[np.isin(cells.area[ranked], areas) & (cells.id[ranked] != NONE)][0])


def close_small_schools(state: CityState) -> None:
    """Close the municipal schools with fewer pupils than the rules ask for, the smallest first."""
    fewest, schools = state.rules.schools.smallest_municipal, state.tables.schools
    order = school_order(state)
    roll = list_pupils(state, order)
    pupils = np.bincount(roll.school[roll.school != NONE], minlength=order.size)
    small = (schools.provider[order] == Provider.MUNICIPAL) & (pupils < fewest)
    if small.any():
        ranked = np.flatnonzero(small)[np.argsort(pupils[small], kind="stable")]
        _carry_out_closure(state, ClosurePlan(schools=tuple(schools.id[order[ranked]].tolist())))


def carry_out_closures(state: CityState) -> None:
    """Close the schools that policies close, make room elsewhere, and count who is displaced.

    Their pupils seek a seat in the autumn by the ordinary admission, but those who leave for an independent
    school.
    """
    for plan in state.rules.schools.closures:
        _carry_out_closure(state, plan)
    closed = tuple(one.school for one in state.rules.schools.changes if one.change == "close")
    if closed:
        _carry_out_closure(state, ClosurePlan(schools=closed))


def resize_schools(state: CityState) -> None:
    """Give schools the seats that a plan by year says they have from this year on."""
    schools = state.tables.schools
    for change in state.rules.schools.changes:
        if change.change == "resize":
            schools.capacity[schools.id == change.school] = change.seats


def _carry_out_closure(state: CityState, plan: ClosurePlan) -> None:
    """Close the schools of a plan that there are and that may close."""
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
    _set_back(state, displaced.rows, plan)
    flows["schools.displaced"] += displaced.rows.size
    left = _leave_for_independent(state, order, displaced, teaches, plan)
    flows["schools.left_for_independent"] += left.sum()
    persons.is_unfunded[displaced.rows[~left]] = not plan.resources_follow_pupil
    receives = np.isin(schools.id[order], plan.receivers) & ~closing if plan.receivers else stays
    _add_seats(state, order, receives, teaches, displaced.select(~left))
    close_schools(state, order[closing])


def _set_back(state: CityState, rows: Array, plan: ClosurePlan) -> None:
    """Note what the move does to the results of the displaced, and for how long; an earlier one adds."""
    persons = state.tables.persons
    still = persons.setback_until[rows] > state.year
    persons.setback[rows] = persons.setback[rows] * still + np.float32(plan.achievement)
    ends = np.int16(state.year + plan.disruption_years)
    persons.setback_until[rows] = np.maximum(persons.setback_until[rows], ends)


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


def align_with_plans(state: CityState) -> None:
    """Add the seats that rules ask for where homes were completed, and note where seats or mix conflict."""
    plans, areas = state.rules.schools.seat_plans, state.tables.areas
    if not plans:
        return
    roll = list_pupils(state, school_order(state))
    children = count_completed(state) * count_children(state, roll)
    placed: list[Placed] = []
    for (first, last), column in zip(SPANS, (areas.catchment_lower, areas.catchment_upper), strict=True):
        town = describe_map(state, roll, (first, last), "education")
        if town.schools.size:
            placed.append((town, place_areas(state, town, column), last - first + 1))
    for number, plan in enumerate(plans):
        _align_seats(state, placed, children, plan, number)


def count_children(state: CityState, roll: PupilRoll) -> float:
    """Return how many children of a grade an occupied dwelling has, as in the whole city."""
    occupied = (state.tables.dwellings.occupant != NONE).sum()
    return roll.rows.size / GRADES / max(float(occupied), 1.0)


def _align_seats(
    state: CityState, placed: list[Placed], children: Array, plan: SeatPlan, number: int
) -> None:
    """Carry out one plan: add its seats, and note its areas with new homes and those in conflict."""
    schools, flows, n = state.tables.schools, state.flows, state.tables.areas.id.size
    is_new = np.isin(np.arange(n), plan.areas) & (children > 0)
    wanted = np.zeros(schools.id.size)
    for town, place, _ in placed:
        expected = np.bincount(place, np.where(is_new, children, 0.0)[town.areas], town.schools.size)
        # seats are the same in every grade, so the span that needs most sets them
        wanted[town.schools] = np.maximum(wanted[town.schools], expected)
    # rounded by chance: a dwelling has a small part of a child in each grade
    luck = uniforms(state.key, Stream.PLAN_SEATS, state.year, schools.id, number)
    added = np.where(wanted > 0, np.floor(plan.share * wanted + luck), 0.0).astype(np.int32)
    schools.capacity[:] += added
    lacks, is_uneven = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    for town, place, grades in placed:
        seats = schools.capacity[town.schools] * grades
        lacks[town.areas] |= (np.bincount(place, town.pupils, town.schools.size) > seats)[place]
        apart = np.abs(standard_scores(schools.ses[town.schools].astype(np.float64)))
        is_uneven[town.areas] |= (apart > FAR_APART)[place]
    flows["alignment.areas"] += float(is_new.sum())
    flows["alignment.seats"] += float(added.sum())
    flows["alignment.no_seats"] += float((is_new & lacks).sum())
    flows["alignment.uneven"] += float((is_new & is_uneven).sum())
