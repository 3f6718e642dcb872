"""School choice one at a time: pupils weigh who goes to a school and how near it is, and change or stay."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.board.choice_rules import best, logit
from segsim.kernels.board.relocation import Rule
from segsim.kernels.board.utility import worth
from segsim.kernels.compile import lean, part
from segsim.kernels.draws import nth
from segsim.kernels.preference_shapes import EPS, cobb_douglas, linear_mix
from segsim.tables import NONE, Array

# places of `way`
TURNS = 0
SHUFFLED = 1
REPLACES = 2  # whether a pupil may have several turns in a step
RULE = 3
LIVE = 4  # whether pupils see who goes to a school now; else at the last step's end
COUNTS_SELF = 5
FORM = 6
SWITCHES = 8

# places of `real`
COMPOSITION_WEIGHT = 0
BETA = 1
SATISFIED_AT = 2
SATISFIED_SD = 3
REALS = 4


class Form(IntEnum):
    """How nearness counts beside composition."""

    NONE = 0
    COBB_DOUGLAS = 1
    LINEAR = 2


class BoardEnrolment(NamedTuple):
    """Who goes where, and what everybody wants."""

    way: Array  # int64: switches, named above
    real: Array  # float64: parameters, named above
    wants: Array  # float64: one row per taste, see `tastes`
    kind: Array  # int32 per pupil: group
    taste: Array  # int32 per pupil: row of wants
    school: Array  # int32 per pupil
    nearness: Array  # float64, pupils x schools
    considered: Array  # int32, pupils x schools considered, nearest first
    column: Array  # int64, traits x groups: the count a group falls in
    pupils: Array  # int64, schools x (everyone, counts): pupils now
    seen: Array  # int64, the same as pupils see it
    seats: Array  # int64 per school
    order: Array  # int64 per pupil: turns
    value: Array  # float64 per school considered
    option: Array  # int64 per school considered
    drawn: Array  # int64, one element: draws used up


@part
def next_draw(roll, base):
    """Return the next uniform of the step."""
    i = roll.drawn[0]
    roll.drawn[0] = i + 1
    return nth(base, i)


@part
def school_utility(roll, p, s):
    """Return what a school is worth to a pupil."""
    own = roll.school[p] == s
    more = 0 if roll.way[LIVE] == 0 or roll.way[COUNTS_SELF] != 0 or not own else -1
    everyone = np.float64(roll.seen[s, 0] + more)
    composition = 0.0
    for trait in range(roll.column.shape[0]):
        like = np.float64(roll.seen[s, 1 + roll.column[trait, roll.kind[p]]] + more)
        composition += worth(roll.wants, roll.taste[p], trait, like, everyone, np.float64(roll.seats[s]))
    form = roll.way[FORM]
    if form == Form.COBB_DOUGLAS:
        return cobb_douglas(composition, roll.nearness[p, s], roll.real[COMPOSITION_WEIGHT])
    if form == Form.LINEAR:
        return linear_mix(composition, roll.nearness[p, s], roll.real[COMPOSITION_WEIGHT])
    return composition


@part
def is_content(roll, p, base):
    """Tell whether a pupil is satisfied with its school, its standard differing by chance."""
    level = roll.real[SATISFIED_AT]
    if roll.real[SATISFIED_SD] > 0.0:
        u, v = next_draw(roll, base), next_draw(roll, base)
        level += roll.real[SATISFIED_SD] * np.sqrt(-2.0 * np.log(1.0 - u)) * np.cos(2.0 * np.pi * v)
    return school_utility(roll, p, roll.school[p]) >= level - EPS


@part
def enrol(roll, p, s, change):
    """Count a pupil in or out of a school."""
    roll.pupils[s, 0] += change
    for trait in range(roll.column.shape[0]):
        roll.pupils[s, 1 + roll.column[trait, roll.kind[p]]] += change


@part
def change_school(roll, p, s):
    """Move a pupil to a school."""
    enrol(roll, p, roll.school[p], -1)
    enrol(roll, p, s, 1)
    roll.school[p] = s


@lean
def count_pupils(roll):
    """Count everyone anew."""
    for s in range(roll.pupils.shape[0]):
        for c in range(roll.pupils.shape[1]):
            roll.pupils[s, c] = 0
    for p in range(roll.school.size):
        enrol(roll, p, roll.school[p], 1)


@part
def take_order(roll, base, i):
    """Return whose turn is the i-th."""
    n = roll.order.size
    if roll.way[REPLACES] != 0:
        return np.int64(next_draw(roll, base) * n)
    if roll.way[SHUFFLED] != 0:
        j = i + np.int64(next_draw(roll, base) * (n - i))
        roll.order[i], roll.order[j] = roll.order[j], roll.order[i]
    return roll.order[i]


@lean
def reconsider_in_turn(roll, base):
    """Let pupils change school one after another; return how many did."""
    roll.drawn[0] = 0
    for p in range(roll.order.size):
        roll.order[p] = p
    moves = 0
    for i in range(roll.way[TURNS]):
        p = take_order(roll, base, i)
        threshold = roll.way[RULE] == Rule.THRESHOLD
        if threshold and is_content(roll, p, base):
            continue
        n = 0
        for k in range(roll.considered.shape[1]):
            s = np.int64(roll.considered[p, k])
            # a pupil always has its own seat, but who wants away must find a school with room
            if roll.pupils[s, 0] < roll.seats[s] or (s == roll.school[p] and not threshold):
                roll.option[n] = s
                roll.value[n] = school_utility(roll, p, s)
                n += 1
        if n > 0:
            if roll.way[RULE] == Rule.LOGIT:
                s = roll.option[logit(roll.value, n, roll.real[BETA], next_draw(roll, base))]
            else:
                s = roll.option[best(roll.value, n, next_draw(roll, base))]
            if s != roll.school[p]:
                change_school(roll, p, s)
                moves += 1
    return moves


@part
def rank(roll, p, base):
    """Put the schools a pupil considers into `option`, best first, ties at random."""
    n = roll.considered.shape[1]
    for k in range(n):
        s = np.int64(roll.considered[p, k])
        value = school_utility(roll, p, s) + EPS * next_draw(roll, base)
        j = k
        while j > 0 and roll.value[j - 1] < value:
            roll.value[j], roll.option[j] = roll.value[j - 1], roll.option[j - 1]
            j -= 1
        roll.value[j], roll.option[j] = value, s
    return n


@lean
def admit_by_serial_dictatorship(roll, base):
    """Give all seats anew: in random order everyone takes the best school with a seat left.

    Whoever finds all considered schools full goes to the one of them he likes best, over its seats.
    Return how many changed school.
    """
    roll.drawn[0] = 0
    for p in range(roll.order.size):
        roll.order[p] = p
    for s in range(roll.pupils.shape[0]):
        roll.pupils[s, 0] = 0
    moves = 0
    for i in range(roll.order.size):
        j = i + np.int64(next_draw(roll, base) * (roll.order.size - i))
        roll.order[i], roll.order[j] = roll.order[j], roll.order[i]
        p = roll.order[i]
        n = rank(roll, p, base)
        chosen = roll.option[0]
        for k in range(n):
            if roll.pupils[roll.option[k], 0] < roll.seats[roll.option[k]]:
                chosen = roll.option[k]
                break
        roll.pupils[chosen, 0] += 1
        moves += chosen != roll.school[p]
        roll.school[p] = chosen
    count_pupils(roll)
    return moves


@lean
def admit_by_lottery(roll, base, wish, list_start, applicants, school_order):
    """Let schools draw lots, place after place on the lists of those who want to change (ruloweb).

    Parameters
    ----------
    roll : Roll
    base : uint64
        Where the step's draws begin.
    wish : int32, pupils x schools considered
        Room for the lists; -1 in the first place of who wants no change.
    list_start : int64, schools + 1; applicants : int64, pupils
        Room for the applicants of one place, by school.
    school_order : int64
        The order in which schools draw.

    Returns
    -------
    int
        How many changed school.
    """
    roll.drawn[0] = 0
    n_pupils, n_places = wish.shape
    for p in range(n_pupils):
        roll.order[p] = 0  # whether it has been admitted
        wish[p, 0] = NONE
        if not is_content(roll, p, base):
            for k in range(rank(roll, p, base)):
                wish[p, k] = roll.option[k]
    moves = 0
    for place in range(n_places):
        group_by_school(wish, place, list_start, applicants)
        for i in range(school_order.size):
            s = school_order[i]
            first, n = list_start[s], list_start[s + 1] - list_start[s]
            free = min(n, max(roll.seats[s] - roll.pupils[s, 0], 0))
            for a in range(free):
                j = first + a + np.int64(next_draw(roll, base) * (n - a))
                applicants[first + a], applicants[j] = applicants[j], applicants[first + a]
                p = applicants[first + a]
                if roll.order[p] == 0:
                    roll.order[p] = 1
                    moves += roll.school[p] != s
                    change_school(roll, p, s)
    return moves


@part
def group_by_school(wish, place, start, out):
    """List the pupils by the school they name at a place of their lists; who wants no change is left out."""
    for s in range(start.size):
        start[s] = 0
    for p in range(wish.shape[0]):
        if wish[p, 0] != NONE:
            start[wish[p, place] + 1] += 1
    for s in range(1, start.size):
        start[s] += start[s - 1]
    for p in range(wish.shape[0] - 1, -1, -1):
        if wish[p, 0] != NONE:
            s = wish[p, place] + 1
            start[s] -= 1
            out[start[s]] = p
    # every start now stands one school late
    n = 0
    for s in range(1, start.size):
        start[s - 1] = start[s]
    for p in range(wish.shape[0]):
        n += wish[p, 0] != NONE
    start[start.size - 1] = n


@lean
def nearness_to(x, y, school_x, school_y, width, height, longest, out, considered):
    """Fill nearness (longest - d) / longest and the schools considered, nearest first.

    `width` and `height` are those of a torus, 0 if bounded; `longest` 0 makes nearness 1 at a pupil's
    nearest school and 0 at its furthest. Ties in distance go to the school of lower row.
    """
    n_schools, k = school_x.size, considered.shape[1]
    for p in range(x.size):
        low, high = np.inf, 0.0
        for s in range(n_schools):
            across, along = abs(x[p] - school_x[s]), abs(y[p] - school_y[s])
            if width > 0.0:
                across, along = min(across, width - across), min(along, height - along)
            d = np.sqrt(across * across + along * along)
            out[p, s] = d
            low, high = min(low, d), max(high, d)
        for i in range(k):
            considered[p, i] = NONE
        for s in range(n_schools):
            j = k
            while j > 0 and (considered[p, j - 1] == NONE or out[p, considered[p, j - 1]] > out[p, s]):
                if j < k:
                    considered[p, j] = considered[p, j - 1]
                j -= 1
            if j < k:
                considered[p, j] = s
        for s in range(n_schools):
            if longest > 0.0:
                out[p, s] = (longest - out[p, s]) / longest
            else:
                out[p, s] = (high - out[p, s]) / (high - low) if high > low else 1.0
