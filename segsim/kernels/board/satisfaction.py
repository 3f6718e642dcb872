"""Who is unsatisfied: all at once for a step's start, or kept up to date after every move."""

import numpy as np

from segsim.kernels.board.conduct import Desk
from segsim.kernels.board.occupancy import Board, around
from segsim.kernels.board.utility import is_satisfied
from segsim.kernels.compile import part
from segsim.tables import NONE, Array, Whole


@part
def list_unsatisfied(board: Board, out: Array) -> int:
    """List the unsatisfied households in order of row; return how many."""
    n = 0
    for h in range(board.who.shape[0]):
        if board.who[h].home != NONE and not is_satisfied(board, h):
            out[n] = h
            n += 1
    return n


@part
def keep_in_queue(desk: Desk, h: Whole, is_unsatisfied: bool) -> None:
    """Put a household into the set of the unsatisfied or take it out, the last one filling the gap.

    The set stands in the first column of `queue` from row 1 on; `place` of row `h` is where household `h`
    stands there, or 0.
    """
    queue, progress = desk.queue, desk.progress
    place: int = queue[h].place
    n: int = progress.n_unsatisfied
    if is_unsatisfied and place == 0:
        queue[n + 1].household = h
        queue[h].place = n + 1
        progress.n_unsatisfied = n + 1
    elif not is_unsatisfied and place != 0:
        last: int = queue[n].household
        queue[place].household = last
        queue[last].place = place
        queue[h].place = 0
        progress.n_unsatisfied = n - 1


@part
def gather_unsatisfied(board: Board, desk: Desk) -> None:
    """Fill the set of the unsatisfied anew."""
    desk.progress.n_unsatisfied = 0
    # places are cleared first, for households are put in before all are asked
    for h in range(board.who.shape[0]):
        desk.queue[h].place = 0
    for h in range(board.who.shape[0]):
        if board.who[h].home != NONE:
            keep_in_queue(desk, h, not is_satisfied(board, h))


@part
def ask_around(board: Board, desk: Desk, position: Whole) -> None:
    """Ask everyone who has a position in view, and who lives there, whether they are satisfied."""
    ground, tables = board.ground, board.tables
    # the order decides who stands where in the set, so who is drawn from it; the twin keeps it too
    ask(board, desk, position)
    if ground.by_area:
        area = np.int64(board.spot[position].area)
        ask_area(board, desk, area)
        for i in range(tables[ground.beside_start + area], tables[ground.beside_start + area + 1]):
            ask_area(board, desk, tables[ground.beside + i])
        return
    row = position // ground.width - ground.border
    column = position % ground.width - ground.border
    for i in range(ground.n_around):
        seen = around(ground, tables, row, column, i)
        if seen != NONE:
            ask(board, desk, seen)


@part
def ask_area(board: Board, desk: Desk, area: Whole) -> None:
    """Ask everyone in an area."""
    ground, tables = board.ground, board.tables
    for i in range(tables[ground.area_start + area], tables[ground.area_start + area + 1]):
        ask(board, desk, tables[ground.area_square + i])


@part
def ask(board: Board, desk: Desk, position: Whole) -> None:
    """Ask whoever lives at a position."""
    # 64 bits as everywhere, or numba compiles all that utility needs once more
    h = np.int64(board.spot[position].occupant)
    if h != NONE:
        keep_in_queue(desk, h, not is_satisfied(board, h))
