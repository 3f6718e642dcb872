"""Contract control: contracts made outside the queue are detected and end; the queue gets the dwellings."""

import numpy as np

from segsim.kernels.draws import Stream, uniforms
from segsim.rules.housing import ContractInspection
from segsim.state import CityState
from segsim.steps.housing.lodging import NEAR, build_host_ring, find_hosts, send_away
from segsim.steps.housing.residence import household_areas
from segsim.tables import NONE, Array, Contract, Tenure, mark_rows, release


def settle(state: CityState) -> None:
    """Draw which rentals were let outside the queue before the start, at the share of lettings (assumed)."""
    dwellings, rules = state.tables.dwellings, state.rules.housing
    let = np.flatnonzero((dwellings.id != NONE) & (dwellings.occupant != NONE))
    share = np.array([rules.illegal_share_public, rules.illegal_share_private, 0.0, 0.0])
    drawn = uniforms(state.key, Stream.FIRST_CONTRACT, state.start_year, dwellings.id[let], 0)
    dwellings.contract[let[drawn < share[dwellings.tenure[let]]]] = Contract.UNLAWFUL


def step(state: CityState) -> None:
    """End the contracts that the year's controls come to the end of."""
    controls = state.rules.housing.contract_controls
    if not controls:
        return
    for name in ("recovered", "lost_roof", "lost_roof_persons"):
        state.flows[f"contract_control.{name}"] += 0.0  # a year without a case says so
    rows = find_unlawful(state)
    area = state.tables.cells.area[state.tables.dwellings.cell[rows]]
    ends, n_areas = np.zeros(rows.size, bool), state.tables.areas.id.size
    for control in controls:
        ends |= mark_rows(control.areas, n_areas)[area] & _ends_this_year(state, control, rows)
    if ends.any():
        _end_contracts(state, rows[ends])


def find_unlawful(state: CityState) -> Array:
    """Return the rows of rentals whose occupant has its contract outside the queue."""
    dwellings = state.tables.dwellings
    is_let = (dwellings.id != NONE) & (dwellings.occupant != NONE)
    is_rental = dwellings.tenure <= Tenure.PRIVATE_RENTAL
    return np.flatnonzero(is_let & is_rental & (dwellings.contract == Contract.UNLAWFUL))


def _ends_this_year(state: CityState, control: ContractInspection, rows: Array) -> Array:
    """Return which contracts are detected and given up this year, or were contested and end now."""
    detected, contested = _draw_cases(state, control, rows, state.year)
    if control.delay_years == 0:
        return detected
    begun = state.year - control.delay_years
    # drawn anew for the year the case began, so that no case need be kept
    earlier, was_contested = _draw_cases(state, control, rows, begun)
    occupant = state.tables.dwellings.occupant[rows]
    is_same = (state.tables.households.moved[occupant] < begun) & (begun >= control.first_year)
    return (detected & ~contested) | (earlier & was_contested & is_same)


def _draw_cases(state: CityState, control: ContractInspection, rows: Array, year: int) -> tuple[Array, Array]:
    """Return whether each contract is detected in a year, and whether its holder would contest that."""
    ids = state.tables.dwellings.id[rows]
    detected = uniforms(state.key, Stream.CONTRACT_CONTROL, year, ids, 0) < control.detect_rate
    return detected, uniforms(state.key, Stream.CONTRACT_CONTESTED, year, ids, 0) < control.contested_share


def _end_contracts(state: CityState, rows: Array) -> None:
    """Leave the dwellings to the queue; holders and their lodgers lodge nearby, or leave the city."""
    dwellings, households = state.tables.dwellings, state.tables.households
    area = household_areas(state.tables)
    # one place more, for the -1 of who lodges with nobody
    loses = np.zeros(households.id.size + 1, bool)
    loses[dwellings.occupant[rows]] = True
    loses[:-1] |= loses[households.lodging_with]
    losers = np.flatnonzero(loses)
    households.home[dwellings.occupant[rows]] = NONE
    dwellings.occupant[rows] = NONE
    dwellings.vacant_since[rows] = state.year
    dwellings.contract[rows] = Contract.RECOVERED
    state.flows["contract_control.recovered"] += float(rows.size)
    state.flows["contract_control.lost_roof"] += float(losers.size)
    state.flows["contract_control.lost_roof_persons"] += float(households.size[losers].sum())
    hosts = build_host_ring(state).select_hosts(state)
    ids, group = households.id[losers], households.group[losers]
    host = find_hosts(state, hosts, ids, area[losers], group, NEAR)
    households.lodging_with[losers] = host
    send_away(state, losers[host == NONE])
    release(households, losers[host == NONE])
