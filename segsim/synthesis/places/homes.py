"""Dwellings, who lives in which, what they cost, and who is still without one."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.sampling import inclusion_probabilities
from segsim.scenario.source import HousingMarket
from segsim.sweden.rooms import read_larger_flats
from segsim.synthesis.apportionment import (
    apportion,
    apportion_table,
    assign_classes,
    sample_rows,
)
from segsim.synthesis.areas.area_table import AreaCounts, sort_by_area
from segsim.synthesis.people.families import COUPLE_CHILDREN, SINGLE
from segsim.tables import NONE, Array, Tenure

_ROOMS = np.arange(1, 8)
_ROOMS_BY_TENURE = np.array(
    [
        [0.11, 0.36, 0.35, 0.14, 0.04, 0.00, 0.00],
        [0.14, 0.39, 0.32, 0.12, 0.03, 0.00, 0.00],
        [0.07, 0.28, 0.35, 0.21, 0.07, 0.02, 0.00],
        [0.00, 0.03, 0.10, 0.25, 0.32, 0.20, 0.10],
    ]
)
"""Dwellings by rooms in each tenure, near the national stock (C)."""
_FLAT_M2 = np.array([0, 32, 54, 75, 94, 115, 138, 160.0])
_HOUSE_M2 = np.array([0, 45, 62, 84, 106, 126, 146, 170.0])
"""Floor by rooms; means near 67 m2 in flats and 122 m2 in houses (B, Statistics Sweden 2022; split C)."""

_FOR_INCOME = np.array([0.0, 0.35, 0.9, 1.6])
"""Log odds of each tenure per log point of economic standard, against public rental (C)."""
_FOR_KIND = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0],
        [-0.1, 0.0, 0.0, 0.1, -0.2],
        [0.0, 0.3, -0.1, 0.2, -0.4],
        [1.2, 0.8, -0.2, -1.0, 0.3],
    ]
)
"""Log odds of each tenure by kind of household (C)."""
_FOR_ORIGIN = np.array(
    [[0.0, 0.0, 0.0, 0.0], [0.0, -0.1, -0.1, -0.2], [0.0, -0.25, -0.35, -0.75], [0.0, -0.3, -0.45, -0.75]]
).T
"""Log odds of each tenure by class of origin (C)."""
_FOR_AGE = (
    [18, 26, 32, 40, 70, 82, 95],
    [-0.4, -0.2, 0.0, 0.0, 0.1, 0.1, -0.2],
    [-2.0, -1.2, -0.2, 0.2, 0.4, 0.0, -0.8],
)
"""Ages of the eldest; log odds of a cooperative and of an owned home (C)."""
_FEWER_ROOMS = np.array([0.0, 0.4, 0.3, 0.8])
"""How much less room each class of origin has than others of its size and income (C; overcrowding in
flats was 12 % among born in Sweden and 32 to 40 % among born in Asia and Africa, B, 2022)."""
_VACANT = np.array([0.4, 0.4, 1.0, 1.0])
"""How likely an empty dwelling is of each tenure, over chance (C)."""
_TURNOVER = np.array([0.10, 0.10, 0.10, 0.03])
"""Share of dwellings that change hands a year (B, 2025: rental and cooperative 10 %, small houses 2-3 %)."""
_EQUITY = (0.25, 0.022)
"""Share of its price an owner has in a home at first, and what is added per year (C)."""
_BUILT = np.array([[1946, 1968, 1990], [1930, 1965, 2016], [1940, 1970, 2021], [1925, 1972, 2018]])
"""Earliest, most common and latest year of completion by tenure (C)."""


class Stock(NamedTuple):
    """The dwellings of the city, sorted by area and tenure."""

    area: Array
    tenure: Array
    rooms: Array
    quality: Array
    price: Array
    fee: Array
    built: Array


def build_stock(counts: AreaCounts, sizes: Array, market: HousingMarket, rng: np.random.Generator) -> Stock:
    """Make the dwellings of every area: tenures exact, rooms, price and fee by tenure and area.

    Parameters
    ----------
    counts : AreaCounts
    sizes : float (areas,)
        Mean household size, which shifts the mix of rooms.
    market : HousingMarket
    """
    by_tenure = split_tenures(counts, market)
    larger = _larger_flats(counts, market)
    area = np.repeat(np.arange(counts.n), by_tenure.sum(1))
    tenure = np.concatenate([np.repeat(np.arange(4), n) for n in by_tenure]).astype(np.int8)
    rooms = np.concatenate(
        [
            rng.permutation(np.repeat(_ROOMS, apportion(_room_weights(t, sizes[a], larger[a]), int(n))))
            for a, row in enumerate(by_tenure)
            for t, n in enumerate(row)
        ]
    ).astype(np.int8)
    quality = rng.normal(0, 1, area.size)
    price, fee = _prices(area, tenure, rooms, quality, counts, market)
    low, mode, high = _BUILT[tenure].T
    return Stock(
        area, tenure, rooms, quality, price, fee, np.rint(rng.triangular(low, mode, high)).astype(np.int16)
    )


def split_tenures(counts: AreaCounts, market: HousingMarket) -> Array:
    """Return the dwellings of every area by the four tenures."""
    by_tenure = np.empty((counts.n, len(Tenure)), np.int64)
    for m in range(len(counts.municipality_codes)):  # each has its own public landlord
        here = counts.municipality == m
        by_tenure[here] = split_rental(counts.dwellings[here], market.public_share_of_rental)
    return by_tenure


def count_empty(counts: AreaCounts, market: HousingMarket) -> tuple[Array, Array]:
    """Return the dwellings of the city by tenure, and how many of them have no household of their own."""
    by_tenure = split_tenures(counts, market)
    housed = np.minimum(counts.households.sum(1), by_tenure.sum(1))
    occupied = [_fill_homes(there, int(n)) for there, n in zip(by_tenure, housed, strict=True)]
    return by_tenure.sum(0), (by_tenure - np.array(occupied)).sum(0)


def split_rental(dwellings: Array, public_share: float) -> Array:
    """Return dwellings by the four tenures: rental homes shared between public and private owners.

    Ownership is lumpy: an area's public share leans to one side or the other, the same for every seed; the
    city's share is met.
    """
    rental = dwellings[:, 0]
    lean = 0.5 + 0.5 * np.sin(1.0 + 2.399963 * np.arange(rental.size) ** 1.5)
    wish = np.column_stack([(0.15 + 0.7 * lean) * public_share, (0.85 - 0.7 * lean) * (1 - public_share)])
    public = round(public_share * int(rental.sum()))
    split = apportion_table(wish * rental[:, None], rental, np.array([public, rental.sum() - public]))
    return np.column_stack([split, dwellings[:, 1:]])


def _larger_flats(counts: AreaCounts, market: HousingMarket) -> Array:
    """Return by how much the log frequency of flats rises per room in each area."""
    if market.larger_flats is not None:
        return np.full(counts.n, market.larger_flats)
    return np.array([read_larger_flats(code) for code in counts.municipality_codes])[counts.municipality]


def _room_weights(tenure: int, size: float, larger_flats: float) -> Array:
    """Return dwellings by rooms in one tenure of an area; larger where its households are larger."""
    rise = 0.35 * (size - 2.2) + (larger_flats if tenure != Tenure.OWNER_OCCUPIED else 0.0)
    return np.asarray(_ROOMS_BY_TENURE[tenure] * np.exp(rise * (_ROOMS - 3)))


def _prices(
    area: Array, tenure: Array, rooms: Array, quality: Array, counts: AreaCounts, market: HousingMarket
) -> tuple[Array, Array]:
    """Return price and yearly fee of each dwelling, tkr.

    price = m2 * city level * (area median income / city's) ** slope * exp(.1 quality); rents alike, flatter.
    """
    relative = counts.median / np.average(counts.median, weights=np.maximum(counts.persons, 1))
    m2 = np.where(tenure == Tenure.OWNER_OCCUPIED, _HOUSE_M2[rooms], _FLAT_M2[rooms])
    dear = relative[area] ** market.price_slope * np.exp(0.1 * quality)
    level = np.array([0.0, 0.0, market.cooperative_price, market.owned_price])[tenure]
    rent = market.rent * 12 / 1000 * relative[area] ** market.rent_slope * np.exp(0.05 * quality)
    fee = np.select(
        [tenure == Tenure.COOPERATIVE, tenure == Tenure.OWNER_OCCUPIED],
        [market.cooperative_fee, market.owned_cost],
        rent,
    )
    return m2 * level * dear, m2 * fee


class Settlement(NamedTuple):
    """Where each household lives: dwelling, or the household it lodges with."""

    home: Array
    lodging_with: Array


def settle_households(
    stock: Stock,
    area: Array,
    kind: Array,
    size: Array,
    standard: Array,
    age: Array,
    origin: Array,
    counts: AreaCounts,
    rng: np.random.Generator,
) -> Settlement:
    """Give households the dwellings of their area, by tenure and then by rooms.

    Tenure is drawn with odds by income, kind of household, origin and age; within a tenure larger and richer
    households get more rooms. Where an area has more households than dwellings, the youngest and poorest of
    few persons lodge with another household of the area, of their own origin where there is one.

    Parameters
    ----------
    stock : Stock
    area, kind, size, standard, age, origin : arrays (households,)
        Area, kind, persons, economic standard, age of the eldest and class of origin.
    counts : AreaCounts
    """
    home, lodging = np.full(area.size, NONE, np.int64), np.full(area.size, NONE, np.int64)
    log_standard = np.log(np.maximum(standard, 1.0))
    log_standard -= np.median(log_standard)
    log_odds = log_standard[:, None] * _FOR_INCOME + _FOR_KIND[:, kind].T + _FOR_ORIGIN[:, origin].T
    log_odds[:, 2] += np.interp(age, _FOR_AGE[0], _FOR_AGE[1])
    log_odds[:, 3] += np.interp(age, _FOR_AGE[0], _FOR_AGE[2])
    lodges_well = np.exp(-0.08 * (age - 18) - 1.0 * log_standard - 0.8 * (size - 1))
    wish_rooms = size * 0.45 + 0.7 * log_standard + 0.6 * (kind == COUPLE_CHILDREN) - 0.2 * (kind == SINGLE)
    wish_rooms += np.clip(age - 45, 0, 25) * 0.03 - _FEWER_ROOMS[origin] + rng.normal(0, 1.2, area.size)
    order, ends = sort_by_area(area, counts.n)
    for a in range(counts.n):
        rows = order[ends[a] : ends[a + 1]]
        dwellings = np.arange(*np.searchsorted(stock.area, [a, a + 1]))
        lodgers = rows[sample_rows(lodges_well[rows], rows.size - dwellings.size, rng)]
        housed = np.setdiff1d(rows, lodgers, assume_unique=True)
        occupied = _fill_homes(np.bincount(stock.tenure[dwellings], minlength=4), housed.size)
        tenure = assign_classes(np.exp(log_odds[housed]), occupied, rng)
        for t in range(4):
            takers, homes = housed[tenure == t], dwellings[stock.tenure[dwellings] == t]
            homes = homes[sample_rows(np.ones(homes.size), takers.size, rng)]
            by_rooms = np.argsort(stock.rooms[homes] + rng.random(homes.size), kind="stable")
            home[takers[np.argsort(wish_rooms[takers], kind="stable")]] = homes[by_rooms]
        lodging[lodgers] = _choose_hosts(lodgers, housed, origin, rng)
    return Settlement(home, lodging)


def _fill_homes(there: Array, n: int) -> Array:
    """Return how many of the dwellings of each tenure are occupied by n households."""
    empty = int(there.sum()) - n
    vacant = np.minimum(apportion(there * _VACANT, empty), there)
    while vacant.sum() < empty:
        vacant[np.argmax(there - vacant)] += 1
    return np.asarray(there - vacant)


def choose_off_market(
    stock: Stock, home: Array, n_areas: int, market: HousingMarket, rng: np.random.Generator
) -> Array:
    """Choose the empty dwellings that nobody may have, and return of each dwelling whether it is one.

    To let or for sale are the market's share of each tenure and, beyond it, one home for each household that
    lodges because its area has too few; areas have their part by their stock as far as they have empty homes.

    Parameters
    ----------
    stock : Stock
    home : int (households,)
        Dwelling of each household, NONE for those that lodge.
    n_areas : int
    market : HousingMarket
    """
    is_empty = np.ones(stock.area.size, bool)
    is_empty[home[home != NONE]] = False
    off_market = np.zeros(is_empty.size, bool)
    of_tenure = np.bincount(stock.tenure, minlength=4)
    for_lodgers = apportion(of_tenure, int((home == NONE).sum()))
    for t in range(4):
        rows = np.flatnonzero(is_empty & (stock.tenure == t))
        if market.not_on_market is None:
            stays = round(market.share_to_let()[t] * int(of_tenure[t])) + int(for_lodgers[t])
        else:
            stays = rows.size - round(market.not_on_market.as_tuple()[t] * int(of_tenure[t]))
        all_there = np.bincount(stock.area[stock.tenure == t], minlength=n_areas)
        empty = np.bincount(stock.area[rows], minlength=n_areas)
        of_area = _spread_over_areas(all_there, empty, stays)
        mixed = rows[rng.permutation(rows.size)]
        by_area, ends = sort_by_area(stock.area[mixed], n_areas)
        place = np.arange(rows.size) - np.repeat(ends[:-1], empty)
        off_market[mixed[by_area]] = place >= np.repeat(of_area, empty)
    return off_market


def _spread_over_areas(stock: Array, empty: Array, n: int) -> Array:
    """Return how many empty homes of each area are on the market: n, by stock, no more than there are."""
    if n >= empty.sum():
        return empty
    share = np.where(empty > 0, stock / np.maximum(empty, 1), 0.0)
    on_market = np.zeros(empty.size)
    has_some = np.flatnonzero(empty)
    # each empty home alike within an area, so that no area is asked for more than it has
    chances = inclusion_probabilities(np.repeat(share[has_some], empty[has_some]), n)
    on_market[has_some] = np.add.reduceat(chances, np.cumsum(empty[has_some]) - empty[has_some])
    return apportion(on_market, n)


def _choose_hosts(lodgers: Array, housed: Array, origin: Array, rng: np.random.Generator) -> Array:
    """Return a host in the area for each lodger, of its own origin where there is one; few host twice."""
    out = np.empty(lodgers.size, np.int64)
    for k in np.unique(origin[lodgers]):
        guests = np.flatnonzero(origin[lodgers] == k)
        same = housed[origin[housed] == k]
        same = rng.permutation(same if same.size else housed)
        out[guests] = same[np.arange(guests.size) % same.size]
    return out


def draw_histories(
    tenure: Array, age: Array, year: int, queue_years: float, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return the year each household moved in, and since when it stands in the rental queue.

    Time since the move is geometric with the tenure's turnover. A signed rental contract resets the queue;
    others registered some years ago, on average the queue time, three of ten not at all (C).

    Parameters
    ----------
    tenure : int
        Tenure of the home; NONE while lodging.
    age : int
        Age of the eldest.
    """
    grown = np.maximum(age - 18, 0)
    rate = np.where(tenure == NONE, 0.5, _TURNOVER[np.maximum(tenure, 0)])
    since = np.minimum(rng.geometric(rate) - 1, grown)
    waited = np.rint(rng.exponential(queue_years, age.size)) * (rng.random(age.size) < 0.7)
    is_rental = (tenure == Tenure.PUBLIC_RENTAL) | (tenure == Tenure.PRIVATE_RENTAL)
    waited = np.where(is_rental, since, np.minimum(waited, grown))
    return year - since, (year - waited).astype(np.int64)


def draw_first_wealth(
    price: Array, income: Array, age: Array, years: Array, rng: np.random.Generator
) -> Array:
    """Return what each household can put into a home, tkr: savings, and for owners their part of its price.

    Savings are log-normal around .08 of income per year since 22, at most 25 years (C).
    """
    savings = income * 0.08 * np.clip(age - 22, 0.5, 25) * np.exp(rng.normal(0, 1.0, age.size)) * 0.5
    equity = price * np.clip(_EQUITY[0] + _EQUITY[1] * years, 0, 0.95)
    return np.asarray(savings + equity)
