"""Matching: applicants with ranked lists meet places with capacity; dwellings, school seats and jobs alike.

Deferred acceptance (Gale and Shapley 1962) with minority reserves (Hafalir, Yenmez and Yildirim 2013,
"Effective affirmative action in school choice") and quotas (Abdulkadiroğlu and Sönmez 2003; Kojima 2012) is
one kernel. Immediate acceptance and serial dictatorship
are deferred acceptance with other priorities (Ergin and Sönmez 2006), and use it. Top trading cycles
(Abdulkadiroğlu and Sönmez 2003) is the second kernel. No result depends on the order of rows.
"""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.tables import NONE, Array

_NOBODY = -2  # apart from NONE, which stands for the newcomer


class SeatHeaps(NamedTuple):
    """Who holds the seats of each place and kind: a heap each, whose root is the last in line.

    A place that is full asks for its last applicant at every new one, and a heap gives it without a look at
    the others.
    """

    # at 240 seats a place half again to twice as fast as looking through all who hold one

    starts: Array  # int64 (places * kinds + 1,): where each heap begins
    n_held: Array  # int32 (places * kinds,)
    who: Array  # int32: applicants
    score: Array  # float64: their priority


class SeatsByKind(NamedTuple):
    """Which seats go by the kind of who applies: reserved for some, or closed to some beyond a number.

    A reserve is soft: others fill what a kind leaves of it. A quota is hard: what it leaves stays empty.
    """

    kind: Array  # int8 (applicants,)
    reserve: Array  # int32 (places, kinds): where a kind stands before all others; at most capacity in all
    side: Array  # int8 (kinds,): kinds of one side have their quotas in common
    quota: Array  # int32 (places, sides): most that a side gets; no less than is reserved for its kinds


@part
def _is_behind(score_a: float, tie_a: np.int64, score_b: float, tie_b: np.int64) -> bool:
    """Return whether a stands behind b: a lower score, or the same score and a higher tie number."""
    return bool(score_a < score_b or (score_a == score_b and tie_a > tie_b))


@part
def _push(heaps: SeatHeaps, tie: Array, h: int, applicant: int, priority: float) -> None:
    """Add an applicant to heap `h`, lifted until its parent stands behind it."""
    who, score, first = heaps.who, heaps.score, heaps.starts[h]
    i = heaps.n_held[h]
    who[first + i], score[first + i] = applicant, priority
    heaps.n_held[h] += 1
    while i > 0:
        parent = (i - 1) // 2
        a, b = first + i, first + parent
        if not _is_behind(score[a], tie[who[a]], score[b], tie[who[b]]):
            return
        who[a], who[b] = who[b], who[a]
        score[a], score[b] = score[b], score[a]
        i = parent


@part
def _pop(heaps: SeatHeaps, tie: Array, h: int) -> int:
    """Take the last in line off heap `h`; sink who took its place until both children stand before it."""
    who, score, first = heaps.who, heaps.score, heaps.starts[h]
    last = int(who[first])
    heaps.n_held[h] -= 1
    size = heaps.n_held[h]
    who[first], score[first] = who[first + size], score[first + size]
    i = 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        a, b = first + child, first + child + 1
        if child + 1 < size and _is_behind(score[b], tie[who[b]], score[a], tie[who[a]]):
            child, a = child + 1, b
        b = first + i
        if not _is_behind(score[a], tie[who[a]], score[b], tie[who[b]]):
            return last
        who[a], who[b] = who[b], who[a]
        score[a], score[b] = score[b], score[a]
        i = child
    return last


@kernel
def _heap_starts(choices: Array, kind: Array, capacity: Array, n_kinds: int) -> Array:
    """Return where the heap of each place and kind begins: as long as its listings, at most its capacity."""
    # all heaps lie in one array of the size of what can be held, so that nothing grows while matching
    starts = np.zeros(capacity.size * n_kinds + 1, np.int64)
    for a in range(choices.shape[0]):
        for p in choices[a]:
            if p == NONE:
                break
            starts[p * n_kinds + kind[a] + 1] += 1
    for h in range(starts.size - 1):
        starts[h + 1] = starts[h] + max(0, min(starts[h + 1], np.int64(capacity[h // n_kinds])))
    return starts


@part
def _losing_kind(
    heaps: SeatHeaps, tie: Array, seats: SeatsByKind, p: int, a: int, s: float, side: int
) -> int:
    """Return the kind whose last applicant a full place refuses, or NONE if it is the newcomer `a`.

    Only kinds that hold more seats than are reserved for them, newcomer counted, can lose one; if `side` is
    not NONE, only kinds of that side.
    """
    n_kinds = seats.reserve.shape[1]
    loser = _NOBODY
    last, last_tie = 0.0, np.int64(0)
    for t in range(n_kinds):
        h = p * n_kinds + t
        is_own = t == seats.kind[a]
        if heaps.n_held[h] + is_own <= seats.reserve[p, t] or (side != NONE and seats.side[t] != side):
            continue
        if heaps.n_held[h] > 0:
            root = heaps.starts[h]
            score, number = heaps.score[root], tie[heaps.who[root]]
            if loser == _NOBODY or _is_behind(score, number, last, last_tie):
                loser, last, last_tie = t, score, number
        if is_own and (loser == _NOBODY or _is_behind(s, tie[a], last, last_tie)):
            loser, last, last_tie = NONE, s, tie[a]
    return loser


@kernel
def accept_deferred(
    choices: Array, priority: Array, tie: Array, capacity: Array, seats: SeatsByKind, place: Array
) -> None:
    """Match by applicant-proposing deferred acceptance; places refuse their last beyond what they hold.

    Parameters are those of `deferred_acceptance`. Writes the place of each applicant, or NONE, into `place`
    (int32).
    """
    n_kinds = seats.reserve.shape[1]
    starts = _heap_starts(choices, seats.kind, capacity, n_kinds)
    n_held = np.zeros(capacity.size * n_kinds, np.int32)
    heaps = SeatHeaps(starts, n_held, np.empty(starts[-1], np.int32), np.empty(starts[-1]))
    free, room = capacity.copy(), seats.quota.copy()
    tried = np.zeros(choices.shape[0], np.int32)
    place[:] = NONE
    # who is refused proposes at once: the outcome is the same in whatever order applicants propose (McVitie
    # and Wilson 1971), and so it does not depend on the order of rows
    for first in range(choices.shape[0]):
        a = first
        while tried[a] < choices.shape[1] and choices[a, tried[a]] != NONE:
            p, s = choices[a, tried[a]], priority[a, tried[a]]
            tried[a] += 1
            side = seats.side[seats.kind[a]]
            # a place without seats, or closed to the kind, has no heap to look at
            if capacity[p] <= 0 or seats.quota[p, side] <= 0:
                continue
            refused = NONE
            if free[p] > 0 and room[p, side] > 0:
                free[p] -= 1
            else:
                t = _losing_kind(heaps, tie, seats, p, a, s, NONE if room[p, side] > 0 else side)
                if t == NONE:
                    continue
                refused = _pop(heaps, tie, p * n_kinds + t)
                place[refused] = NONE
                room[p, seats.side[t]] += 1
            room[p, side] -= 1
            place[a] = p
            _push(heaps, tie, p * n_kinds + seats.kind[a], a, s)
            if refused == NONE:
                break
            a = refused


@kernel
def find_fault(choices: Array, n_places: int) -> tuple[int, int]:
    """Return row and column of the first choice that is no place, listed twice or after NONE; else NONE."""
    listed_by = np.full(n_places, NONE, np.int64)
    for a in range(choices.shape[0]):
        has_ended = False
        for j in range(choices.shape[1]):
            p = choices[a, j]
            if p == NONE:
                has_ended = True
            elif has_ended or p < 0 or p >= n_places or listed_by[p] == a:
                return a, j
            else:
                listed_by[p] = a
    return NONE, NONE


@kernel
def group_by_place(choices: Array, priority: Array, start: Array, applicant: Array, value: Array) -> None:
    """Write who lists each place, with their priority; those of place p stand from start[p] on."""
    start[:] = 0
    for a in range(choices.shape[0]):
        for p in choices[a]:
            if p != NONE:
                start[p + 1] += 1
    for p in range(start.size - 1):
        start[p + 1] += start[p]
    at = start[:-1].copy()
    for a in range(choices.shape[0]):
        for j in range(choices.shape[1]):
            p = choices[a, j]
            if p != NONE:
                applicant[at[p]], value[at[p]] = a, priority[a, j]
                at[p] += 1


@kernel
def trade_top_cycles(choices: Array, first: Array, queue: Array, capacity: Array, place: Array) -> None:
    """Match by top trading cycles; `queue[first[p]:first[p + 1]]` is the line of place `p`, best first.

    Each applicant points at the best place with a seat left, each such place at its first applicant left;
    every applicant on a cycle takes the seat it points at.
    """
    n = choices.shape[0]
    free, head = capacity.copy(), first[:-1].copy()
    tried = np.zeros(n, np.int32)
    is_settled, depth = np.zeros(n, np.bool_), np.full(n, NONE, np.int32)
    path = np.empty(n, np.int32)
    place[:] = NONE
    # `tried` and `head` only move on, so all walks together are no longer than the lists
    for start in range(n):
        if is_settled[start]:
            continue
        path[0], depth[start], top = start, 0, 0
        while top >= 0:
            a = path[top]
            while tried[a] < choices.shape[1]:
                if choices[a, tried[a]] == NONE or free[choices[a, tried[a]]] > 0:
                    break
                tried[a] += 1
            if tried[a] == choices.shape[1] or choices[a, tried[a]] == NONE:
                is_settled[a] = True
                top -= 1
                continue
            p = choices[a, tried[a]]
            while is_settled[queue[head[p]]]:  # never past the end: `a` itself stands in the line
                head[p] += 1
            b = queue[head[p]]
            if depth[b] == NONE:
                top += 1
                path[top], depth[b] = b, top
                continue
            while top >= depth[b]:
                a = path[top]
                place[a] = choices[a, tried[a]]
                free[place[a]] -= 1
                is_settled[a] = True
                top -= 1


def deferred_acceptance(
    choices: Array,
    priority: Array,
    tie: Array,
    capacity: Array,
    seats: SeatsByKind | None = None,
) -> Array:
    """Return the applicant-optimal stable matching.

    Parameters
    ----------
    choices : int32 array, applicants x k
        Places in order of preference, padded with NONE at the end.
    priority : float64 array, applicants x k
        Priority of the applicant at each of these places; the higher stands before.
    tie : int64 array, applicants
        Distinct numbers, such as ids or a lottery; among equal priorities the lower stands before.
    capacity : int32 array, places
        Seats; a place with none admits nobody.
    seats : SeatsByKind, optional
        Reserves and quotas; without it all applicants are of one kind.

    Returns
    -------
    int32 array, applicants
        The place of each applicant; NONE if every place listed refused.
    """
    if seats is None:
        kind, one = np.zeros(choices.shape[0], np.int8), capacity.astype(np.int32)[:, None]
        seats = SeatsByKind(kind, np.zeros_like(one), np.zeros(1, np.int8), one)
    place = np.empty(choices.shape[0], np.int32)
    accept_deferred(choices, priority, tie, capacity, seats, place)
    return place


def immediate_acceptance(
    choices: Array,
    priority: Array,
    tie: Array,
    capacity: Array,
    seats: SeatsByKind | None = None,
) -> Array:
    """Return the matching of the Boston mechanism: a place given in one round is never taken back.

    It is deferred acceptance where who ranks a place higher stands before all who rank it lower.
    """
    # priorities become whole levels, so that one rank outweighs them all without rounding
    levels, level = np.unique(priority, return_inverse=True)
    rank = np.arange(choices.shape[1], dtype=np.float64)
    by_rank = level.reshape(priority.shape) - rank * levels.size
    return deferred_acceptance(choices, by_rank, tie, capacity, seats)


def serial_dictatorship(
    choices: Array,
    turn: Array,
    tie: Array,
    capacity: Array,
    seats: SeatsByKind | None = None,
) -> Array:
    """Return the matching where applicants choose among the seats left, lowest `turn` (float64) first."""
    priority = np.repeat(-turn[:, None], choices.shape[1], axis=1)
    return deferred_acceptance(choices, priority, tie, capacity, seats)


def top_trading_cycles(choices: Array, priority: Array, tie: Array, capacity: Array) -> Array:
    """Return the matching of top trading cycles; an applicant has priority only at places it lists."""
    applicant, rank = np.nonzero(choices != NONE)
    listed = choices[applicant, rank]
    order = np.lexsort((tie[applicant], -priority[applicant, rank], listed))
    first = np.zeros(capacity.size + 1, np.int64)
    first[1:] = np.cumsum(np.bincount(listed, minlength=capacity.size))
    place = np.empty(choices.shape[0], np.int32)
    trade_top_cycles(choices, first, applicant[order].astype(np.int32), capacity, place)
    return place
