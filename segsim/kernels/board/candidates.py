"""Which vacancies a household sees: some at random, all, the nearest that satisfies, or where it strays."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.board.layout import (
    ADMITS,
    BORDER,
    COLUMNS,
    HOME,
    KIND,
    N_KINDS,
    N_POOLS,
    POOL_START,
    REACH,
    ROWS,
    TORUS,
    WIDTH,
)
from segsim.kernels.board.occupancy import may_live, open_vacancies, open_vacancy
from segsim.kernels.board.utility import level_of, utility_at
from segsim.kernels.compile import part
from segsim.kernels.draws import nth
from segsim.tables import NONE, Array

MOST_JUMPS = 1_000_000  # a stray household gives up and stays where it was

# places of `running`
DRAWN = 0  # draws used up this step
TURN = 1  # looks around so far


class CandidateSource(IntEnum):
    """Where a household looks."""

    RANDOM_VACANCIES = 0
    ALL_VACANCIES = 1
    NEAREST_SATISFACTORY = 2
    LOCAL_JUMP = 3
    SWAP = 4


class Desk(NamedTuple):
    """Switches, and room to work in."""

    base: np.uint64  # where the step's sequence of draws begins
    way: Array  # int64: the switches, see `relocating`
    running: Array  # int64: running numbers, named above
    order: Array  # int64 per household: who acts, in order
    seen: Array  # int64: positions seen
    value: Array  # float64: what they are worth
    mark: Array  # int64 per position: the last look around in which it was seen
    queue: Array  # int64, households + 1 x 2: the unsatisfied, see `unsatisfied`
    members: Array  # int64: households whose utility a move may change


@part
def draw(desk):
    """Return the next uniform of the step."""
    i = desk.running[DRAWN]
    desk.running[DRAWN] = i + 1
    return nth(desk.base, i)


@part
def draw_below(desk, n):
    """Return the next whole number below `n`."""
    return np.int64(draw(desk) * n)


@part
def see_random(board, desk, kind, number, distinct):
    """See `number` random vacancies open to a kind; all of them if there are no more. Return how many."""
    total = open_vacancies(board, kind)
    if total == 0:
        return 0
    if distinct and number >= total:
        return see_all(board, desk, kind)
    desk.running[TURN] += 1
    n = 0
    while n < number:
        position = open_vacancy(board, kind, draw_below(desk, total))
        if not distinct or desk.mark[position] != desk.running[TURN]:
            desk.mark[position] = desk.running[TURN]
            desk.seen[n] = position
            n += 1
    return n


@part
def see_all(board, desk, kind):
    """See every vacancy open to a kind; return how many."""
    n = 0
    lay = board.lay
    for pool in range(lay[N_POOLS]):
        if lay[lay[ADMITS] + pool * lay[N_KINDS] + kind] != 0:
            for i in range(board.n_vacant[pool]):
                desk.seen[n] = board.vacant[lay[lay[POOL_START] + pool] + i]
                n += 1
    return n


@part
def see_nearest(board, desk, h):
    """See the nearest vacancy (steps along rows and columns) that satisfies; ties evenly. Return how many.

    Rings are searched outwards, so that a household with a satisfactory vacancy at hand finds it fast.
    """
    lay, home = board.lay, np.int64(board.who[h, HOME])
    row, column = home // lay[WIDTH] - lay[BORDER], home % lay[WIDTH] - lay[BORDER]
    level = level_of(board, h)
    for distance in range(1, lay[ROWS] + lay[COLUMNS] - 1):
        ties = 0
        low, high = max(-distance, row_low(lay, row)), min(distance, row_high(lay, row))
        for step in range(low, high + 1):
            side = distance - abs(step)
            for sign in range(-1, 2 if side > 0 else 0, 2):
                position = at_step(lay, row, column, step, sign * side)
                if position != NONE and board.squares[position] == 0:
                    fits = may_live(board, position, board.who[h, KIND])
                    if fits and utility_at(board, h, position) >= level:
                        ties += 1
                        if ties == 1 or draw_below(desk, ties) == 0:
                            desk.seen[0] = position
        if ties > 0:
            return 1
    return 0


@part
def row_low(lay, row):
    """Return the furthest step up that is neither off the board nor shorter the other way round."""
    return -((lay[ROWS] - 1) // 2) if lay[TORUS] != 0 else -row


@part
def row_high(lay, row):
    """Return the furthest step down."""
    return lay[ROWS] // 2 if lay[TORUS] != 0 else lay[ROWS] - 1 - row


@part
def at_step(lay, row, column, rows, columns):
    """Return the position some steps away, NONE if off the board or shorter the other way round."""
    r, k = row + rows, column + columns
    if lay[TORUS] != 0:
        if columns < -((lay[COLUMNS] - 1) // 2) or columns > lay[COLUMNS] // 2:
            return NONE
        r, k = r % lay[ROWS], k % lay[COLUMNS]
    elif k < 0 or k >= lay[COLUMNS] or r < 0 or r >= lay[ROWS]:
        return NONE
    return (r + lay[BORDER]) * lay[WIDTH] + k + lay[BORDER]


@part
def see_stray(board, desk, h):
    """Stray by random jumps, each at any angle and up to `reach` squares long, to the first square free.

    NetLogo's Segregation: the way starts in the middle of the home square and goes on from each landing;
    a landing back home ends it. On a bounded board a jump over the edge is drawn again.
    """
    lay, home = board.lay, np.int64(board.who[h, HOME])
    y = home // lay[WIDTH] - lay[BORDER] + 0.5
    x = home % lay[WIDTH] - lay[BORDER] + 0.5
    for _ in range(MOST_JUMPS):
        angle = 2.0 * np.pi * draw(desk)
        length = board.real[REACH] * draw(desk)
        to_x, to_y = x + length * np.cos(angle), y + length * np.sin(angle)
        if lay[TORUS] != 0:
            to_x, to_y = to_x % lay[COLUMNS], to_y % lay[ROWS]
        row, column = np.int64(np.floor(to_y)), np.int64(np.floor(to_x))
        if 0 <= row < lay[ROWS] and 0 <= column < lay[COLUMNS]:
            x, y = to_x, to_y
            position = (row + lay[BORDER]) * lay[WIDTH] + column + lay[BORDER]
            free = board.squares[position] == 0 and may_live(board, position, board.who[h, KIND])
            if free or position == home:
                desk.seen[0] = position
                return 1
    return 0
