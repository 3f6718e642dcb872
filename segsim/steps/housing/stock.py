"""What changes the stock of dwellings: completions, plans, conversions, demolitions."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from segsim.kernels.draws import Stream, identities_of, uniforms
from segsim.kernels.housing.stock import sum_costs
from segsim.rules.housing import ExtraConstruction, HousingRules, RoomsOfNewDwellings, TenurePlan
from segsim.state import CityState
from segsim.steps.anchors import settle as settle_anchors
from segsim.steps.housing.vacancies import is_to_let
from segsim.tables import NONE, TENURES, Array, Tables, Tenure, mark_rows, release, with_free_rows


@dataclass(frozen=True)
class Typical:
    """What a room of each tenure costs in each area: means over the stock, the city's where there is none."""

    price: Array
    fee: Array


def step(state: CityState) -> None:
    """Demolish, convert and build, as the rules say."""
    rules = state.rules.housing
    for name in ("demolished", "converted", "plan_bound", *(f"built.{tenure}" for tenure in TENURES)):
        state.flows[name] += 0.0  # a year in which nothing of the kind happened says so
    if rules.demolition_share > 0:
        _demolish(state, rules.demolition_share)
    for conversion in rules.conversions:
        _convert(
            state, conversion.areas, conversion.origin, conversion.destination, conversion.share_per_year
        )
    # last, so that what is demolished or converted this year counts in the mix that new dwellings follow
    _build(state, rules)


def dwelling_areas(tables: Tables) -> Array:
    """Return the area of each dwelling row (free rows: that of the last cell, to be masked)."""
    return tables.cells.area[tables.dwellings.cell]


def typical_costs(tables: Tables) -> Typical:
    """Return price and fee per room by area and tenure, tkr."""
    sums = np.zeros((tables.areas.id.size, len(Tenure), 3))
    sum_costs(tables.dwellings, tables.cells.area, sums)
    rooms = sums[:, :, 2].copy()

    def per_room(money: Array) -> Array:
        city = money.sum(0) / np.maximum(rooms.sum(0), 1.0)
        return np.where(rooms > 0, money / np.maximum(rooms, 1.0), city)

    return Typical(price=per_room(sums[:, :, 0] / 1000.0), fee=per_room(sums[:, :, 1] / 1000.0))


def _demolish(state: CityState, share: float) -> None:
    """Take away dwellings that nobody has taken for over two years, each with the given probability."""
    dwellings = state.tables.dwellings
    rows = np.flatnonzero(is_to_let(dwellings) & (dwellings.vacant_since < state.year - 2))
    drawn = uniforms(state.key, Stream.DEMOLISH, state.year, dwellings.id[rows], 0)
    gone = rows[drawn < share]
    state.flows["demolished"] += gone.size
    release(dwellings, gone)


def _convert(state: CityState, areas: tuple[int, ...], origin: str, destination: str, share: float) -> None:
    """Change the tenure of drawn dwellings that stand empty or whose household can pay the down payment."""
    tables, dwellings = state.tables, state.tables.dwellings
    to = TENURES.index(destination)
    is_there = mark_rows(areas, tables.areas.id.size)[dwelling_areas(tables)] & (dwellings.id != NONE)
    rows = np.flatnonzero(is_there & (dwellings.tenure == TENURES.index(origin)))
    # keyed by the tenure converted to: two conversions of one stock draw apart
    rows = rows[uniforms(state.key, Stream.CONVERT, state.year, dwellings.id[rows], to) < share]
    rows = rows[~_is_kept_by_plan(state, rows, origin)]
    cost, area = typical_costs(tables), dwelling_areas(tables)[rows]
    price = cost.price[area, to] * dwellings.rooms[rows]
    occupant = dwellings.occupant[rows]
    # a vacant dwelling can always be converted: the buyer is found in the market
    wealth = np.where(occupant == NONE, np.inf, tables.households.wealth[occupant])
    pays = (
        wealth >= (1 - state.rules.housing.loan_to_value) * price
        if to >= Tenure.COOPERATIVE
        else wealth > -np.inf
    )
    rows, price, area = rows[pays], price[pays], area[pays]
    dwellings.tenure[rows] = to
    dwellings.price[rows] = price if to >= Tenure.COOPERATIVE else 0.0
    dwellings.fee[rows] = cost.fee[area, to] * dwellings.rooms[rows]
    state.flows["converted"] += rows.size


def _is_kept_by_plan(state: CityState, rows: Array, tenure: str) -> Array:
    """Return whether a plan forbids converting dwellings of a tenure: built under it, and still bound."""
    built, area = state.tables.dwellings.built[rows], dwelling_areas(state.tables)[rows]
    kept = np.zeros(rows.size, np.bool_)
    for plan in state.rules.housing.plans:
        covered = (built > state.start_year) & (built >= plan.first_year) & (built <= plan.last_year)
        if tenure in plan.shares:
            kept |= covered & np.isin(area, plan.areas) & (state.year - built < plan.permanence_years)
    return kept


class Completions(NamedTuple):
    """Dwellings to be completed in a year, expected numbers by area: ordinary ones, and of each provision."""

    ordinary: Array
    extra: list[Array]

    @property
    def total(self) -> float:
        """All of them."""
        return float(self.ordinary.sum() + sum(by_area.sum() for by_area in self.extra))


def expect_completions(state: CityState, total: Array) -> Completions:
    """Return the dwellings that rules and policies let be completed this year, given the stock by area."""
    rules = state.rules.housing
    expected = _ordinary_pace(state, rules.construction.share_of_stock) * total
    extra_expected = [_spread(extra, total) for extra in rules.extra_construction]
    for extra, by_area in zip(rules.extra_construction, extra_expected, strict=True):
        if extra.replaces_ordinary:
            expected = _deduct(expected, by_area, state.tables.areas.municipality)
    for plan in rules.plans:
        there = np.array(plan.areas, np.int64)
        lacking = plan.min_dwellings_per_year - expected[there].sum()
        if lacking > 0 and there.size:
            # a plan adds only what ordinary building leaves of its minimum
            expected[there] += lacking * _weights(total[there])
    return Completions(expected, extra_expected)


def _build(state: CityState, rules: HousingRules) -> None:
    """Complete the year's dwellings: ordinary ones, what plans add to reach their minimum, and extra ones."""
    tables, n_tenures = state.tables, len(Tenure)
    area_ids = tables.areas.id
    stock = count_stock(tables)
    total = stock.sum(1)
    # expected numbers, rounded by chance below: small areas would never build if they were cut
    expected, extra_expected = expect_completions(state, total)
    shares = stock / np.maximum(total[:, None], 1.0)
    if rules.construction.tenure_shares is not None:
        shares = np.tile(rules.construction.tenure_shares.as_tuple(), (area_ids.size, 1))
    area, index = _draw_lots(state, expected, 0)
    new_rent = np.array([own.new_rent_ratio for own in state.housing_rules])[tables.areas.municipality]
    _complete(state, area, index, shares, rules.plans, 0, new_rent, rules.construction.rooms)
    # numbered from 1: ordinary building is provision 0, and each provision draws and names its own
    for n, (extra, by_area) in enumerate(zip(rules.extra_construction, extra_expected, strict=True), 1):
        area, index = _draw_lots(state, by_area, n)
        mix = np.tile(extra.tenure_shares.as_tuple(), (area_ids.size, 1))
        ratio = new_rent if extra.rent_ratio is None else np.full(area_ids.size, extra.rent_ratio)
        rooms = extra.rooms or rules.construction.rooms
        _complete(state, area, index, mix.reshape(-1, n_tenures), (), n, ratio, rooms)


def _ordinary_pace(state: CityState, share: float | None) -> float:
    """Return the year's ordinary completions as a share of the stock.

    Without a share that rules fix, they follow the households: what their growth needs, and the year's
    demolished again as far as fewer homes are left than the households need. What policies add is no part of
    it, and does not lessen it.
    """
    if share is not None:
        return share
    anchors, dwellings = settle_anchors(state), state.tables.dwellings
    is_there = dwellings.id != NONE
    for_growth = anchors.dwellings * max(0.0, state.flows["growth.households"])
    on_market = float((is_there & ~dwellings.off_market).sum())
    lacking = anchors.dwellings * state.households_aim - on_market - for_growth
    replaced = min(state.flows["demolished"], max(0.0, lacking))
    return (for_growth + replaced) / max(float(is_there.sum()), 1.0)


def count_stock(tables: Tables) -> Array:
    """Count dwellings by area and tenure."""
    rows = np.flatnonzero(tables.dwellings.id != NONE)
    at = dwelling_areas(tables)[rows] * len(Tenure) + tables.dwellings.tenure[rows]
    return (
        np.bincount(at, minlength=tables.areas.id.size * len(Tenure)).reshape(-1, len(Tenure)).astype(float)
    )


def _spread(extra: ExtraConstruction, stock: Array) -> Array:
    """Return a provision's dwellings by area, in proportion to the stock of its areas."""
    there = np.array(extra.areas, np.int64)
    by_area = np.zeros(stock.size)
    by_area[there] = extra.dwellings_per_year * _weights(stock[there])
    return by_area


def _deduct(ordinary: Array, replacing: Array, municipality: Array) -> Array:
    """Return ordinary dwellings less those replaced, each municipality's in proportion, and none below 0."""
    there = np.bincount(municipality, ordinary)
    left = np.maximum(there - np.bincount(municipality, replacing), 0.0) / np.maximum(there, 1e-300)
    return np.asarray(ordinary * left[municipality])


def _weights(stock: Array) -> Array:
    """Return weights that sum to 1, in proportion to the stock, equal where there is none."""
    if stock.sum() <= 0:
        return np.full(stock.size, 1.0 / stock.size)
    return np.asarray(stock / stock.sum())


def _draw_lots(state: CityState, expected: Array, provision: int) -> tuple[Array, Array]:
    """Round expected numbers to whole dwellings by keyed draws; return each one's area and number there."""
    luck = uniforms(state.key, Stream.BUILD, state.year, state.tables.areas.id, provision)
    n = np.floor(expected + luck).astype(np.int64)
    area = np.repeat(np.arange(n.size), n)
    return area, np.arange(area.size) - np.repeat(np.cumsum(n) - n, n)


def _complete(
    state: CityState, area: Array, index: Array, shares: Array, plans: tuple[TenurePlan, ...], provision: int,
    rent_ratio: Array, rooms_by_tenure: RoomsOfNewDwellings,
) -> None:  # fmt: skip
    """Add the dwellings to the tables, vacant, each drawn by its own id."""
    if not area.size:
        return
    tables, year, key = state.tables, state.year, state.key
    # area and provision in one number, so that a dwelling is the same one in two scenarios
    cause = tables.areas.id[area] + (provision << 32)
    ids = identities_of(Stream.ID_NEW_DWELLING, cause, year, index)
    tenure = _pick(shares[area], uniforms(key, Stream.BUILD_TENURE, year, ids, 0))
    for n, plan in enumerate(plans):
        tenure = _bind_tenures(state, plan, n, ids, area, tenure)
    # rounded, so that shares such as .2 and .4 part at .6 and not one bit above
    edges = np.round(np.cumsum(rooms_by_tenure.by_tenure(), axis=1), 12)[:, :-1]
    rooms = 1 + (uniforms(key, Stream.BUILD_ROOMS, year, ids, 0)[:, None] >= edges[tenure]).sum(1)
    # of the stock as it was, not of the new dwellings beside it
    cost = typical_costs(tables)
    ratio = np.where(tenure <= Tenure.PRIVATE_RENTAL, rent_ratio[area], 1.0)
    tables.dwellings, rows = with_free_rows(tables.dwellings, ids.size)
    dwellings = tables.dwellings
    dwellings.id[rows] = ids
    dwellings.cell[rows] = _pick_cells(tables, area, uniforms(key, Stream.BUILD_CELL, year, ids, 0))
    dwellings.tenure[rows] = tenure
    dwellings.rooms[rows] = rooms
    dwellings.quality[rows] = 1.0 + uniforms(key, Stream.BUILD_QUALITY, year, ids, 0)
    dwellings.price[rows] = np.where(tenure >= Tenure.COOPERATIVE, cost.price[area, tenure] * rooms, 0.0)
    dwellings.fee[rows] = cost.fee[area, tenure] * rooms * ratio
    dwellings.built[rows] = year
    dwellings.vacant_since[rows] = year
    for t, name in enumerate(TENURES):
        state.flows[f"built.{name}"] += float((tenure == t).sum())


def _pick(shares: Array, luck: Array) -> Array:
    """Return, per row of shares, the index that a uniform draw falls on."""
    edges = np.cumsum(shares, 1) / np.maximum(shares.sum(1), 1e-300)[:, None]
    return np.asarray(np.minimum((luck[:, None] >= edges).sum(1), shares.shape[1] - 1))


def _bind_tenures(
    state: CityState, plan: TenurePlan, n: int, ids: Array, area: Array, tenure: Array
) -> Array:
    """Give the bound dwellings of a plan its tenures; the others, and what it leaves open, stay as is."""
    # two draws for each plan, whether it binds and which tenure, so that plans do not share luck
    luck = uniforms(state.key, Stream.BUILD_BOUND, state.year, ids, 2 * n)
    is_bound = np.isin(area, plan.areas) & (luck < plan.binding_share)
    named = np.array([TENURES.index(name) for name in plan.shares], np.int64)
    edges = np.cumsum([plan.shares[name] for name in plan.shares])
    drawn = uniforms(state.key, Stream.BUILD_BOUND, state.year, ids, 2 * n + 1)
    place = (drawn[:, None] >= edges).sum(1)
    changes = is_bound & (place < named.size)
    state.flows["plan_bound"] += float(is_bound.sum())
    return np.where(changes, np.append(named, 0)[place], tenure)


def _pick_cells(tables: Tables, area: Array, luck: Array) -> Array:
    """Return a cell of each area, drawn by luck."""
    # by id within an area, so that a draw names the same cell whatever the order of rows
    order = np.lexsort((tables.cells.id, tables.cells.area))
    order = order[tables.cells.id[order] != NONE]
    n = np.bincount(tables.cells.area[order], minlength=tables.areas.id.size)
    first = np.cumsum(n) - n
    return np.asarray(order[first[area] + (luck * n[area]).astype(np.int64)])
