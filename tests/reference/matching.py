"""The matching mechanisms in plain Python, as their papers state them.

An applicant's list is a list of places; `priority[a][p]` is what place `p` gives applicant `a`, `tie` breaks
equal priorities (lower first). Each function returns the place of every applicant, or None.
"""

from itertools import product


def standing(a, p, priority, tie):
    """Return a sort key: lower stands before."""
    return (-priority[a][p], tie[a])


def chosen(applicants, p, priority, tie, capacity, kind, reserve, side, quota):
    """Return whom a place keeps: the first of each kind up to its reserve, then the first within quotas."""
    line = sorted(applicants, key=lambda a: standing(a, p, priority, tie))
    kept = []
    for t, seats in enumerate(reserve[p]):
        kept += [a for a in line if kind[a] == t][:seats]
    for a in line:
        of_side = sum(side[kind[b]] == side[kind[a]] for b in kept)
        if a not in kept and len(kept) < capacity[p] and of_side < quota[p][side[kind[a]]]:
            kept.append(a)
    return kept


def deferred_acceptance(lists, priority, tie, capacity, kind=None, reserve=None, side=None, quota=None):
    """Match in rounds: whoever holds no seat applies to the next place; each place keeps its choice."""
    kind = kind or [0] * len(lists)
    reserve = reserve or [[0]] * len(capacity)
    side = side or [0] * len(reserve[0])
    quota = quota or [[seats] * len(reserve[0]) for seats in capacity]
    refused = [set() for _ in lists]
    while True:
        wants = [
            next((p for p in mine if p not in no), None) for mine, no in zip(lists, refused, strict=True)
        ]
        is_settled = True
        for p in range(len(capacity)):
            here = [a for a, q in enumerate(wants) if q == p]
            for a in set(here) - set(chosen(here, p, priority, tie, capacity, kind, reserve, side, quota)):
                refused[a].add(p)
                is_settled = False
        if is_settled:
            return wants


def immediate_acceptance(lists, priority, tie, capacity):
    """Match in rounds: in round r the unplaced apply to their r-th place, and admissions are final."""
    place, free = [None] * len(lists), list(capacity)
    for r in range(max(map(len, lists), default=0)):
        for p in range(len(capacity)):
            here = [a for a, mine in enumerate(lists) if place[a] is None and len(mine) > r and mine[r] == p]
            for a in sorted(here, key=lambda a: standing(a, p, priority, tie))[: free[p]]:
                place[a] = p
        free = [seats - place.count(p) for p, seats in enumerate(capacity)]
    return place


def serial_dictatorship(lists, turn, tie, capacity):
    """Let each applicant in turn take the best seat left."""
    place, free = [None] * len(lists), list(capacity)
    for a in sorted(range(len(lists)), key=lambda a: (turn[a], tie[a])):
        place[a] = next((p for p in lists[a] if free[p] > 0), None)
        if place[a] is not None:
            free[place[a]] -= 1
    return place


def top_trading_cycles(lists, priority, tie, capacity):
    """Find one cycle at a time and give everyone on it the seat pointed at."""
    place, free, left = [None] * len(lists), list(capacity), set(range(len(lists)))
    while True:
        wants = {a: next((p for p in lists[a] if free[p] > 0), None) for a in left}
        left = {a for a in left if wants[a] is not None}
        if not left:
            return place
        first = {
            p: min((a for a in left if p in lists[a]), key=lambda a: standing(a, p, priority, tie))
            for p in {wants[a] for a in left}
        }
        walk = [min(left)]
        while first[wants[walk[-1]]] not in walk:
            walk.append(first[wants[walk[-1]]])
        for a in walk[walk.index(first[wants[walk[-1]]]) :]:
            place[a] = wants[a]
            free[wants[a]] -= 1
            left.remove(a)


def all_matchings(lists, capacity):
    """Yield every feasible matching: each applicant at a listed place or none, no place over capacity."""
    for place in product(*[[*mine, None] for mine in lists]):
        if all(place.count(p) <= seats for p, seats in enumerate(capacity)):
            yield list(place)


def is_efficient(place, lists, capacity):
    """Return whether no feasible matching is better for someone and worse for none."""
    return not any(is_pareto_better(other, place, lists) for other in all_matchings(lists, capacity))


def rank(mine, p):
    """Return how good a place is for its applicant: 0 is best, unmatched comes after all listed."""
    return len(mine) if p is None else mine.index(p)


def has_justified_envy(place, lists, priority, tie):
    """Return whether someone prefers a place that admitted a person standing behind."""
    return any(
        q == p and standing(a, p, priority, tie) < standing(b, p, priority, tie)
        for a, mine in enumerate(lists)
        for p in mine[: rank(mine, place[a])]
        for b, q in enumerate(place)
    )


def is_wasteful(place, lists, capacity):
    """Return whether someone prefers a place with a seat left."""
    return any(
        place.count(p) < capacity[p] for a, mine in enumerate(lists) for p in mine[: rank(mine, place[a])]
    )


def is_stable(place, lists, priority, tie, capacity):
    """Return whether the matching has neither justified envy nor waste."""
    return not has_justified_envy(place, lists, priority, tie) and not is_wasteful(place, lists, capacity)


def is_pareto_better(other, place, lists):
    """Return whether all find `other` at least as good and someone better."""
    ranks = [(rank(m, p), rank(m, q)) for m, p, q in zip(lists, other, place, strict=True)]
    return all(p <= q for p, q in ranks) and any(p < q for p, q in ranks)
