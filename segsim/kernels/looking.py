"""Which vacancies a household sees: some at random, all, the nearest satisfactory one, or where it strays to."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.board import may_live, open_vacancies, open_vacancy
from segsim.kernels.compile import kernel
from segsim.kernels.draws import nth
from segsim.kernels.tastes import utility_at
from segsim.kernels.utility import EPS
from segsim.tables import NONE, Array

MOST_JUMPS = 1_000_000  # a stray household gives up and stays where it was


class Candidates(IntEnum):
    """Where a household looks."""

    RANDOM_VACANCIES = 0
    ALL_VACANCIES = 1
    NEAREST_SATISFACTORY = 2
    LOCAL_JUMP = 3
    SWAP = 4


class Desk(NamedTuple):
    """Room to work in."""

    base: int  # where the step's sequence of draws begins
    drawn: Array  # int64, one element: draws used up this step
    order: Array  # int64 per household: who acts, in order
    seen: Array  # int64: positions seen
    value: Array  # float64: what they are worth
    mark: Array  # int64 per position: last turn a square was seen
    turn: Array  # int64, one element: turns taken so far
    queue: Array  # int64: the unsatisfied, their number first
    place: Array  # int64 per household: place in the queue, 0 if not in it
    members: Array  # int64: households whose utility a move may change


@kernel
def draw(desk):
    """Return the next uniform of the step."""
    i = desk.drawn[0]
    desk.drawn[0] = i + 1
    return nth(desk.base, i)


@kernel
def draw_below(desk, n):
    """Return the next whole number below `n`."""
    return np.int64(draw(desk) * n)


@kernel
def see_random(board, ground, desk, kind, number, distinct):
    """See `number` random vacancies open to a kind; all of them if there are no more. Return how many."""
    total = open_vacancies(board, ground, kind)
    if total == 0:
        return 0
    if distinct and number >= total:
        return see_all(board, ground, desk, kind)
    desk.turn[0] += 1
    n = 0
    while n < number:
        position = open_vacancy(board, ground, kind, draw_below(desk, total))
        if not distinct or desk.mark[position] != desk.turn[0]:
            desk.mark[position] = desk.turn[0]
            desk.seen[n] = position
            n += 1
    return n


@kernel
def see_all(board, ground, desk, kind):
    """See every vacancy open to a kind; return how many."""
    n = 0
    for pool in range(ground.admits.shape[0]):
        if ground.admits[pool, kind] != 0:
            for i in range(board.n_vacant[pool]):
                desk.seen[n] = board.vacancies[ground.pool_start[pool] + i]
                n += 1
    return n


@kernel
def see_nearest(board, ground, tastes, desk, h):
    """See the nearest vacancy (steps along rows and columns) that satisfies; ties evenly. Return how many.

    Rings are searched outwards, so that a household with a satisfactory vacancy at hand finds it fast.
    """
    home = np.int64(board.home[h])
    row = home // ground.width - ground.border
    column = home % ground.width - ground.border
    level = tastes.content[tastes.of[h]] - EPS
    for distance in range(1, ground.rows + ground.columns - 1):
        ties = 0
        low, high = max(-distance, row_low(ground, row)), min(distance, row_high(ground, row))
        for step in range(low, high + 1):
            side = distance - abs(step)
            for sign in range(-1, 2 if side > 0 else 0, 2):
                position = at_step(ground, row, column, step, sign * side)
                if position != NONE and board.squares[position] == 0:
                    fits = may_live(ground, position, board.kind[h])
                    if fits and utility_at(board, ground, tastes, h, position) >= level:
                        ties += 1
                        if ties == 1 or draw_below(desk, ties) == 0:
                            desk.seen[0] = position
        if ties > 0:
            return 1
    return 0


@kernel
def row_low(ground, row):
    """Return the furthest step up that is neither off the board nor shorter the other way round."""
    return -((ground.rows - 1) // 2) if ground.torus else -row


@kernel
def row_high(ground, row):
    """Return the furthest step down."""
    return ground.rows // 2 if ground.torus else ground.rows - 1 - row


@kernel
def at_step(ground, row, column, rows, columns):
    """Return the position some steps away, NONE if off the board or shorter the other way round."""
    r, k = row + rows, column + columns
    if ground.torus:
        if columns < -((ground.columns - 1) // 2) or columns > ground.columns // 2:
            return NONE
        r, k = r % ground.rows, k % ground.columns
    elif k < 0 or k >= ground.columns or r < 0 or r >= ground.rows:
        return NONE
    return (r + ground.border) * ground.width + k + ground.border


@kernel
def see_stray(board, ground, desk, h, reach):
    """Stray by random jumps, each at any angle and up to `reach` squares long, to the first square free.

    NetLogo's Segregation: the way starts in the middle of the home square and goes on from each landing;
    a landing back home ends it. On a bounded board a jump over the edge is drawn again.
    """
    home = np.int64(board.home[h])
    y = home // ground.width - ground.border + 0.5
    x = home % ground.width - ground.border + 0.5
    for _ in range(MOST_JUMPS):
        angle = 2.0 * np.pi * draw(desk)
        length = reach * draw(desk)
        to_x, to_y = x + length * np.cos(angle), y + length * np.sin(angle)
        if ground.torus:
            to_x, to_y = to_x % ground.columns, to_y % ground.rows
        row, column = np.int64(np.floor(to_y)), np.int64(np.floor(to_x))
        if 0 <= row < ground.rows and 0 <= column < ground.columns:
            x, y = to_x, to_y
            position = (row + ground.border) * ground.width + column + ground.border
            free = board.squares[position] == 0 and may_live(ground, position, board.kind[h])
            if free or position == home:
                desk.seen[0] = position
                return 1
    return 0
