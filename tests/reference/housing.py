"""The housing market in plain Python, written for reading."""

import math

from segsim.kernels.draws import Stream, gumbel, pair, uniform
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


def utility(taste, mover, home, share):
    """Systematic utility of a home, term by term; mover and home are dicts, share is that of people alike."""
    loan = max(0.0, home["price"] - mover["wealth"])
    burden = (home["fee"] + taste.interest * loan) / max(mover["income"], 1.0)
    spare = home["rooms"] - rooms_needed(mover["size"])
    km = math.dist((home["x"], home["y"]), (mover["x"], mover["y"])) / 1000
    terms = [
        taste.own_group * mover["taste_own_group"] * own_group_value(taste, share),
        home["appeal"],
        home["family_appeal"] if mover["has_children"] else 0.0,
        -taste.income_similarity
        * (1 + taste.affluent_similarity * max(0, mover["log_standard"]))
        * mover["taste_income"]
        * abs(mover["log_standard"] - home["log_standard"]),
        -taste.education_similarity * abs(mover["education"] - home["education"]),
        -taste.burden * max(0.0, burden - taste.burden_limit),
        -taste.crowding * max(0, -spare),
        -taste.spare_room * max(0, spare - 1),
        taste.ownership if mover["has_children"] and home["tenure"] >= 2 else 0.0,
        taste.quality * home["quality"],
        -taste.distance * min(km, taste.distance_cap),
    ]
    return sum(terms)


def can_have(terms, mover, home, is_illegal):
    """Whether money and rules allow it."""
    where = home["municipality"]
    if home["tenure"] >= 2:
        has_down_payment = mover["wealth"] >= (1 - terms.loan_to_value) * home["price"]
        return (
            has_down_payment
            and home["price"] - mover["wealth"] <= terms.loan_to_income * mover["income"] / terms.net_share
        )
    if is_illegal:
        return mover["wealth"] >= terms.illegal_price
    if home["tenure"] == 1:
        return mover["income"] >= terms.private_income_floor[where] * home["fee"]
    if terms.has_own_queue[where] and mover["municipality"] != where:
        return False
    norm = terms.public_norm[where] * mover["units"]
    return mover["income"] >= terms.public_income_floor[where] * home["fee"] + norm


def thrown_point(when, who, j):
    """The j-th of the points a household throws: four 32-bit numbers from each draw, high halves first."""
    words = [int(word) for word in pair(when.key, Stream.CANDIDATE, when.stamp, who, j // 4)]
    halves = [half for word in words for half in (word >> 32, word & 0xFFFFFFFF)]
    return halves[j % 4] / 2**32


def seen_vacancies(when, mover, ring, municipality, tries):
    """The vacancy at or after each point the household throws: on the ring of all, or its municipality's."""
    own = [v for v, where in enumerate(municipality) if where == mover["municipality"]]
    share, everywhere = ring.nearby.share if own else 0.0, list(range(len(municipality)))
    for j in range(tries):
        is_nearby = math.floor((j + 1) * share) > math.floor(j * share)
        u, vacancies = thrown_point(when, mover["id"], j), own if is_nearby else everywhere
        yield next((v for v in vacancies if ring.point[v] >= u), vacancies[0])


def describe_home(d, dwellings, cells, municipality, log_standard, education, appeal, family_appeal):
    """A dwelling and what surrounds it."""
    cell = dwellings.cell[d]
    area = cells.area[cell]
    own = {name: getattr(dwellings, name)[d] for name in ("id", "quality", "price", "fee", "tenure", "rooms")}
    place = {
        "x": cells.x[cell],
        "y": cells.y[cell],
        "area": area,
        "log_standard": log_standard[area, dwellings.tenure[d]],
    }
    place["municipality"] = municipality[area]
    worth = {
        "education": education[area, dwellings.tenure[d]],
        "appeal": appeal[area],
        "family_appeal": family_appeal[area],
    }
    return own | place | worth


def describe_mover(h, cell, log_standard, foreign, households, cells, municipality):
    """A household that looks for a home."""
    names = (
        "id",
        "taste_own_group",
        "taste_income",
        "income",
        "wealth",
        "units",
        "size",
        "queue_since",
        "group",
    )
    own = {name: getattr(households, name)[h] for name in names}
    place = {"x": cells.x[cell], "y": cells.y[cell], "area": cells.area[cell]}
    place["municipality"] = municipality[cells.area[cell]]
    return (
        own
        | place
        | {
            "log_standard": log_standard,
            "education": max(households.education[h], 0),
            "has_children": households.children[h] > 0,
            "is_foreign": foreign[households.group[h]],
            "has_home": households.home[h] != NONE,
        }
    )


def rank_candidates(when, taste, terms, movers, present, vacant, ring, k, m):
    """The vacancies mover `m` prefers to staying, best first, with their utilities, and that of staying."""
    mover = record(movers[m])

    def felt(seen, at):
        home, share = record(seen.homes[at]), seen.own_share[seen.place[at]]
        drawn = gumbel(when.key, Stream.TASTE, when.year, mover["id"], home["id"])
        return utility(taste, mover, home, share[mover["group"]]) + drawn

    floor = felt(present, m) + taste.staying if mover["has_home"] else -math.inf
    values = {v: felt(vacant, v) for v in available_vacancies(when, terms, movers, vacant, ring, k, m)}
    return sorted(((u, v) for v, u in values.items() if u > floor), reverse=True), floor


def available_vacancies(when, terms, movers, vacant, ring, k, m):
    """The first `k` vacancies that mover `m` is shown and may have, in the order seen, each once."""
    mover, homes = record(movers[m]), vacant.homes
    tried = seen_vacancies(when, mover, ring, homes["municipality"], (3 * k + 3) // 4 * 4)
    can = [v for v in tried if can_have(terms, mover, record(homes[v]), ring.is_illegal[v])][:k]
    return list(dict.fromkeys(can))


def score(when, taste, terms, mover, home, allocation, gain):
    """What the holder of a home gives a mover."""
    key, waited, who = when.key, when.year - mover["queue_since"], mover["id"]
    if home["tenure"] == 0 and allocation == 1:
        return uniform(key, Stream.LOTTERY, when.stamp, who, home["id"])
    if home["tenure"] == 0 and allocation == 2:
        return mover["size"] + uniform(key, Stream.LOTTERY, when.stamp, who, 0)
    if home["tenure"] == 0:
        return waited + uniform(key, Stream.LOTTERY, when.stamp, who, 0)
    if home["tenure"] == 1:
        ease = math.log2(mover["income"] / home["fee"])
        points = terms.private_queue_weight * waited + terms.private_income_weight * ease
        points -= terms.private_penalty_foreign * mover["is_foreign"]
        return points + gumbel(key, Stream.LANDLORD, when.stamp, who, home["id"])
    most = mover["wealth"] + terms.loan_to_income * mover["income"] / terms.net_share
    bid = min(home["price"] * math.exp(min(taste.bid_spread * gain, taste.bid_bound)), most)
    return math.log(max(bid, 1.0)) + 1e-6 * uniform(key, Stream.LANDLORD, when.stamp, who, home["id"])


def record(row):
    """A structured row as a dict of plain values."""
    return {name: row[name].item() for name in row.dtype.names}


def settle(place, mover, vacant, households, dwellings):
    """Where everyone lives after the moves: {household: dwelling}, and each dwelling's occupant."""
    homes = {h: int(d) for h, d in enumerate(households.home)}
    for m, v in enumerate(place):
        if v >= 0:
            homes[int(mover[m])] = int(vacant[v])
    occupied = {d: h for h, d in homes.items() if d != NONE}
    return homes, [occupied.get(d, NONE) for d in range(dwellings.id.size)]


def first_round(key, year, rates, households, dwellings, roof, readiness, h):
    """The round in which household h starts to look; the number of rounds if it does not."""
    who, home = int(households.id[h]), int(households.home[h])
    if who == -1:
        return rates.rounds
    if home == -1:
        return 0
    bracket = sum(year - households.head_birth_year[h] >= edge for edge in rates.age_edges)
    p = rates.by_age[bracket] * rates.by_tenure[dwellings.tenure[home]]
    needed = 1 if roof == 1 else 1 + (roof + 1) // 2
    p += rates.crowded * (needed > dwellings.rooms[home])
    if uniform(key, Stream.SEARCH, year, who, 0) >= p * readiness:
        return rates.rounds
    return int(uniform(key, Stream.LOOK_ROUND, year, who, 0) * rates.rounds)
