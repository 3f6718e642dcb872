"""Which vacancies a household sees: some at random, all, the nearest that satisfies, or where it strays."""

import numpy as np

from segsim.kernels.board.conduct import CandidateSource, Desk, draw, draw_below
from segsim.kernels.board.line import see_gaps
from segsim.kernels.board.occupancy import (
    Board,
    admits,
    count_open_vacancies,
    may_live,
    open_vacancy,
    pool_start,
)
from segsim.kernels.board.utility import satisfaction_level, utility_at
from segsim.kernels.compile import part
from segsim.tables import NONE, Whole

MOST_JUMPS = 1_000_000  # a stray household gives up and stays where it was


@part
def look(board: Board, desk: Desk, h: Whole) -> Whole:
    """Fill `desk.seen` with the positions a household considers; return how many."""
    conduct, group = desk.conduct, board.who[h].group
    if board.ground.is_line:
        return see_gaps(board, desk, h)
    if conduct.source == CandidateSource.RANDOM_VACANCIES:
        return see_random(board, desk, group, conduct.n_candidates, conduct.is_distinct)
    if conduct.source == CandidateSource.ALL_VACANCIES:
        return see_all(board, desk, group)
    if conduct.source == CandidateSource.NEAREST_SATISFACTORY:
        n = see_nearest(board, desk, h)
        if n == 0 and conduct.else_any:
            n = see_random(board, desk, group, 1, False)
        return n
    return see_stray(board, desk, h)


@part
def see_random(board: Board, desk: Desk, group: Whole, number: Whole, is_distinct: bool) -> Whole:
    """See `number` random vacancies open to a group; all of them if there are no more. Return how many."""
    total = count_open_vacancies(board, group)
    if total == 0:
        return 0
    # else the last few would be drawn again and again
    if is_distinct and number >= total:
        return see_all(board, desk, group)
    # what was seen is marked by the number of the look, so nothing is cleared between looks
    desk.progress.look += 1
    n = 0
    while n < number:
        position = open_vacancy(board, group, draw_below(desk, total))
        if not is_distinct or desk.mark[position] != desk.progress.look:
            desk.mark[position] = desk.progress.look
            desk.seen[n] = position
            n += 1
    return n


@part
def see_all(board: Board, desk: Desk, group: Whole) -> Whole:
    """See every vacancy open to a group; return how many."""
    n = 0
    for pool in range(board.ground.n_pools):
        if admits(board, pool, group):
            for i in range(board.n_vacant[pool]):
                desk.seen[n] = board.vacant[pool_start(board, pool) + i]
                n += 1
    return n


@part
def see_nearest(board: Board, desk: Desk, h: Whole) -> Whole:
    """See the nearest vacancy (in steps, or a king's moves) that satisfies; ties evenly. Return how many.

    The own square is passed over, for all its dwellings are worth the same. Rings are searched outwards, so
    that a household with a satisfactory vacancy at hand finds it fast.
    """
    ground, home = board.ground, np.int64(board.who[h].home)
    row, column = home // ground.width - ground.border, home % ground.width - ground.border
    column //= ground.per_square
    level = satisfaction_level(board)
    for distance in range(1, ground.rows + ground.across - 1):
        ties = 0
        low, high = max(-distance, furthest_up(ground, row)), min(distance, furthest_down(ground, row))
        for step in range(low, high + 1):
            # a ring of steps has two squares in a row; one of a king's moves is a square, its ends whole rows
            is_whole = desk.conduct.is_king and abs(step) == distance
            side = distance if desk.conduct.is_king else distance - abs(step)
            stride = 1 if is_whole else max(2 * side, 1)
            for across in range(-side, side + 1, stride):
                first = position_at_step(ground, row, column, step, across)
                for position in range(first, first + ground.per_square if first != NONE else first):
                    if board.squares[position] != 0 or not may_live(board, position, board.who[h].group):
                        continue
                    if utility_at(board, h, position) >= level:
                        # the k-th of the ties replaces the one held with chance 1 / k: even, and no list
                        ties += 1
                        if ties == 1 or draw_below(desk, ties) == 0:
                            desk.seen[0] = position
        if ties > 0:
            return 1
    return 0


@part
def furthest_up(ground: np.record, row: Whole) -> Whole:
    """Return the furthest step up that is neither off the board nor shorter the other way round."""
    return np.int64(-((ground.rows - 1) // 2) if ground.torus else -row)


@part
def furthest_down(ground: np.record, row: Whole) -> Whole:
    """Return the furthest step down."""
    return np.int64(ground.rows // 2 if ground.torus else ground.rows - 1 - row)


@part
def position_at_step(ground: np.record, row: Whole, column: Whole, rows: Whole, columns: Whole) -> Whole:
    """Return the first position of a square some steps away, NONE if off the board or shorter round."""
    r, k = row + rows, column + columns
    if ground.torus:
        # on a side of even length the opposite square is reached both ways: one way counts, or it were a tie
        if columns < -((ground.across - 1) // 2) or columns > ground.across // 2:
            return NONE
        r, k = r % ground.rows, k % ground.across
    elif k < 0 or k >= ground.across or r < 0 or r >= ground.rows:
        return NONE
    return np.int64((r + ground.border) * ground.width + k * ground.per_square + ground.border)


@part
def see_stray(board: Board, desk: Desk, h: Whole) -> Whole:
    """Stray by random jumps, each at any angle and up to `reach` squares long, to the first square free.

    NetLogo's Segregation: the way starts in the middle of the home square and goes on from each landing;
    a landing back home ends it. On a bounded board a jump over the edge is drawn again.
    """
    ground, home = board.ground, np.int64(board.who[h].home)
    y = home // ground.width - ground.border + 0.5
    each: Whole = ground.per_square
    x = (home % ground.width - ground.border) // each + 0.5
    for _ in range(MOST_JUMPS):
        angle = 2.0 * np.pi * draw(desk)
        length = desk.conduct.reach * draw(desk)
        to_x, to_y = x + length * np.cos(angle), y + length * np.sin(angle)
        # on a torus no jump leaves the board
        if ground.torus:
            to_x, to_y = to_x % ground.across, to_y % ground.rows
        row, column = np.int64(np.floor(to_y)), np.int64(np.floor(to_x))
        if 0 <= row < ground.rows and 0 <= column < ground.across:
            x, y = to_x, to_y
            first = (row + ground.border) * ground.width + column * each + ground.border
            if first <= home < first + each:
                desk.seen[0] = home
                return 1
            for position in range(first, first + each):
                if board.squares[position] == 0 and may_live(board, position, board.who[h].group):
                    desk.seen[0] = position
                    return 1
    return 0
