"""The line and the ring: no vacancies, a mover goes in between two others and the rest close up."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.board.candidates import DRAWN, TURN, CandidateSource, draw, draw_below
from segsim.kernels.board.choice_rules import best, logit
from segsim.kernels.board.layout import BETA, MINIMUM_IMPROVEMENT, RESTLESS
from segsim.kernels.board.relocation import (
    ACTIVATION,
    ASKS,
    BY_KIND,
    CANDIDATES,
    DESTINATION,
    DISTINCT,
    ELSE_ANY,
    KEEPS_HOME,
    KIND_START,
    N_CANDIDATES,
    NUMBER,
    RESTLESS_ANYWHERE,
    RULE,
    SHUFFLED,
    TIES_WITH_HOME,
    ActivationOrder,
    Destination,
    Rule,
)
from segsim.kernels.board.utility import CONTENT, worth
from segsim.kernels.compile import lean, part
from segsim.kernels.preference_shapes import EPS
from segsim.tables import Array


class Line(NamedTuple):
    """Households in their order; a gap is where one of them may stand among the others.

    Gap g of the household at place p lies before the g-th of the others, so gap p is where it stands.
    """

    order: Array  # int32: household rows from left to right
    kind: Array  # int32 per household row: group
    taste: Array  # int32 per household row: row of `wants`
    wants: Array  # float64, see `tastes`
    real: Array  # float64: parameters, see `ground`
    radius: int
    closed: bool
    counts_self: int
    trait_column: Array  # int64, traits x kinds


@part
def other(line, place, i):
    """Return the i-th of the others than the household at `place`."""
    return line.order[i if i < place else i + 1]


@part
def like_and_all_in(line, trait, place, gap):
    """Return how many around a gap would be like the household at `place`, and how many in all."""
    n = line.order.size - 1
    column = line.trait_column[trait, line.kind[line.order[place]]]
    like, everyone = line.counts_self, line.counts_self
    for i in range(gap - line.radius, gap + line.radius):
        j = i
        if line.closed and n > 0:
            j = i % n
        if 0 <= j < n:
            everyone += 1
            like += line.trait_column[trait, line.kind[other(line, place, j)]] == column
    return np.float64(like), np.float64(everyone)


@part
def utility_in(line, place, gap):
    """Return the utility the household at `place` would have in a gap."""
    taste = line.taste[line.order[place]]
    total = 0.0
    for trait in range(line.trait_column.shape[0]):
        like, everyone = like_and_all_in(line, trait, place, gap)
        total += worth(line.wants, taste, trait, like, everyone, everyone)
    return total


@part
def content_in(line, place, gap):
    """Tell whether the household at `place` would be satisfied in a gap."""
    level = line.wants[line.taste[line.order[place]], CONTENT]
    return utility_in(line, place, gap) >= level - EPS


@part
def put(line, place, gap):
    """Move the household at `place` into a gap."""
    h = line.order[place]
    if gap > place:
        for i in range(place, gap):
            line.order[i] = line.order[i + 1]
    else:
        for i in range(place, gap, -1):
            line.order[i] = line.order[i - 1]
    line.order[gap] = h


@part
def place_of(line, h):
    """Return where a household stands."""
    for i in range(line.order.size):
        if line.order[i] == h:
            return i
    return -1


@lean
def take_line_step(line, desk):
    """Let households of a line act one after another; return the number of turns taken and of moves made."""
    n = line.order.size
    desk.running[DRAWN] = 0
    listed = list_line(line, desk)
    turns = desk.way[NUMBER]
    if (
        desk.way[ACTIVATION] == ActivationOrder.ALL_IN_ORDER
        or desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_AT_START
    ):
        turns = min(turns, listed)
    moves = 0
    for i in range(turns):
        if n < 2:
            return i, moves
        h = line_turn(line, desk, listed, i)
        if h < 0:
            return i, moves
        moves += act_on_line(line, desk, h)
    return turns, moves


@part
def list_line(line, desk):
    """List who may act, from left to right; return how many."""
    n = 0
    only = desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_AT_START
    for place in range(line.order.size):
        if not (only and content_in(line, place, place)):
            desk.order[n] = line.order[place]
            n += 1
    return n


@part
def line_turn(line, desk, listed, i):
    """Return the household whose turn is the i-th, -1 if nobody is left who may act."""
    if desk.way[ACTIVATION] == ActivationOrder.UNSATISFIED_ONLY:
        n = 0
        for place in range(line.order.size):
            if not content_in(line, place, place):
                desk.order[n] = line.order[place]
                n += 1
        return desk.order[draw_below(desk, n)] if n > 0 else np.int64(-1)
    if desk.way[ACTIVATION] == ActivationOrder.ONE_OF_EACH_GROUP:
        return one_of_kinds(desk, line.trait_column.shape[1], i)
    if desk.way[ACTIVATION] == ActivationOrder.RANDOM_WITH_REPLACEMENT:
        return desk.order[draw_below(desk, listed)] if listed > 0 else np.int64(-1)
    if desk.way[SHUFFLED] != 0:
        j = i + draw_below(desk, listed - i)
        desk.order[i], desk.order[j] = desk.order[j], desk.order[i]
    return desk.order[i]


@part
def one_of_kinds(desk, kinds, i):
    """Return a random household of the group whose turn it is; groups that have nobody are passed over."""
    for step in range(kinds):
        at = desk.way[KIND_START] + (i + step) % kinds
        size = desk.way[at + 1] - desk.way[at]
        if size > 0:
            return desk.way[desk.way[BY_KIND] + desk.way[at] + draw_below(desk, size)]
    return np.int64(-1)


@part
def act_on_line(line, desk, h):
    """Let a household choose a gap and go there; return 1 if it moved."""
    place = place_of(line, h)
    restless = False
    if desk.way[ASKS] != 0 and content_in(line, place, place):
        if line.real[RESTLESS] == 0.0 or draw(desk) >= line.real[RESTLESS]:
            return 0
        restless = True
    n = gaps_seen(line, desk, place)
    if n == 0:
        return 0
    if restless and desk.way[RESTLESS_ANYWHERE] != 0:
        gap = desk.seen[draw_below(desk, n)]
    elif desk.way[RULE] == Rule.THRESHOLD:
        gap = satisfactory_gap(line, desk, place, n)
    else:
        keeps_home = desk.way[KEEPS_HOME] != 0 and not restless
        gap = preferred_gap(line, desk, place, n, keeps_home)
    if gap == place:
        return 0
    put(line, place, gap)
    return 1


@part
def gaps_seen(line, desk, place):
    """Fill `desk.seen` with gaps other than the household's own; return how many."""
    n = line.order.size
    gaps = n - 1 if line.closed else n
    own = place % gaps
    if desk.way[CANDIDATES] == CandidateSource.ALL_VACANCIES:
        seen = 0
        for gap in range(gaps):
            if gap != own:
                desk.seen[seen] = gap
                seen += 1
        return seen
    if desk.way[CANDIDATES] == CandidateSource.NEAREST_SATISFACTORY:
        return nearest_gap(line, desk, place, own, gaps)
    if gaps < 2:
        return 0
    wanted = min(desk.way[N_CANDIDATES], gaps - 1) if desk.way[DISTINCT] != 0 else desk.way[N_CANDIDATES]
    desk.running[TURN] += 1
    seen = 0
    while seen < wanted:
        gap = draw_below(desk, gaps)
        if gap != own and (desk.way[DISTINCT] == 0 or desk.mark[gap] != desk.running[TURN]):
            desk.mark[gap] = desk.running[TURN]
            desk.seen[seen] = gap
            seen += 1
    return seen


@part
def nearest_gap(line, desk, place, own, gaps):
    """See the gap that satisfies and passes fewest others, ties evenly; return how many are seen."""
    for passed in range(1, gaps):
        ties = 0
        for sign in range(-1, 2, 2):
            gap = own + sign * passed
            if line.closed:
                gap = gap % gaps
                if 2 * passed > gaps or (2 * passed == gaps and sign < 0):
                    continue
            if 0 <= gap < gaps and content_in(line, place, gap):
                ties += 1
                if ties == 1 or draw_below(desk, ties) == 0:
                    desk.seen[0] = gap
        if ties > 0:
            return 1
    return 0


@part
def satisfactory_gap(line, desk, place, n):
    """Return the gap an unsatisfied household takes under the threshold rule; its own if none."""
    if (
        desk.way[DESTINATION] == Destination.ANY_VACANCY
        or desk.way[CANDIDATES] == CandidateSource.NEAREST_SATISFACTORY
    ):
        return desk.seen[draw_below(desk, n)] if n > 1 else desk.seen[0]
    found = 0
    target = np.int64(place)
    for i in range(n):
        if content_in(line, place, desk.seen[i]):
            found += 1
            if desk.way[DESTINATION] == Destination.FIRST_SATISFACTORY:
                return desk.seen[i]
            if found == 1 or draw_below(desk, found) == 0:
                target = desk.seen[i]
    if found == 0 and desk.way[ELSE_ANY] != 0:
        return desk.seen[draw_below(desk, n)]
    return target


@part
def preferred_gap(line, desk, place, n, keeps_home):
    """Return the gap a household chooses among those seen and, if it may, its own."""
    for i in range(n):
        desk.value[i] = utility_in(line, place, desk.seen[i])
    staying = utility_in(line, place, place) + line.real[MINIMUM_IMPROVEMENT]
    if keeps_home and (desk.way[TIES_WITH_HOME] != 0 or desk.way[RULE] == Rule.LOGIT):
        desk.seen[n] = place
        desk.value[n] = staying
        n += 1
    if desk.way[RULE] == Rule.LOGIT:
        return desk.seen[logit(desk.value, n, line.real[BETA], draw(desk))]
    i = best(desk.value, n, draw(desk))
    if keeps_home and desk.way[TIES_WITH_HOME] == 0 and desk.value[i] <= staying + EPS:
        return np.int64(place)
    return desk.seen[i]
