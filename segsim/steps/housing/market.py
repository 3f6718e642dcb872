"""The housing market: rounds in which households look, choose among vacancies, and move."""

import numpy as np

from segsim.kernels.draws import Stream, round_stamp, uniforms
from segsim.kernels.housing.household_search import find_first_rounds
from segsim.kernels.housing.location_choice import ALLOCATIONS, MarketRound, rank_candidates
from segsim.kernels.housing.relocation import (
    Chains,
    MarketTally,
    Matches,
    count_firsts,
    open_tally,
    settle_moves,
)
from segsim.kernels.housing.residence import count_lodgers
from segsim.kernels.housing.vacancy_ring import VacancyRing
from segsim.kernels.matching import deferred_acceptance
from segsim.state import CityState
from segsim.steps.housing import contract_control, stock
from segsim.steps.housing.allowances import pay_allowances
from segsim.steps.housing.borders import cross_borders, part_by_municipality
from segsim.steps.housing.prices import update_prices
from segsim.steps.housing.residence import household_areas, household_cells
from segsim.steps.housing.settings import (
    housing_taste,
    housing_terms,
    refuse_failures,
    search_rates,
)
from segsim.steps.housing.surroundings import (
    describe_surroundings,
    home_records,
    log_standards,
    mover_records,
)
from segsim.steps.housing.vacancies import is_to_let
from segsim.tables import (
    NONE,
    TENURES,
    Array,
    Contract,
    Education,
    Tables,
    Tenure,
    municipality_of_cells,
)


def step(state: CityState) -> None:
    """Change the stock, run the year's market rounds, and let prices and savings follow."""
    # what is recovered or completed this year is on the market this year
    contract_control.step(state)
    stock.step(state)
    tables, preferences = state.tables, state.preferences.housing
    # frozen for the year: incomes change in the work step only
    looks_from, log_standard = _first_rounds(state), log_standards(tables)
    allowance = pay_allowances(state)
    chains = _open_chains(tables)
    tally = open_tally(tables.areas.id.size, len(state.municipality_codes))
    state.flows["vacancies_at_start"] = float((chains.root != NONE).sum())
    # a home left in one round is a vacancy in the next: that is what lets chains run
    for number in range(preferences.rounds):
        _run_round(state, number, looks_from, log_standard, allowance, chains, tally)
    _note_moves(state, tally, chains)
    update_prices(state, tally)


def _first_rounds(state: CityState) -> Array:
    """Return the round in which each household starts to look; a number past the last if it does not."""
    tables, preferences = state.tables, state.preferences.housing
    households = tables.households
    under_roof = np.empty(households.id.size, np.int16)
    count_lodgers(households.lodging_with, households.home, households.size, under_roof)
    out = np.empty(households.id.size, np.int64)
    rates, readiness = search_rates(preferences), _readiness_to_leave(state)
    find_first_rounds(state.key, state.year, rates, households, tables.dwellings, under_roof, readiness, out)
    return out


def _readiness_to_leave(state: CityState) -> Array:
    """Return by how much more each household looks for another home since its area is unsafe; 1 if not."""
    households, weight = state.tables.households, state.preferences.housing.exit_weight_safety
    if weight == 0:
        return np.ones(households.id.size)
    area = household_areas(state.tables)
    safety = np.where(area == NONE, 0.0, state.tables.areas.safety[area])
    education = np.maximum(households.education, 0) / Education.LONG_POST_SECONDARY
    return np.asarray(np.exp(-weight * safety * education))


def _open_chains(tables: Tables) -> Chains:
    """Begin one chain at each vacancy."""
    dwellings = tables.dwellings
    rows = np.arange(dwellings.id.size, dtype=np.int32)
    return Chains(np.where(is_to_let(dwellings), rows, NONE).astype(np.int32), np.zeros(rows.size, np.int32))


def _run_round(
    state: CityState,
    number: int,
    looks_from: Array,
    log_standard: Array,
    allowance: Array,
    chains: Chains,
    tally: MarketTally,
) -> None:
    """Show vacancies, rank them, match, and carry out the moves of one round."""
    tables, preferences = state.tables, state.preferences.housing
    households, dwellings = tables.households, tables.dwellings
    when = MarketRound(state.key, state.year, round_stamp(state.year, number))
    # anew each round: people have moved
    cell = household_cells(tables)
    rows = np.flatnonzero((looks_from <= number) & (cell != NONE)).astype(np.int32)
    vacant, ring = _ring_of_vacancies(state, when.stamp)
    if not rows.size or not vacant.size:
        return
    # also anew: within a round all see the same city, so that the order of movers does not matter
    around = describe_surroundings(state, cell, log_standard)
    movers = mover_records(state, rows, cell[rows], log_standard)
    movers["income"] += allowance[rows]
    present = home_records(tables, around, np.maximum(households.home[rows], 0))
    vacancies = home_records(tables, around, vacant)
    ranked = np.empty((rows.size, preferences.candidates), np.int32)
    score = np.zeros(ranked.shape)
    taste, terms = housing_taste(preferences), housing_terms(state.rules.housing, state.housing_rules)
    failures = np.zeros(2, np.int64)
    rank_candidates(when, taste, terms, movers, present, vacancies, ring, ranked, score, failures)
    refuse_failures(preferences, failures)
    count_firsts(ranked, vacancies.homes, tally)
    capacity = np.ones(vacant.size, np.int32)
    place = deferred_acceptance(ranked, score, households.id[rows], capacity)
    matches = Matches(place, rows, vacant, ring.is_illegal, vacancies.homes["municipality"])
    settle_moves(state.year, matches, terms.illegal_price, households, dwellings, chains, tally)
    state.flows["moves.persons"] += float(households.size[rows[place != NONE]].sum())
    cross_borders(state, rows, movers["municipality"], place, matches.municipality)
    # who has moved looks no more this year
    looks_from[rows[place != NONE]] = preferences.rounds


def _ring_of_vacancies(state: CityState, when: int) -> tuple[Array, VacancyRing]:
    """Return the vacant dwellings (int32 rows) in the order of the round's ring, and the ring."""
    dwellings, rules, key = state.tables.dwellings, state.rules.housing, state.key
    rows = np.flatnonzero(is_to_let(dwellings))
    point = uniforms(key, Stream.RING, when, dwellings.id[rows], 0)
    order = np.argsort(point)
    rows, point = rows[order].astype(np.int32), point[order]
    ids, tenure = dwellings.id[rows], dwellings.tenure[rows]
    illegal = np.array([rules.illegal_share_public, rules.illegal_share_private, 0.0, 0.0])[tenure]
    municipality = municipality_of_cells(state.tables)[dwellings.cell[rows]]
    local_priority = np.array([own.local_priority for own in state.housing_rules])[municipality]
    is_public = tenure == Tenure.PUBLIC_RENTAL
    is_recovered = dwellings.contract[rows] == Contract.RECOVERED
    n = max(4 * rows.size, 1)  # so many buckets that few hold two
    ring = VacancyRing(
        # past every draw, so that the search for the next vacancy always ends
        point=np.append(point, 2.0),
        first=np.searchsorted(point, np.arange(n + 1) / n).astype(np.int32),
        # by year and not by round: a contract does not become legal by waiting a round
        is_illegal=(uniforms(key, Stream.ILLEGAL, state.year, ids, 0) < illegal) & ~is_recovered,
        is_local=is_public & (uniforms(key, Stream.LOCAL, state.year, ids, 0) < local_priority),
        allocation=_draw_allocations(state, ids, municipality),
        nearby=part_by_municipality(state, point, municipality),
    )
    return rows, ring


def _draw_allocations(state: CityState, ids: Array, municipality: Array) -> Array:
    """Return by which rule each vacancy is let, were it a public rental."""
    local = state.housing_rules
    out = np.array([ALLOCATIONS[own.public_allocation] for own in local], np.int8)[municipality]
    lottery = np.array([own.public_lottery_share for own in local])
    both = lottery + np.array([own.public_need_share for own in local])
    if both.max() > 0:
        drawn = uniforms(state.key, Stream.ALLOCATION, state.year, ids, 0)
        out[drawn < both[municipality]] = ALLOCATIONS["need"]
        out[drawn < lottery[municipality]] = ALLOCATIONS["lottery"]
    return out


def _note_moves(state: CityState, tally: MarketTally, chains: Chains) -> None:
    """Write the year's moves, queue and chains into the flows."""
    for t, name in enumerate(TENURES):
        state.flows[f"moves.{name}"] = float(tally.moved_in[t])
        state.flows[f"left.{name}"] = float(tally.moved_out[t])
    names = {"queue.years": "years", "queue.lettings": "through_queue", "lettings.outside_queue": "outside"}
    for name, column in names.items():
        state.local_flows[name] = tally.lettings[column]
        state.flows[name] = float(tally.lettings[column].sum())
    state.flows["chains.moves"] = float(chains.length.sum())
    state.flows["chains.number"] = float((chains.length > 0).sum())
