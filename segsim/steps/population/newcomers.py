"""Newcomers: who moves into the city, from the rest of the country and from abroad."""

from dataclasses import replace

import numpy as np

from segsim.kernels.draws import Stream, identities_of, uniforms
from segsim.kernels.population.families import list_members
from segsim.kernels.population.newcomers import (
    DOMESTIC,
    DonorPool,
    Shortage,
    choose_donors,
)
from segsim.rules.origins import OLDEST, ByOrigin, origin_name
from segsim.state import CityState
from segsim.steps.housing.lodging import HostRing
from segsim.steps.population.aims import aim_composition, migration_figures
from segsim.steps.population.composition import (
    MARGINS,
    Composition,
    age_bands,
    count_composition,
    household_margins,
    household_types,
    number_quota_cells,
)
from segsim.steps.population.families import Families, draw_events, find_families
from segsim.steps.population.leaving import leaving_rates, students_come
from segsim.steps.population.reception import find_newcomer_hosts
from segsim.tables import NONE, Activity, Array, with_free_rows

KINDS = ("domestic", "labour", "family", "refugee")
_LABOUR, _FAMILY, _REFUGEE = 1, 2, 3
# pool of five times as many as move in a year: each quota must find heads of its group among them
_WIDEST = 5.0


def receive_newcomers(state: CityState, before: Array, ring: HostRing) -> None:
    """Take in the households that the city is to have again, and those from abroad; they lodge at first.

    A newcomer household is a copy of one that lives here and might as well have moved itself: same ages,
    education, tastes and savings, other persons.
    """
    now, families = count_composition(state, state.year), find_families(state.tables, state.year)
    members = _list_members(state)
    quota = _from_abroad(state, now)
    aim = aim_composition(state, before, float(now.persons.sum()), float(quota.sum()))
    need = Composition(aim.persons - now.persons, aim.households - now.households)
    donors, kind, times = _choose_donors(state, families, members, quota, need)
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
    need: Composition,
) -> tuple[Array, Array, Array]:
    """Choose what newcomers are copies of: donor household, kind, and how often it was passed before."""
    tables, persons = state.tables, state.tables.persons
    order = _likely_movers(state, families)
    pool = DonorPool(
        order=order,
        first=members[0],
        member=members[1],
        head_group=tables.households.group,
        household_type=household_types(tables, families, state.year),
        margins=MARGINS,
        group=persons.group,
        band=age_bands(state.year - persons.birth_year),
    )
    # a quota of groups and ages is not met in one pass over the pool; a plain sample needs one
    times = 4 if state.preferences.demography.hold_composition else 1
    kind = np.empty(order.size * times, np.int8)
    cell = number_quota_cells(state)
    shortage = Shortage(
        quota, np.bincount(cell.ravel(), need.persons.ravel()), cell, household_margins(need.households)
    )
    choose_donors(pool, shortage, times, kind)
    taken = np.flatnonzero(kind != NONE)
    return order[taken % max(order.size, 1)], kind[taken], taken // max(order.size, 1)


def _likely_movers(state: CityState, families: Families) -> Array:
    """Return the households that might as well have moved into the city this year, likeliest first."""
    ids, who = state.tables.households.id, leaving_rates(state, families)
    who = replace(who, rates=students_come(state, who.rates))
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
    preferences, present = state.preferences.demography, now.persons.sum(axis=1)
    is_abroad = np.array([group.born != "sweden" for group in state.groups])
    thousands = present[is_abroad].sum() / 1000.0
    comes = {
        "labour": preferences.labour_per_thousand * thousands,
        "family": preferences.family_per_thousand * thousands,
        "refugees": preferences.refugees_per_thousand * thousands,
    }
    if preferences.population_follows == "migration":
        given = migration_figures(preferences, state.year).model_dump(include=set(comes), exclude_none=True)
        comes.update(given)
    # what is decided goes before what is foreseen
    if state.rules.demography.refugees is not None:
        comes["refugees"] = state.rules.demography.refugees
    quota = np.zeros((present.size, len(KINDS)))
    for kind, name, origins in (
        (_LABOUR, "labour", preferences.labour_origins),
        (_FAMILY, "family", preferences.family_origins),
        (_REFUGEE, "refugees", preferences.refugee_origins),
    ):
        quota[:, kind] = comes[name] * _divide_over_groups(state, origins, present)
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
    persons.programme_since[new] = persons.unaided_wage[new] = persons.setback_until[new] = NONE
    persons.is_unfunded[new], persons.study_push[new] = False, 0.0
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
