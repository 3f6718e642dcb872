"""One household after another: whose turn it is, where it looks, what it chooses, and the move itself."""

from enum import IntEnum

import numpy as np

from segsim.kernels.board.candidates import (
    DRAWN,
    TURN,
    CandidateSource,
    draw,
    draw_below,
    see_all,
    see_nearest,
    see_random,
    see_stray,
)
from segsim.kernels.board.choice_rules import best, logit
from segsim.kernels.board.layout import (
    ALTRUISM,
    AREA,
    AREA_SQUARE,
    AREA_START,
    BESIDE,
    BESIDE_START,
    BETA,
    BORDER,
    BY_AREA,
    HOME,
    KIND,
    MINIMUM_IMPROVEMENT,
    N_AROUND,
    N_KINDS,
    OCCUPANT,
    RESTLESS,
    WIDTH,
)
from segsim.kernels.board.occupancy import around, count_in, exchange, may_live, settle, vacate
from segsim.kernels.board.satisfaction import ask_around, gather, list_unsatisfied
from segsim.kernels.board.utility import is_satisfied, level_of, utility_at
from segsim.kernels.compile import lean, part
from segsim.kernels.preference_shapes import EPS
from segsim.tables import NONE

# places of `way`, the switches that are whole numbers
ACTIVATION = 0
NUMBER = 1  # turns in a step
SHUFFLED = 2  # whether a list is gone through in random order
ASKS = 3  # whether a household whose turn it is first asks whether it is satisfied
CANDIDATES = 4
N_CANDIDATES = 5
DISTINCT = 6
KEEPS_HOME = 7  # whether home is among the candidates
RULE = 8
DESTINATION = 9
ELSE_ANY = 10  # whether a household that sees nothing satisfactory takes any vacancy
TIES_WITH_HOME = 11
N_ROUTE = 12  # positions of a fixed order of turns, 0 if by row or at random
ROUTE = 13  # where they begin
KIND_START = 14  # where a table of the first household of each group, n_kinds + 1, begins
BY_KIND = 15  # where household rows by group begin
RESTLESS_ANYWHERE = 16  # whether a satisfied household that moves all the same goes anywhere
SWITCHES = 17


class ActivationOrder(IntEnum):
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


@lean
def take_step(board, desk):
    """Let households act one after another; return the number of turns taken and of moves made."""
    desk.running[DRAWN] = 0
    listed = line_up(board, desk)
    turns = desk.way[NUMBER]
    if (
        desk.way[ACTIVATION] == ActivationOrder.ALL_IN_ORDER
        or desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_AT_START
    ):
        turns = min(turns, listed)
    moves = 0
    for i in range(turns):
        h = whose_turn(board, desk, listed, i)
        if h == NONE:
            return i, moves
        if desk.way[CANDIDATES] == CandidateSource.SWAP:
            moves += act_by_swapping(board, desk, h)
        else:
            moves += act(board, desk, h)
    return turns, moves


@part
def line_up(board, desk):
    """List who may act this step, or gather the unsatisfied; return how many are listed."""
    if desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_ONLY:
        gather(board, desk.queue)
        return 0
    only_unsatisfied = desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_AT_START
    if only_unsatisfied and desk.way[N_ROUTE] == 0:
        return list_unsatisfied(board, desk.order)
    n = 0
    if desk.way[N_ROUTE] > 0:
        for i in range(desk.way[ROUTE], desk.way[ROUTE] + desk.way[N_ROUTE]):
            h = board.spot[desk.way[i], OCCUPANT]
            if h != NONE and not (only_unsatisfied and is_satisfied(board, h)):
                desk.order[n] = h
                n += 1
        return n
    for h in range(board.who.shape[0]):
        if board.who[h, HOME] != NONE:
            desk.order[n] = h
            n += 1
    return n


@part
def whose_turn(board, desk, listed, i):
    """Return the household whose turn is the i-th, NONE if nobody is left who may act."""
    if desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_ONLY:
        n = desk.queue[0, 0]
        return desk.queue[1 + draw_below(desk, n), 0] if n > 0 else np.int64(NONE)
    if desk.way[ACTIVATION] == ActivationOrder.ONE_OF_EACH_GROUP:
        return one_of_group(board, desk, i)
    if desk.way[ACTIVATION] == ActivationOrder.RANDOM_WITH_REPLACEMENT:
        return desk.order[draw_below(desk, listed)] if listed > 0 else np.int64(NONE)
    if desk.way[SHUFFLED] != 0:
        j = i + draw_below(desk, listed - i)
        desk.order[i], desk.order[j] = desk.order[j], desk.order[i]
    return desk.order[i]


@part
def one_of_group(board, desk, i):
    """Return a random household of the group whose turn it is; groups that have nobody are passed over."""
    way, kinds = desk.way, board.lay[N_KINDS]
    filled = np.int64(0)
    for at in range(way[KIND_START], way[KIND_START] + kinds):
        filled += way[at + 1] > way[at]
    left = i % max(filled, 1)
    for at in range(way[KIND_START], way[KIND_START] + kinds):
        size = way[at + 1] - way[at]
        if size > 0:
            if left == 0:
                return way[way[BY_KIND] + way[at] + draw_below(desk, size)]
            left -= 1
    return np.int64(NONE)


@part
def act(board, desk, h):
    """Let a household look around and move if it chooses to; return 1 if it moved."""
    home = np.int64(board.who[h, HOME])
    restless = False
    if desk.way[ASKS] != 0 and is_satisfied(board, h):
        if board.real[RESTLESS] == 0.0 or draw(desk) >= board.real[RESTLESS]:
            return 0
        restless = True
    n = look(board, desk, h)
    if n == 0:
        return 0
    if restless and desk.way[RESTLESS_ANYWHERE] != 0:
        target = desk.seen[draw_below(desk, n)]
    elif desk.way[RULE] == Rule.THRESHOLD:
        target = satisfactory(board, desk, h, n)
    else:
        keeps_home = desk.way[KEEPS_HOME] != 0 and not restless
        target = preferred(board, desk, h, n, keeps_home)
    if target == home:
        return 0
    vacate(board, h)
    settle(board, h, target)
    if desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_ONLY:
        ask_around(board, desk.queue, home)
        ask_around(board, desk.queue, target)
    return 1


@part
def look(board, desk, h):
    """Fill `desk.seen` with the squares a household considers; return how many."""
    if desk.way[CANDIDATES] == CandidateSource.RANDOM_VACANCIES:
        return see_random(board, desk, board.who[h, KIND], desk.way[N_CANDIDATES], desk.way[DISTINCT] != 0)
    if desk.way[CANDIDATES] == CandidateSource.ALL_VACANCIES:
        return see_all(board, desk, board.who[h, KIND])
    if desk.way[CANDIDATES] == CandidateSource.NEAREST_SATISFACTORY:
        n = see_nearest(board, desk, h)
        if n == 0 and desk.way[ELSE_ANY] != 0:
            n = see_random(board, desk, board.who[h, KIND], 1, False)
        return n
    return see_stray(board, desk, h)


@part
def satisfactory(board, desk, h, n):
    """Return where an unsatisfied household goes under the threshold rule; its home if nowhere."""
    if (
        desk.way[DESTINATION] == Destination.ANY_VACANCY
        or desk.way[CANDIDATES] == CandidateSource.NEAREST_SATISFACTORY
    ):
        return desk.seen[draw_below(desk, n)] if n > 1 else desk.seen[0]
    level = level_of(board, h)
    found = 0
    target = np.int64(board.who[h, HOME])
    for i in range(n):
        if utility_at(board, h, desk.seen[i]) >= level:
            found += 1
            if desk.way[DESTINATION] == Destination.FIRST_SATISFACTORY:
                return desk.seen[i]
            if found == 1 or draw_below(desk, found) == 0:
                target = desk.seen[i]
    if found == 0 and desk.way[ELSE_ANY] != 0:
        return desk.seen[draw_below(desk, n)]
    return target


@part
def preferred(board, desk, h, n, keeps_home):
    """Return the square a household chooses among those seen and, if it may, its home."""
    home = np.int64(board.who[h, HOME])
    for i in range(n):
        value = utility_at(board, h, desk.seen[i])
        if board.real[ALTRUISM] != 0.0:
            value += board.real[ALTRUISM] * change_for_others(board, desk, h, desk.seen[i])
        desk.value[i] = value
    staying = utility_at(board, h, home) + board.real[MINIMUM_IMPROVEMENT]
    if keeps_home and (desk.way[TIES_WITH_HOME] != 0 or desk.way[RULE] == Rule.LOGIT):
        desk.seen[n] = home
        desk.value[n] = staying
        n += 1
    if desk.way[RULE] == Rule.LOGIT:
        return desk.seen[logit(desk.value, n, board.real[BETA], draw(desk))]
    i = best(desk.value, n, draw(desk))
    if keeps_home and desk.way[TIES_WITH_HOME] == 0 and desk.value[i] <= staying + EPS:
        return home
    return desk.seen[i]


@part
def change_for_others(board, desk, h, target):
    """Return by how much everybody else's utility would change if a household moved to a square."""
    home, kind = np.int64(board.who[h, HOME]), board.who[h, KIND]
    desk.running[TURN] += 1
    desk.mark[home] = desk.running[TURN]
    n = gather_viewers(board, desk, home, 0)
    n = gather_viewers(board, desk, target, n)
    change = 0.0
    for i in range(n):
        m = desk.members[i]
        change -= utility_at(board, m, np.int64(board.who[m, HOME]))
    count_in(board.lay, board.near, board.spot, home, kind, -1)
    count_in(board.lay, board.near, board.spot, target, kind, 1)
    for i in range(n):
        m = desk.members[i]
        change += utility_at(board, m, np.int64(board.who[m, HOME]))
    count_in(board.lay, board.near, board.spot, target, kind, -1)
    count_in(board.lay, board.near, board.spot, home, kind, 1)
    return change


@part
def gather_viewers(board, desk, position, n):
    """Add those who have a position in view to `desk.members`, each once; return how many there are."""
    lay = board.lay
    if lay[BY_AREA] != 0:
        area = np.int64(board.spot[position, AREA])
        n = gather_area(board, desk, area, n)
        for i in range(lay[lay[BESIDE_START] + area], lay[lay[BESIDE_START] + area + 1]):
            n = gather_area(board, desk, lay[lay[BESIDE] + i], n)
        return n
    row, column = position // lay[WIDTH] - lay[BORDER], position % lay[WIDTH] - lay[BORDER]
    for i in range(lay[N_AROUND]):
        seen = around(lay, row, column, i)
        if seen != NONE:
            n = gather_one(board, desk, seen, n)
    return n


@part
def gather_area(board, desk, area, n):
    """Add everyone in an area to `desk.members`."""
    lay = board.lay
    for i in range(lay[lay[AREA_START] + area], lay[lay[AREA_START] + area + 1]):
        n = gather_one(board, desk, lay[lay[AREA_SQUARE] + i], n)
    return n


@part
def gather_one(board, desk, position, n):
    """Add whoever lives at a position to `desk.members`, once."""
    if desk.mark[position] != desk.running[TURN]:
        desk.mark[position] = desk.running[TURN]
        if board.spot[position, OCCUPANT] != NONE:
            desk.members[n] = board.spot[position, OCCUPANT]
            return n + 1
    return n


@part
def act_by_swapping(board, desk, h):
    """Let a household try to swap homes with random households of other groups; return 1 if it did."""
    if desk.way[ASKS] != 0 and is_satisfied(board, h):
        return 0
    for _ in range(desk.way[N_CANDIDATES]):
        p = partner(board, desk, h)
        if p == NONE:
            return 0
        a, b = np.int64(board.who[h, HOME]), np.int64(board.who[p, HOME])
        if may_live(board, b, board.who[h, KIND]) and may_live(board, a, board.who[p, KIND]):
            before_h = utility_at(board, h, a)
            before_p = utility_at(board, p, b)
            exchange(board, h, p)
            after_h = utility_at(board, h, b)
            after_p = utility_at(board, p, a)
            if agreed(board, desk, h, p, before_h, before_p, after_h, after_p):
                if desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_ONLY:
                    ask_around(board, desk.queue, a)
                    ask_around(board, desk.queue, b)
                return 1
            exchange(board, h, p)
    return 0


@part
def partner(board, desk, h):
    """Return a random household of another group than this one's, NONE if there is none."""
    way, kind = desk.way, board.who[h, KIND]
    first, last = way[way[KIND_START] + kind], way[way[KIND_START] + kind + 1]
    others = way[way[KIND_START] + board.lay[N_KINDS]] - (last - first)
    if others == 0:
        return np.int64(NONE)
    i = draw_below(desk, others)
    return way[way[BY_KIND] + (i if i < first else i + last - first)]


@part
def agreed(board, desk, h, p, before_h, before_p, after_h, after_p):
    """Tell whether two households agree to have swapped.

    Threshold: both were unsatisfied, and both are satisfied now unless any home will do. Best response:
    neither loses and the gains together exceed the minimum. Logit: by the gains together (Zhang 2004).
    """
    gain = after_h + after_p - before_h - before_p
    if desk.way[RULE] == Rule.LOGIT:
        return draw(desk) < 1.0 / (1.0 + np.exp(-board.real[BETA] * (gain - board.real[MINIMUM_IMPROVEMENT])))
    if desk.way[RULE] == Rule.BEST_RESPONSE:
        no_loss = after_h >= before_h - EPS and after_p >= before_p - EPS
        return no_loss and gain > board.real[MINIMUM_IMPROVEMENT] + EPS
    level_h, level_p = level_of(board, h), level_of(board, p)
    if before_h >= level_h or before_p >= level_p:
        return False
    return desk.way[DESTINATION] == Destination.ANY_VACANCY or (after_h >= level_h and after_p >= level_p)
