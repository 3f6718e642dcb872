"""Demography's kernels in plain Python."""

from segsim.kernels.draws import Stream, gumbel, normal, uniform

NONE, ADULT, PARTNER, CHILD = -1, 0, 1, 2


def eldest(persons):
    """The eldest of some persons, dicts with id and birth_year; the smaller id among equals."""
    return min(persons, key=lambda p: (p["birth_year"], p["id"]), default=None)


def homes_of(persons):
    """Persons by household."""
    homes = {}
    for person in persons:
        homes.setdefault(person["household"], []).append(person)
    return homes


def find_heads(persons, year):
    """(head, partner, grown, minors) of each household, persons by id."""
    found = {}
    for household, members in homes_of(persons).items():
        head = eldest([p for p in members if p["role"] == ADULT])
        partner = eldest([p for p in members if p["role"] == PARTNER])
        found[household] = (
            head["id"] if head else NONE,
            partner["id"] if partner else NONE,
            sum(p["role"] != CHILD for p in members),
            sum(year - p["birth_year"] < 18 for p in members),
        )
    return found


def can_host(persons, homes):
    """Whether each household (by row) has persons and a home."""
    lived_in = {p["household"] for p in persons}
    return [h in lived_in and home != NONE for h, home in enumerate(homes)]


def count_bands(persons, year, edges, n_groups):
    """Persons by group and age band; a band begins at each edge."""
    counts = [[0.0] * (len(edges) + 1) for _ in range(n_groups)]
    for person in persons:
        band = sum(year - person["birth_year"] >= edge for edge in edges)
        counts[person["group"]][band] += 1.0
    return counts


def settle_roles(persons, year):
    """New role of each person by id, and the households where only minors are left."""
    roles = {p["id"]: p["role"] for p in persons}
    orphaned = set()
    for household, members in homes_of(persons).items():
        adults = [p for p in members if p["role"] == ADULT]
        partners = sorted(
            (p for p in members if p["role"] == PARTNER), key=lambda p: (p["birth_year"], p["id"])
        )
        grown = [p for p in members if p["role"] == CHILD and year - p["birth_year"] >= 18]
        if adults or partners:
            stays = partners[:1] if adults else partners[1:2]
            for p in partners:
                if p not in stays:
                    roles[p["id"]] = ADULT
        elif grown:
            roles[eldest(grown)["id"]] = ADULT
        else:
            orphaned.add(household)
    return roles, orphaned


def successor(points, draw):
    """Position of the first point at or after the draw, round the ring."""
    after = [i for i, point in enumerate(points) if point >= draw]
    return after[0] if after else 0


def choose_on_ring(points, draw, avoided):
    """Position of the chosen point of one bucket, or NONE."""
    if not points or (len(points) == 1 and avoided == 0):
        return NONE
    found = successor(points, draw)
    return (found + 1) % len(points) if found == avoided else found


def match_couples(key, year, affinity, women, men, is_foreign):
    """Pairs (woman's id, man's id); women in the order they choose, men dicts with a point."""
    taken, pairs = set(), []
    for woman in women:
        options = {}
        for k in range(affinity.candidates):
            z = normal(key, Stream.COUPLE_AGE, year, woman["id"], k)
            gap = affinity.age_gap + affinity.age_gap_sd * z
            born = int((woman["birth_year"] - gap + 0.5) // 1)
            peers = sorted((m for m in men if m["birth_year"] == born), key=lambda m: m["point"])
            if not peers:
                continue
            draw = uniform(key, Stream.COUPLE_MEETING, year, woman["id"], k)
            man = peers[successor([m["point"] for m in peers], draw)]
            if man["id"] in taken or man["household"] == woman["household"]:
                continue
            likeness = (
                affinity.same_group * (man["group"] == woman["group"])
                + affinity.same_background * (is_foreign[man["group"]] == is_foreign[woman["group"]])
                + affinity.same_education * (man["education"] == woman["education"])
            )
            options[man["id"]] = likeness + gumbel(key, Stream.COUPLE_TASTE, year, woman["id"], man["id"])
        if options:
            best = max(options, key=options.__getitem__)
            taken.add(best)
            pairs.append((woman["id"], best))
    return pairs


def choose_donors(donors, cell, margins, quota, need, households, times):
    """Kind of the newcomers modelled on each donor; a donor is (head's group, type, [(group, band), ...])."""
    kinds = [NONE] * (len(donors) * times)
    for i, (head_group, type_, members) in enumerate(donors):
        lacking = {k: q for k, q in enumerate(quota[head_group]) if k > 0 and q >= 0.5 * len(members)}
        if lacking:
            kinds[i] = max(lacking, key=lacking.__getitem__)
            quota[head_group][kinds[i]] -= len(members)
            for _, band in members:
                need[cell[head_group][band]] -= 1
            for margin in margins[type_]:
                households[margin] -= 1

    def after(type_, members):
        persons, homes = list(need), list(households)
        for group, band in members:
            persons[cell[group][band]] -= 1
        for margin in margins[type_]:
            homes[margin] -= 1
        return persons, homes

    def gain(type_, members):
        persons, homes = after(type_, members)
        return sum(x * x for x in need + households) - sum(x * x for x in persons + homes)

    left, most_at_first = sum(need), 0.0
    for time in range(times):
        most = max([0.0, *(gain(type_, members) / len(members) for _, type_, members in donors)])
        levels = [most / 2, most / 4, most / 8, most / 16, most / 32, 0.0]
        if time < times - 1:
            most_at_first = max(most, most_at_first)
        else:
            spoils = [
                most_at_first / 16,
                most_at_first / 8,
                most_at_first / 4,
                most_at_first / 2,
                most_at_first,
            ]
            levels = [*(-x for x in spoils if times > 1), float("-inf")]
        for least in levels:
            for i, (_, type_, members) in enumerate(donors):
                at, n = time * len(donors) + i, len(members)
                if left <= 0 or kinds[at] != NONE or n > 2 * left or gain(type_, members) <= least * n:
                    continue
                kinds[at] = 0
                need[:], households[:] = after(type_, members)
                left -= n
    return kinds
