"""One household after another: whose turn it is, where it looks, what it chooses, and the move itself."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.board import count_in, exchange, may_live, settle, vacate
from segsim.kernels.choosing import best, logit
from segsim.kernels.compile import kernel
from segsim.kernels.looking import (
    Candidates,
    draw,
    draw_below,
    see_all,
    see_nearest,
    see_random,
    see_stray,
)
from segsim.kernels.tastes import is_satisfied, utility_at
from segsim.kernels.unsatisfied import ask_around, gather, list_unsatisfied
from segsim.kernels.utility import EPS
from segsim.tables import NONE, Array


class Activation(IntEnum):
    """Whose turn it is."""

    ALL_IN_ORDER = 0
    RANDOM_WITH_REPLACEMENT = 1
    UNSATISFIED_ONLY = 2
    ONE_OF_EACH_GROUP = 3
    UNSATISFIED_AT_START = 4


class Rule(IntEnum):
    """How a household decides."""

    THRESHOLD = 0
    BEST_RESPONSE = 1
    LOGIT = 2


class Destination(IntEnum):
    """Where an unsatisfied household goes under the threshold rule."""

    ANY_VACANCY = 0
    FIRST_SATISFACTORY = 1
    RANDOM_SATISFACTORY = 2


class Conduct(NamedTuple):
    """The switches of the one-at-a-time mode as numbers."""

    activation: int
    number: int  # turns in a step
    shuffled: bool
    asks: bool  # does a household whose turn it is first ask whether it is satisfied
    candidates: int
    n_candidates: int
    distinct: bool
    keeps_home: bool
    reach: float
    rule: int
    destination: int
    else_any: bool  # does a household that sees nothing satisfactory take any vacancy
    beta: float
    ties_with_home: bool
    minimum_improvement: float
    restless: float
    altruism: float
    route: Array  # int64: positions in the order visited; empty if households act by row or at random
    kind_start: Array  # int64: where the households of a kind begin in by_kind
    by_kind: Array  # int64: household rows by kind


@kernel
def take_step(board, ground, tastes, conduct, desk):
    """Let households act one after another; return the number of turns taken and of moves made."""
    listed = line_up(board, ground, tastes, conduct, desk)
    turns = conduct.number
    if conduct.activation == Activation.ALL_IN_ORDER or conduct.activation == Activation.UNSATISFIED_AT_START:
        turns = min(turns, listed)
    moves = 0
    for i in range(turns):
        h = whose_turn(board, conduct, desk, listed, i)
        if h == NONE:
            return i, moves
        if conduct.candidates == Candidates.SWAP:
            moves += act_by_swapping(board, ground, tastes, conduct, desk, h)
        else:
            moves += act(board, ground, tastes, conduct, desk, h)
    return turns, moves


@kernel
def line_up(board, ground, tastes, conduct, desk):
    """List who may act this step, or gather the unsatisfied; return how many are listed."""
    if conduct.activation == Activation.UNSATISFIED_ONLY:
        gather(board, ground, tastes, desk.queue, desk.place)
        return 0
    only_unsatisfied = conduct.activation == Activation.UNSATISFIED_AT_START
    if only_unsatisfied and conduct.route.size == 0:
        return list_unsatisfied(board, ground, tastes, desk.order)
    n = 0
    if conduct.route.size > 0:
        for i in range(conduct.route.size):
            h = board.occupant[conduct.route[i]]
            if h != NONE and not (only_unsatisfied and is_satisfied(board, ground, tastes, h)):
                desk.order[n] = h
                n += 1
        return n
    for h in range(board.home.size):
        if board.home[h] != NONE:
            desk.order[n] = h
            n += 1
    return n


@kernel
def whose_turn(board, conduct, desk, listed, i):
    """Return the household whose turn is the i-th, NONE if nobody is left who may act."""
    if conduct.activation == Activation.UNSATISFIED_ONLY:
        n = desk.queue[0]
        return desk.queue[1 + draw_below(desk, n)] if n > 0 else np.int64(NONE)
    if conduct.activation == Activation.ONE_OF_EACH_GROUP:
        return one_of_group(conduct, desk, i)
    if conduct.activation == Activation.RANDOM_WITH_REPLACEMENT:
        return desk.order[draw_below(desk, listed)] if listed > 0 else np.int64(NONE)
    if conduct.shuffled:
        j = i + draw_below(desk, listed - i)
        desk.order[i], desk.order[j] = desk.order[j], desk.order[i]
    return desk.order[i]


@kernel
def one_of_group(conduct, desk, i):
    """Return a random household of the group whose turn it is; groups that have nobody are passed over."""
    kinds = conduct.kind_start.size - 1
    filled = 0
    for kind in range(kinds):
        filled += conduct.kind_start[kind + 1] > conduct.kind_start[kind]
    if filled == 0:
        return np.int64(NONE)
    left = i % filled
    for kind in range(kinds):
        first, size = conduct.kind_start[kind], conduct.kind_start[kind + 1] - conduct.kind_start[kind]
        if size > 0:
            if left == 0:
                return conduct.by_kind[first + draw_below(desk, size)]
            left -= 1
    return np.int64(NONE)


@kernel
def act(board, ground, tastes, conduct, desk, h):
    """Let a household look around and move if it chooses to; return 1 if it moved."""
    home = np.int64(board.home[h])
    restless = False
    if conduct.asks and is_satisfied(board, ground, tastes, h):
        if conduct.restless == 0.0 or draw(desk) >= conduct.restless:
            return 0
        restless = True
    n = look(board, ground, tastes, conduct, desk, h)
    if n == 0:
        return 0
    if conduct.rule == Rule.THRESHOLD:
        target = satisfactory(board, ground, tastes, conduct, desk, h, n)
    else:
        target = preferred(board, ground, tastes, conduct, desk, h, n, conduct.keeps_home and not restless)
    if target == home:
        return 0
    vacate(board, ground, h)
    settle(board, ground, h, target)
    if conduct.activation == Activation.UNSATISFIED_ONLY:
        ask_around(board, ground, tastes, desk.queue, desk.place, home)
        ask_around(board, ground, tastes, desk.queue, desk.place, target)
    return 1


@kernel
def look(board, ground, tastes, conduct, desk, h):
    """Fill `desk.seen` with the squares a household considers; return how many."""
    if conduct.candidates == Candidates.RANDOM_VACANCIES:
        return see_random(board, ground, desk, board.kind[h], conduct.n_candidates, conduct.distinct)
    if conduct.candidates == Candidates.ALL_VACANCIES:
        return see_all(board, ground, desk, board.kind[h])
    if conduct.candidates == Candidates.NEAREST_SATISFACTORY:
        n = see_nearest(board, ground, tastes, desk, h)
        if n == 0 and conduct.else_any:
            n = see_random(board, ground, desk, board.kind[h], 1, False)
        return n
    return see_stray(board, ground, desk, h, conduct.reach)


@kernel
def satisfactory(board, ground, tastes, conduct, desk, h, n):
    """Return where an unsatisfied household goes under the threshold rule; its home if nowhere."""
    if (
        conduct.destination == Destination.ANY_VACANCY
        or conduct.candidates == Candidates.NEAREST_SATISFACTORY
    ):
        return desk.seen[draw_below(desk, n)] if n > 1 else desk.seen[0]
    level = tastes.content[tastes.of[h]] - EPS
    found = 0
    target = np.int64(board.home[h])
    for i in range(n):
        if utility_at(board, ground, tastes, h, desk.seen[i]) >= level:
            found += 1
            if conduct.destination == Destination.FIRST_SATISFACTORY:
                return desk.seen[i]
            if found == 1 or draw_below(desk, found) == 0:
                target = desk.seen[i]
    if found == 0 and conduct.else_any:
        return desk.seen[draw_below(desk, n)]
    return target


@kernel
def preferred(board, ground, tastes, conduct, desk, h, n, keeps_home):
    """Return the square a household chooses among those seen and, if it may, its home."""
    home = np.int64(board.home[h])
    for i in range(n):
        value = utility_at(board, ground, tastes, h, desk.seen[i])
        if conduct.altruism != 0.0:
            value += conduct.altruism * change_for_others(board, ground, tastes, desk, h, desk.seen[i])
        desk.value[i] = value
    staying = utility_at(board, ground, tastes, h, home) + conduct.minimum_improvement
    if keeps_home and (conduct.ties_with_home or conduct.rule == Rule.LOGIT):
        desk.seen[n] = home
        desk.value[n] = staying
        n += 1
    if conduct.rule == Rule.LOGIT:
        return desk.seen[logit(desk.value, n, conduct.beta, draw(desk))]
    i = best(desk.value, n, draw(desk))
    if keeps_home and not conduct.ties_with_home and desk.value[i] <= staying + EPS:
        return home
    return desk.seen[i]


@kernel
def change_for_others(board, ground, tastes, desk, h, target):
    """Return by how much everybody else's utility would change if a household moved to a square."""
    home = np.int64(board.home[h])
    desk.turn[0] += 1
    desk.mark[home] = desk.turn[0]
    n = gather_viewers(board, ground, desk, home, 0)
    n = gather_viewers(board, ground, desk, target, n)
    change = 0.0
    for i in range(n):
        m = desk.members[i]
        change -= utility_at(board, ground, tastes, m, board.home[m])
    count_in(board, ground, home, board.kind[h], -1)
    count_in(board, ground, target, board.kind[h], 1)
    for i in range(n):
        m = desk.members[i]
        change += utility_at(board, ground, tastes, m, board.home[m])
    count_in(board, ground, target, board.kind[h], -1)
    count_in(board, ground, home, board.kind[h], 1)
    return change


@kernel
def gather_viewers(board, ground, desk, position, n):
    """Add those who have a position in view to `desk.members`, each once; return how many there are."""
    if ground.by_area:
        area = np.int64(ground.unit[position])
        n = gather_area(board, ground, desk, area, n)
        for i in range(ground.beside_start[area], ground.beside_start[area + 1]):
            n = gather_area(board, ground, desk, ground.beside[i], n)
        return n
    row = position // ground.width - ground.border
    column = position % ground.width - ground.border
    for i in range(ground.offset.size):
        r, k = row + ground.row_offset[i], column + ground.column_offset[i]
        if ground.torus:
            r, k = r % ground.rows, k % ground.columns
        if 0 <= r < ground.rows and 0 <= k < ground.columns:
            n = gather_one(board, desk, (r + ground.border) * ground.width + k + ground.border, n)
    return n


@kernel
def gather_area(board, ground, desk, area, n):
    """Add everyone in an area to `desk.members`."""
    for i in range(ground.area_start[area], ground.area_start[area + 1]):
        n = gather_one(board, desk, ground.area_square[i], n)
    return n


@kernel
def gather_one(board, desk, position, n):
    """Add whoever lives at a position to `desk.members`, once."""
    if desk.mark[position] != desk.turn[0]:
        desk.mark[position] = desk.turn[0]
        if board.occupant[position] != NONE:
            desk.members[n] = board.occupant[position]
            return n + 1
    return n


@kernel
def act_by_swapping(board, ground, tastes, conduct, desk, h):
    """Let a household try to swap homes with random households of other groups; return 1 if it did."""
    if conduct.asks and is_satisfied(board, ground, tastes, h):
        return 0
    for _ in range(conduct.n_candidates):
        p = partner(board, conduct, desk, h)
        if p == NONE:
            return 0
        a, b = np.int64(board.home[h]), np.int64(board.home[p])
        if may_live(ground, b, board.kind[h]) and may_live(ground, a, board.kind[p]):
            before_h = utility_at(board, ground, tastes, h, a)
            before_p = utility_at(board, ground, tastes, p, b)
            exchange(board, ground, h, p)
            after_h = utility_at(board, ground, tastes, h, b)
            after_p = utility_at(board, ground, tastes, p, a)
            if agreed(tastes, conduct, desk, h, p, before_h, before_p, after_h, after_p):
                if conduct.activation == Activation.UNSATISFIED_ONLY:
                    ask_around(board, ground, tastes, desk.queue, desk.place, a)
                    ask_around(board, ground, tastes, desk.queue, desk.place, b)
                return 1
            exchange(board, ground, h, p)
    return 0


@kernel
def partner(board, conduct, desk, h):
    """Return a random household of another group than this one's, NONE if there is none."""
    kind = board.kind[h]
    first, last = conduct.kind_start[kind], conduct.kind_start[kind + 1]
    others = conduct.by_kind.size - (last - first)
    if others == 0:
        return np.int64(NONE)
    i = draw_below(desk, others)
    return conduct.by_kind[i if i < first else i + last - first]


@kernel
def agreed(tastes, conduct, desk, h, p, before_h, before_p, after_h, after_p):
    """Tell whether two households agree to have swapped.

    Threshold: both were unsatisfied, and both are satisfied now unless any home will do. Best response:
    neither loses and the gains together exceed the minimum. Logit: by the gains together (Zhang 2004).
    """
    gain = after_h + after_p - before_h - before_p
    if conduct.rule == Rule.LOGIT:
        return draw(desk) < 1.0 / (1.0 + np.exp(-conduct.beta * (gain - conduct.minimum_improvement)))
    if conduct.rule == Rule.BEST_RESPONSE:
        no_loss = after_h >= before_h - EPS and after_p >= before_p - EPS
        return no_loss and gain > conduct.minimum_improvement + EPS
    level_h, level_p = tastes.content[tastes.of[h]] - EPS, tastes.content[tastes.of[p]] - EPS
    if before_h >= level_h or before_p >= level_p:
        return False
    return conduct.destination == Destination.ANY_VACANCY or (after_h >= level_h and after_p >= level_p)
