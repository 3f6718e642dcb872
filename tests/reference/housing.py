"""The housing market in plain Python, written for reading."""

import math

from segsim.kernels.draws import Stream, gumbel, uniform
from segsim.tables import NONE


def rooms_needed(persons):
    """Two to a bedroom and a living room; one room for one person."""
    return 1 if persons <= 1 else 1 + math.ceil(persons / 2)


def own_group_value(taste, share):
    """Value of an own-group share by the chosen shape."""
    if taste.shape == 0:
        return share
    if taste.shape == 1:
        return float(1 - share <= taste.threshold)
    if taste.shape == 2:
        rising = share / taste.peak if taste.peak > 0 else 1.0
        falling = (
            taste.at_one + (1 - share) * (1 - taste.at_one) / (1 - taste.peak) if taste.peak < 1 else 1.0
        )
        return rising if share <= taste.peak else falling
    return 0.0


def utility(taste, around, households, dwellings, h, d, kind, from_cell):
    """Systematic utility of a dwelling, term by term."""
    cell = dwellings.cell[d]
    area = around.area[cell]
    share = around.own_share[around.place[cell], kind]
    gap = abs(math.log(max(float(households.standard[h]), 1.0)) - around.log_standard[area])
    loan = max(0.0, float(dwellings.price[d]) - float(households.wealth[h]))
    burden = (float(dwellings.fee[d]) + 0.04 * loan) / max(float(households.income[h]), 1.0)
    spare = int(dwellings.rooms[d]) - rooms_needed(int(households.size[h]))
    km = math.dist((around.x[cell], around.y[cell]), (around.x[from_cell], around.y[from_cell])) / 1000
    has_children = households.children[h] > 0
    terms = [
        taste.own_group * float(households.taste_own_group[h]) * own_group_value(taste, share),
        around.appeal[area],
        around.family_appeal[area] if has_children else 0.0,
        -taste.income_similarity * float(households.taste_income[h]) * gap,
        -taste.burden * max(0.0, burden - 0.25),
        -taste.crowding * max(0, -spare),
        -taste.spare_room * max(0, spare - 1),
        taste.ownership if has_children and dwellings.tenure[d] >= 2 else 0.0,
        taste.quality * float(dwellings.quality[d]),
        -taste.distance * min(km, taste.distance_cap),
    ]
    return sum(terms)


def can_have(terms, households, dwellings, h, d, is_illegal):
    """Whether money and rules allow it."""
    income, wealth = float(households.income[h]), float(households.wealth[h])
    price, fee = float(dwellings.price[d]), float(dwellings.fee[d])
    if dwellings.tenure[d] >= 2:
        return (
            wealth >= (1 - terms.loan_to_value) * price
            and price - wealth <= terms.loan_to_income * income / 0.75
        )
    if is_illegal:
        return wealth >= terms.illegal_price
    return income >= [terms.public_income_floor, terms.private_income_floor][dwellings.tenure[d]] * fee


def seen_vacancies(key, when, who, vacancies, tries):
    """The vacancy at or after each point the household throws on the ring."""
    for j in range(tries):
        u = uniform(key, Stream.CANDIDATE, when, who, j)
        yield next((v for v, point in enumerate(vacancies.point) if point >= u), 0)


def wanted(key, when, year, taste, terms, around, vacancies, movers, households, dwellings, k, m):
    """The vacancies mover `m` prefers to staying, best first, with their utilities and that of staying."""
    h, from_cell, kind = movers.household[m], movers.cell[m], movers.kind[m]

    def felt(d):
        u = utility(taste, around, households, dwellings, h, d, kind, from_cell)
        return u + gumbel(key, Stream.TASTE, year, households.id[h], dwellings.id[d])

    home = households.home[h]
    floor = felt(home) + taste.staying if home != NONE else -math.inf
    tried = seen_vacancies(key, when, households.id[h], vacancies, 3 * k)
    candidates = [
        v
        for v in tried
        if can_have(terms, households, dwellings, h, vacancies.dwelling[v], vacancies.is_illegal[v])
    ][:k]
    values = {v: felt(vacancies.dwelling[v]) for v in candidates}
    return sorted(((u, v) for v, u in values.items() if u > floor), reverse=True), floor


def settle(year, place, movers, vacancies, households, dwellings):
    """Where everyone lives after the moves: {household: dwelling} and the vacancies left behind."""
    homes = {int(h): int(d) for h, d in enumerate(households.home)}
    for m, v in enumerate(place):
        if v >= 0:
            homes[int(movers.household[m])] = int(vacancies.dwelling[v])
    occupied = {d: h for h, d in homes.items() if d != NONE}
    return homes, [occupied.get(d, NONE) for d in range(dwellings.id.size)]
