"""The textbook example of school admission: three pupils, three schools with a seat each.

Abdulkadiroğlu and Sönmez (2003), School choice: a mechanism design approach, American Economic Review 93,
example 1. The outcome comes from the matching kernels that simulate whole cities; the rounds are told beside
it.
"""

from collections.abc import Sequence
from itertools import permutations
from typing import Literal, NamedTuple

import numpy as np

from segsim.kernels.matching import deferred_acceptance, immediate_acceptance, top_trading_cycles
from segsim.tables import NONE

Mechanism = Literal["immediate", "deferred", "trading"]
Lists = tuple[tuple[int, ...], ...]

WISHES: Lists = ((1, 0, 2), (0, 1, 2), (0, 1, 2))
"""Schools from 0 in the order in which each pupil really wants them."""

PRIORITY: Lists = ((0, 2, 1), (1, 0, 2), (1, 0, 2))
"""Pupils from 0 in each school's order of priority."""

ALL_LISTS: Lists = tuple(permutations(range(3)))


class Event(NamedTuple):
    """Something that happens in a round: `asks`, `keeps`, `holds`, `refuses` or `cycle`."""

    round: int
    what: str
    pupil: int
    school: int


class Gain(NamedTuple):
    """A pupil that would get a school it likes better by listing otherwise."""

    pupil: int
    school: int
    listed: tuple[int, ...]


class Envy(NamedTuple):
    """A pupil refused by a school that took another of lower priority."""

    pupil: int
    school: int
    other: int


def parse_list(text: str) -> tuple[int, ...]:
    """Return a list of schools written as 213."""
    return tuple(int(sign) - 1 for sign in text)


def outcome(mechanism: Mechanism, lists: Lists) -> tuple[int, ...]:
    """Return the school of each pupil by a mechanism."""
    choices = np.array(lists, np.int32)
    rank = np.empty((len(PRIORITY), len(lists)))
    for school, order in enumerate(PRIORITY):
        rank[school, list(order)] = -np.arange(len(order), dtype=np.float64)
    priority = np.ascontiguousarray(rank[choices, np.arange(len(lists))[:, None]])
    tie, capacity = np.arange(len(lists), dtype=np.int64), np.ones(len(PRIORITY), np.int32)
    rule = {
        "immediate": immediate_acceptance,
        "deferred": deferred_acceptance,
        "trading": top_trading_cycles,
    }[mechanism]
    return tuple(int(school) for school in rule(choices, priority, tie, capacity))


def gains(mechanism: Mechanism, lists: Lists) -> list[Gain]:
    """Return, for each pupil that could get a better school by another list, the best such list."""
    now, profitable = outcome(mechanism, lists), []
    for pupil, wishes in enumerate(WISHES):
        best = Gain(pupil, now[pupil], lists[pupil])
        for other in ALL_LISTS:
            got = outcome(mechanism, (*lists[:pupil], other, *lists[pupil + 1 :]))[pupil]
            if wishes.index(got) < wishes.index(best.school):
                best = Gain(pupil, got, other)
        if best.school != now[pupil]:
            profitable.append(best)
    return profitable


def envies(mechanism: Mechanism, lists: Lists) -> list[Envy]:
    """Return whose priority is not kept: refused by a school that took somebody who comes later there."""
    got = outcome(mechanism, lists)
    cases = []
    for pupil, wishes in enumerate(WISHES):
        for school in wishes[: wishes.index(got[pupil])]:
            other = got.index(school)
            order = PRIORITY[school]
            if order.index(pupil) < order.index(other):
                cases.append(Envy(pupil, school, other))
    return cases


def rounds(mechanism: Mechanism, lists: Lists) -> list[Event]:
    """Return what happens, round by round."""
    return trading_rounds(lists) if mechanism == "trading" else asking_rounds(lists, mechanism == "deferred")


def asking_rounds(lists: Lists, may_refuse_later: bool) -> list[Event]:
    """Return the rounds in which pupils ask and schools keep the first in their order."""
    events: list[Event] = []
    seat: dict[int, int] = {}
    next_choice, number = [0] * len(lists), 0
    free = list(range(len(lists)))
    while free:
        number += 1
        asking = [(pupil, lists[pupil][next_choice[pupil]]) for pupil in free]
        events += [Event(number, "asks", pupil, school) for pupil, school in asking]
        for pupil in free:
            next_choice[pupil] += 1
        free = []
        for school in range(len(PRIORITY)):
            free += answer(
                events, number, school, [p for p, s in asking if s == school], seat, may_refuse_later
            )
    return events


def answer(
    events: list[Event], number: int, school: int, asking: Sequence[int], seat: dict[int, int], later: bool
) -> list[int]:
    """Let a school answer those who ask; return those it refuses."""
    if not asking:
        return []
    holder = seat.get(school, NONE)
    rivals = [*asking, holder] if holder != NONE and later else list(asking)
    first = min(rivals, key=PRIORITY[school].index)
    if holder != NONE and not later:
        first = holder
    seat[school] = first
    refused = [pupil for pupil in {*asking, *rivals} if pupil != first]
    if first != holder:
        events.append(Event(number, "holds" if later else "keeps", first, school))
    events += [Event(number, "refuses", pupil, school) for pupil in sorted(refused)]
    return sorted(refused)


def trading_rounds(lists: Lists) -> list[Event]:
    """Return the rounds in which rings of pupils and schools that point at each other trade."""
    events: list[Event] = []
    pupils, schools, number = set(range(len(lists))), set(range(len(PRIORITY))), 0
    while pupils:
        number += 1
        wants = {p: next(s for s in lists[p] if s in schools) for p in pupils}
        points = {s: next(p for p in PRIORITY[s] if p in pupils) for s in schools}
        done = {p for p in pupils if in_ring(p, wants, points)}
        events += [Event(number, "cycle", p, wants[p]) for p in sorted(done)]
        schools -= {wants[p] for p in done}
        pupils -= done
    return events


def in_ring(pupil: int, wants: dict[int, int], points: dict[int, int]) -> bool:
    """Tell whether following the pointing from a pupil comes back to it."""
    at = pupil
    for _ in wants:
        at = points[wants[at]]
        if at == pupil:
            return True
    return False
