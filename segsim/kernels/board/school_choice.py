"""School choice one at a time: pupils weigh who goes to a school and how near it is, and change or stay."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.board.conduct import Rule
from segsim.kernels.board.utility import worth
from segsim.kernels.choices.choice_rules import choose_best, choose_logit
from segsim.kernels.choices.own_functions import FAILED, choose_by_own_rule
from segsim.kernels.choices.preference_shapes import EPS, cobb_douglas, linear_mix
from segsim.kernels.compile import lean, part
from segsim.kernels.draws import nth
from segsim.tables import NONE, Array, Whole

EVERYONE, FIRST_COUNT = (
    0,
    1,
)  # columns of `pupils` and `seen`: all pupils, then one per category of each trait


class NearnessForm(IntEnum):
    """How nearness counts beside composition."""

    NONE = 0
    COBB_DOUGLAS = 1
    LINEAR = 2


RECONSIDERING = np.dtype(
    [
        ("n_turns", np.int64),
        ("is_shuffled", np.bool_),
        ("replaces", np.bool_),  # whether a pupil may have several turns in a step
        ("rule", np.int64),  # a `Rule`
        ("is_live", np.bool_),  # whether pupils see who goes to a school now; else at the last step's end
        ("counts_self", np.bool_),
        ("form", np.int64),  # a `NearnessForm`
        ("composition_weight", np.float64),
        ("beta", np.float64),  # logit: how much utility counts beside chance
        ("satisfied_at", np.float64),  # utility
        ("satisfied_sd", np.float64),  # how much that differs between pupils and steps
        ("own_rule", np.int64),  # address of an own choice rule
        ("drawn", np.int64),  # draws used up this step; written by the kernels
        ("has_failed", np.bool_),  # whether that rule named what is not there; written by the kernels
    ],
    align=True,
)
"""The settings of turns and choice."""


class BoardEnrolment(NamedTuple):
    """Who goes where, and what everybody wants."""

    conduct: np.record  # RECONSIDERING
    wants: Array  # WANT, tastes x traits
    curves: Array  # float64: the tables of points of `wants`, see `Board`
    group: Array  # int32 per pupil
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


class Lottery(NamedTuple):
    """Room for the lists of a lottery, and the order in which schools draw."""

    wish: Array  # int32, pupils x schools considered; NONE in the first place of who wants no change
    list_start: Array  # int64, schools + 1
    applicants: Array  # int64 per pupil: the applicants of one place of the lists, by school
    is_admitted: Array  # bool per pupil
    school_order: Array  # int64 per school


class Plane(NamedTuple):
    """What distances are measured on, m."""

    width: float  # of a torus, 0 if bounded
    height: float
    longest: float  # distance of nearness 0; if 0, that of each pupil's furthest school


@part
def draw_next(roll: BoardEnrolment, base: np.uint64) -> float:
    """Return the next uniform of the step."""
    i = roll.conduct.drawn
    roll.conduct.drawn = i + 1
    return float(nth(base, i))


@part
def school_utility(roll: BoardEnrolment, p: Whole, s: Whole) -> float:
    """Return what a school is worth to a pupil."""
    conduct = roll.conduct
    more = -1 if conduct.is_live and not conduct.counts_self and roll.school[p] == s else 0
    everyone = np.float64(roll.seen[s, EVERYONE] + more)
    composition = 0.0
    for trait in range(roll.column.shape[0]):
        like = np.float64(roll.seen[s, FIRST_COUNT + roll.column[trait, roll.group[p]]] + more)
        want = roll.wants[roll.taste[p], trait]
        composition += worth(want, roll.curves, like, everyone, np.float64(roll.seats[s]))
    if conduct.form == NearnessForm.COBB_DOUGLAS:
        return cobb_douglas(composition, roll.nearness[p, s], conduct.composition_weight)
    if conduct.form == NearnessForm.LINEAR:
        return linear_mix(composition, roll.nearness[p, s], conduct.composition_weight)
    return composition


@part
def is_content(roll: BoardEnrolment, p: Whole, base: np.uint64) -> bool:
    """Tell whether a pupil is satisfied with its school, its standard differing by chance."""
    level = roll.conduct.satisfied_at
    if roll.conduct.satisfied_sd > 0.0:
        u, v = draw_next(roll, base), draw_next(roll, base)
        level += roll.conduct.satisfied_sd * np.sqrt(-2.0 * np.log(1.0 - u)) * np.cos(2.0 * np.pi * v)
    return bool(school_utility(roll, p, np.int64(roll.school[p])) >= level - EPS)


@part
def enrol(roll: BoardEnrolment, p: Whole, s: Whole, change: int) -> None:
    """Count a pupil in or out of a school."""
    roll.pupils[s, EVERYONE] += change
    for trait in range(roll.column.shape[0]):
        roll.pupils[s, FIRST_COUNT + roll.column[trait, roll.group[p]]] += change


@part
def change_school(roll: BoardEnrolment, p: Whole, s: Whole) -> None:
    """Move a pupil to a school."""
    enrol(roll, p, np.int64(roll.school[p]), -1)
    enrol(roll, p, s, 1)
    roll.school[p] = s


@lean
def count_pupils(roll: BoardEnrolment) -> None:
    """Count everyone anew."""
    for s in range(roll.pupils.shape[0]):
        for c in range(roll.pupils.shape[1]):
            roll.pupils[s, c] = 0
    for p in range(roll.school.size):
        enrol(roll, p, np.int64(roll.school[p]), 1)


@part
def draw_turn_of_pupil(roll: BoardEnrolment, base: np.uint64, i: Whole) -> Whole:
    """Return whose turn is the i-th."""
    n = roll.order.size
    if roll.conduct.replaces:
        return np.int64(draw_next(roll, base) * n)
    if roll.conduct.is_shuffled:
        j = i + np.int64(draw_next(roll, base) * (n - i))
        roll.order[i], roll.order[j] = roll.order[j], roll.order[i]
    return np.int64(roll.order[i])


@part
def list_options(roll: BoardEnrolment, p: Whole) -> Whole:
    """Fill `option` and `value` with the schools a pupil may go to; return how many."""
    stays = roll.conduct.rule == Rule.BEST_RESPONSE or roll.conduct.rule == Rule.LOGIT
    n = 0
    for k in range(roll.considered.shape[1]):
        s = np.int64(roll.considered[p, k])
        # a pupil always has its own seat, but who wants away must find a school with room; a rule of one's
        # own is told of staying beside the options
        if roll.conduct.rule == Rule.OWN and s == roll.school[p]:
            continue
        if roll.pupils[s, EVERYONE] < roll.seats[s] or (s == roll.school[p] and stays):
            roll.option[n] = s
            roll.value[n] = school_utility(roll, p, s)
            n += 1
    return n


@lean
def reconsider_in_turn(roll: BoardEnrolment, base: np.uint64) -> int:
    """Let pupils change school one after another; return how many did."""
    conduct = roll.conduct
    conduct.drawn = 0
    for row in range(roll.order.size):
        roll.order[row] = row
    moves = 0
    for i in range(conduct.n_turns):
        p = draw_turn_of_pupil(roll, base, i)
        if conduct.rule == Rule.THRESHOLD and is_content(roll, p, base):
            continue
        n = list_options(roll, p)
        if n > 0:
            k = choose_option(roll, p, n, draw_next(roll, base))
            if k >= 0 and roll.option[k] != roll.school[p]:
                change_school(roll, p, np.int64(roll.option[k]))
                moves += 1
    return moves


@part
def choose_option(roll: BoardEnrolment, p: Whole, n: Whole, u: float) -> Whole:
    """Return which of the first `n` options a pupil takes, below 0 if none."""
    conduct = roll.conduct
    if conduct.rule == Rule.OWN:
        staying = school_utility(roll, p, np.int64(roll.school[p]))
        k = choose_by_own_rule(conduct.own_rule, roll.value, n, staying, u)
        conduct.has_failed |= k == FAILED
        return k
    if conduct.rule == Rule.LOGIT:
        return np.int64(choose_logit(roll.value, n, conduct.beta, u))
    return np.int64(choose_best(roll.value, n, u))


@part
def rank_schools(roll: BoardEnrolment, p: Whole, base: np.uint64) -> int:
    """Put the schools a pupil considers into `option`, best first, ties at random; return how many."""
    n = roll.considered.shape[1]
    for k in range(n):
        s = np.int64(roll.considered[p, k])
        # less than EPS, so it parts only what is as good
        value = school_utility(roll, p, s) + EPS * draw_next(roll, base)
        j = k
        while j > 0 and roll.value[j - 1] < value:
            roll.value[j], roll.option[j] = roll.value[j - 1], roll.option[j - 1]
            j -= 1
        roll.value[j], roll.option[j] = value, s
    return int(n)


@lean
def admit_by_serial_dictatorship(roll: BoardEnrolment, base: np.uint64) -> int:
    """Give all seats anew: in random order everyone takes the best school with a seat left.

    Whoever finds all considered schools full goes to the one of them he likes best, over its seats.
    Return how many changed school.
    """
    roll.conduct.drawn = 0
    for row in range(roll.order.size):
        roll.order[row] = row
    for s in range(roll.pupils.shape[0]):
        roll.pupils[s, EVERYONE] = 0
    moves = 0
    for i in range(roll.order.size):
        j = i + np.int64(draw_next(roll, base) * (roll.order.size - i))
        roll.order[i], roll.order[j] = roll.order[j], roll.order[i]
        p = roll.order[i]
        n = rank_schools(roll, p, base)
        chosen = roll.option[0]
        for k in range(n):
            if roll.pupils[roll.option[k], EVERYONE] < roll.seats[roll.option[k]]:
                chosen = roll.option[k]
                break
        roll.pupils[chosen, EVERYONE] += 1
        moves += chosen != roll.school[p]
        roll.school[p] = chosen
    count_pupils(roll)
    return moves


@lean
def admit_by_lottery(roll: BoardEnrolment, base: np.uint64, lottery: Lottery) -> int:
    """Let schools draw lots, place after place on the lists of those who want to change (ruloweb).

    `base` is where the step's draws begin. Return how many changed school.
    """
    roll.conduct.drawn = 0
    write_wishes(roll, base, lottery)
    start, applicants = lottery.list_start, lottery.applicants
    moves = 0
    for place in range(lottery.wish.shape[1]):
        group_by_school(lottery.wish, place, start, applicants)
        for i in range(lottery.school_order.size):
            s = lottery.school_order[i]
            first, n = start[s], start[s + 1] - start[s]
            free = min(n, max(roll.seats[s] - roll.pupils[s, EVERYONE], 0))
            for a in range(free):
                j = first + a + np.int64(draw_next(roll, base) * (n - a))
                applicants[first + a], applicants[j] = applicants[j], applicants[first + a]
                p = applicants[first + a]
                # a seat offered to one admitted before is lost in this place, as in the model reproduced
                if not lottery.is_admitted[p]:
                    lottery.is_admitted[p] = True
                    moves += roll.school[p] != s
                    change_school(roll, p, s)
    return moves


@part
def write_wishes(roll: BoardEnrolment, base: np.uint64, lottery: Lottery) -> None:
    """Write the list of every pupil who wants to change, best first."""
    for p in range(lottery.wish.shape[0]):
        lottery.is_admitted[p] = False
        lottery.wish[p, 0] = NONE
        if not is_content(roll, p, base):
            for k in range(rank_schools(roll, p, base)):
                lottery.wish[p, k] = roll.option[k]


@part
def group_by_school(wish: Array, place: Whole, start: Array, out: Array) -> None:
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
def measure_nearness(
    x: Array, y: Array, school_x: Array, school_y: Array, plane: Plane, out: Array, considered: Array
) -> None:
    """Fill nearness (longest - d) / longest and the schools considered, nearest first.

    Without a longest distance nearness is 1 at a pupil's nearest school and 0 at its furthest.
    Ties in distance go to the school of lower row.
    """
    width, height, longest = plane.width, plane.height, plane.longest
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
