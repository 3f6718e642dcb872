"""Reception: with whom newcomers lodge at first, by lodging of their own or where refugees are assigned."""

import numpy as np

from segsim.groups import is_foreign
from segsim.kernels.draws import Stream, uniforms
from segsim.rules.demography import DemographyRules, Spread
from segsim.state import CityState
from segsim.steps.housing.lodging import CO_ETHNIC, NEAR, HostRing, Hosts, find_hosts
from segsim.tables import NONE, Array

_SETTLING_YEARS = 4  # years for which moves after reception were followed: the first and three more


def find_newcomer_hosts(
    state: CityState, ring: HostRing, ids: Array, group: Array, is_refugee: Array
) -> tuple[Array, Array]:
    """Return the host of each newcomer household, and whether it was assigned to it.

    Households find one of their own group, but for assigned refugees, who are received where the rules say.
    """
    rules, hosts = state.rules.demography, ring.select_hosts(state)
    draw = uniforms(state.key, Stream.OWN_HOUSING, state.year, ids, 0)
    assigned = is_refugee & (draw >= own_housing_share(rules))
    host = find_hosts(state, hosts, ids, np.zeros(ids.size, np.int64), group, CO_ETHNIC)
    if rules.own_housing_limits:
        own = np.flatnonzero(is_refugee & ~assigned)
        host[own] = _avoid_listed_areas(state, ring, ids[own], group[own], host[own])
        assigned |= is_refugee & (host == NONE)
    if assigned.any():
        host[assigned] = _receive(state, ring, hosts, ids[assigned], group[assigned])
    return host, assigned


def own_housing_share(rules: DemographyRules) -> float:
    """Return the share of refugee households that find lodging of their own, all limits counted."""
    share = rules.own_housing_share
    for limit in rules.own_housing_limits:
        share += limit.strength * (limit.own_housing_share - share)
    return share


def leaves_after_reception(state: CityState) -> tuple[Array, Array]:
    """Return the assigned households that are still settling (rows), and their probability of leaving."""
    households, rates = state.tables.households, state.rules.demography.secondary_moves
    years = state.year - households.arrived
    is_settling = (households.id != NONE) & households.assigned & (years >= 1) & (years <= _SETTLING_YEARS)
    rows = np.flatnonzero(is_settling) if rates else np.empty(0, np.int64)
    first, later = rates or (0.0, 0.0)
    return rows, np.where(years[rows] == 1, first, later)


def _avoid_listed_areas(state: CityState, ring: HostRing, ids: Array, group: Array, host: Array) -> Array:
    """Return the hosts, others for the deterred who would lodge in a listed area; NONE if there is none."""
    deterrence = np.zeros(state.tables.areas.id.size)
    for limit in state.rules.demography.own_housing_limits:
        listed = np.array(limit.areas, np.int64)
        deterrence[listed] = np.maximum(deterrence[listed], limit.strength * limit.deterrence)
    if not deterrence.any():
        return host
    area = np.full(state.tables.households.id.size, NONE)
    area[ring.rows] = ring.area
    draw = uniforms(state.key, Stream.OWN_HOUSING_DETERRED, state.year, ids, 0)
    deterred = np.flatnonzero((host != NONE) & (draw < deterrence[area[host]]))
    state.flows["newcomers.deterred"] += float(deterred.size)
    hosts = _hosts_within(state, ring, deterrence == 0.0)
    nowhere = np.zeros(deterred.size, np.int64)
    out = host.copy()
    out[deterred] = find_hosts(state, hosts, ids[deterred], nowhere, group[deterred], CO_ETHNIC)
    return out


def _hosts_within(state: CityState, ring: HostRing, is_within: Array) -> Hosts:
    """Return the hosts who live in the areas marked."""
    among = np.zeros(state.tables.households.id.size, bool)
    among[ring.rows[is_within[ring.area]]] = True
    return ring.select_hosts(state, among)


def _receive(state: CityState, ring: HostRing, hosts: Hosts, ids: Array, group: Array) -> Array:
    """Return a host for each assigned household, by the receptions and, for the rest, the city's rule."""
    areas = state.tables.areas
    host = np.full(ids.size, NONE, np.int64)
    receptions = [reception for reception in state.rules.demography.receptions if reception.areas]
    # two receptions of all the assigned take half of them each
    edges = np.cumsum([reception.strength for reception in receptions])
    if receptions:
        edges = edges / max(edges[-1], 1.0)
    taken = np.searchsorted(edges, uniforms(state.key, Stream.RECEPTION, state.year, ids, 0), side="right")
    for n, reception in enumerate(receptions):
        rows, is_within = np.flatnonzero(taken == n), np.zeros(areas.id.size, bool)
        is_within[np.array(reception.areas)] = True
        within = _hosts_within(state, ring, is_within)
        host[rows] = _spread_over(state, within, is_within, reception.spread, ids[rows], group[rows])
    # those of no reception, and those for whom its areas have no host
    rest = np.flatnonzero(host == NONE)
    spread = state.rules.demography.assigned_to
    host[rest] = _spread_over(state, hosts, areas.id != NONE, spread, ids[rest], group[rest])
    return host


def _spread_over(
    state: CityState, hosts: Hosts, is_within: Array, spread: Spread, ids: Array, group: Array
) -> Array:
    """Return a host for each of the households, spread over the areas marked."""
    if not ids.size:
        return np.empty(0, np.int64)
    if spread == "population":
        return find_hosts(state, hosts, ids, np.zeros(ids.size, np.int64), group, ("city",))
    areas = state.tables.areas
    rows = np.flatnonzero((areas.id != NONE) & is_within)
    # by id, so that a drawn number names the same area whatever the order of rows
    rows = rows[np.argsort(areas.id[rows])]
    drawn = uniforms(state.key, Stream.ASSIGNED_AREA, state.year, ids, 0)
    place = (drawn * rows.size).astype(np.int64)
    if spread == "need":
        edges = np.cumsum(_count_swedish_background(state, hosts)[rows])
        if edges[-1] > 0:
            place = np.searchsorted(edges, drawn * edges[-1], side="right")
    return find_hosts(state, hosts, ids, rows[place], group, NEAR)


def _count_swedish_background(state: CityState, hosts: Hosts) -> Array:
    """Return the persons of each area who live with a host of Swedish background."""
    weight = np.where(is_foreign(state.groups)[hosts.group], 0, state.tables.households.size[hosts.rows])
    return np.bincount(hosts.area, weight, state.tables.areas.id.size)
