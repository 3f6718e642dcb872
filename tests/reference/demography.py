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


def choose_donors(donors, cell, quota, need, n_households, times):
    """Kind of the newcomers modelled on each donor; a donor is (head's group, [(group, band), ...])."""
    kinds = [NONE] * (len(donors) * times)
    for i, (head_group, members) in enumerate(donors):
        lacking = {k: q for k, q in enumerate(quota[head_group]) if k > 0 and q >= 0.5 * len(members)}
        if lacking:
            kinds[i] = max(lacking, key=lacking.__getitem__)
            quota[head_group][kinds[i]] -= len(members)
            n_households -= 1
            for _, band in members:
                need[cell[head_group][band]] -= 1
    left = sum(need)
    for i in range(len(kinds)):
        if left <= 0:
            break
        _, members = donors[i % len(donors)]
        if kinds[i] != NONE or len(members) > 2 * left:
            continue
        after = list(need)
        for group, band in members:
            after[cell[group][band]] -= 1
        squares = sum(x * x for x in need) - sum(x * x for x in after)
        nearer = squares + 0.1 * (n_households**2 - (n_households - 1) ** 2) > 0
        fits = all(after[cell[group][band]] > -0.5 for group, band in members)
        has_child = any(band < 2 for _, band in members)
        time = times - i // len(donors)
        if {1: True, 2: nearer, 3: fits}.get(time, fits and has_child):
            kinds[i] = 0
            need[:] = after
            n_households -= 1
            left -= len(members)
    return kinds
