"""Newcomers: who moves into the city, from the rest of the country and from abroad."""

from dataclasses import dataclass

import numpy as np

from segsim.groups import is_foreign
from segsim.kernels.draws import Stream, identities_of, uniforms
from segsim.kernels.population.families import list_members
from segsim.kernels.population.newcomers import (
    CHILD_BANDS,
    DOMESTIC,
    DonorPool,
    Shortage,
    choose_donors,
    count_bands,
)
from segsim.rules.origins import OLDEST, ByOrigin, by_age, origin_name
from segsim.state import CityState
from segsim.steps.housing.lodging import HostRing
from segsim.steps.population.families import Families, draw_events, find_families
from segsim.steps.population.reception import find_newcomer_hosts
from segsim.tables import NONE, Activity, Array, Tenure, with_free_rows

KINDS = ("domestic", "labour", "family", "refugee")
_LABOUR, _FAMILY, _REFUGEE = 1, 2, 3
_BANDS = (7, 19, 30, 45, 65)
_BAND_OF_AGE = np.searchsorted(_BANDS, np.arange(OLDEST + 1), side="right").astype(np.int8)
# pool of five times as many as move in a year: each quota must find heads of its group among them
_WIDEST = 5.0


@dataclass(frozen=True)
class Composition:
    """How many persons of each group and age band, and how many households, a city has."""

    persons: Array
    n_households: int


def composition(state: CityState, year: int) -> Composition:
    """Count persons by group and age band (0-6, 7-18, 19-29, 30-44, 45-64, 65-) at the end of a year."""
    persons = state.tables.persons
    counts = np.empty((len(state.groups), len(_BANDS) + 1))
    count_bands(persons.id, persons.group, persons.birth_year, year, _BAND_OF_AGE, counts)
    n_households = int((state.tables.households.id != NONE).sum())
    return Composition(counts, n_households)


def _band(age: Array) -> Array:
    """Return the age band of each age (int8)."""
    return np.asarray(_BAND_OF_AGE[np.clip(age, 0, OLDEST)])


def receive_newcomers(state: CityState, before: Composition, ring: HostRing) -> None:
    """Take in the households that make good the year's losses, and those from abroad; they lodge at first.

    A newcomer household is a copy of one that lives here and might as well have moved itself: same ages,
    education, tastes and savings, other persons.
    """
    now = composition(state, state.year)
    preferences = state.preferences.demography
    need = before.persons * (1.0 + preferences.growth) - now.persons
    missing = before.n_households * (1.0 + preferences.growth) - now.n_households
    families = find_families(state.tables, state.year)
    members = _list_members(state)
    quota = _from_abroad(state, now)
    donors, kind, times = _choose_donors(state, families, members, quota, need, missing)
    if donors.size:
        _settle_newcomers(state, ring, members, donors, kind, times)


def _list_members(state: CityState) -> tuple[Array, Array]:
    """Return where each household's persons begin, and their rows."""
    persons = state.tables.persons
    first = np.zeros(state.tables.households.id.size + 1, np.int64)
    member = np.empty(int((persons.id != NONE).sum()), np.int32)
    list_members(persons.id, persons.household, first, member)
    return first, member


def _choose_donors(
    state: CityState,
    families: Families,
    members: tuple[Array, Array],
    quota: Array,
    need: Array,
    missing: float,
) -> tuple[Array, Array, Array]:
    """Choose what newcomers are copies of: donor household, kind, and how often it was passed before."""
    tables, persons = state.tables, state.tables.persons
    order = _likely_movers(state, families)
    pool = DonorPool(
        order=order,
        first=members[0],
        member=members[1],
        head_group=tables.households.group,
        group=persons.group,
        band=_band(state.year - persons.birth_year),
    )
    # a quota of groups and ages is not met in one pass over the pool; a plain sample needs one
    times = 4 if state.preferences.demography.hold_composition else 1
    kind = np.empty(order.size * times, np.int8)
    cell = _number_quota_cells(state)
    shortage = Shortage(quota, np.bincount(cell.ravel(), need.ravel()), cell, missing)
    choose_donors(pool, shortage, times, kind)
    taken = np.flatnonzero(kind != NONE)
    return order[taken % max(order.size, 1)], kind[taken], taken // max(order.size, 1)


def _number_quota_cells(state: CityState) -> Array:
    """Number the groups by age bands that are held; children count by background only (groups x bands).

    Children of parents born abroad are born in the city, so a group born abroad cannot keep its children.
    """
    n_groups, n_bands = len(state.groups), len(_BANDS) + 1
    background = is_foreign(state.groups).astype(np.int16)[:, None]
    children = background * CHILD_BANDS + np.arange(CHILD_BANDS)
    adults = 2 * CHILD_BANDS + np.arange(n_groups * (n_bands - CHILD_BANDS)).reshape(n_groups, -1)
    return np.concatenate([children, adults], axis=1).astype(np.int16)


@dataclass(frozen=True)
class LeavingRates:
    """How likely each household is to leave the city: by tenure, lodging last, and age of the head.

    `kind` is the tenure of each household row, NONE where nobody heads it; `born` the head's birth year.
    """

    kind: Array
    born: Array
    rates: Array


def leaving_rates(state: CityState, families: Families) -> LeavingRates:
    """Return the yearly probability of leaving by tenure and age (tenures + 1 x ages), and whose it is."""
    tables, preferences = state.tables, state.preferences.demography
    home = tables.households.home
    # lodgers count as a tenure of their own, after the four
    kind = np.where(home == NONE, np.int8(len(Tenure)), tables.dwellings.tenure[home])
    kind[families.head == NONE] = NONE
    rates = np.outer(preferences.out_migration_tenure, by_age(preferences.out_migration))
    return LeavingRates(kind, tables.persons.birth_year[families.head], rates)


def _likely_movers(state: CityState, families: Families) -> Array:
    """Return the households that might as well have moved into the city this year, likeliest first."""
    ids, who = state.tables.households.id, leaving_rates(state, families)
    # the same draw chooses the pool and, below, its order: who is likelier to move stands earlier
    rows = draw_events(state, Stream.DONOR, ids, who.kind, who.born, _WIDEST * who.rates)
    # in a very small city nobody may be drawn: then all are the pool
    if not rows.size:
        rows = np.flatnonzero((ids != NONE) & (who.kind != NONE))
    rate = who.rates[who.kind[rows], np.clip(state.year - who.born[rows], 0, OLDEST)]
    if not rate.any():
        rate = np.ones(rows.size)
    rows, rate = rows[rate > 0], rate[rate > 0]
    # draw over rate: the order of exponential waiting times, near enough for small rates, and keyed by
    # household
    wait = uniforms(state.key, Stream.DONOR, state.year, ids[rows], 0) / rate
    return np.asarray(rows[np.lexsort((ids[rows], wait))], np.int32)


def _from_abroad(state: CityState, now: Composition) -> Array:
    """Return how many persons of each kind come from abroad, by group (groups x kinds)."""
    preferences, rules, present = (
        state.preferences.demography,
        state.rules.demography,
        now.persons.sum(axis=1),
    )
    is_abroad = np.array([group.born != "sweden" for group in state.groups])
    thousands = present[is_abroad].sum() / 1000.0
    refugees = preferences.refugees_per_thousand * thousands if rules.refugees is None else rules.refugees
    quota = np.zeros((present.size, len(KINDS)))
    quota[:, _LABOUR] = (
        preferences.labour_per_thousand
        * thousands
        * _divide_over_groups(state, preferences.labour_origins, present)
    )
    quota[:, _FAMILY] = (
        preferences.family_per_thousand
        * thousands
        * _divide_over_groups(state, preferences.family_origins, present)
    )
    quota[:, _REFUGEE] = refugees * _divide_over_groups(state, preferences.refugee_origins, present)
    return quota


def _divide_over_groups(state: CityState, weights: ByOrigin, present: Array) -> Array:
    """Divide newcomers over groups: an origin's weight over its groups by their size; sums to 1 or is 0."""
    origins = np.array([origin_name(group) for group in state.groups])
    of_origin = np.array([present[origins == origin].sum() for origin in origins])
    share = weights.per_group(state.groups) * present / np.maximum(of_origin, 1.0)
    return np.asarray(share / max(share.sum(), 1e-300))


def _settle_newcomers(
    state: CityState, ring: HostRing, members: tuple[Array, Array], donors: Array, kind: Array, times: Array
) -> None:
    """Write the newcomer households and their persons."""
    # made from donor, year and pass: the host is drawn by the id that the newcomer will have
    ids = identities_of(Stream.ID_NEWCOMER, state.tables.households.id[donors], state.year, times)
    group = state.tables.households.group[donors]
    host, is_assigned = find_newcomer_hosts(state, ring, ids, group, kind == _REFUGEE)
    has_host = host != NONE
    donors, kind, times, ids, host = (x[has_host] for x in (donors, kind, times, ids, host))
    rows = _add_households(state, donors, kind, ids, host)
    state.tables.households.assigned[rows] = is_assigned[has_host]
    _add_persons(state, members, donors, kind, times, rows)


def _add_households(state: CityState, donors: Array, kind: Array, ids: Array, host: Array) -> Array:
    """Add a household for each donor; return the rows."""
    tables, year = state.tables, state.year
    tables.households, rows = with_free_rows(tables.households, donors.size)
    households = tables.households
    for column in households:
        column[rows] = column[donors]
    households.id[rows] = ids
    households.home[rows] = NONE
    households.lodging_with[rows] = host
    households.queue_since[rows] = households.moved[rows] = households.arrived[rows] = year
    # refugees and families come without savings; labour migrants with those of their double
    households.wealth[rows[kind >= _FAMILY]] = 0.0
    return rows


def _add_persons(
    state: CityState, members: tuple[Array, Array], donors: Array, kind: Array, times: Array, rows: Array
) -> None:
    """Add the persons of newcomer households, copies of the donors' persons."""
    tables, year = state.tables, state.year
    first, member = members
    n = first[donors + 1] - first[donors]
    of = np.repeat(np.arange(donors.size), n)
    # rows of all members, donor by donor, without a loop over households
    copied = member[np.repeat(first[donors] - np.cumsum(n) + n, n) + np.arange(n.sum())]
    tables.persons, new = with_free_rows(tables.persons, copied.size)
    persons = tables.persons
    for column in persons:
        column[new] = column[copied]
    persons.id[new] = identities_of(Stream.ID_NEWCOMER, persons.id[copied], year, times[of])
    persons.household[new] = rows[of]
    # jobs and seats are not copied: they must be found here
    persons.workplace[new] = persons.school[new] = persons.start_area[new] = NONE
    persons.programme_since[new] = persons.unaided_wage[new] = NONE
    seeks = persons.activity[new] == Activity.EMPLOYED
    from_abroad = kind[of] != DOMESTIC
    persons.activity[new[seeks]] = Activity.UNEMPLOYED
    persons.active_since[new[seeks]] = year
    abroad = new[from_abroad]
    persons.arrived[abroad] = year
    persons.group[abroad] = tables.households.group[rows[of[from_abroad]]]
    # a wage earned elsewhere would spare them the years in which newcomers hear of few jobs
    persons.wage[new[kind[of] >= _FAMILY]] = 0.0
    for k, name in enumerate(KINDS):
        state.flows[f"in_migration.{name}"] += float((kind[of] == k).sum())
    state.flows["in_migration"] += float(new.size)
