"""The line and the ring: no vacancies, a mover goes in between two others and the rest close up.

A gap is a place among the others than the mover. As a position it is that of the household it would stand
before, counted among the others, so a mover's own gap is its home, and all else is as on a board.
On a ring the last gap is the first.
"""

import numpy as np

from segsim.kernels.board.conduct import CandidateSource, Desk, draw_below
from segsim.kernels.board.occupancy import Board, occupy
from segsim.kernels.board.utility import is_satisfied, satisfaction_level, utility_at
from segsim.kernels.compile import part
from segsim.tables import NONE, Whole


@part
def move_into_gap(board: Board, h: Whole, gap: Whole) -> None:
    """Move a household into a gap; those between its home and there close up."""
    home = np.int64(board.who[h].home)
    # homes are kept up as others are shifted, so that nobody is searched for along the line
    step = 1 if gap > home else -1
    for position in range(home, gap, step):
        occupy(board, np.int64(board.spot[position + step].occupant), position)
    occupy(board, h, gap)


@part
def draw_unsatisfied_on_line(board: Board, desk: Desk) -> Whole:
    """Return a random unsatisfied household, NONE if there is none.

    All are asked anew: a move shifts those between, and lines are short.
    """
    n = 0
    for i in range(desk.conduct.n_route):
        h = np.int64(board.spot[desk.lists[desk.conduct.route + i]].occupant)
        if not is_satisfied(board, h):
            desk.order[n] = h
            n += 1
    return np.int64(desk.order[draw_below(desk, n)] if n > 0 else NONE)


@part
def see_gaps(board: Board, desk: Desk, h: Whole) -> Whole:
    """Fill `desk.seen` with gaps other than the household's own; return how many."""
    ground, conduct = board.ground, desk.conduct
    gaps = ground.columns - 1 if ground.torus else ground.columns
    # where there is but the own gap, drawing another would never end
    if gaps < 2:
        return 0
    own = (np.int64(board.who[h].home) - ground.first) % gaps
    if conduct.source == CandidateSource.ALL_VACANCIES:
        seen = 0
        for gap in range(gaps):
            if gap != own:
                desk.seen[seen] = gap + ground.first
                seen += 1
        return seen
    if conduct.source == CandidateSource.NEAREST_SATISFACTORY:
        return see_nearest_gap(board, desk, h, own, gaps)
    # drawn again where the own gap falls, so that every other is as likely
    number = min(conduct.n_candidates, gaps - 1) if conduct.is_distinct else conduct.n_candidates
    desk.progress.look += 1
    seen = 0
    while seen < number:
        drawn = draw_below(desk, gaps)
        if drawn != own and (not conduct.is_distinct or desk.mark[drawn] != desk.progress.look):
            desk.mark[drawn] = desk.progress.look
            desk.seen[seen] = drawn + ground.first
            seen += 1
    return seen


@part
def see_nearest_gap(board: Board, desk: Desk, h: Whole, own: Whole, gaps: Whole) -> Whole:
    """See the gap that satisfies and passes fewest others, ties evenly; return how many are seen."""
    ground, level = board.ground, satisfaction_level(board)
    for passed in range(1, gaps):
        ties = 0
        for sign in range(-1, 2, 2):
            gap = own + sign * passed
            if ground.torus:
                gap = gap % gaps
                # half way round both ways lead to the same gap, which is no tie
                if 2 * passed > gaps or (2 * passed == gaps and sign < 0):
                    continue
            position = gap + ground.first
            if 0 <= gap < gaps and utility_at(board, h, position) >= level:
                ties += 1
                if ties == 1 or draw_below(desk, ties) == 0:
                    desk.seen[0] = position
        if ties > 0:
            return 1
    return 0
