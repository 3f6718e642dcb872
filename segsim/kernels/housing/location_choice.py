"""The housing market's choice: which vacancies a mover sees, may have, and wants, best first."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np

from segsim.kernels.choices.own_functions import FAILED, choose_by_own_rule
from segsim.kernels.compile import kernel, part
from segsim.kernels.draws import Stream, fill_bits, gumbel, gumbel_above, pair, uniform
from segsim.kernels.housing.own_utility import call_home_utility
from segsim.kernels.housing.vacancy_ring import VacancyRing, nearby_vacancy_after, vacancy_after
from segsim.tables import NONE, Array, Tenure

_PUBLIC_RENTAL, _PRIVATE_RENTAL = np.int8(Tenure.PUBLIC_RENTAL), np.int8(Tenure.PRIVATE_RENTAL)
_NEVER = -1e30  # below any utility: who lodges prefers any home to none
_UNIT32 = 1.0 / 4294967296.0  # 2 ** -32
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_SHAPE_SLOPE, _SHAPE_THRESHOLD, _SHAPE_PEAK = 0, 1, 2
SHAPES = {
    "slope": _SHAPE_SLOPE,
    "threshold": _SHAPE_THRESHOLD,
    "single_peaked": _SHAPE_PEAK,
    "points": _SHAPE_SLOPE,  # shares of places are made into their values once a round, see `Surroundings`
    "none": 3,
}
_BY_QUEUE, _BY_LOTTERY, _BY_NEED = 0, 1, 2
ALLOCATIONS = {"queue": _BY_QUEUE, "lottery": _BY_LOTTERY, "need": _BY_NEED}

_MONEY_FIRST = 1e6  # what is paid goes before every other score: years, landlords' points, logs of bids
_LOCAL_FIRST = 1e3  # more than any years in the queue, so that residents stand before others, in its order
_TIE = 1e-6  # far less than any two bids differ by, unless they are the same to the krona


class HousingTaste(NamedTuple):
    """The sizes of what households want; see HousingPreferences for meaning and units."""

    own_group: float
    shape: int
    threshold: float
    peak: float
    at_one: float
    income_similarity: float
    affluent_similarity: float
    education_similarity: float
    burden: float
    burden_limit: float
    interest: float
    crowding: float
    spare_room: float
    ownership: float
    quality: float
    distance: float
    distance_cap: float
    staying: float
    bid_spread: float
    bid_bound: float
    own_utility: int  # address of an own utility of a home, 0 if none
    own_rule: int  # address of an own choice rule, 0 if none


class HousingTerms(NamedTuple):
    """What landlords, banks and sellers ask; see HousingRules for meaning and units."""

    public_income_floor: Array  # float64 (municipalities,), as are the two below
    public_norm: Array
    private_income_floor: Array
    has_own_queue: Array  # bool (municipalities,): only its residents stand in its public queue
    private_queue_weight: float
    private_income_weight: float
    private_penalty_foreign: float
    loan_to_value: float
    loan_to_income: float
    net_share: float
    illegal_price: float


class MarketRound(NamedTuple):
    """When a round of the market is held, and the key of its chance."""

    key: np.uint64
    year: int
    stamp: int  # what stands for the round in draws that are made anew each round, from `round_stamp`


Record: TypeAlias = Any
"""One record of an array of `HOME` or `MOVER`; mypy does not know its fields."""

DEMAND = np.dtype(
    [
        ("income", np.float64),
        ("per_unit", np.float64),
        ("wealth", np.float64),
        ("price", np.float32),
        ("queue", np.int32),
    ]
)
"""What is asked of who wants a vacancy, minus infinity where nothing is: income, tkr a year, and so much more
for each consumption unit; wealth and price, tkr; and in which municipality's queue to stand, NONE in none."""


class HomeSet(NamedTuple):
    """Homes as movers see them, and who lives around each."""

    homes: Array  # HOME records
    place: Array  # int32 (homes,): the area or window each lies in
    own_share: Array  # float64 (places, groups): share of people like each group there, or its value


@part
def rooms_needed(persons: int) -> int:
    """Return the rooms that norm 2 asks: two to a bedroom and a living room; one room for one person."""
    return 1 if persons <= 1 else 1 + (persons + 1) // 2


@part
def own_group_value(taste: HousingTaste, share: float) -> float:
    """Return the value of an own-group share in [0, 1], by the chosen shape."""
    if taste.shape == _SHAPE_SLOPE:
        return share
    if taste.shape == _SHAPE_THRESHOLD:
        return 1.0 if 1.0 - share <= taste.threshold else 0.0
    if taste.shape == _SHAPE_PEAK:
        if share <= taste.peak:
            return share / taste.peak if taste.peak > 0.0 else 1.0
        return taste.at_one + (1.0 - share) * (1.0 - taste.at_one) / (1.0 - taste.peak)
    return 0.0


@part
def utility_of_home(taste: HousingTaste, mover: Record, home: Record, own_share: float) -> float:
    """Return the systematic utility of a home (record), with its own-group share, to a mover (record)."""
    u = taste.own_group * mover.taste_own_group * own_group_value(taste, own_share) + home.appeal
    weight = taste.income_similarity * (1.0 + taste.affluent_similarity * max(0.0, mover.log_standard))
    u -= weight * mover.taste_income * abs(mover.log_standard - home.log_standard)
    u -= taste.education_similarity * abs(mover.education - home.education)
    cost = home.fee + taste.interest * max(0.0, home.price - mover.wealth)
    u -= taste.burden * max(0.0, cost / max(mover.income, 1.0) - taste.burden_limit)
    spare = home.rooms - rooms_needed(mover.size)
    u -= taste.crowding * max(0, -spare) + taste.spare_room * max(0, spare - 1)
    if mover.has_children:
        u += home.family_appeal
        if home.tenure > _PRIVATE_RENTAL:  # cooperative or owned, which come last
            u += taste.ownership
    dx, dy = home.x - mover.x, home.y - mover.y
    km = np.sqrt(dx * dx + dy * dy) / 1000.0
    return float(u + taste.quality * home.quality - taste.distance * min(km, taste.distance_cap))


@part
def worth_of_home(
    taste: HousingTaste, mover: Record, home: Record, own_share: float, is_present: bool, failures: Array
) -> float:
    """Return what a home is worth to a mover by segsim's terms or, if there is one, by an own function."""
    utility = utility_of_home(taste, mover, home, own_share)
    if taste.own_utility == 0:
        return utility
    dx, dy = home.x - mover.x, home.y - mover.y
    km = np.sqrt(dx * dx + dy * dy) / 1000.0
    told: float = call_home_utility(
        taste.own_utility, mover, home, utility, own_share, km, 1.0 if is_present else 0.0
    )
    if not np.isfinite(told):
        failures[0] += 1
    return told


@part
def write_demands(terms: HousingTerms, vacancies: Array, is_illegal: Array, demands: Array) -> None:
    """Write what the landlord, the bank or the seller of each vacancy asks: income, wealth, and a price.

    A rental asks for an income, or, where the contract passes for money, for that money. A home for sale
    asks for the down payment, and for a loan on the rest of the price that the mover's income can carry.
    """
    for v in range(vacancies.size):
        tenure = vacancies[v].tenure
        demand = demands[v]
        demand.income = demand.wealth = demand.price = -np.inf
        demand.per_unit, demand.queue = 0.0, NONE
        municipality = vacancies[v].municipality
        if tenure > _PRIVATE_RENTAL:
            demand.wealth = (1.0 - terms.loan_to_value) * vacancies[v].price
            demand.price = vacancies[v].price
        elif is_illegal[v]:
            demand.wealth = terms.illegal_price
        else:
            floor = terms.private_income_floor[municipality]
            if tenure == _PUBLIC_RENTAL:
                floor = terms.public_income_floor[municipality]
                demand.per_unit = terms.public_norm[municipality]
                if terms.has_own_queue[municipality]:
                    demand.queue = municipality
            demand.income = floor * vacancies[v].fee


@part
def landlord_score(
    market_round: MarketRound,
    taste: HousingTaste,
    terms: HousingTerms,
    mover: Record,
    home: Record,
    allocation: int,
    gain: float,
) -> float:
    """Return the priority that the holder of a home gives a mover; the highest gets it.

    Public rental: years in the queue (or a lottery, or need); private rental: the landlord's score;
    cooperative and owned: log of the bid, a price raised by the utility gained and bounded by money.
    """
    key, when = market_round.key, market_round.stamp
    waited = float(market_round.year - mover.queue_since)
    if home.tenure == _PUBLIC_RENTAL:
        luck = uniform(key, Stream.LOTTERY, when, mover.id, 0)
        if allocation == _BY_QUEUE:
            return waited + luck
        if allocation == _BY_LOTTERY:
            return uniform(key, Stream.LOTTERY, when, mover.id, home.id)
        return float(mover.size) + luck
    if home.tenure == _PRIVATE_RENTAL:
        ease = np.log2(max(mover.income, 1.0) / max(home.fee, 1.0))
        score = terms.private_queue_weight * waited + terms.private_income_weight * ease
        if mover.is_foreign:
            score -= terms.private_penalty_foreign
        return float(score + gumbel(key, Stream.LANDLORD, when, mover.id, home.id))
    # a seller takes the highest bid; nobody bids more than the bank and the savings allow
    most = mover.wealth + terms.loan_to_income * mover.income / terms.net_share
    bid = home.price * np.exp(min(taste.bid_spread * gain, taste.bid_bound))
    luck = uniform(key, Stream.LANDLORD, when, mover.id, home.id)
    return float(np.log(max(min(bid, most), 1.0)) + _TIE * luck)


@part
def see_vacancies(
    market_round: MarketRound,
    terms: HousingTerms,
    mover: Record,
    demands: Array,
    ring: VacancyRing,
    tries: int,
    seen: Array,
) -> int:
    """Fill `seen` with the first vacancies hit that the mover can have; return how many.

    Points on the ring are thrown four at a time, 32-bit numbers from each draw, high halves first, until
    enough are seen or `tries` are thrown. `seen` has one place more than is filled: what cannot be had is
    written, and written over, which is faster than a branch that nobody can predict.
    """
    n, thrown_nearby = 0, 0.0
    loan = terms.loan_to_income * mover.income / terms.net_share
    rings = ring.nearby
    share = rings.share
    if rings.start[mover.municipality] == rings.start[mover.municipality + 1]:
        share = 0.0
    for i in range(tries // 4):
        # 32 bits tell thousands of vacancies apart; a whole draw for each point takes a third longer
        first, second = pair(market_round.key, Stream.CANDIDATE, market_round.stamp, mover.id, i)
        for word in (first >> _HALF, first & _LOW, second >> _HALF, second & _LOW):
            thrown_nearby += share
            if thrown_nearby >= 1.0:
                thrown_nearby -= 1.0
                v = nearby_vacancy_after(rings, mover.municipality, np.float64(word) * _UNIT32)
            else:
                v = vacancy_after(ring, np.float64(word) * _UNIT32)
            seen[n] = v
            has_income = mover.income >= demands[v].income + demands[v].per_unit * mover.units
            has_wealth = mover.wealth >= demands[v].wealth
            may = (demands[v].queue == NONE) | (demands[v].queue == mover.municipality)
            # `&` and not `and`: with branches the whole ranking takes 1.4 times as long
            n += may & has_income & has_wealth & (demands[v].price - mover.wealth <= loan)
            if n == seen.size - 1:
                return int(n)
    return int(n)


@kernel
def rank_candidates(
    market_round: MarketRound,
    taste: HousingTaste,
    terms: HousingTerms,
    movers: Array,
    present: HomeSet,
    vacant: HomeSet,
    ring: VacancyRing,
    ranked: Array,
    score: Array,
    failures: Array,
) -> None:
    """Fill each mover's list of vacancies it prefers to staying, best first, with each holder's score.

    Parameters
    ----------
    market_round : MarketRound
    taste, terms : HousingTaste, HousingTerms
    movers : MOVER records
    present, vacant : HomeSet
        The movers' own homes, one per mover (unused where it has none), and the vacancies.
    ring : VacancyRing
    ranked : int32 (movers, candidates), out
        Index into the vacancies, -1 beyond the list's end.
    score : float64 (movers, candidates), out
        Priority at the vacancy of the same place in `ranked`.
    failures : int64 (2,), out
        How often an own utility gave no number, and an own rule named nothing there is.
    """
    key, year, vacancies = market_round.key, market_round.year, vacant.homes
    k = ranked.shape[1]
    tries = (3 * k + 3) // 4 * 4  # three points for each place on the list, in whole draws of four
    value, worth, seen = np.empty(k), np.empty(k), np.empty(k + 1, np.int64)
    seen_id, draws = np.empty(k, np.int64), np.empty(k, np.uint64)
    demands = np.empty(vacancies.size, DEMAND)
    write_demands(terms, vacancies, ring.is_illegal, demands)
    for m in range(movers.size):
        mover, floor = movers[m], _NEVER
        if mover.has_home:
            own_share = present.own_share[present.place[m], mover.group]
            floor = worth_of_home(taste, mover, present.homes[m], own_share, True, failures)
            tie = taste.staying
            if taste.own_rule == 0:
                tie += gumbel(key, Stream.TASTE, year, mover.id, present.homes[m].id)
            floor += tie
        ranked[m, :] = -1
        n = see_vacancies(market_round, terms, mover, demands, ring, tries, seen)
        if taste.own_rule != 0:
            n = leave_out_repeated(seen, n)
            for i in range(n):
                own_share = vacant.own_share[vacant.place[seen[i]], mover.group]
                worth[i] = worth_of_home(taste, mover, vacancies[seen[i]], own_share, False, failures)
            rank_by_own_rule(market_round, taste, mover, floor, seen, worth, n, ranked[m], value, failures)
        else:
            for i in range(n):
                seen_id[i] = vacancies[seen[i]].id
            fill_bits(key, Stream.TASTE, year, mover.id, seen_id[:n], draws)
            for i in range(n):
                v = seen[i]
                own_share = vacant.own_share[vacant.place[v], mover.group]
                u = worth_of_home(taste, mover, vacancies[v], own_share, False, failures)
                felt = gumbel_above(draws[i], floor - u)
                if felt > floor - u and u + felt > floor:
                    _insert(ranked[m], value, v, u + felt)
        for i in range(k):
            v = ranked[m, i]
            if v < 0:
                break
            gain = value[i] - floor if mover.has_home else 0.0  # who lodges has nothing to gain over
            if ring.is_illegal[v]:
                score[m, i] = _MONEY_FIRST + mover.wealth
                continue
            score[m, i] = landlord_score(
                market_round, taste, terms, mover, vacancies[v], ring.allocation[v], gain
            )
            if ring.is_local[v] and vacancies[v].area == mover.area:
                score[m, i] += _LOCAL_FIRST


@part
def leave_out_repeated(seen: Array, n: int) -> int:
    """Close up the first `n` of `seen` so that each vacancy is there once; return how many are left."""
    left = 0
    for i in range(n):
        is_new = True
        for j in range(left):
            is_new &= seen[j] != seen[i]
        seen[left] = seen[i]
        left += is_new
    return left


@part
def rank_by_own_rule(
    market_round: MarketRound,
    taste: HousingTaste,
    mover: Record,
    staying: float,
    seen: Array,
    worth: Array,
    n: int,
    ranked: Array,
    value: Array,
    failures: Array,
) -> None:
    """Fill a mover's list by asking its rule again and again, each time without the vacancy it named."""
    for place in range(n):
        drawn = uniform(market_round.key, Stream.OWN_RULE, market_round.stamp, mover.id, place)
        at = choose_by_own_rule(taste.own_rule, worth, n - place, staying, drawn)
        if at < 0:
            failures[1] += at == FAILED
            return
        ranked[place], value[place] = seen[at], worth[at]
        for i in range(at, n - place - 1):
            seen[i], worth[i] = seen[i + 1], worth[i + 1]


@part
def _insert(ranked: Array, value: Array, v: int, u: float) -> None:
    """Insert vacancy `v` of value `u` into a list held in descending value, once."""
    # from the top: few vacancies beat staying, so lists are short and a vacancy seen twice is met on the way
    k, i = ranked.size, 0
    while i < k and ranked[i] >= 0 and value[i] >= u:
        if ranked[i] == v:
            return
        i += 1
    last = i
    while last < k - 1 and ranked[last] >= 0:
        last += 1
    for j in range(last, i, -1):
        ranked[j] = ranked[j - 1]
        value[j] = value[j - 1]
    ranked[i] = v
    value[i] = u
