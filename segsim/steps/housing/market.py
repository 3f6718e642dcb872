"""The housing market: who looks, what they see and want, who gets it, and how prices answer."""

from typing import NamedTuple

import numpy as np

from segsim.groups import Group, is_foreign
from segsim.kernels.draws import Stream, round_stamp, uniforms
from segsim.kernels.housing.household_search import SearchRates, find_first_rounds
from segsim.kernels.housing.location_choice import (
    ALLOCATIONS,
    HOME,
    MOVER,
    SHAPES,
    HomeSet,
    HousingTaste,
    HousingTerms,
    MarketRound,
    VacancyRing,
    rank_candidates,
)
from segsim.kernels.housing.records import describe_homes, describe_movers
from segsim.kernels.housing.relocation import (
    Chains,
    MarketTally,
    Matches,
    count_firsts,
    open_tally,
    save_and_revalue,
    settle_moves,
)
from segsim.kernels.housing.residence import count_households, count_lodgers, find_household_cells
from segsim.kernels.matching import deferred_acceptance
from segsim.rules.housing import HousingPreferences, HousingRules
from segsim.state import CityState
from segsim.steps.housing import stock
from segsim.tables import NONE, TENURES, Array, Tables, Tenure

_AGE_EDGES = np.array([25, 30, 45, 65])


def step(state: CityState) -> None:
    """Change the stock, run the year's market rounds, and let prices and savings follow."""
    stock.step(state)
    tables, preferences = state.tables, state.preferences.housing
    looks_from, log_standard = _first_rounds(state), log_standards(tables)
    chains = _open_chains(tables)
    tally = open_tally(tables.areas.id.size)
    state.flows["vacancies_at_start"] = float((chains.root != NONE).sum())
    for number in range(preferences.rounds):
        _run_round(state, number, looks_from, log_standard, chains, tally)
    _note_moves(state, tally, chains)
    save_and_revalue(
        _price_growth(state, tally.demand, tally.supply),
        preferences.savings_rate,
        preferences.wealth_return,
        tables.cells.area,
        tables.households,
        tables.dwellings,
    )
    if state.rules.housing.rent_growth:
        is_rental = (tables.dwellings.id != NONE) & (tables.dwellings.tenure <= Tenure.PRIVATE_RENTAL)
        tables.dwellings.fee[is_rental] *= 1 + state.rules.housing.rent_growth


def household_cells(tables: Tables) -> Array:
    """Return the cell of each household row, its host's while it lodges; NONE for a free row (int32)."""
    out = np.empty(tables.households.id.size, np.int32)
    find_household_cells(tables.households.home, tables.households.lodging_with, tables.dwellings.cell, out)
    return out


def taste_of(preferences: HousingPreferences) -> HousingTaste:
    """Return the tastes as kernels take them."""
    return HousingTaste(
        own_group=preferences.own_group,
        shape=SHAPES[preferences.own_group_shape],
        threshold=preferences.own_group_threshold,
        peak=preferences.own_group_peak,
        at_one=preferences.own_group_at_one,
        income_similarity=preferences.income_similarity,
        education_similarity=preferences.education_similarity,
        burden=preferences.burden,
        burden_limit=preferences.burden_limit,
        interest=preferences.interest,
        crowding=preferences.crowding,
        spare_room=preferences.spare_room,
        ownership=preferences.ownership,
        quality=preferences.quality,
        distance=preferences.distance,
        distance_cap=preferences.distance_cap,
        staying=preferences.staying,
        bid_spread=preferences.bid_spread,
        bid_bound=preferences.bid_bound,
    )


def terms_of(rules: HousingRules) -> HousingTerms:
    """Return what landlords, banks and sellers ask as kernels take it."""
    return HousingTerms(
        allocation=ALLOCATIONS[rules.public_allocation],
        public_income_floor=rules.public_income_floor,
        private_income_floor=rules.private_income_floor,
        private_queue_weight=rules.private_queue_weight,
        private_income_weight=rules.private_income_weight,
        private_penalty_foreign=rules.private_penalty_foreign,
        loan_to_value=rules.loan_to_value,
        loan_to_income=rules.loan_to_income,
        net_share=rules.net_share,
        illegal_price=rules.illegal_price,
    )


class Surroundings(NamedTuple):
    """What movers know of places, frozen within a round."""

    place: Array  # int32 (cells,): the place, area or cell, whose shares a cell sees
    own_share: Array  # float64 (places, groups): share of people like each group
    log_standard: Array  # float64 (areas,): mean log economic standard
    education: Array  # float64 (areas,): mean education
    appeal: Array  # float64 (areas,)
    family_appeal: Array  # float64 (areas,)


def log_standards(tables: Tables) -> Array:
    """Return the log economic standard of each household row, 0 where there is none."""
    return np.asarray(np.log(np.maximum(tables.households.standard.astype(np.float64), 1.0)))


def surroundings(state: CityState, cell: Array, log_standard: Array) -> Surroundings:
    """Return what movers know of places, given each household's cell and log economic standard."""
    tables, preferences = state.tables, state.preferences.housing
    cells = tables.cells
    area = np.where(cell == NONE, NONE, cells.area[cell]).astype(np.int32)
    n_groups = len(state.groups)
    counts, mean_standard, education = _counted(tables, log_standard, area, tables.areas.id.size, n_groups)
    place = cells.area
    if preferences.window:
        by_cell, _, _ = _counted(tables, log_standard, cell, cells.id.size, n_groups)
        counts, place = _window_sums(tables, by_cell, preferences.window), np.arange(cells.id.size)
    total = counts.sum(1, keepdims=True)
    city = counts.sum(0) / max(counts.sum(), 1.0)
    share = np.where(total > 0, counts / np.maximum(total, 1.0), city)
    return Surroundings(
        place=place,
        own_share=share @ likeness(state.groups, preferences.shared_background).T,
        log_standard=mean_standard,
        education=education,
        appeal=_appeal(state),
        family_appeal=preferences.school * _school_reputation(tables),
    )


def _counted(
    tables: Tables, log_standard: Array, place: Array, n_places: int, n_groups: int
) -> tuple[Array, Array, Array]:
    """Return persons by place and group, and mean log economic standard and education by place."""
    households = tables.households
    counts, mean_standard, education = np.empty((n_places, n_groups)), np.empty(n_places), np.empty(n_places)
    count_households(
        place, households.size, households.group, log_standard, households.education,
        counts, mean_standard, education,
    )  # fmt: skip
    return counts, mean_standard, education


def likeness(groups: tuple[Group, ...], shared_background: float) -> Array:
    """Return how much each group (columns) counts as like each group (rows): 1, a part, or nothing."""
    foreign = is_foreign(groups)
    same = foreign[:, None] == foreign[None, :]
    return np.where(np.eye(len(groups), dtype=bool), 1.0, np.where(same, shared_background, 0.0))


def homes_of(tables: Tables, around: Surroundings, rows: Array) -> HomeSet:
    """Return dwellings (rows) as movers see them, and the share of people like each group around each."""
    homes = np.empty(rows.size, HOME)
    describe_homes(
        rows, tables.dwellings, tables.cells,
        around.log_standard, around.education, around.appeal, around.family_appeal, homes,
    )  # fmt: skip
    return HomeSet(homes, np.asarray(around.own_share[around.place[tables.dwellings.cell[rows]]]))


def movers_of(state: CityState, rows: Array, cell: Array, log_standard: Array) -> Array:
    """Return the households (rows) that look, living or lodging on the given cells, MOVER records."""
    households = state.tables.households
    movers = np.empty(rows.size, MOVER)
    describe_movers(
        rows, cell, log_standard[rows], is_foreign(state.groups), households, state.tables.cells, movers
    )
    return movers


def _first_rounds(state: CityState) -> Array:
    """Return the round in which each household starts to look; a number past the last if it does not."""
    tables, preferences = state.tables, state.preferences.housing
    households = tables.households
    under_roof = np.empty(households.id.size, np.int16)
    count_lodgers(households.lodging_with, households.home, households.size, under_roof)
    out = np.empty(households.id.size, np.int64)
    rates = SearchRates(
        age_edges=_AGE_EDGES,
        by_age=np.array(preferences.search_by_age),
        by_tenure=np.array(preferences.search_by_tenure),
        crowded=preferences.search_crowded,
        rounds=preferences.rounds,
    )
    find_first_rounds(state.key, state.year, rates, households, tables.dwellings, under_roof, out)
    return out


def _open_chains(tables: Tables) -> Chains:
    """Begin one chain at each vacancy."""
    dwellings = tables.dwellings
    rows = np.arange(dwellings.id.size, dtype=np.int32)
    is_vacant = (dwellings.id != NONE) & (dwellings.occupant == NONE)
    return Chains(np.where(is_vacant, rows, NONE).astype(np.int32), np.zeros(rows.size, np.int32))


def _run_round(
    state: CityState,
    number: int,
    looks_from: Array,
    log_standard: Array,
    chains: Chains,
    tally: MarketTally,
) -> None:
    """Show vacancies, rank them, match, and carry out the moves of one round."""
    tables, preferences = state.tables, state.preferences.housing
    households, dwellings = tables.households, tables.dwellings
    when = MarketRound(state.key, state.year, round_stamp(state.year, number))
    cell = household_cells(tables)
    rows = np.flatnonzero((looks_from <= number) & (cell != NONE)).astype(np.int32)
    vacant, ring = _vacancies(state, when.stamp)
    if not rows.size or not vacant.size:
        return
    around = surroundings(state, cell, log_standard)
    movers = movers_of(state, rows, cell[rows], log_standard)
    present = homes_of(tables, around, np.maximum(households.home[rows], 0))
    vacancies = homes_of(tables, around, vacant)
    ranked = np.empty((rows.size, preferences.candidates), np.int32)
    score = np.zeros(ranked.shape)
    taste, terms = taste_of(preferences), terms_of(state.rules.housing)
    rank_candidates(when, taste, terms, movers, present, vacancies, ring, ranked, score)
    count_firsts(ranked, vacancies.homes, tally)
    capacity = np.ones(vacant.size, np.int32)
    place = deferred_acceptance(ranked, score, households.id[rows], capacity)
    matches = Matches(place, rows, vacant, ring.is_illegal)
    settle_moves(state.year, matches, terms.illegal_price, households, dwellings, chains, tally)
    state.flows["moves.persons"] += float(households.size[rows[place != NONE]].sum())
    looks_from[rows[place != NONE]] = preferences.rounds


def _vacancies(state: CityState, when: int) -> tuple[Array, VacancyRing]:
    """Return the vacant dwellings (int32 rows) in the order of the round's ring, and the ring."""
    dwellings, rules, key = state.tables.dwellings, state.rules.housing, state.key
    rows = np.flatnonzero((dwellings.id != NONE) & (dwellings.occupant == NONE))
    point = uniforms(key, Stream.RING, when, dwellings.id[rows], 0)
    order = np.argsort(point)
    rows, point = rows[order].astype(np.int32), point[order]
    ids, tenure = dwellings.id[rows], dwellings.tenure[rows]
    illegal = np.array([rules.illegal_share_public, rules.illegal_share_private, 0.0, 0.0])[tenure]
    is_public = tenure == Tenure.PUBLIC_RENTAL
    n = max(4 * rows.size, 1)  # so many buckets that few hold two
    ring = VacancyRing(
        point=np.append(point, 2.0),
        first=np.searchsorted(point, np.arange(n + 1) / n).astype(np.int32),
        is_illegal=uniforms(key, Stream.ILLEGAL, state.year, ids, 0) < illegal,
        is_local=is_public & (uniforms(key, Stream.LOCAL, state.year, ids, 0) < rules.local_priority),
    )
    return rows, ring


def _window_sums(tables: Tables, by_cell: Array, radius: int) -> Array:
    """Sum counts over the square of cells within `radius` of each cell, by summed-area tables."""
    size = _cell_size(tables)
    column = np.rint((tables.cells.x - tables.cells.x.min()) / size).astype(np.int64) + radius
    row = np.rint((tables.cells.y - tables.cells.y.min()) / size).astype(np.int64) + radius
    dense = np.zeros((row.max() + radius + 2, column.max() + radius + 2, by_cell.shape[1]))
    np.add.at(dense, (row + 1, column + 1), by_cell)
    summed = dense.cumsum(0).cumsum(1)
    top, left, bottom, right = row - radius, column - radius, row + radius + 1, column + radius + 1
    out = summed[bottom, right] - summed[top, right] - summed[bottom, left] + summed[top, left]
    return np.asarray(out)


def _cell_size(tables: Tables) -> float:
    """Return the side of a cell, m: the smallest step between the cells' coordinates."""
    steps = np.diff(np.unique(np.concatenate([tables.cells.x, tables.cells.x.min(keepdims=True)])))
    steps = steps[steps > 1e-3]
    return float(steps.min()) if steps.size else 100.0


def _appeal(state: CityState) -> Array:
    """Return each area's utility to everyone: safety, service and nearness to jobs."""
    tables, preferences = state.tables, state.preferences.housing
    areas = tables.areas
    appeal = preferences.safety * areas.safety.astype(float) + preferences.service * areas.service
    if preferences.commute and tables.workplaces.jobs.sum() > 0:
        at, jobs = tables.workplaces.cell, np.maximum(tables.workplaces.jobs, 0)
        x = np.average(tables.cells.x[at], weights=jobs)
        y = np.average(tables.cells.y[at], weights=jobs)
        appeal -= preferences.commute * np.hypot(areas.x - x, areas.y - y) / 1000.0
    return np.asarray(appeal)


def _school_reputation(tables: Tables) -> Array:
    """Return the published merit value of each area's nearest school, in SD over schools; 0 if unknown."""
    schools = tables.schools
    rows = np.flatnonzero((schools.id != NONE) & np.isfinite(schools.published_merit))
    if rows.size < 2 or np.ptp(schools.published_merit[rows]) == 0:
        return np.zeros(tables.areas.id.size)
    merit = schools.published_merit[rows].astype(float)
    at = schools.cell[rows]
    dx = tables.areas.x[:, None] - tables.cells.x[at]
    dy = tables.areas.y[:, None] - tables.cells.y[at]
    order = np.argsort(schools.id[rows])
    nearest = order[np.argmin((dx * dx + dy * dy)[:, order], axis=1)]
    return np.asarray(((merit - merit.mean()) / merit.std())[nearest])


def _price_growth(state: CityState, demand: Array, supply: Array) -> Array:
    """Return log price changes by area and tenure, bounded.

    Areas part by excess demand against that of the tenure in the city; the tenure's level falls while more
    of it stands empty than is normal, and rises while less does.
    """
    preferences, dwellings = state.preferences.housing, state.tables.dwellings
    local = np.log((demand + 1.0) / (supply + 1.0))
    city = np.log((demand.sum(0) + 1.0) / (supply.sum(0) + 1.0))
    rows = np.flatnonzero(dwellings.id != NONE)
    stock = np.bincount(dwellings.tenure[rows], minlength=len(Tenure))
    vacant = np.bincount(dwellings.tenure[rows], dwellings.occupant[rows] == NONE, len(Tenure))
    excess = vacant / np.maximum(stock, 1) - preferences.normal_vacancy
    gap = np.where(demand + supply > 0, local - city, 0.0)
    growth = preferences.price_response * gap - preferences.price_vacancy * excess
    return np.clip(growth, -preferences.price_bound, preferences.price_bound)


def _note_moves(state: CityState, tally: MarketTally, chains: Chains) -> None:
    """Write the year's moves, queue and chains into the flows."""
    for t, name in enumerate(TENURES):
        state.flows[f"moves.{name}"] = float(tally.moved_in[t])
        state.flows[f"left.{name}"] = float(tally.moved_out[t])
    lettings = tally.lettings[0]
    state.flows["queue.years"] = float(lettings["years"])
    state.flows["queue.lettings"] = float(lettings["through_queue"])
    state.flows["lettings.outside_queue"] = float(lettings["outside"])
    state.flows["chains.moves"] = float(chains.length.sum())
    state.flows["chains.number"] = float((chains.length > 0).sum())
