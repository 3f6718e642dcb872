"""One household after another: whose turn it is, what it chooses among what it sees, and the move itself."""

import numpy as np

from segsim.kernels.board.candidates import look
from segsim.kernels.board.conduct import (
    ActivationOrder,
    CandidateSource,
    Desk,
    Destination,
    Rule,
    draw,
    draw_below,
)
from segsim.kernels.board.line import draw_unsatisfied_on_line, move_into_gap
from segsim.kernels.board.occupancy import Board, around, count_in, exchange, may_live, settle, vacate
from segsim.kernels.board.satisfaction import ask_around, gather_unsatisfied, list_unsatisfied
from segsim.kernels.board.utility import is_satisfied, satisfaction_level, utility_at
from segsim.kernels.choices.choice_rules import choose_best, choose_logit
from segsim.kernels.choices.own_functions import FAILED, choose_by_own_rule
from segsim.kernels.choices.preference_shapes import EPS
from segsim.kernels.compile import lean, part
from segsim.tables import NONE, Whole


@lean
def take_step(board: Board, desk: Desk) -> tuple[Whole, Whole]:
    """Let households act one after another; return the number of turns taken and of moves made."""
    conduct = desk.conduct
    desk.progress.drawn = 0
    listed = line_up(board, desk)
    turns = conduct.n_turns
    if (
        conduct.activation == ActivationOrder.ALL_IN_ORDER
        or conduct.activation == ActivationOrder.UNSATISFIED_AT_START
    ):
        turns = min(turns, listed)
    moves = 0
    for i in range(turns):
        h = draw_turn(board, desk, listed, i)
        if h == NONE:
            return i, moves
        if conduct.source == CandidateSource.SWAP:
            moves += act_by_swapping(board, desk, h)
        else:
            moves += act(board, desk, h)
    return turns, moves


@part
def line_up(board: Board, desk: Desk) -> Whole:
    """List who may act this step, or gather the unsatisfied; return how many are listed."""
    conduct = desk.conduct
    if conduct.activation == ActivationOrder.UNSATISFIED_ONLY:
        if not board.ground.is_line:
            gather_unsatisfied(board, desk)
        return 0
    only_unsatisfied = conduct.activation == ActivationOrder.UNSATISFIED_AT_START
    if only_unsatisfied and conduct.n_route == 0:
        return list_unsatisfied(board, desk.order)
    n = 0
    # a route is a list of positions, for who stands there differs from step to step
    if conduct.n_route > 0:
        for i in range(conduct.route, conduct.route + conduct.n_route):
            occupant = np.int64(board.spot[desk.lists[i]].occupant)
            if occupant != NONE and not (only_unsatisfied and is_satisfied(board, occupant)):
                desk.order[n] = occupant
                n += 1
        return n
    for h in range(board.who.shape[0]):
        if board.who[h].home != NONE:
            desk.order[n] = h
            n += 1
    return n


@part
def draw_turn(board: Board, desk: Desk, listed: Whole, i: Whole) -> Whole:
    """Return the household whose turn is the i-th, NONE if nobody is left who may act."""
    conduct = desk.conduct
    if conduct.activation == ActivationOrder.UNSATISFIED_ONLY:
        if board.ground.is_line:
            return draw_unsatisfied_on_line(board, desk)
        n: int = desk.progress.n_unsatisfied
        return np.int64(desk.queue[int(1 + draw_below(desk, n))].household if n > 0 else NONE)
    if conduct.activation == ActivationOrder.ONE_OF_EACH_GROUP:
        return draw_one_of_group(board, desk, i)
    if conduct.activation == ActivationOrder.RANDOM_WITH_REPLACEMENT:
        return np.int64(desk.order[draw_below(desk, listed)] if listed > 0 else NONE)
    if conduct.is_shuffled:
        # shuffled as it is gone through (Fisher and Yates), so a step of few turns draws for those alone
        j = i + draw_below(desk, listed - i)
        desk.order[i], desk.order[j] = desk.order[j], desk.order[i]
    return np.int64(desk.order[i])


@part
def draw_one_of_group(board: Board, desk: Desk, i: Whole) -> Whole:
    """Return a random household of the group whose turn it is; groups that have nobody are passed over."""
    lists, start, groups = desk.lists, desk.conduct.group_start, board.ground.n_groups
    # of n groups that have somebody each acts at every n-th turn
    filled: Whole = np.int64(0)
    for at in range(start, start + groups):
        filled += lists[at + 1] > lists[at]
    left = np.int64(i % max(filled, np.int64(1)))
    for at in range(start, start + groups):
        size = lists[at + 1] - lists[at]
        if size > 0:
            if left == 0:
                return np.int64(lists[desk.conduct.by_group + lists[at] + draw_below(desk, size)])
            left -= 1
    return np.int64(NONE)


@part
def act(board: Board, desk: Desk, h: Whole) -> int:
    """Let a household look around and move if it chooses to; return 1 if it moved."""
    conduct, restless = desk.conduct, False
    if conduct.asks and is_satisfied(board, h):
        # no draw where nobody is restless: the sequence of draws must be that of a model without it
        if conduct.restless == 0.0 or draw(desk) >= conduct.restless:
            return 0
        restless = True
    n = look(board, desk, h)
    if n == 0:
        return 0
    if restless and conduct.restless_anywhere:
        target: Whole = np.int64(desk.seen[draw_below(desk, n)])
    elif conduct.rule == Rule.THRESHOLD:
        target = choose_satisfactory(board, desk, h, n)
    else:
        target = choose_preferred(board, desk, h, n, conduct.keeps_home and not restless)
    if target == board.who[h].home:
        return 0
    move(board, desk, h, target)
    return 1


@part
def move(board: Board, desk: Desk, h: Whole, target: Whole) -> None:
    """Move a household, and ask those around its old and new home whether they are satisfied now."""
    if board.ground.is_line:
        move_into_gap(board, h, target)
        return
    home = np.int64(board.who[h].home)
    vacate(board, h)
    settle(board, h, target)
    if desk.conduct.activation == ActivationOrder.UNSATISFIED_ONLY:
        ask_around(board, desk, home)
        ask_around(board, desk, target)


@part
def choose_satisfactory(board: Board, desk: Desk, h: Whole, n: Whole) -> Whole:
    """Return where an unsatisfied household goes under the threshold rule; its home if nowhere."""
    conduct = desk.conduct
    if (
        conduct.destination == Destination.ANY_VACANCY
        or conduct.source == CandidateSource.NEAREST_SATISFACTORY
    ):
        # a lone candidate costs no draw; published boards are reproduced draw by draw, so this must stay
        return np.int64(desk.seen[draw_below(desk, n)] if n > 1 else desk.seen[0])
    level, ties = satisfaction_level(board), 0
    target: Whole = np.int64(board.who[h].home)
    for i in range(n):
        if utility_at(board, h, desk.seen[i]) >= level:
            ties += 1
            if conduct.destination == Destination.FIRST_SATISFACTORY:
                return np.int64(desk.seen[i])
            # each of k ties is held with chance 1 / k, without a list of them
            if ties == 1 or draw_below(desk, ties) == 0:
                target = desk.seen[i]
    if ties == 0 and conduct.else_any:
        return np.int64(desk.seen[draw_below(desk, n)])
    return target


@part
def choose_preferred(board: Board, desk: Desk, h: Whole, n: Whole, keeps_home: bool) -> Whole:
    """Return the square a household chooses among those seen and, if it may, its home."""
    conduct, home = desk.conduct, np.int64(board.who[h].home)
    for i in range(n):
        value = utility_at(board, h, desk.seen[i])
        if conduct.altruism != 0.0:
            value += conduct.altruism * change_for_others(board, desk, h, desk.seen[i])
        desk.value[i] = value
    # what moving must bring is added to staying, so that both rules compare like with like
    staying = utility_at(board, h, home) + conduct.minimum_improvement
    if conduct.rule == Rule.OWN:
        at = choose_by_own_rule(conduct.own_rule, desk.value, n, staying, draw(desk))
        desk.progress.has_failed |= at == FAILED
        return home if at < 0 else np.int64(desk.seen[at])
    if keeps_home and (conduct.ties_with_home or conduct.rule == Rule.LOGIT):
        desk.seen[n] = home
        desk.value[n] = staying
        n += 1
    if conduct.rule == Rule.LOGIT:
        return np.int64(desk.seen[choose_logit(desk.value, n, conduct.beta, draw(desk))])
    best = choose_best(desk.value, n, draw(desk))
    if keeps_home and not conduct.ties_with_home and desk.value[best] <= staying + EPS:
        return home
    return np.int64(desk.seen[best])


@part
def change_for_others(board: Board, desk: Desk, h: Whole, target: Whole) -> float:
    """Return by how much everybody else's utility would change if a household moved to a square."""
    home, group = np.int64(board.who[h].home), board.who[h].group
    desk.progress.look += 1
    desk.mark[home] = desk.progress.look  # the mover itself is not among the others
    n = gather_viewers(board, desk, home, 0)
    n = gather_viewers(board, desk, target, n)
    change = add_utilities(board, desk, n, -1.0, 0.0)
    # moved in the counts alone, and back again: vacancies and homes may stay as they are
    count_in(board, home, group, -1)
    count_in(board, target, group, 1)
    change = add_utilities(board, desk, n, 1.0, change)
    count_in(board, target, group, -1)
    count_in(board, home, group, 1)
    return change


@part
def add_utilities(board: Board, desk: Desk, n: Whole, sign: float, total: float) -> float:
    """Add the utilities of those gathered to a total, or take them from it."""
    for i in range(n):
        m = np.int64(desk.members[i])
        total += sign * utility_at(board, m, np.int64(board.who[m].home))
    return total


@part
def gather_viewers(board: Board, desk: Desk, position: Whole, n: Whole) -> Whole:
    """Add those who have a position in view to `desk.members`, each once; return how many there are."""
    ground, tables = board.ground, board.tables
    if ground.by_area:
        area = np.int64(board.spot[position].area)
        n = gather_area(board, desk, area, n)
        for i in range(tables[ground.beside_start + area], tables[ground.beside_start + area + 1]):
            n = gather_area(board, desk, tables[ground.beside + i], n)
        return n
    row = position // ground.width - ground.border
    column = position % ground.width - ground.border
    for i in range(ground.n_around):
        seen = around(ground, tables, row, column, i)
        if seen != NONE:
            n = gather_one(board, desk, seen, n)
    return n


@part
def gather_area(board: Board, desk: Desk, area: Whole, n: Whole) -> Whole:
    """Add everyone in an area to `desk.members`."""
    ground, tables = board.ground, board.tables
    for i in range(tables[ground.area_start + area], tables[ground.area_start + area + 1]):
        n = gather_one(board, desk, tables[ground.area_square + i], n)
    return n


@part
def gather_one(board: Board, desk: Desk, position: Whole, n: Whole) -> Whole:
    """Add whoever lives at a position to `desk.members`, once."""
    if desk.mark[position] != desk.progress.look:
        desk.mark[position] = desk.progress.look
        if board.spot[position].occupant != NONE:
            desk.members[n] = board.spot[position].occupant
            return n + 1
    return n


@part
def act_by_swapping(board: Board, desk: Desk, h: Whole) -> int:
    """Let a household try to swap homes with random households of other groups; return 1 if it did."""
    conduct = desk.conduct
    if conduct.asks and is_satisfied(board, h):
        return 0
    for _ in range(conduct.n_candidates):
        p = draw_partner(board, desk, h)
        if p == NONE:
            return 0
        a, b = np.int64(board.who[h].home), np.int64(board.who[p].home)
        if may_live(board, b, board.who[h].group) and may_live(board, a, board.who[p].group):
            before_h = utility_at(board, h, a)
            before_p = utility_at(board, p, b)
            # done, looked at and undone: each counts the other as already moved
            exchange(board, h, p)
            after_h = utility_at(board, h, b)
            after_p = utility_at(board, p, a)
            if agree_to_swap(board, desk, before_h, before_p, after_h, after_p):
                if conduct.activation == ActivationOrder.UNSATISFIED_ONLY:
                    ask_around(board, desk, a)
                    ask_around(board, desk, b)
                return 1
            exchange(board, h, p)
    return 0


@part
def draw_partner(board: Board, desk: Desk, h: Whole) -> Whole:
    """Return a random household of another group than this one's, NONE if there is none."""
    lists, start, group = desk.lists, desk.conduct.group_start, board.who[h].group
    first, last = lists[start + group], lists[start + group + 1]
    others = lists[start + board.ground.n_groups] - (last - first)
    if others == 0:
        return np.int64(NONE)
    # households stand by group, so the own group is skipped by its size
    i = draw_below(desk, others)
    return np.int64(lists[desk.conduct.by_group + (i if i < first else i + last - first)])


@part
def agree_to_swap(
    board: Board, desk: Desk, before_h: float, before_p: float, after_h: float, after_p: float
) -> bool:
    """Tell whether two households agree to have swapped.

    Threshold: both were unsatisfied, and both are satisfied now unless any home will do. Best response:
    the gains together exceed the minimum, and neither loses unless the sum alone counts. Logit: by the gains
    together (Zhang 2004).
    """
    conduct = desk.conduct
    gain = after_h + after_p - before_h - before_p
    if conduct.rule == Rule.LOGIT:
        exponent = -conduct.beta * (gain - conduct.minimum_improvement)
        return draw(desk) < 1.0 / (1.0 + float(np.exp(exponent)))
    if conduct.rule == Rule.BEST_RESPONSE:
        no_loss = after_h >= before_h - EPS and after_p >= before_p - EPS
        return bool((no_loss or conduct.swaps_for_sum) and gain > conduct.minimum_improvement + EPS)
    level = satisfaction_level(board)
    if before_h >= level or before_p >= level:
        return False
    return bool(conduct.destination == Destination.ANY_VACANCY or (after_h >= level and after_p >= level))
