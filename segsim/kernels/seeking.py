"""The housing market's choice: which vacancies a mover sees, may have, and wants, best first."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.draws import Stream, gumbel, uniform
from segsim.tables import Array

_NEVER = -1e30
_SHAPE_SLOPE, _SHAPE_THRESHOLD, _SHAPE_PEAK = 0, 1, 2
SHAPES = {"slope": _SHAPE_SLOPE, "threshold": _SHAPE_THRESHOLD, "single_peaked": _SHAPE_PEAK, "none": 3}
ALLOCATIONS = {"queue": 0, "lottery": 1, "need": 2}


class Taste(NamedTuple):
    """The sizes of what households want; see HousingPreferences for meaning and units."""

    own_group: float
    shape: int
    threshold: float
    peak: float
    at_one: float
    income_similarity: float
    burden: float
    crowding: float
    spare_room: float
    ownership: float
    quality: float
    distance: float
    distance_cap: float
    staying: float
    bid_spread: float


class Terms(NamedTuple):
    """What landlords, banks and sellers ask; see HousingRules for meaning and units."""

    allocation: int
    public_income_floor: float
    private_income_floor: float
    private_queue_weight: float
    private_income_weight: float
    private_penalty_foreign: float
    loan_to_value: float
    loan_to_income: float
    illegal_price: float


class Surroundings(NamedTuple):
    """What movers know of places, frozen within a round."""

    own_share: Array  # float64 (places, kinds)
    place: Array  # int32 (cells,): the place whose shares a cell sees
    area: Array  # int32 (cells,)
    x: Array  # float32 (cells,), m
    y: Array  # float32 (cells,), m
    log_standard: Array  # float64 (areas,)
    appeal: Array  # float64 (areas,): utility of the area to everyone
    family_appeal: Array  # float64 (areas,): further utility to households with children


class Vacancies(NamedTuple):
    """The vacancies of a round on a ring of hashes, so that one more or less disturbs few choice sets."""

    dwelling: Array  # int32 (vacancies,), ascending by point
    point: Array  # float64 (vacancies,), in [0, 1)
    first: Array  # int32 (buckets + 1,): first vacancy at or after each bucket's start
    is_illegal: Array  # bool (vacancies,): passes outside the queue, for money
    is_local: Array  # bool (vacancies,): residents of the area come first


class Movers(NamedTuple):
    """The households that look for a home in a round."""

    household: Array  # int32 (movers,)
    cell: Array  # int32 (movers,): where they live or lodge
    kind: Array  # int8 (movers,): class of their group
    is_foreign: Array  # bool (movers,)


@kernel
def rooms_needed(persons):
    """Return the rooms that norm 2 asks: two to a bedroom and a living room; one room for one person."""
    return 1 if persons <= 1 else 1 + (persons + 1) // 2


@kernel
def own_group_value(taste, share):
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


@kernel
def utility_of_home(taste, around, households, dwellings, h, d, kind, from_cell):
    """Return the systematic utility of dwelling `d` to household `h` that now lives on `from_cell`."""
    cell = dwellings.cell[d]
    area = around.area[cell]
    own = own_group_value(taste, around.own_share[around.place[cell], kind])
    u = taste.own_group * households.taste_own_group[h] * own + around.appeal[area]
    gap = abs(np.log(max(households.standard[h], 1.0)) - around.log_standard[area])
    u -= taste.income_similarity * households.taste_income[h] * gap
    cost = dwellings.fee[d] + 0.04 * max(0.0, dwellings.price[d] - households.wealth[h])
    u -= taste.burden * max(0.0, cost / max(households.income[h], 1.0) - 0.25)
    spare = dwellings.rooms[d] - rooms_needed(households.size[h])
    u -= taste.crowding * max(0, -spare) + taste.spare_room * max(0, spare - 1)
    if households.children[h] > 0:
        u += around.family_appeal[area]
        if dwellings.tenure[d] >= 2:
            u += taste.ownership
    dx = around.x[cell] - around.x[from_cell]
    dy = around.y[cell] - around.y[from_cell]
    km = np.sqrt(dx * dx + dy * dy) / 1000.0
    return u + taste.quality * dwellings.quality[d] - taste.distance * min(km, taste.distance_cap)


@kernel
def can_have(terms, households, dwellings, h, d, is_illegal):
    """Say whether household `h` meets what the landlord, the bank or the seller of dwelling `d` asks."""
    tenure = dwellings.tenure[d]
    income = households.income[h]
    if tenure <= 1:
        if is_illegal:
            return households.wealth[h] >= terms.illegal_price
        floor = terms.public_income_floor if tenure == 0 else terms.private_income_floor
        return income >= floor * dwellings.fee[d]
    price = dwellings.price[d]
    down_payment = (1.0 - terms.loan_to_value) * price
    loan = price - households.wealth[h]
    return households.wealth[h] >= down_payment and loan <= terms.loan_to_income * income / 0.75


@kernel
def score_at(key, when, terms, households, dwellings, h, d, gain, taste, is_foreign):
    """Return the priority that the holder of dwelling `d` gives household `h`; the highest gets it.

    Public rental: years in the queue (or a lottery, or need); private rental: the landlord's score;
    cooperative and owned: log of the bid, a price raised by the utility gained and bounded by money.
    """
    tenure = dwellings.tenure[d]
    waited = float(when // 16 - households.queue_since[h])
    if tenure == 0:
        luck = uniform(key, Stream.LOTTERY, when, households.id[h], 0)
        if terms.allocation == 0:
            return waited + luck
        if terms.allocation == 1:
            return uniform(key, Stream.LOTTERY, when, households.id[h], dwellings.id[d])
        return float(households.size[h]) + luck
    if tenure == 1:
        ease = np.log2(max(households.income[h], 1.0) / max(dwellings.fee[d], 1.0))
        score = terms.private_queue_weight * waited + terms.private_income_weight * ease
        if is_foreign:
            score -= terms.private_penalty_foreign
        return score + gumbel(key, Stream.LANDLORD, when, households.id[h], dwellings.id[d])
    most = households.wealth[h] + terms.loan_to_income * households.income[h] / 0.75
    bid = dwellings.price[d] * np.exp(min(taste.bid_spread * gain, 1.0))
    return np.log(max(min(bid, most), 1.0)) + 1e-6 * uniform(
        key, Stream.LANDLORD, when, households.id[h], dwellings.id[d]
    )


@kernel
def vacancy_after(vacancies, u):
    """Return the index of the first vacancy at or after point `u` of the ring."""
    n = vacancies.dwelling.size
    i = vacancies.first[int(u * (vacancies.first.size - 1))]
    while i < n and vacancies.point[i] < u:
        i += 1
    return i if i < n else 0


@kernel
def rank_candidates(
    key, when, year, taste, terms, around, vacancies, movers, households, dwellings, ranked, score
):
    """Fill each mover's list of vacancies it prefers to staying, best first, with each landlord's score.

    Parameters
    ----------
    when : int
        16 * year + round.
    ranked : int32 (movers, candidates), out
        Index into `vacancies`, -1 beyond the list's end.
    score : float64 (movers, candidates), out
        Priority at the vacancy of the same place in `ranked`.
    """
    k = ranked.shape[1]
    value = np.empty(k)
    for m in range(movers.household.size):
        h = movers.household[m]
        who, from_cell, kind = households.id[h], movers.cell[m], movers.kind[m]
        home = households.home[h]
        floor = _NEVER
        if home >= 0:
            floor = utility_of_home(taste, around, households, dwellings, h, home, kind, from_cell)
            floor += taste.staying + gumbel(key, Stream.TASTE, year, who, dwellings.id[home])
        seen = 0
        ranked[m, :] = -1
        for j in range(3 * k):
            v = vacancy_after(vacancies, uniform(key, Stream.CANDIDATE, when, who, j))
            d = vacancies.dwelling[v]
            if not can_have(terms, households, dwellings, h, d, vacancies.is_illegal[v]):
                continue
            seen += 1
            u = utility_of_home(taste, around, households, dwellings, h, d, kind, from_cell)
            u += gumbel(key, Stream.TASTE, year, who, dwellings.id[d])
            if u > floor:
                _insert(ranked[m], score[m], value, v, u)
            if seen == k:
                break
        for i in range(k):
            v = ranked[m, i]
            if v < 0:
                break
            d = vacancies.dwelling[v]
            gain = value[i] - floor if home >= 0 else 0.0
            if vacancies.is_illegal[v]:
                score[m, i] = 1e6 + np.float64(households.wealth[h])
            else:
                score[m, i] = score_at(
                    key, when, terms, households, dwellings, h, d, gain, taste, movers.is_foreign[m]
                )
                if vacancies.is_local[v] and around.area[dwellings.cell[d]] == around.area[from_cell]:
                    score[m, i] += 1e3


@kernel
def _insert(ranked, score, value, v, u):
    """Insert vacancy `v` of value `u` into a list held in descending value, once."""
    k = ranked.size
    i = 0
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
