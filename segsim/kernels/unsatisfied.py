"""Who is unsatisfied: all at once for a step's start, or kept up to date after every move."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.tastes import is_satisfied
from segsim.tables import NONE


@kernel
def list_unsatisfied(board, ground, tastes, out):
    """List the unsatisfied households in order of row; return how many."""
    n = 0
    for h in range(board.home.size):
        if board.home[h] != NONE and not is_satisfied(board, ground, tastes, h):
            out[n] = h
            n += 1
    return n


@kernel
def keep(queue, place, h, unsatisfied):
    """Put a household into the set of the unsatisfied or take it out; `queue[0]` holds their number.

    `place[h]` is where household `h` stands in `queue`, or 0 if it does not.
    """
    if unsatisfied and place[h] == 0:
        queue[0] += 1
        queue[queue[0]] = h
        place[h] = queue[0]
    elif not unsatisfied and place[h] != 0:
        last = queue[queue[0]]
        queue[place[h]] = last
        place[last] = place[h]
        place[h] = 0
        queue[0] -= 1


@kernel
def gather(board, ground, tastes, queue, place):
    """Fill the set of the unsatisfied anew."""
    queue[0] = 0
    place[:] = 0
    for h in range(board.home.size):
        if board.home[h] != NONE:
            keep(queue, place, h, not is_satisfied(board, ground, tastes, h))


@kernel
def ask_around(board, ground, tastes, queue, place, position):
    """Ask everyone who has a position in view, and who lives there, whether they are satisfied."""
    ask(board, ground, tastes, queue, place, position)
    if ground.by_area:
        area = np.int64(ground.unit[position])
        ask_area(board, ground, tastes, queue, place, area)
        for i in range(ground.beside_start[area], ground.beside_start[area + 1]):
            ask_area(board, ground, tastes, queue, place, ground.beside[i])
        return
    row = position // ground.width - ground.border
    column = position % ground.width - ground.border
    for i in range(ground.offset.size):
        r = row + ground.row_offset[i]
        k = column + ground.column_offset[i]
        if ground.torus:
            r, k = r % ground.rows, k % ground.columns
        if 0 <= r < ground.rows and 0 <= k < ground.columns:
            at = (r + ground.border) * ground.width + k + ground.border
            ask(board, ground, tastes, queue, place, at)


@kernel
def ask_area(board, ground, tastes, queue, place, area):
    """Ask everyone in an area."""
    for i in range(ground.area_start[area], ground.area_start[area + 1]):
        ask(board, ground, tastes, queue, place, ground.area_square[i])


@kernel
def ask(board, ground, tastes, queue, place, position):
    """Ask whoever lives at a position."""
    h = board.occupant[position]
    if h != NONE:
        keep(queue, place, h, not is_satisfied(board, ground, tastes, h))
