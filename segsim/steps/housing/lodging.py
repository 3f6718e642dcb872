"""Lodging: where a household without a home stays until the housing step finds it one."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from segsim.kernels.draws import Stream, uniforms
from segsim.kernels.host_ring import can_host, choose_on_ring
from segsim.state import CityState
from segsim.tables import NONE, Array, release

Within = Literal["area and group", "area", "group", "city"]
_LEVELS: tuple[Within, ...] = ("area and group", "area", "group", "city")

NEAR: tuple[Within, ...] = ("area and group", "area", "group", "city")
CO_ETHNIC: tuple[Within, ...] = ("group", "city")


@dataclass(frozen=True)
class Hosts:
    """Households that can take others in, in the order of their points on the ring."""

    rows: Array
    points: Array
    area: Array
    group: Array
    n_groups: int

    def buckets(self, within: Within, area: Array, group: Array) -> Array:
        """Return the number of the bucket that each (area, group) belongs to."""
        if within == "area and group":
            return np.asarray(area.astype(np.int64) * self.n_groups + group)
        if within == "area":
            return area.astype(np.int64)
        if within == "group":
            return group.astype(np.int64)
        return np.zeros(area.size, np.int64)


@dataclass(frozen=True)
class HostRing:
    """The households that had a home when the year began, in the order of a point each drew for the year.

    Nobody changes home before the housing step, so each stays in its area until then.
    """

    rows: Array
    points: Array
    area: Array

    def select_hosts(self, state: CityState, among: Array | None = None) -> Hosts:
        """Return those that still are somebody's household with a home, and among those asked for."""
        households, persons = state.tables.households, state.tables.persons
        is_host = np.empty(households.id.size, bool)
        can_host(persons.household, households.home, is_host)
        if among is not None:
            is_host &= among
        stays = is_host[self.rows]
        rows = self.rows[stays]
        return Hosts(rows, self.points[stays], self.area[stays], households.group[rows], len(state.groups))


def build_host_ring(state: CityState) -> HostRing:
    """Put every household with a home on the ring."""
    households, dwellings = state.tables.households, state.tables.dwellings
    rows = np.flatnonzero((households.id != NONE) & (households.home != NONE))
    # new points each year, or the same households would host all their lives
    points = uniforms(state.key, Stream.HOST_RING, state.year, households.id[rows], 0)
    order = np.argsort(points)
    rows = rows[order]
    return HostRing(rows, points[order], state.tables.cells.area[dwellings.cell[households.home[rows]]])


def find_hosts(
    state: CityState, hosts: Hosts, who: Array, area: Array, group: Array, within: tuple[Within, ...],
    avoided: Array | None = None,
) -> Array:  # fmt: skip
    """Return a host for each household id in `who`.

    Hosts are looked for within the first of `within` that has one: area (of those that seek) and group, area,
    group, city. A host is drawn from its bucket by the seeker's id, so that one host more or less changes the
    lodging of few. `avoided` names a household row that will not do. NONE where the city has no host.
    """
    host = np.full(who.size, NONE, np.int64)
    for level in within:
        seeking = np.flatnonzero(host == NONE)
        if not seeking.size or not hosts.rows.size:
            break
        of_host = hosts.buckets(level, hosts.area, hosts.group)
        bucket = hosts.buckets(level, area[seeking], group[seeking])
        n = int(max(of_host.max(), bucket.max())) + 1
        # only buckets that somebody asks for are sorted, not the whole city for a few seekers
        is_asked = np.zeros(n, bool)
        is_asked[bucket] = True
        asked = np.flatnonzero(is_asked[of_host])
        of_host = of_host[asked]
        # stable, so that hosts stay in the order of their points within a bucket; 16 bits sort by radix
        order = asked[np.argsort(of_host.astype(np.uint16) if n < 1 << 16 else of_host, kind="stable")]
        first = np.zeros(n + 1, np.int64)
        first[1:] = np.cumsum(np.bincount(of_host, minlength=n))
        # a draw for each level: failing in the own group must not fix the place on the ring of the area
        draws = uniforms(state.key, Stream.HOST, state.year, who[seeking], _LEVELS.index(level))
        not_this = np.full(seeking.size, NONE, np.int64)
        if avoided is not None:
            position = np.full(state.tables.households.id.size, NONE, np.int64)
            position[hosts.rows[order]] = np.arange(order.size)
            not_this = position[avoided[seeking]]
        chosen = np.empty(seeking.size, np.int64)
        choose_on_ring(first, hosts.points[order], bucket, draws, not_this, chosen)
        has = chosen != NONE
        host[seeking[has]] = hosts.rows[order[chosen[has]]]
    return host


def end_households(state: CityState, area: Array, ring: HostRing) -> None:
    """End every household without persons: its dwelling falls vacant, its lodgers find another host.

    `area` is where each household lived. Lodgers that find no host at all, because nobody in the city has a
    home, leave it.
    """
    tables, households = state.tables, state.tables.households
    is_live = households.id != NONE
    persons = tables.persons
    n_members = np.bincount(persons.household[persons.id != NONE], minlength=households.id.size)
    ended = np.flatnonzero(is_live & (n_members == 0))
    homes = households.home[ended]
    homes = homes[homes != NONE]
    tables.dwellings.occupant[homes] = NONE
    tables.dwellings.vacant_since[homes] = state.year
    # one place more, for the -1 of who lodges with nobody
    is_ended = np.zeros(is_live.size + 1, bool)
    is_ended[ended] = True
    host = households.lodging_with
    adrift = np.flatnonzero(is_live & (n_members > 0) & is_ended[host])
    # read before the hosts' rows are given back
    area_left, group = area[host[adrift]], households.group[adrift]
    release(households, ended)
    if adrift.size:
        new_host = find_hosts(state, ring.select_hosts(state), households.id[adrift], area_left, group, NEAR)
        households.lodging_with[adrift] = new_host
        send_away(state, adrift[new_host == NONE])
        release(households, adrift[new_host == NONE])


def send_away(state: CityState, rows: Array) -> Array:
    """Let the persons of whole households leave the city; return the persons' rows."""
    persons = state.tables.persons
    leaves = np.zeros(state.tables.households.id.size + 1, bool)
    leaves[rows] = True
    gone = np.flatnonzero(leaves[persons.household])
    release(persons, gone)
    state.flows["out_migration"] += gone.size
    return gone
